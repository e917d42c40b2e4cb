"""The catalogue: which fact becomes which mail. A new mail is a member of `Intent`, a row here, and a template.

Each row names the fact that the mail comes from, and the intent. Where it differs from the usual it also says: which
facts of this class (`when`), what tells two mails of this intent apart (`about`), who reads it (`reader`), what it says
(`says`: None while a fact is missing that it needs), and when it is no longer true (`untrue`).
"""

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Final

from services.notify.domain import papers, truth
from services.notify.domain.about import named, reminder, reminds
from services.notify.domain.change_orders import CHANGE_ORDER_MAILS
from services.notify.domain.claims import CLAIM_MAILS
from services.notify.domain.delivery import DELIVERY_FACTS, DELIVERY_MAILS, UNSAID
from services.notify.domain.known import Known
from services.notify.domain.mails import Addressee, MailDetails, addressee_of_message
from services.notify.domain.proposals import PROPOSAL_MAILS
from services.notify.domain.rules import CodeKind, MailRule, MailVerdict, Rule
from services.notify.domain.studio import STUDIO_FACTS, STUDIO_MAILS
from shared.contracts.commissions import (
    ApprovalAsked,
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CancellationRefused,
    CommissionConfirmed,
    CommissionWithdrawn,
    ConfirmationAsked,
    ConfirmationReminded,
    DeliveryChosen,
    MessageSent,
    RequestDropped,
    RequestRefused,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, CommissionReminded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.notifications import Intent
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    InvoiceReopened,
    PaymentReceived,
    PaymentReversed,
)
from shared.contracts.production import (
    CertificateIssued,
    GatePassed,
    MakingStopped,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    PromiseBooked,
    StageBegun,
    StageFinished,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    QuestionAnswered,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteExpired,
    QuoteSent,
)
from shared.kernel.money import Money

_CONFIRM_PAGE: Final = "/commissions/{commission}/confirm"
_APPROVAL_PAGE: Final = "/commissions/{commission}/approvals/{about}"
REVISED: Final = "revised"  # another version was sent before this one
UNSENT: Final = "unsent"  # no quote, or not the next one, came in time
_QUOTE_PAGE: Final = "/quotes/{commission}"
_CERTIFICATE_PAGE: Final = "/c/{code}"


# What a mail says.


def _offer(sent: QuoteSent, known: Known) -> MailDetails:
    day = known.last_day(sent.valid_until, sent.at)
    revised = any(each.quote_version < sent.quote_version for each in known.all(QuoteSent))
    return MailDetails(day=day, amount=sent.total, ready_by=sent.ready_by, reason=REVISED if revised else None)


def _offer_again(reminded: CommissionReminded, known: Known) -> MailDetails | None:
    sent = next((each for each in known.all(QuoteSent) if each.quote_version == reminded.quote_version), None)
    if sent is None:
        return None
    day = known.last_day(reminded.due or sent.valid_until, reminded.at)
    return MailDetails(day=day, amount=sent.total, ready_by=sent.ready_by)


def _deposit(issued: InvoiceIssued, known: Known) -> MailDetails | None:
    """Its last day is on the invoice, or else when the life cycle says that it is due."""
    awaited = [
        each for each in known.all(PhaseEntered) if (each.phase, each.holder) == (Phase.DEPOSIT, Holder.CUSTOMER)
    ]
    if issued.due_on is not None:
        day = issued.due_on
    elif awaited and awaited[-1].due:
        day = known.last_day(awaited[-1].due, awaited[-1].at)
    else:
        return None
    return MailDetails(day=day, amount=_left(issued, known), code=issued.number)


def _deposit_again(reminded: CommissionReminded, known: Known) -> MailDetails | None:
    issued = papers.invoice(InvoiceKind.DEPOSIT, known)
    if issued is None:
        return None
    day = known.last_day(reminded.due, reminded.at) if reminded.due else issued.due_on
    return MailDetails(day=day, amount=_left(issued, known), code=issued.number)


def _balance(issued: InvoiceIssued, known: Known) -> MailDetails:
    asked = None if known.has(DeliveryChosen) else UNSAID
    return MailDetails(amount=_left(issued, known), code=issued.reference, reason=asked)


def _balance_again(_reminded: CommissionReminded, known: Known) -> MailDetails | None:
    issued = papers.invoice(InvoiceKind.BALANCE, known)
    return _balance(issued, known) if issued else None


def _end(ended: CommissionEnded, known: Known) -> MailDetails:
    if ended.outcome is Outcome.REFUSED and (refused := known.all(RequestRefused)):
        return MailDetails(reason=refused[-1].reason.value)
    lapsed = ended.outcome is Outcome.LAPSED
    return MailDetails(reason=UNSENT if lapsed and not known.has(QuoteAccepted) else None)


