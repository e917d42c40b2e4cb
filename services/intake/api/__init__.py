"""HTTP in, as JSON: everything that the pages offer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.intake.api import commissions, crafts, images, people
from services.intake.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["routers"]


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [people.router(kernel), crafts.router(kernel), images.router(kernel), commissions.router(kernel)]
