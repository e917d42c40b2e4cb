"""Invoices, payments and refunds of a commission, and how they stand."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID

from services.quotes.domain.ledger import Amounts
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money


@dataclass(frozen=True)
class Contract:
    """What exactly was agreed: canonical JSON with its SHA-256; `address` is for the invoices, as it was given."""

    commission: UUID
    quote: UUID
    version: int
    customer: UUID
    document: str
    sha256: str
    reference: str
    address: str
    accepted_at: datetime


@dataclass(frozen=True)
class Seller:
    """Who issues an invoice, as the law wants it named (§ 14 (4) 1 and 2 UStG), and where money is sent."""

    name: str
    address: str
    tax_number: str
    bank_holder: str
    bank_iban: str
    bank_name: str


@dataclass(frozen=True)
class InvoiceLine:
    """What for, without VAT; `detail` explains it."""

    title: str
    detail: str
    amount: Money


@dataclass(frozen=True)
class InvoiceDetails:
    """What an invoice says besides its sums: sealed with it."""

    seller: Seller
    address: str
    lines: tuple[InvoiceLine, ...]
    deducted: str = ""
    """What is deducted: the number and the day of the invoice that asked for it before."""
    replaces: tuple[str, ...] = ()
    """The numbers of the invoices that are void by this one."""
    note: str = ""


@dataclass(frozen=True)
class Invoice:
    """`amounts` are what the document comes to, `deducted` what was asked for before and is taken off.

    `customer_name` is None until intake's word of who that is has come. `due_on` is what the document says, which never
    changes; `extended_to` is a later day, where the studio gave more time.
    """

    invoice: UUID
    number: str
    commission: UUID
    kind: InvoiceKind
    issued_on: date
    issued_at: datetime
    due_on: date | None
    vat_percent: Decimal
    amounts: Amounts
    deducted: Money
    details: InvoiceDetails
    customer: UUID
    customer_name: str | None = None
    paid_at: datetime | None = None
    extended_to: date | None = None

    @property
    def last_day(self) -> date | None:
        """The last day on which it can be paid in time."""
        return self.extended_to or self.due_on

    @property
    def total(self) -> Money:
        """What it asks for."""
        return self.amounts.gross.less(self.deducted)


@dataclass(frozen=True)
class Payment:
    """Money that came in; `applied` of it was asked for, `left` was to be paid after it."""

    payment: UUID
    commission: UUID
    amount: Money
    applied: Money
    left: Money
    received_on: date
    recorded_at: datetime
    bank_reference: str | None = None

    @property
    def back(self) -> Money:
        """What of it goes back."""
        return self.amount.less(self.applied)


@dataclass(frozen=True)
class Refund:
    """Money that goes back."""

    refund: UUID
    commission: UUID
    amount: Money
    reason: RefundReason
    due_at: datetime
    paid_on: date | None = None

    @property
    def open(self) -> bool:
        return self.paid_on is None


@dataclass(frozen=True)
class CancellationSettlement:
    """What a cancellation came to."""

    percent: int
    reason: QuoteEnd
    owed: Money
    paid: Money
    refund: Money
    left: Money
    settled_at: datetime


@dataclass(frozen=True)
class Account:
    """The money of one commission, as it stands; `left` is what is still to be paid of all that was asked for."""

    reference: str
    left: Money
    invoices: tuple[Invoice, ...]
    payments: tuple[Payment, ...]
    refunds: tuple[Refund, ...]
    settled: CancellationSettlement | None = None

    @property
    def applied(self) -> Money:
        """What came in of what was asked for."""
        return sum((each.applied for each in self.payments), Money.zero(self.left.currency))

    @property
    def open_invoices(self) -> tuple[Invoice, ...]:
        """Those that are neither covered nor void, in the order they were issued."""
        return tuple(each for each in self.invoices if each.paid_at is None and not self.void(each))

    def void(self, invoice: Invoice) -> bool:
        """Whether a cancellation replaced it."""
        return invoice.kind is not InvoiceKind.CANCELLATION and any(
            each.kind is InvoiceKind.CANCELLATION for each in self.invoices
        )

    def of(self, kind: InvoiceKind) -> Invoice | None:
        return next((each for each in self.invoices if each.kind is kind), None)

    def asks(self, invoice: Invoice) -> Money:
        """What is left to be paid of this invoice: money covers the oldest first."""
        if invoice not in self.open_invoices:
            return Money.zero(self.left.currency)
        newer = self.open_invoices[self.open_invoices.index(invoice) + 1 :]
        beyond = max(0, self.left.minor - sum(each.total.minor for each in newer))
        return Money(minor=min(beyond, max(0, invoice.total.minor)), currency=self.left.currency)


def covered(open_invoices: Sequence[Invoice], left: Money) -> tuple[Invoice, ...]:
    """Which of these, in the order they were issued, are paid in full when so much is left to be paid of them all."""
    return tuple(
        invoice for place, invoice in enumerate(open_invoices) if left.minor <= _asked(open_invoices[place + 1 :])
    )


def _asked(invoices: Iterable[Invoice]) -> int:
    return sum(max(0, each.total.minor) for each in invoices)


@dataclass(frozen=True)
class OpenInvoice:
    """An invoice that waits for money, for a list; `left` is what the whole commission still has to pay."""

    invoice: UUID
    number: str
    commission: UUID
    title: str
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
    title: str
    amount: Money
    reason: RefundReason
    due_at: datetime
