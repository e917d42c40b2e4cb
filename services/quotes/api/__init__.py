"""HTTP in, as JSON: the desk, the customer's quote, and the money."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.quotes.api import customer, documents, payments, studio
from services.quotes.settings import Settings
from shared.runtime.service import Kernel


def routers(kernel: Kernel[Settings]) -> Sequence[APIRouter]:
    return [part.router(kernel) for part in (studio, customer, payments, documents)]
