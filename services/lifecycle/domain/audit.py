"""The audit log: who did what, when, and why: in lifecycle itself, and in the other services by their facts."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final
from uuid import UUID, uuid5

from shared.contracts.access import AccessEnded, InvitationSent
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CancellationAsked,
    ChangeProposalClosed,
    ChangeProposed,
    ClaimMade,
    CommissionConfirmed,
    CommissionWithdrawn,
    ContractWithdrawn,
    DeliveryChosen,
    ParcelMissed,
    ReceiptConfirmed,
    RequestRefused,
)
from shared.contracts.fact import CommissionFact, Fact
from shared.contracts.payments import PaymentReceived, PaymentReversed, RefundPaid
from shared.contracts.production import (
    AddressAsked,
    GatePassed,
    MishapReported,
    MishapUndone,
    ParcelClaimed,
    ParcelDelivered,
    ParcelHandedOver,
    PiecePacked,
    PieceReplanned,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderAsked,
    ChangeOrderEnded,
    ClaimAnswered,
    QuestionAnswered,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteSent,
    Redraft,
)


class AuditAction(StrEnum):
    """What somebody of ops did."""

    NUDGE = "nudge"
    EXTEND = "extend"
    PAUSE = "pause"
    RESUME = "resume"
    CANCEL = "cancel"
    TRY_AGAIN = "try_again"
    REPLAY_PARKED = "replay_parked"
    DROP_PARKED = "drop_parked"
    RECORD_PAYMENT = "record_payment"
    PAY_REFUND = "pay_refund"
    REVERSE_PAYMENT = "reverse_payment"
    CHANGE_PRICE = "change_price"
    RESTORE_PRICE = "restore_price"
    CHANGE_LINES = "change_lines"
    """Added, removed or moved lines of a quote."""
    GIVE_DISCOUNT = "give_discount"
    SET_CONDITIONS = "set_conditions"
    """Set deposit and validity for one quote."""
    REVISE_QUOTE = "revise_quote"
    """Drafted the version that was sent once more."""
    SEND_QUOTE = "send_quote"
    ANSWER_QUESTION = "answer_question"
    ANOTHER_MAKER = "another_maker"
    GO_THROUGH_GATE = "go_through_gate"
    """Started, in the maker's place, a step that cannot be undone."""
    REPORT_MISHAP = "report_mishap"
    UNDO_MISHAP = "undo_mishap"
    CHOOSE_DELIVERY = "choose_delivery"
    """Entered where the piece goes, or handed over the tablet on which the customer did."""
    ASK_FOR_ADDRESS = "ask_for_address"
    REPORT_MISSING = "report_missing"
    CLAIM_PARCEL = "claim_parcel"
    PACK = "pack"
    HAND_OVER = "hand_over"
    RECORD_DELIVERY = "record_delivery"
    ENTER_REQUEST = "enter_request"
    """Took down what somebody asked for at the counter or on the phone."""
    CHANGE_REQUEST = "change_request"
    """Wrote the next version of what somebody wishes for them; or handed over the tablet on which they did."""
    REFUSE_REQUEST = "refuse_request"
    """Said that the studio does not take it."""
    PROPOSE_CHANGE = "propose_change"
    """Entered what somebody wishes instead of what is offered; or handed over the tablet on which they did."""
    ANSWER_PROPOSAL = "answer_proposal"
    """Applied or refused it, or took it back for the customer."""
    ACCEPT_AT_COUNTER = "accept_at_counter"
    """Handed over the tablet on which the customer accepted the quote; so the others below."""
    DECLINE_AT_COUNTER = "decline_at_counter"
    SIGN_AT_COUNTER = "sign_at_counter"
    REFUSE_AT_COUNTER = "refuse_at_counter"
    WITHDRAW_AT_COUNTER = "withdraw_at_counter"
    CANCEL_AT_COUNTER = "cancel_at_counter"
    RECEIVE_AT_COUNTER = "receive_at_counter"
    CLAIM_AT_COUNTER = "claim_at_counter"
    ASK_FOR_CHANGE_ORDER = "ask_for_change_order"
    """Had a change of what was accepted offered."""
    AGREE_AT_COUNTER = "agree_at_counter"
    """Handed over the tablet on which the customer agreed to a change order."""
    END_CHANGE_ORDER = "end_change_order"
    """Took a change order back; or handed over the tablet on which the customer declined it."""
    WITHDRAW_CONTRACT_AT_COUNTER = "withdraw_contract_at_counter"
    ANSWER_CLAIM = "answer_claim"
    INVITE = "invite"
    END_ACCESS = "end_access"
    TAKE_MESSAGES = "take_messages"
    """Sees to what the customer wrote or asked."""
    GIVE_BACK_MESSAGES = "give_back_messages"
    FINISH_MESSAGES = "finish_messages"
    """Said that what was written needs no answer."""


