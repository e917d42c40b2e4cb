"""HTTP in, for people: `/ops`, the room from which ops see every commission."""

from pathlib import Path

from fastapi import APIRouter

from services.lifecycle.pages import gate, parked, room, story
from services.lifecycle.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> list[APIRouter]:
    return [room.router(kernel), story.router(kernel), parked.router(kernel), gate.router()]
