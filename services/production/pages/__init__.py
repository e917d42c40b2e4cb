"""HTTP in, for people: the bench, what it has promised, and who works at it."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.production.pages import assets, board, makers, pieces, promises, tickets
from services.production.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [
        board.router(kernel),
        tickets.router(kernel),
        pieces.router(kernel),
        promises.router(kernel),
        makers.router(kernel),
        assets.router(),
    ]