_OF_FACTS: Final[Mapping[type[Fact], tuple[AuditAction, frozenset[str]]]] = {
    PaymentReversed: (AuditAction.REVERSE_PAYMENT, frozenset({"payment", "amount", "reason"})),
    PaymentReceived: (AuditAction.RECORD_PAYMENT, frozenset({"payment", "amount"})),
    RefundPaid: (AuditAction.PAY_REFUND, frozenset({"refund", "amount"})),
    QuoteSent: (AuditAction.SEND_QUOTE, frozenset({"quote_version", "total", "valid_until"})),
    QuestionAnswered: (AuditAction.ANSWER_QUESTION, frozenset({"question", "answer"})),
    PieceReplanned: (AuditAction.ANOTHER_MAKER, frozenset({"maker", "ready_by", "before"})),
    GatePassed: (AuditAction.GO_THROUGH_GATE, frozenset({"gate", "cancel_percent"})),
    MishapReported: (AuditAction.REPORT_MISHAP, frozenset({"kind", "stage", "back_to"})),
    MishapUndone: (AuditAction.UNDO_MISHAP, frozenset({"kind", "stage"})),
    DeliveryChosen: (AuditAction.CHOOSE_DELIVERY, frozenset()),
    AddressAsked: (AuditAction.ASK_FOR_ADDRESS, frozenset()),
    ParcelMissed: (AuditAction.REPORT_MISSING, frozenset()),
    ParcelClaimed: (AuditAction.CLAIM_PARCEL, frozenset({"carrier", "reference"})),
    PiecePacked: (AuditAction.PACK, frozenset()),
    ParcelHandedOver: (AuditAction.HAND_OVER, frozenset({"carrier", "tracking"})),
    ParcelDelivered: (AuditAction.RECORD_DELIVERY, frozenset()),
    CommissionConfirmed: (AuditAction.ENTER_REQUEST, frozenset({"way"})),
    BriefChanged: (AuditAction.CHANGE_REQUEST, frozenset({"brief_version", "way"})),
    RequestRefused: (AuditAction.REFUSE_REQUEST, frozenset({"reason"})),
    ChangeProposed: (AuditAction.PROPOSE_CHANGE, frozenset({"proposal", "way"})),
    ChangeProposalClosed: (AuditAction.ANSWER_PROPOSAL, frozenset({"proposal", "outcome", "brief_version"})),
    QuoteAccepted: (AuditAction.ACCEPT_AT_COUNTER, frozenset({"quote_version", "total"})),
    QuoteDeclined: (AuditAction.DECLINE_AT_COUNTER, frozenset({"quote_version", "reason"})),
    ApprovalGiven: (AuditAction.SIGN_AT_COUNTER, frozenset({"gate", "brief_version"})),
    ApprovalRefused: (AuditAction.REFUSE_AT_COUNTER, frozenset({"gate"})),
    CommissionWithdrawn: (AuditAction.WITHDRAW_AT_COUNTER, frozenset({"reason"})),
    CancellationAsked: (AuditAction.CANCEL_AT_COUNTER, frozenset({"owed_percent", "reason"})),
    ReceiptConfirmed: (AuditAction.RECEIVE_AT_COUNTER, frozenset()),
    ChangeOrderAsked: (AuditAction.ASK_FOR_CHANGE_ORDER, frozenset({"number", "from_stage", "until"})),
    ChangeOrderAgreed: (AuditAction.AGREE_AT_COUNTER, frozenset({"number"})),
    ChangeOrderEnded: (AuditAction.END_CHANGE_ORDER, frozenset({"number", "end"})),
    ClaimMade: (AuditAction.CLAIM_AT_COUNTER, frozenset({"claim", "kind"})),
    ContractWithdrawn: (AuditAction.WITHDRAW_CONTRACT_AT_COUNTER, frozenset({"arrived"})),
    ClaimAnswered: (AuditAction.ANSWER_CLAIM, frozenset({"claim", "remedy", "amount"})),
    InvitationSent: (AuditAction.INVITE, frozenset({"person", "role"})),
    AccessEnded: (AuditAction.END_ACCESS, frozenset({"person", "role"})),
}
"""What a fact says that ops did, and which of its fields the audit log keeps."""

