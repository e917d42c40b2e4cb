"""HTTP in, as JSON: everything that the pages offer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.production.api import board, certificates, earliest, makers, mishaps, photos, pieces, profiles, promises
from services.production.settings import ProductionSettings
from shared.runtime.service import Kernel

__all__ = ["routers"]


def routers(kernel: Kernel[ProductionSettings]) -> Sequence[APIRouter]:
    return [
        board.router(kernel),
        mishaps.router(kernel),
        pieces.router(kernel),
        photos.router(kernel),
        makers.router(kernel),
        profiles.router(kernel),
        promises.router(kernel),
        certificates.router(kernel),
        earliest.router(kernel),
    ]
