"""The account of a commission: its contract, invoices, payments and refunds."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from enum import StrEnum
from uuid import UUID

from services.quotes.domain.ledger import Amounts, Entry, LedgerAccount, Transaction
from shared.contracts.fact import CommissionFact
from shared.contracts.payments import InvoiceKind, PaymentMethod, RefundReason, ReversalReason
from shared.contracts.quotes import QuoteEnd
from shared.kernel.money import Money


@dataclass(frozen=True)
class Amendment:
    """What exactly was agreed: canonical JSON with its SHA-256, in the language in which it was accepted.

    Number 0 is the accepted quote; each later one changes what was agreed before it.
    """

    number: int
    quote: UUID
    version: int
    language: str
    document: str
    sha256: str
    accepted_at: datetime


@dataclass(frozen=True)
class Contract:
    """What was agreed with the customer, as a list of amendments; `address` is for the invoices, as it was given."""

    commission: UUID
    customer: UUID
    reference: str
    address: str
    amendments: tuple[Amendment, ...]

    @property
    def current(self) -> Amendment:
        """The amendment in force."""
        return self.amendments[-1]

    @property
    def language(self) -> str:
        return self.current.language


@dataclass(frozen=True)
class Seller:
    """Who issues an invoice, as the law wants it named (§ 14 (4) 1 and 2 UStG), and where money is sent.

    `example` says that some of it is made up, since the studio has not set it yet. `vat_note` is why it charges no VAT,
    and `country` where it is.
    """

    name: str
    address: str
    tax_number: str
    bank_holder: str
    bank_iban: str
    bank_name: str
    example: bool = False
    vat_note: str = ""
    country: str = ""
    bank_bic: str = ""


class InvoiceLineCode(StrEnum):
    """What a line of an invoice is for."""

    DEPOSIT = "deposit"
    TOP_UP = "top_up"
    QUOTE_LINE = "quote_line"
    CANCELLATION = "cancellation"


class InvoiceNote(StrEnum):
    """What an invoice says below its sums."""

    SHIPPED_WHEN_PAID = "shipped_when_paid"
    REST_REFUNDED = "rest_refunded"


@dataclass(frozen=True)
class InvoiceLine:
    """What for, without VAT: the deposit on a version of the quote, one of its lines, or a percentage of its price."""

    code: InvoiceLineCode
    amount: Money
    version: int | None = None
    line: str | None = None
    percent: int | None = None


@dataclass(frozen=True)
class InvoiceDetails:
    """What an invoice says besides its sums: sealed with it."""

    seller: Seller
    address: str
    lines: tuple[InvoiceLine, ...]
    deducted: tuple[UUID, ...] = ()
    """The invoices whose amounts are deducted."""
    replaces: tuple[str, ...] = ()
    """The numbers of the invoices that are void by this one."""
    note: InvoiceNote | None = None
    vat_country: str | None = None
    """The country of delivery, where it decides the VAT."""


@dataclass(frozen=True)
class Invoice:
    """`amounts` are what it comes to, `deducted` what earlier invoices asked for and is taken off.

    `amendment` is the one of the contract that it follows from. `customer_name` is None until intake has published
    who that is. `due_on` is what the invoice says, which never changes; `extended_to` is a later day, where the studio
    gave more time.
    """

    invoice: UUID
    number: str
    commission: UUID
    amendment: int
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


class PaymentState(StrEnum):
    """How far a payment is; `schema.sql` says which state follows which."""

    RECEIVED = "received"
    REVERSED = "reversed"


@dataclass(frozen=True)
class Payment:
    """Money that came in; `applied` of it covered invoices then, `left` was to be paid after it.

    `forgiven` is what was missing, where the studio's setting forgives so little. A payment that is reversed does not
    count: `reversal` is why.
    """

    payment: UUID
    commission: UUID
    amount: Money
    applied: Money
    left: Money
    received_on: date
    recorded_at: datetime
    recorded_by: UUID
    bank_reference: str | None = None
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    forgiven_minor: int = 0
    reversal: ReversalReason | None = None
    reversed_at: datetime | None = None
    reversed_by: UUID | None = None

    @property
    def state(self) -> PaymentState:
        return PaymentState.RECEIVED if self.reversal is None else PaymentState.REVERSED

    @property
    def counts(self) -> bool:
        return self.reversal is None

    @property
    def back(self) -> Money:
        """What of it was more than was asked for."""
        return self.amount.less(self.applied)

    @property
    def forgiven(self) -> Money:
        return Money(minor=self.forgiven_minor, currency=self.amount.currency)


@dataclass(frozen=True)
class Refund:
    """Money that goes back to the customer; `paid_on` is None until somebody transferred it.

    One that is withdrawn is not owed after all: a payment was reversed.
    """

    refund: UUID
    commission: UUID
    amount: Money
    reason: RefundReason
    due_at: datetime
    paid_on: date | None = None
    paid_at: datetime | None = None
    paid_by: UUID | None = None
    withdrawn_at: datetime | None = None

    @property
    def open(self) -> bool:
        return self.paid_on is None and self.withdrawn_at is None


@dataclass(frozen=True)
class Credit:
    """What an invoice falls by, as the answer to this claim; without one, by a withdrawal or a change order.

    It is a credit note: `number` is of a range of its own, and it corrects this invoice.
    """

    credit: UUID
    claim: UUID | None
    amounts: Amounts
    credited_at: datetime
    number: str
    invoice: UUID
    issued_on: date


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
class Change:
    """What one decision adds to an account; it is saved and published as one."""

    transactions: tuple[Transaction, ...] = ()
    invoices: tuple[Invoice, ...] = ()
    invoices_paid: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    refunds_paid: tuple[Refund, ...] = ()
    invoices_reopened: tuple[Invoice, ...] = ()
    payments_reversed: tuple[Payment, ...] = ()
    refunds_withdrawn: tuple[Refund, ...] = ()
    credits: tuple[Credit, ...] = ()
    settlement: CancellationSettlement | None = None
    events: tuple[CommissionFact, ...] = ()

    @property
    def receivable(self) -> int:
        """What it adds to the receivable, in minor units."""
        return self._on(LedgerAccount.RECEIVABLE)

    @property
    def written_off(self) -> int:
        """What it adds to what is forgiven, in minor units."""
        return self._on(LedgerAccount.WRITTEN_OFF)

    def _on(self, account: LedgerAccount) -> int:
        entries = (entry for transaction in self.transactions for entry in transaction.entries)
        return sum(entry.amount.minor for entry in entries if entry.account is account)


@dataclass(frozen=True)
class Account:
    """All of one commission's money, loaded as a whole. `left` is what is still to be paid of all invoices.

    `invoiced` is what the invoices and credits have posted until now, one entry for each ledger account.
    `forgiven_minor` is what is not asked for, since it is so little.
    """

    commission: UUID
    left: Money
    invoiced: tuple[Entry, ...] = ()
    forgiven_minor: int = 0
    contract: Contract | None = None
    invoices: tuple[Invoice, ...] = ()
    payments: tuple[Payment, ...] = ()
    refunds: tuple[Refund, ...] = ()
    credits: tuple[Credit, ...] = ()
    settlement: CancellationSettlement | None = None

    @property
    def empty(self) -> bool:
        """Whether nothing was agreed and nothing came in."""
        return self.contract is None and not self.payments

    @property
    def reference(self) -> str:
        """What transfers should say; empty where nothing was agreed."""
        return self.contract.reference if self.contract else ""

    @property
    def applied(self) -> Money:
        """What of the payments covers invoices: what came in and counts, less what went back or is to."""
        came = sum(each.amount.minor for each in self.payments if each.counts)
        back = sum(each.amount.minor for each in self.refunds if each.withdrawn_at is None)
        return Money(minor=came - back, currency=self.left.currency)

    @property
    def due(self) -> tuple[Money, ...]:
        """The amounts that may be expected: all that is left, and what is left of the first open invoice."""
        first = [self.asks(each) for each in self.open_invoices[:1]]
        return tuple(dict.fromkeys(each for each in (*first, self.left) if each.minor > 0))

    @property
    def open_refunds(self) -> tuple[Refund, ...]:
        """Those that wait to be sent, oldest first."""
        return tuple(each for each in self.refunds if each.open)

    @property
    def open_invoices(self) -> tuple[Invoice, ...]:
        """Those that are neither covered nor void, in the order they were issued."""
        return tuple(each for each in self.invoices if each.paid_at is None and not self.void(each))

    def void(self, invoice: Invoice) -> bool:
        """Whether a cancellation replaced it."""
        return any(invoice.number in each.details.replaces for each in self.invoices)

    def after(self, change: Change) -> "Account":
        """The account with what a decision adds to it."""
        paid = {each.invoice: each for each in (*change.invoices_reopened, *change.invoices_paid)}
        refunded = {each.refund: each for each in (*change.refunds_paid, *change.refunds_withdrawn)}
        undone = {each.payment: each for each in change.payments_reversed}
        return replace(
            self,
            left=self.left + Money(minor=change.receivable, currency=self.left.currency),
            invoices=tuple(paid.get(each.invoice, each) for each in (*self.invoices, *change.invoices)),
            forgiven_minor=self.forgiven_minor + change.written_off,
            payments=tuple(undone.get(each.payment, each) for each in (*self.payments, *change.payments)),
            refunds=tuple(refunded.get(each.refund, each) for each in (*self.refunds, *change.refunds)),
            credits=(*self.credits, *change.credits),
            settlement=change.settlement or self.settlement,
        )

    def of(self, *kinds: InvoiceKind) -> tuple[Invoice, ...]:
        """The invoices of these kinds, in the order they were issued."""
        return tuple(each for each in self.invoices if each.kind in kinds)

    @property
    def prepaid(self) -> Amounts:
        """What was asked for before the final invoice, which deducts it: less where a change order lowered it."""
        before = self.of(InvoiceKind.DEPOSIT, InvoiceKind.TOP_UP)
        asked = Amounts.sum((each.amounts for each in before), self.left.currency)
        return asked.less(Amounts.sum((each.amounts for each in self.credits_of(before)), self.left.currency))

    def credits_of(self, invoices: Iterable[Invoice]) -> tuple[Credit, ...]:
        """The credit notes that correct these invoices."""
        corrected = {each.invoice for each in invoices}
        return tuple(each for each in self.credits if each.invoice in corrected)

    def refund(self, refund: UUID) -> Refund:
        """One of its refunds."""
        return next(each for each in self.refunds if each.refund == refund)

    def payment(self, payment: UUID) -> Payment | None:
        """One of its payments."""
        return next((each for each in self.payments if each.payment == payment), None)

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
