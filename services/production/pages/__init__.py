"""HTTP in, for people: the bench, what it has promised, who works at it, and what it certifies."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.production.pages import (
    assets,
    board,
    certificates,
    job_tickets,
    makers,
    photos,
    pieces,
    profiles,
    promises,
)
from services.production.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [
        assets.router(),
        board.router(kernel),
        job_tickets.router(kernel),
        photos.router(kernel),
        pieces.router(kernel),
        promises.router(kernel),
        makers.router(kernel),
        profiles.router(kernel),
        certificates.router(kernel),
    ]
