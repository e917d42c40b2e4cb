"""HTTP in, for people: the log of a commission's mails, for ops, and what makers and ops wish to be told."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.notify.pages import mails, preferences
from services.notify.settings import NotifySettings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[NotifySettings]) -> Sequence[APIRouter]:
    """`preferences` comes first: it is no commission."""
    return [preferences.router(kernel), *mails.routers(kernel)]
