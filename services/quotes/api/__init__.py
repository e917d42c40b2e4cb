"""HTTP in, as JSON: the studio's quotes, the customer's own, payments and documents."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.quotes.api import change_orders, claims, customer, desk, documents, estimate, payments, studio
from services.quotes.api import unmatched as unmatched
from services.quotes.settings import QuotesSettings
from shared.runtime.service import Kernel


def routers(kernel: Kernel[QuotesSettings]) -> Sequence[APIRouter]:
    return [
        part.router(kernel)
        for part in (studio, desk, customer, change_orders, claims, estimate, payments, unmatched, documents)
    ]
