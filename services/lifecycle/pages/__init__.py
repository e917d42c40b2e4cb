"""HTTP in, for people: `/ops`, the room from which ops see every commission."""

from pathlib import Path

from fastapi import APIRouter

from services.lifecycle.pages import assets, audit, charts, deeds, gate, parked, room, story, together
from services.lifecycle.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> list[APIRouter]:
    """`story` stands before `deeds`: `live` is none of them."""
    return [
        room.router(kernel),
        story.router(kernel),
        audit.router(kernel),
        charts.router(kernel),
        parked.router(kernel),
        together.router(kernel),
        deeds.router(kernel),
        gate.router(),
        assets.router(),
    ]
