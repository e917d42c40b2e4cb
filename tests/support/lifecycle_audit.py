"""What the audit log says, as if ops had done it."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.store import add_audit_entry, conclude_audit_entry
from shared.contracts.access import AccessEnded, InvitationSent
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CancellationAsked,
    ChangeProposalClosed,
    ChangeProposed,
    ClaimKind,
    ClaimMade,
    CommissionWithdrawn,
    ContractWithdrawn,
    DeliveryChosen,
    DeliveryWay,
    EntryWay,
    ParcelMissed,
    ProposalOutcome,
    ReceiptConfirmed,
    RequestRefusal,
    RequestRefused,
    WithdrawalReason,
)
from shared.contracts.fact import Fact
from shared.contracts.payments import PaymentReceived, PaymentReversed, RefundPaid, ReversalReason
from shared.contracts.people import Role
from shared.contracts.production import (
    AddressAsked,
    GatePassed,
    Mishap,
    MishapReported,
    MishapUndone,
    ParcelClaimed,
    ParcelDelivered,
    ParcelHandedOver,
    PiecePacked,
    PieceReplanned,
    Replanned,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderAsked,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ClaimAnswered,
    ClaimRemedy,
    DeclineReason,
    PriceChange,
    QuestionAnswered,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteSent,
    Redraft,
)
from shared.kernel.ids import new_id
from tests.support.lifecycle import NOW, Room, submitted
from tests.support.lifecycle_stories import DAY, DEPOSIT, HOUR, NOTHING, REST, TOTAL, Story

REASON = "She rang: her mother is in hospital, and the ring can wait."


async def log(
    room: Room, commission: UUID, action: AuditAction, outcome: AuditOutcome, problem: str | None = None
) -> None:
    """An entry of two hours ago that has come to this."""
    entry = AuditEntry(
        id=new_id(),
        commission=commission,
        action=action,
        person=new_id(),
        at=NOW - 2 * HOUR,
        reason=REASON,
        detail={"days": 3} if action is AuditAction.EXTEND else {},
        outcome=AuditOutcome.ASKED,
    )
    async with room.database.transaction() as tx:
        await add_audit_entry(tx, entry)
        if outcome is not AuditOutcome.ASKED:
            await conclude_audit_entry(tx, entry.id, outcome=outcome, problem=problem, at=NOW - 2 * HOUR)


_NOT_BY_OPS = {"price_changed", "price_restored", "brief_changed"}
"""Drafts that are made by themselves, or that change one line."""


def done_by_ops(about: Story, by: UUID) -> Sequence[Fact]:
    """One fact of each kind that the audit log has of the other services, all by the same person of ops."""
    said: dict[str, Any] = {"at": about.at, "commission": about.commission, "by": by}
    piece = {**said, "piece": about.commission}
    day = about.at.date()
    draft = {**said, "quote": new_id(), "quote_version": 2, "brief_version": 1, "total": TOTAL}
    change = PriceChange(line="engraving", before=DEPOSIT, amount=REST)
    access: dict[str, Any] = {"at": about.at, "person": new_id(), "role": Role.MAKER, "by": by}
    days = {"ready_by": day, "ready_by_p50": day, "before": day}
    planned: dict[str, Any] = {"promise": new_id(), "maker": new_id(), **days}
    asked = submitted(about.commission, about.at).model_copy(update={"by": by, "way": EntryWay.COUNTER})
    decided: dict[str, Any] = {**said, "customer": new_id(), "reason": WithdrawalReason.OTHER}
    signed: dict[str, Any] = {**said, "approval": new_id(), "gate": "engraving"}
    offer: dict[str, Any] = {**said, "quote": new_id(), "quote_version": 1}
    return [
        asked,
        BriefChanged(**said, brief_version=2, way=EntryWay.PHONE),
        RequestRefused(**said, reason=RequestRefusal.NOT_OURS, text=new_id()),
        ChangeProposed(**said, proposal=new_id(), number=1, way=EntryWay.PHONE),
        ChangeProposalClosed(**said, proposal=new_id(), outcome=ProposalOutcome.APPLIED, brief_version=3),
        QuoteAccepted(**offer, total=TOTAL, deposit=DEPOSIT),
        QuoteDeclined(**offer, reason=DeclineReason.PRICE),
        ApprovalGiven(**signed, brief_version=1),
        ApprovalRefused(**signed, text=new_id()),
        CommissionWithdrawn(**decided),
        CancellationAsked(**decided, cancellation=new_id(), owed_percent=35),
        ReceiptConfirmed(**said, customer=new_id()),
        ContractWithdrawn(**said, customer=new_id(), arrived=True),
        ClaimMade(
            **said, customer=new_id(), claim=new_id(), kind=ClaimKind.FIT, text=new_id(), answer_by=about.at + DAY
        ),
        ChangeOrderAsked(
            **said, change_order=new_id(), number=1, proposal=new_id(), from_stage="file", until=about.at + DAY
        ),
        ChangeOrderAgreed(**said, change_order=new_id(), number=1, at_latest=day),
        ChangeOrderEnded(**said, change_order=new_id(), number=1, end=ChangeOrderEnd.WITHDRAWN),
        ClaimAnswered(**said, claim=new_id(), remedy=ClaimRemedy.REDUCTION, text=new_id(), amount=DEPOSIT),
        PaymentReceived(**said, payment=new_id(), amount=DEPOSIT, left=NOTHING),
        PaymentReversed(**said, payment=new_id(), amount=DEPOSIT, left=DEPOSIT, reason=ReversalReason.ENTERED_TWICE),
        RefundPaid(**said, refund=new_id(), amount=DEPOSIT),
        QuoteDrafted(**draft, redraft=Redraft.PRICE_CHANGED, change=change),
        QuoteDrafted(**draft, redraft=Redraft.PRICE_RESTORED, change=change),
        *(QuoteDrafted(**draft, redraft=each) for each in Redraft if each.value not in _NOT_BY_OPS),
        QuoteSent(**said, quote=new_id(), quote_version=2, total=TOTAL, deposit=DEPOSIT, valid_until=about.at + DAY),
        QuestionAnswered(**said, quote=new_id(), question=new_id(), answer=new_id(), open=0),
        PieceReplanned(**piece, **planned, reason=Replanned.ANOTHER_MAKER),
        GatePassed(**piece, gate="cut", customer_signs=True, cancel_percent=35),
        MishapReported(**piece, mishap=new_id(), kind=Mishap.MATERIAL_SPOILT, stage="bend"),
        MishapUndone(**piece, mishap=new_id(), kind=Mishap.MATERIAL_SPOILT, stage="bend"),
        DeliveryChosen(**said, number=1, way=DeliveryWay.PICKUP),
        AddressAsked(**said, ask=new_id()),
        ParcelMissed(**said),
        ParcelClaimed(**said, carrier="dhl", reference="C-4711"),
        PiecePacked(**piece),
        ParcelHandedOver(**said, carrier="dhl", tracking="00340434161094000000"),
        ParcelDelivered(**said),
        InvitationSent(**access),
        AccessEnded(**access),
    ]
