"""What a change order does to an account, once it is applied: a top-up invoice, or a credit note and a refund.

The deposit, the top-ups and what credit notes take off them are asked for before the piece is made; the final invoice
asks for the rest of the price that is agreed by then. So a price that falls needs a credit note only where more was
asked for than the piece costs now, and only what was paid of that goes back.
"""

from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum
from uuid import UUID

from services.quotes.domain.account import (
    Account,
    Change,
    Contract,
    Credit,
    Invoice,
    InvoiceDetails,
    InvoiceLine,
    InvoiceLineCode,
    Refund,
)
from services.quotes.domain.billing import (
    InvoiceHead,
    new_invoice,
    posted,
    total_amounts,
    vat_of,
    with_invoice,
    with_paid_invoices,
    with_refund,
)
from services.quotes.domain.ledger import (
    Amounts,
    Transaction,
    TransactionKind,
    deposit_invoice_entries,
    prepayment_credit_entries,
    refund_due_entries,
)
from services.quotes.domain.quote import Offer, Quote, TermCode
from services.quotes.domain.reasons import ChangeOrderReason
from shared.contracts.briefs import BriefAnswer
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.kernel.money import Money
from shared.kernel.problems import Problem, ProblemType


@dataclass(frozen=True)
class AgreedLess:
    """The ids of a credit note and of what goes back, the number of the note, and its day."""

    credit: UUID
    refund: UUID
    number: str
    issued_on: date
    at: datetime


def asked_too_much(account: Account, price: Amounts) -> Money:
    """How much more was asked for before than this price comes to; zero where it is not."""
    beyond = account.prepaid.gross.minor - price.gross.minor
    return Money(minor=max(0, beyond), currency=account.left.currency)


def top_up(account: Account, contract: Contract, before: Quote, after: Quote, head: InvoiceHead) -> Change:
    """Ask for what the change adds to the price; `contract` has the change already."""
    amounts = total_amounts(after).less(total_amounts(before))
    line = InvoiceLine(InvoiceLineCode.TOP_UP, amounts.net, version=after.version)
    details = InvoiceDetails(seller=head.seller, address=contract.address, lines=(line,))
    invoice = new_invoice(head, contract, InvoiceKind.TOP_UP, amounts, vat=vat_of(after), details=details)
    return with_invoice(account, invoice, (posted(invoice, deposit_invoice_entries(amounts)),))


def lower(account: Account, after: Quote, given: AgreedLess) -> Change:
    """Take off what was asked for too much: what is still to be paid first; what was paid of it goes back."""
    amount = asked_too_much(account, total_amounts(after))
    amounts = Amounts.of(amount, vat_of(after).percent)
    credit = Credit(given.credit, None, amounts, given.at, given.number, _corrected(account).invoice, given.issued_on)
    back = Money(minor=max(0, amount.minor - max(0, account.left.minor)), currency=amount.currency)
    refund = Refund(given.refund, account.commission, back, RefundReason.CHANGE_ORDER, given.at)
    change = Change(
        transactions=(
            Transaction(TransactionKind.CREDITED, given.credit, prepayment_credit_entries(amounts)),
            Transaction(TransactionKind.REFUND_DUE, refund.refund, refund_due_entries(back)),
        ),
        credits=(credit,),
    )
    change = with_paid_invoices(account, change, given.at)
    return with_refund(change, refund) if back.minor else change


def _corrected(account: Account) -> Invoice:
    """The invoice that a credit note is about: the largest of those before the final one."""
    before = account.of(InvoiceKind.DEPOSIT, InvoiceKind.TOP_UP)
    return max(before, key=lambda each: each.total.minor)


class ChangeOrderState(StrEnum):
    """The states of a change order; `schema_change_orders.sql` says which follows which."""

    ASKED = "asked"
    OFFERED = "offered"
    AGREED = "agreed"
    APPLIED = "applied"
    ENDED = "ended"

    @property
    def open(self) -> bool:
        return self in {ChangeOrderState.ASKED, ChangeOrderState.OFFERED, ChangeOrderState.AGREED}


@dataclass(frozen=True)
class ChangeOrder:
    """A change of what was accepted: `version` of the quote takes the place of the version `before`.

    `answers` are what the piece would be made by; None once they were erased. `gates` have to be signed off again.
    """

    change_order: UUID
    commission: UUID
    number: int
    quote: UUID
    version: int
    before: int
    proposal: UUID
    answers: tuple[BriefAnswer, ...] | None
    from_stage: str
    state: ChangeOrderState
    asked_at: datetime
    valid_until: datetime
    asked_by: UUID | None = None
    ready_by_before: date | None = None
    gates: tuple[str, ...] = ()
    language: str | None = None
    document: str | None = None
    sha256: str | None = None
    agreed_at: datetime | None = None
    ended_at: datetime | None = None
    end_reason: ChangeOrderEnd | None = None
    refusal: ChangeRefusal | None = None

    def expired_at(self, now: datetime) -> bool:
        """Whether nobody agreed in time, whether or not anybody has noticed yet."""
        return self.state is ChangeOrderState.OFFERED and now >= self.valid_until


def check_can_be_offered(account: Account | None) -> None:
    """Let pass what is being made: its deposit is here, and its final invoice is not issued.

    Raises:
        Problem: conflict, with the reason.
    """
    if account is None or account.contract is None or not all(each.paid_at for each in account.of(InvoiceKind.DEPOSIT)):
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.NOT_BOOKED)
    if account.settlement or account.of(InvoiceKind.BALANCE):
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.TOO_LATE)


def check_answerable(order: ChangeOrder, now: datetime) -> None:
    """Let pass what is with the customer now. Raises `conflict`, with the reason."""
    if order.state is ChangeOrderState.ASKED:
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.NOT_OFFERED)
    if order.state in {ChangeOrderState.AGREED, ChangeOrderState.APPLIED}:
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.AGREED)
    if order.state is ChangeOrderState.ENDED:
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.ENDED)
    if order.expired_at(now):
        raise Problem(ProblemType.CONFLICT, ChangeOrderReason.EXPIRED)


def offer_of(accepted: Quote, order: ChangeOrder, variation: tuple[str, ...], ready_by: date, at: datetime) -> Offer:
    """What a change order says: all that was agreed stays, but for the day and how the piece will differ."""
    if accepted.offer is None:
        raise ValueError("what was accepted was offered before")
    terms = tuple(
        replace(each, day=ready_by) if each.code is TermCode.READY_BY else each for each in accepted.offer.terms
    )
    return replace(accepted.offer, sent_at=at, valid_until=order.valid_until, terms=terms, variation=variation)
