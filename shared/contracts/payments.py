"""`touchmark.payments`, owned by quotes: what is asked for, what came in, what goes back. Amounts and ids only."""

from datetime import date
from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import CommissionFact, Topic
from shared.kernel.money import Money


class InvoiceKind(StrEnum):
    DEPOSIT = "deposit"
    TOP_UP = "top_up"
    """What a change order adds to the price; the final invoice deducts it, as the deposit."""
    BALANCE = "balance"
    CANCELLATION = "cancellation"


class PaymentMethod(StrEnum):
    """How money comes in."""

    BANK_TRANSFER = "bank_transfer"
    CASH = "cash"
    CARD = "card"
    """At the counter."""


class ReversalReason(StrEnum):
    """Why a payment that was recorded does not count."""

    ENTERED_TWICE = "entered_twice"
    WRONG_AMOUNT = "wrong_amount"
    WRONG_COMMISSION = "wrong_commission"
    RETURNED = "returned"
    """The bank took the money back: a direct debit, a card payment or a cheque that was not honoured."""


class RefundReason(StrEnum):
    OVERPAID = "overpaid"
    """More came in than was asked for."""
    CANCELLED = "cancelled"
    """The commission was cancelled, and not all that was paid is owed."""
    NOT_OWED = "not_owed"
    """It came in for a commission that had ended."""
    CLAIM = "claim"
    """Something was wrong with the piece, and its price fell."""
    WITHDRAWN = "withdrawn"
    """The customer withdrew from the contract, once the piece had arrived or was on its way."""
    CHANGE_ORDER = "change_order"
    """A change order made the price smaller than what was asked for before."""


class InvoiceIssued(CommissionFact):
    """The customer is asked for `total`, gross; `left` is what is still to be paid of this and all before it.

    There may be several of a kind. `amendment` is the one of the contract that it follows from. `reference` is what the
    transfer should say.
    """

    topic: ClassVar[Topic] = Topic.PAYMENTS

    invoice: UUID
    number: str
    kind: InvoiceKind
    total: Money
    left: Money
    due_on: date | None = None
    amendment: int = 0
    reference: str = ""
    contract: UUID | None = None
    """The paper of the contract, on `touchmark.documents`, where it was agreed in the same moment."""


class PaymentReceived(CommissionFact):
    """Money came in. `left` is what is still to be paid of all that was asked for, never below zero.

    `forgiven` is what was missing, where the studio's setting forgives so little.
    """

    topic: ClassVar[Topic] = Topic.PAYMENTS

    payment: UUID
    amount: Money
    left: Money
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    forgiven: Money | None = None
    by: UUID | None = None


class PaymentReversed(CommissionFact):
    """A payment that was recorded does not count: it was a mistake, or the bank took it back.

    `left` is what is to be paid without it. What was covered by it, and is not any more, is an `InvoiceReopened`.
    """

    topic: ClassVar[Topic] = Topic.PAYMENTS

    payment: UUID
    amount: Money
    left: Money
    reason: ReversalReason
    by: UUID | None = None


class InvoicePaid(CommissionFact):
    """An invoice is covered in full."""

    topic: ClassVar[Topic] = Topic.PAYMENTS

    invoice: UUID
    kind: InvoiceKind


class InvoiceReopened(CommissionFact):
    """An invoice that was covered is not any more: a payment was reversed."""

    topic: ClassVar[Topic] = Topic.PAYMENTS

    invoice: UUID
    kind: InvoiceKind


class RefundDue(CommissionFact):
    """The studio owes the customer money back."""

    topic: ClassVar[Topic] = Topic.PAYMENTS

    refund: UUID
    amount: Money
    reason: RefundReason


class RefundWithdrawn(CommissionFact):
    """The studio does not owe it after all, since a payment was reversed; it had not been sent yet."""

    topic: ClassVar[Topic] = Topic.PAYMENTS

    refund: UUID
    amount: Money


class RefundPaid(CommissionFact):
    """It was sent back."""

    topic: ClassVar[Topic] = Topic.PAYMENTS

    refund: UUID
    amount: Money
    by: UUID | None = None