_REDRAFTS: Final[Mapping[Redraft, AuditAction]] = {
    Redraft.PRICE_CHANGED: AuditAction.CHANGE_PRICE,
    Redraft.PRICE_RESTORED: AuditAction.RESTORE_PRICE,
    Redraft.LINES_CHANGED: AuditAction.CHANGE_LINES,
    Redraft.DISCOUNT_GIVEN: AuditAction.GIVE_DISCOUNT,
    Redraft.CONDITIONS_SET: AuditAction.SET_CONDITIONS,
    Redraft.NOTHING: AuditAction.REVISE_QUOTE,
}
_OF_A_DRAFT: Final = frozenset({"quote_version", "total", "change"})

_RECORDED: Final = frozenset({*(action for action, _ in _OF_FACTS.values()), *_REDRAFTS.values()})


AT_THE_COUNTER: Final = frozenset(
    {
        "ApprovalGiven",
        "ApprovalRefused",
        "CancellationAsked",
        "ChangeOrderAgreed",
        "ClaimMade",
        "CommissionWithdrawn",
        "ContractWithdrawn",
        "QuoteAccepted",
        "QuoteDeclined",
        "ReceiptConfirmed",
    }
)
"""What a customer does, on the studio's tablet too."""


class AuditOutcome(StrEnum):
    """What came of it."""

    ASKED = "asked"
    """It was requested, and nobody knows yet whether it was done."""
    DONE = "done"
    REFUSED = "refused"


@dataclass(frozen=True)
class AuditEntry:
    """One line of the audit log. `bulk` is common to the entries of one bulk operation.

    `commission` is None where it is about none; `detail` has ids, codes, amounts, days and instants.
    """

    id: UUID
    commission: UUID | None
    action: AuditAction
    person: UUID
    at: datetime
    reason: str | None
    detail: Mapping[str, Any]
    outcome: AuditOutcome
    problem: str | None = None
    bulk: UUID | None = None

    @property
    def recorded(self) -> bool:
        """Whether it comes from a fact, which says the same in the timeline."""
        return self.action in _RECORDED


@dataclass(frozen=True)
class AuditFilter:
    """Which entries are asked for; None is all."""

    action: AuditAction | None = None
    outcome: AuditOutcome | None = None
    commission: UUID | None = None
    bulk: UUID | None = None

    @property
    def all(self) -> bool:
        return self == AuditFilter()


def people_of(entries: Sequence[AuditEntry]) -> frozenset[UUID]:
    """Everybody whom these entries name: who did it, and with whom."""
    named = (entry.detail[name] for entry in entries for name in ("person", "maker") if name in entry.detail)
    return frozenset([*(entry.person for entry in entries), *(UUID(each) for each in named)])


def audit_entry_of(fact: Fact, version: int) -> AuditEntry | None:
    """The entry that a fact becomes, always with the same id; None where it is not ops who did it."""
    by: UUID | None = getattr(fact, "by", None)
    found = _action_of(fact)
    if by is None or found is None:
        return None
    action, fields = found
    return AuditEntry(
        id=uuid5(fact.key, f"{fact.type()} {version}"),
        commission=fact.commission if isinstance(fact, CommissionFact) else None,
        action=action,
        person=by,
        at=fact.at,
        reason=None,
        detail=fact.model_dump(mode="json", include=set(fields), exclude_none=True),
        outcome=AuditOutcome.DONE,
    )


def _action_of(fact: Fact) -> tuple[AuditAction, frozenset[str]] | None:
    if isinstance(fact, QuoteDrafted):
        action = _REDRAFTS.get(fact.redraft) if fact.redraft else None
        return (action, _OF_A_DRAFT) if action else None
    return _OF_FACTS.get(type(fact))