def _new_day(_replanned: PieceReplanned, known: Known) -> MailDetails | None:
    """The booking may name the same day: a late start is replanned just before it."""
    if not known.has(PromiseBooked):
        return None
    day = truth.planned_now(known)
    return MailDetails(day=day, ready_by=day)


def _approval(_asked: ApprovalAsked, known: Known) -> MailDetails | None:
    """It comes after the mail that says that work begins."""
    return MailDetails() if known.has(PromiseBooked) else None


def _approval_again(reminded: CommissionReminded, known: Known) -> MailDetails | None:
    asked = any(asked.approval == reminded.approval for asked in known.all(ApprovalAsked))
    return MailDetails() if asked or reminded.approval is None else None


def _left(issued: InvoiceIssued, known: Known) -> Money:
    """What is still to be paid, after the newest payment."""
    moved = [each for each in known.either(PaymentReceived, PaymentReversed) if each.at >= issued.at]
    return moved[-1].left if moved else issued.left


MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ConfirmationAsked,
        Intent.CONFIRMATION_ASKED,
        about=lambda asked: asked.right,
        person=lambda asked: asked.person,
        untrue=truth.is_answered,
        page=_CONFIRM_PAGE,
        in_order=False,
        names_piece=False,
        over_with_person=True,
    ),
    MailRule(
        ConfirmationReminded,
        Intent.CONFIRMATION_REMINDER,
        about=lambda reminded: reminded.right,
        person=lambda reminded: reminded.person,
        untrue=truth.is_answered,
        page=_CONFIRM_PAGE,
        in_order=False,
        names_piece=False,
        over_with_person=True,
    ),
    MailRule(CommissionConfirmed, Intent.REQUEST_RECEIVED, person=lambda submitted: submitted.customer),
    MailRule(
        MessageSent,
        Intent.MESSAGE_RECEIVED,
        about=lambda sent: sent.message,
        reader=lambda sent: addressee_of_message(sent.author_role),
        gathered=True,
        in_order=False,
    ),
    MailRule(
        BriefChanged,
        Intent.REQUEST_CHANGED,
        about=lambda changed: named("brief", changed.brief_version),
        untrue=truth.is_changed_again,
    ),
    MailRule(QuoteDrafted, Intent.QUOTE_DRAFTED, untrue=truth.no_quote_is_awaited),
    MailRule(
        QuoteSent,
        Intent.QUOTE_READY,
        about=lambda sent: named("quote", sent.quote, sent.quote_version),
        says=_offer,
        untrue=lambda sent, known: truth.cannot_be_accepted(sent, known, sent.quote_version),
        page=_QUOTE_PAGE,
    ),
    MailRule(
        CommissionReminded,
        Intent.QUOTE_REMINDER,
        when=reminds(Phase.OFFERED),
        about=reminder,
        says=_offer_again,
        untrue=lambda reminded, known: truth.cannot_be_accepted(reminded, known, reminded.quote_version),
        page=_QUOTE_PAGE,
    ),
    MailRule(
        QuestionAnswered,
        Intent.QUESTION_ANSWERED,
        about=lambda answered: answered.question,
        quotes=lambda answered: answered.answer,
        page=_QUOTE_PAGE,
    ),
    MailRule(
        InvoiceIssued,
        Intent.QUOTE_ACCEPTED,
        when=lambda issued: issued.kind is InvoiceKind.DEPOSIT,
        says=_deposit,
        untrue=truth.is_over,
        page=_QUOTE_PAGE,
        code=CodeKind.INVOICE,
        papers=papers.contract_and_invoice,
        invoice=lambda issued, _known: issued.invoice,
    ),
    MailRule(
        CommissionReminded,
        Intent.DEPOSIT_REMINDER,
        when=reminds(Phase.DEPOSIT),
        about=reminder,
        says=_deposit_again,
        untrue=truth.no_deposit_is_due,
        page=_QUOTE_PAGE,
        code=CodeKind.INVOICE,
        invoice=papers.newest(InvoiceKind.DEPOSIT),
    ),
    MailRule(
        PromiseBooked,
        Intent.MAKING_BEGINS,
        says=lambda booked, _known: MailDetails(day=booked.ready_by, ready_by=booked.ready_by),
        untrue=truth.is_made,
    ),
    MailRule(
        ApprovalAsked,
        Intent.APPROVAL_ASKED,
        about=lambda asked: asked.approval,
        says=_approval,
        untrue=lambda asked, known: truth.needs_no_approval(asked, known, asked.approval),
        page=_APPROVAL_PAGE,
    ),
    MailRule(
        CommissionReminded,
        Intent.APPROVAL_REMINDER,
        when=reminds(Phase.MAKING),
        about=reminder,
        says=_approval_again,
        untrue=lambda reminded, known: truth.needs_no_approval(reminded, known, reminded.approval),
    ),
    MailRule(
        CommissionReminded,
        Intent.MAKER_REMINDER,
        when=lambda reminded: reminded.holder is Holder.MAKER,
        about=reminder,
        reader=lambda _reminded: Addressee.MAKER,
        untrue=truth.maker_was_active,
    ),
    MailRule(
        PieceReplanned,
        Intent.PIECE_DELAYED,
        when=lambda replanned: replanned.ready_by > replanned.before,
        about=lambda replanned: named("ready by", replanned.ready_by),
        says=_new_day,
        untrue=truth.is_announced_otherwise,
    ),
    MailRule(
        InvoiceIssued,
        Intent.BALANCE_DUE,
        when=lambda issued: issued.kind is InvoiceKind.BALANCE and issued.left.minor > 0,
        says=_balance,
        untrue=truth.no_balance_is_due,
        page=_QUOTE_PAGE,
        papers=lambda issued, _known: (issued.invoice,),
        invoice=lambda issued, _known: issued.invoice,
    ),
    MailRule(
        CommissionReminded,
        Intent.BALANCE_REMINDER,
        when=reminds(Phase.BALANCE),
        about=reminder,
        says=_balance_again,
        untrue=truth.no_balance_is_due,
        page=_QUOTE_PAGE,
        invoice=papers.newest(InvoiceKind.BALANCE),
    ),
    MailRule(
        PaymentReceived,
        Intent.PAYMENT_RECEIVED,
        about=lambda received: received.payment,
        says=lambda received, _known: MailDetails(amount=received.amount, left=received.left),
        untrue=truth.was_reversed,
        page=_QUOTE_PAGE,
    ),
    MailRule(
        PaymentReversed,
        Intent.PAYMENT_REVERSED,
        about=lambda undone: undone.payment,
        says=lambda undone, _known: MailDetails(amount=undone.amount, left=undone.left, reason=undone.reason.value),
        page=_QUOTE_PAGE,
    ),
    *DELIVERY_MAILS,
    MailRule(
        CertificateIssued,
        Intent.CERTIFICATE_READY,
        says=lambda issued, _known: MailDetails(code=issued.serial),
        page=_CERTIFICATE_PAGE,
        code=CodeKind.SERIAL,
    ),
    MailRule(
        CancellationRefused,
        Intent.CANCELLATION_REFUSED,
        about=lambda refused: refused.cancellation,
        untrue=lambda _refused, known: any(end.outcome is Outcome.CANCELLED for end in known.all(CommissionEnded)),
    ),
    MailRule(
        CommissionEnded,
        Intent.COMMISSION_CANCELLED,
        when=lambda ended: ended.outcome is Outcome.CANCELLED,
        says=lambda ended, _known: MailDetails(amount=ended.refund),
        page=_QUOTE_PAGE,
        papers=papers.of_cancellation,
    ),
    MailRule(
        CommissionEnded,
        Intent.COMMISSION_ENDED,
        when=lambda ended: ended.outcome not in {Outcome.CANCELLED, Outcome.COMPLETED},
        says=_end,
    ),
    *CLAIM_MAILS,
    *PROPOSAL_MAILS,
    *CHANGE_ORDER_MAILS,
    *STUDIO_MAILS,
)

