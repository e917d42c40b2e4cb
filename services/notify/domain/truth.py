"""When a mail is no longer true: what has overtaken it, by the facts that are known."""

from datetime import date
from uuid import UUID

from services.notify.domain.known import Known
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CommissionConfirmed,
    CommissionWithdrawn,
    RequestDropped,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionReminded
from shared.contracts.payments import InvoiceKind, InvoicePaid, InvoiceReopened, PaymentReceived, PaymentReversed
from shared.contracts.production import (
    GatePassed,
    MakingStopped,
    ParcelHandedOver,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    PromiseBooked,
    StageBegun,
    StageFinished,
)
from shared.contracts.quotes import QuoteAccepted, QuoteDeclined, QuoteDrafted, QuoteExpired, QuoteSent, Redraft


def is_over(_fact: CommissionFact, known: Known) -> bool:
    return known.over


def is_answered(_fact: CommissionFact, known: Known) -> bool:
    """The request was confirmed, or is gone."""
    return known.has(CommissionConfirmed, RequestDropped)


def no_quote_is_awaited(fact: CommissionFact, known: Known) -> bool:
    return is_over(fact, known) or known.has(CommissionWithdrawn, QuoteSent, QuoteExpired, QuoteAccepted)


def cannot_be_accepted(fact: CommissionFact, known: Known, version: int | None) -> bool:
    """This version of the quote was answered, or ended, or is no longer the newest."""
    ended = known.has(CommissionWithdrawn, QuoteAccepted, QuoteDeclined, QuoteExpired)
    newer = version is not None and any(sent.quote_version > version for sent in known.all(QuoteSent))
    return ended or newer or _was_withdrawn(known, version) or is_over(fact, known)


def is_changed_again(changed: BriefChanged, known: Known) -> bool:
    """There is a newer version of the brief, or the quote for this one, or nothing to be quoted."""
    newer = any(each.brief_version > changed.brief_version for each in known.all(BriefChanged))
    return newer or no_quote_is_awaited(changed, known)


def _was_withdrawn(known: Known, version: int | None) -> bool:
    """What is wished has changed since this version was sent."""
    drafts = (each for each in known.all(QuoteDrafted) if each.redraft is Redraft.BRIEF_CHANGED)
    return version is not None and any(each.quote_version > version for each in drafts)


def is_paid(kind: InvoiceKind, known: Known) -> bool:
    """The newest that was said of it counts, since a payment may be reversed."""
    said = [fact for fact in known.either(InvoicePaid, InvoiceReopened) if fact.kind is kind]
    return bool(said) and isinstance(said[-1], InvoicePaid)


def was_reversed(received: PaymentReceived, known: Known) -> bool:
    return any(undone.payment == received.payment for undone in known.all(PaymentReversed))


def no_deposit_is_due(fact: CommissionFact, known: Known) -> bool:
    return is_paid(InvoiceKind.DEPOSIT, known) or known.has(PromiseBooked) or is_over(fact, known)


def no_balance_is_due(fact: CommissionFact, known: Known) -> bool:
    return is_paid(InvoiceKind.BALANCE, known) or known.has(ParcelHandedOver) or is_over(fact, known)


def is_made(fact: CommissionFact, known: Known) -> bool:
    return known.has(PieceMade, MakingStopped) or is_over(fact, known)


def needs_no_approval(fact: CommissionFact, known: Known, approval: UUID | None) -> bool:
    answers: list[ApprovalGiven | ApprovalRefused] = [*known.all(ApprovalGiven), *known.all(ApprovalRefused)]
    return any(answer.approval == approval for answer in answers) or is_made(fact, known)


def is_announced_otherwise(replanned: PieceReplanned, known: Known) -> bool:
    """It is planned for another day by now: a later one has its own mail, and of an earlier one nobody need know."""
    newest = planned_now(known)
    return newest > replanned.ready_by or newest <= planned_before(replanned, known) or is_made(replanned, known)


def maker_was_active(reminded: CommissionReminded, known: Known) -> bool:
    active = known.since(reminded.at, StageBegun, StageFinished, GatePassed, PieceMade, PiecePacked)
    return active or known.has(MakingStopped, ParcelHandedOver) or is_over(reminded, known)


def planned_now(known: Known) -> date:
    return known.all(PieceReplanned)[-1].ready_by


def planned_before(replanned: PieceReplanned, known: Known) -> date:
    """The latest day that was planned before."""
    every = known.all(PieceReplanned)
    earlier = every[: every.index(replanned)]
    booked = [each.ready_by for each in known.all(PromiseBooked)]
    return max([replanned.before, *booked, *(each.ready_by for each in earlier)])
