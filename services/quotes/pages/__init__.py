"""HTTP in, for people: the studio's desk and its money at `/quotes`, and the customer's own quote."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.quotes.pages import answers, desk, money, offer, papers, quotes
from services.quotes.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    """`money` stands before `quotes`: `/quotes/payments` is no commission."""
    return [
        money.router(kernel),
        quotes.router(kernel),
        desk.router(kernel),
        offer.router(kernel),
        answers.router(kernel),
        papers.router(kernel),
    ]