RULES: Final[Mapping[Intent, Rule]] = MappingProxyType({rule.intent: rule for rule in MAILS})

OVER_WITH_PERSON: Final = frozenset(rule.intent for rule in MAILS if rule.over_with_person)
"""What nobody needs to answer any more once who was asked is erased."""

KNOWN_FACTS: Final[frozenset[type[CommissionFact]]] = frozenset(
    {
        *(rule.fact for rule in MAILS),
        *STUDIO_FACTS,
        *DELIVERY_FACTS,
        ApprovalGiven,
        ApprovalRefused,
        ChangeOrderAgreed,
        CommissionWithdrawn,
        GatePassed,
        InvoicePaid,
        InvoiceReopened,
        MakingStopped,
        PieceMade,
        PiecePacked,
        QuoteAccepted,
        QuoteDeclined,
        QuoteExpired,
        RequestDropped,
        RequestRefused,
        StageBegun,
        StageFinished,
    }
)
"""What notify keeps of a commission: what mails come from, and what completes one or makes it untrue."""


def mails_of(fact: CommissionFact) -> list[Rule]:
    """The mails that this fact asks for."""
    return [rule for rule in MAILS if isinstance(fact, rule.fact) and rule.when(fact)]


def judge(intent: Intent, version: int, known: Known) -> tuple[MailVerdict, MailDetails]:
    """Whether a mail is complete and still true, and what it says; `version` is that of the fact that it comes from.

    Where that fact is no longer known, because its customer was erased, the mail is no longer true.
    """
    fact = known.numbered((rule := RULES[intent]).fact, version)
    if fact is None or rule.untrue(fact, known):
        return MailVerdict.UNTRUE, MailDetails()
    says = rule.says(fact, known)
    if says is None:
        return MailVerdict.INCOMPLETE, MailDetails()
    return MailVerdict.READY, replace(says, papers=rule.papers(fact, known), invoice=rule.invoice(fact, known))
