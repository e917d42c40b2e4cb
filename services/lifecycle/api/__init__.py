"""HTTP in, as JSON: all that the ops dashboard shows and does, for programs of ops."""

from fastapi import APIRouter

from services.lifecycle.api import charts, commissions, operations, parked
from services.lifecycle.settings import Settings
from shared.runtime.service import Kernel


def router(kernel: Kernel[Settings]) -> APIRouter:
    """`operations` comes last: its paths take any word after a commission."""
    api = APIRouter()
    for part in (commissions, charts, parked, operations):
        api.include_router(part.router(kernel))
    return api
