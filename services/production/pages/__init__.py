"""HTTP in, for people: the bench and what it has promised."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.production.pages import certificates, promises
from services.production.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [promises.router(kernel), certificates.router(kernel)]
