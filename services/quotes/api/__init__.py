"""HTTP in, as JSON: the desk, the customer's quote, and the money."""

from fastapi import APIRouter

from services.quotes.api import customer, documents, payments, studio
from services.quotes.settings import Settings
from shared.runtime.service import Kernel


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter()
    for room in (studio, customer, payments, documents):
        api.include_router(room.router(kernel))
    return api
