"""HTTP in, for people: the bench, what it has promised, who works at it, and what it certifies."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.production.pages import (
    board,
    certificates,
    earliest,
    job_tickets,
    makers,
    mishaps,
    photos,
    pieces,
    profiles,
    promises,
)
from services.production.settings import ProductionSettings
from shared.runtime.service import Kernel
from shared.web.assets import OwnAssets

__all__ = ["ASSETS", "TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = OwnAssets(Path(__file__).parent / "static", at="/bench/style")


def routers(kernel: Kernel[ProductionSettings]) -> Sequence[APIRouter]:
    return [
        board.router(kernel),
        job_tickets.router(kernel),
        mishaps.router(kernel),
        photos.router(kernel),
        pieces.router(kernel),
        promises.router(kernel),
        makers.router(kernel),
        profiles.router(kernel),
        certificates.router(kernel),
        earliest.router(kernel),
    ]
