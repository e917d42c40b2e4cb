"""What waits for somebody, of all commissions, for the lists of ops: invoices for money, refunds to be sent."""

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID

from shared.contracts.payments import InvoiceKind, RefundReason
from shared.kernel.money import Money


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice that waits for money, for a list; `left` is what the whole commission still has to pay."""

    invoice: UUID
    number: str
    commission: UUID
    craft: str
    offering: str
    offering_version: int
    kind: InvoiceKind
    total: Money
    left: Money
    issued_on: date
    issued_at: datetime
    due_on: date | None
    reference: str
    extended_to: date | None = None

    @property
    def last_day(self) -> date | None:
        return self.extended_to or self.due_on

    def overdue(self, today: date) -> bool:
        return self.last_day is not None and self.last_day < today


@dataclass(frozen=True)
class OpenRefund:
    """A refund that waits to be transferred, for a list."""

    refund: UUID
    commission: UUID
    craft: str
    offering: str
    offering_version: int
    amount: Money
    reason: RefundReason
    due_at: datetime
