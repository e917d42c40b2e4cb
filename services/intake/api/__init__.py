"""HTTP in, as JSON: everything that the pages offer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.intake.api import (
    approvals,
    cancelling,
    colleagues,
    commissions,
    images,
    links,
    messages,
    offerings,
    people,
)
from services.intake.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["routers"]


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    rooms = (people, links, colleagues, offerings, images, commissions, messages, approvals, cancelling)
    return [room.router(kernel) for room in rooms]
