"""Money that came in and matches no commission: it waits until somebody knows whose it is, or sends it back."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.contracts.payments import PaymentMethod
from shared.kernel.money import Money


@dataclass(frozen=True)
class UnmatchedPayment:
    """`reference` is what the transfer said; `commission` is whose it is, once that is known."""

    payment: UUID
    method: PaymentMethod
    amount: Money
    received_on: date
    reference: str
    recorded_at: datetime
    recorded_by: UUID
    bank_reference: str | None = None
    commission: UUID | None = None
    sent_back_on: date | None = None
    settled_at: datetime | None = None
