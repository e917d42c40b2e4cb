"""HTTP in, for people: the studio's quotes and payments at `/quotes`, and the customer's own quote."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.quotes.pages import (
    acceptance,
    change_orders,
    claims,
    desk,
    documents,
    estimate,
    payments,
    questions,
    quotes,
    reversals,
    studio,
    unmatched,
)
from services.quotes.settings import QuotesSettings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[QuotesSettings]) -> Sequence[APIRouter]:
    """`payments` and `estimate` come before `quotes`: `/quotes/payments` is no commission."""
    return [
        payments.router(kernel),
        estimate.router(kernel),
        reversals.router(kernel),
        claims.router(kernel),
        change_orders.router(kernel),
        unmatched.router(kernel),
        quotes.router(kernel),
        studio.router(kernel),
        desk.router(kernel),
        acceptance.router(kernel),
        questions.router(kernel),
        documents.router(kernel),
    ]
