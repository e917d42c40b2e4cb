"""HTTP in, for people: the bench and what it has promised."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.production.pages import assets, certificates, photos, profiles, promises
from services.production.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [
        assets.router(),
        promises.router(kernel),
        certificates.router(kernel),
        photos.router(kernel),
        profiles.router(kernel),
    ]
