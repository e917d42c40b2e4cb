"""The facts of one commission that its mails come from, as their services publish them."""

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from uuid import UUID

from shared.contracts.commissions import (
    ApprovalAsked,
    ApprovalGiven,
    ApprovalRefused,
    BriefChanged,
    CancellationRefused,
    ChangeProposalClosed,
    ChangeProposed,
    ClaimKind,
    ClaimMade,
    CommissionConfirmed,
    CommissionWithdrawn,
    ConfirmationAsked,
    DeliveryChosen,
    DeliveryWay,
    MessageSent,
    ParcelMissed,
    ProposalOutcome,
    WithdrawalReason,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, CommissionReminded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    PaymentReceived,
    PaymentReversed,
    ReversalReason,
)
from shared.contracts.people import Role
from shared.contracts.production import (
    AddressAsked,
    CertificateIssued,
    ParcelClaimed,
    ParcelHandedOver,
    PieceMade,
    PieceReplanned,
    PromiseBooked,
    ReadyForPickup,
    Replanned,
    StageBegun,
)
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderApplied,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ChangeOrderOffered,
    ClaimAnswered,
    ClaimRemedy,
    DeclineReason,
    QuestionAnswered,
    QuoteAccepted,
    QuoteDeclined,
    QuoteDrafted,
    QuoteSent,
)
from shared.kernel.ids import new_id
from shared.kernel.money import Money

DAY: Final = timedelta(days=1)
TOTAL: Final = Money(minor=84_000, currency="EUR")
DEPOSIT: Final = Money(minor=42_000, currency="EUR")
REFUND: Final = Money(minor=12_600, currency="EUR")
REFERENCE: Final = "RF18 5390 0754 7034"
TRACKING: Final = "00340434161094042557"
SERIAL: Final = "TM-2027-0042"


def euros(minor: int) -> Money:
    return Money(minor=minor, currency="EUR")


@dataclass
class MailFacts:
    """Makes the facts of one commission, each a second after the one before."""

    commission: UUID
    customer: UUID
    at: datetime = field(default_factory=lambda: datetime.now(UTC) - timedelta(minutes=5))
    quote: UUID = field(default_factory=new_id)
    maker: UUID = field(default_factory=new_id)
    reminders: int = 0
    phases: int = 0

    def again(self, asked: ApprovalAsked) -> ApprovalAsked:
        """The same, a second after the fact before."""
        return asked.model_copy(update={"at": self._of()["at"]})

    def _of(self) -> dict[str, Any]:
        self.at += timedelta(seconds=1)
        return {"at": self.at, "commission": self.commission}

    def _of_piece(self) -> dict[str, Any]:
        return {**self._of(), "piece": self.commission}

    def submitted(self) -> CommissionConfirmed:
        return CommissionConfirmed(
            **self._of(),
            customer=self.customer,
            craft="jewellery",
            offering="engraved-ring",
            offering_version=1,
            offering_sha256="0" * 64,
            brief_version=1,
        )

    def withdrawn(self) -> CommissionWithdrawn:
        return CommissionWithdrawn(**self._of(), customer=self.customer, reason=WithdrawalReason.OTHER)

    def confirmation_asked(self) -> ConfirmationAsked:
        return ConfirmationAsked(**self._of(), person=self.customer, right=new_id())

    def message(self, author: Role) -> MessageSent:
        return MessageSent(**self._of(), message=new_id(), author=new_id(), author_role=author)

    def changed(self, version: int = 2) -> BriefChanged:
        return BriefChanged(**self._of(), brief_version=version)

    def proposed(self) -> ChangeProposed:
        return ChangeProposed(**self._of(), proposal=new_id(), number=1)

    def proposal_refused(self, proposed: ChangeProposed, text: UUID | None = None) -> ChangeProposalClosed:
        outcome = ProposalOutcome.REFUSED
        return ChangeProposalClosed(**self._of(), proposal=proposed.proposal, outcome=outcome, text=text or new_id())

    def change_offered(self, number: int = 1) -> ChangeOrderOffered:
        """A change order that is with the customer."""
        return ChangeOrderOffered(
            **self._of(),
            change_order=new_id(),
            number=number,
            total=TOTAL,
            difference=TOTAL,
            until=self.at + 7 * DAY,
            ready_by=date(2027, 6, 10),
            before=date(2027, 6, 1),
        )

    def change_agreed(self, offered: ChangeOrderOffered) -> ChangeOrderAgreed:
        order, day = offered.change_order, offered.ready_by
        return ChangeOrderAgreed(**self._of(), change_order=order, number=offered.number, at_latest=day)

    def change_applied(self, offered: ChangeOrderOffered) -> ChangeOrderApplied:
        return ChangeOrderApplied(
            **self._of(),
            change_order=offered.change_order,
            number=offered.number,
            amendment=offered.number,
            total=offered.total,
            difference=offered.difference,
            ready_by=offered.ready_by,
            brief_version=2,
        )

    def change_ended(self, offered: ChangeOrderOffered, end: ChangeOrderEnd) -> ChangeOrderEnded:
        return ChangeOrderEnded(**self._of(), change_order=offered.change_order, number=offered.number, end=end)

    def drafted(self) -> QuoteDrafted:
        return QuoteDrafted(**self._of(), quote=self.quote, quote_version=1, brief_version=1, total=TOTAL)

    def sent(self, version: int = 1, total: Money = TOTAL, valid: timedelta = 20 * DAY) -> QuoteSent:
        return QuoteSent(
            **self._of(),
            quote=self.quote,
            quote_version=version,
            total=total,
            deposit=DEPOSIT,
            valid_until=self.at + valid,
        )

    def answered(self, question: UUID | None = None, answer: UUID | None = None) -> QuestionAnswered:
        return QuestionAnswered(
            **self._of(), quote=self.quote, question=question or new_id(), answer=answer or new_id(), open=0
        )

    def accepted(self) -> QuoteAccepted:
        return QuoteAccepted(**self._of(), quote=self.quote, quote_version=1, total=TOTAL, deposit=DEPOSIT)

    def declined(self) -> QuoteDeclined:
        return QuoteDeclined(**self._of(), quote=self.quote, quote_version=1, reason=DeclineReason.PRICE)

    def invoiced(
        self, kind: InvoiceKind = InvoiceKind.DEPOSIT, left: Money = DEPOSIT, due_on: date | None = None
    ) -> InvoiceIssued:
        return InvoiceIssued(
            **self._of(),
            invoice=new_id(),
            number=f"2027-{kind.value}",
            kind=kind,
            total=left,
            left=left,
            due_on=due_on,
            reference=REFERENCE,
        )

    def received(self, left: Money) -> PaymentReceived:
        return PaymentReceived(**self._of(), payment=new_id(), amount=DEPOSIT, left=left)

    def undone(self, left: Money) -> PaymentReversed:
        return PaymentReversed(
            **self._of(), payment=new_id(), amount=DEPOSIT, left=left, reason=ReversalReason.ENTERED_TWICE
        )

    def paid(self, kind: InvoiceKind) -> InvoicePaid:
        return InvoicePaid(**self._of(), invoice=new_id(), kind=kind)

    def booked(self, ready_by: date = date(2027, 5, 31)) -> PromiseBooked:
        return PromiseBooked(
            **self._of_piece(),
            promise=new_id(),
            maker=self.maker,
            begins_on=date(2027, 5, 1),
            ready_by=ready_by,
            ready_by_p50=ready_by,
        )

    def replanned(self, ready_by: date, before: date = date(2027, 5, 31)) -> PieceReplanned:
        return PieceReplanned(
            **self._of_piece(),
            promise=new_id(),
            maker=self.maker,
            ready_by=ready_by,
            ready_by_p50=ready_by,
            before=before,
            reason=Replanned.MISHAP,
        )

    def approval_asked(self, gate: str = "cut") -> ApprovalAsked:
        return ApprovalAsked(**self._of(), approval=new_id(), gate=gate, brief_version=1)

    def approved(self, asked: ApprovalAsked) -> ApprovalGiven:
        return ApprovalGiven(**self._of(), approval=asked.approval, gate=asked.gate, brief_version=1)

    def refused(self, asked: ApprovalAsked) -> ApprovalRefused:
        return ApprovalRefused(**self._of(), approval=asked.approval, gate=asked.gate, text=new_id())

    def begun(self) -> StageBegun:
        return StageBegun(**self._of_piece(), task=new_id(), stage="bend", maker=self.maker)

    def made(self) -> PieceMade:
        return PieceMade(**self._of_piece(), maker=self.maker)

    def address_asked(self) -> AddressAsked:
        return AddressAsked(**self._of(), ask=new_id())

    def chosen(self, way: DeliveryWay = DeliveryWay.PICKUP) -> DeliveryChosen:
        return DeliveryChosen(**self._of(), number=1, way=way)

    def ready_for_pickup(self) -> ReadyForPickup:
        return ReadyForPickup(**self._of())

    def handed_over(self) -> ParcelHandedOver:
        return ParcelHandedOver(**self._of(), carrier="Post", tracking=TRACKING)

    def missed(self) -> ParcelMissed:
        return ParcelMissed(**self._of())

    def claimed(self) -> ParcelClaimed:
        return ParcelClaimed(**self._of(), carrier="dhl", reference="C-4711")

    def certified(self) -> CertificateIssued:
        return CertificateIssued(**self._of_piece(), serial=SERIAL)

    def found_wrong(self) -> ClaimMade:
        """Something is wrong with it; there is a week for an answer."""
        claim, text, by = new_id(), new_id(), self.at + 7 * DAY
        return ClaimMade(**self._of(), customer=self.customer, claim=claim, kind=ClaimKind.FIT, text=text, answer_by=by)

    def claim_answered(self, made: ClaimMade, amount: Money | None = None) -> ClaimAnswered:
        remedy = ClaimRemedy.REDUCTION if amount else ClaimRemedy.REPAIR
        return ClaimAnswered(**self._of(), claim=made.claim, remedy=remedy, text=new_id(), amount=amount)

    def cancellation_refused(self) -> CancellationRefused:
        return CancellationRefused(**self._of(), cancellation=new_id())

    def reminded(
        self, phase: Phase, holder: Holder = Holder.CUSTOMER, approval: UUID | None = None, version: int | None = None
    ) -> CommissionReminded:
        self.reminders += 1
        return CommissionReminded(
            **self._of(),
            number=self.reminders,
            phase=phase,
            holder=holder,
            due=self.at + 10 * DAY,
            quote_version=version,
            approval=approval,
        )

    def entered(self, phase: Phase, due: timedelta | None = None) -> PhaseEntered:
        of, due_at = self._of(), self.at + due if due else None
        self.phases += 1
        return PhaseEntered(**of, number=self.phases, phase=phase, holder=Holder.CUSTOMER, since=self.at, due=due_at)

    def ended(self, outcome: Outcome, refund: Money | None = None) -> CommissionEnded:
        return CommissionEnded(**self._of(), outcome=outcome, refund=refund)


def whole_life(facts: MailFacts) -> list[CommissionFact]:
    """A life from the request to the certificate with all that may happen on the way, in the order in which it happens.

    Each mail of a life that is completed comes of it, as long as none is late.
    """
    first, second, third = (facts.approval_asked(gate) for gate in ("cut", "engraving", "engraving"))
    life: list[CommissionFact] = [facts.submitted(), facts.changed(), facts.drafted(), facts.sent()]
    life += [facts.answered(), proposed := facts.proposed(), facts.proposal_refused(proposed)]
    life += [facts.reminded(Phase.OFFERED, version=1), facts.sent(2, euros(90_000))]
    life += [facts.reminded(Phase.OFFERED, version=2), facts.accepted(), facts.invoiced()]
    life += [facts.entered(Phase.DEPOSIT, 10 * DAY), facts.reminded(Phase.DEPOSIT), facts.received(euros(20_000))]
    life += [facts.undone(euros(30_000))]
    life += [facts.reminded(Phase.DEPOSIT), facts.received(euros(0)), facts.paid(InvoiceKind.DEPOSIT), facts.booked()]
    life += [asked := facts.again(first), facts.reminded(Phase.MAKING, approval=first.approval), facts.approved(asked)]
    life += [facts.reminded(Phase.MAKING, Holder.MAKER), facts.begun(), facts.replanned(date(2027, 6, 10))]
    life += [offered := facts.change_offered(), facts.change_agreed(offered), facts.change_applied(offered)]
    life += [offered := facts.change_offered(2), facts.change_ended(offered, ChangeOrderEnd.LAPSED)]
    life += [facts.cancellation_refused(), asked := facts.again(second), facts.refused(asked)]
    life += [asked := facts.again(third), facts.approved(asked), facts.made()]
    life += [facts.invoiced(InvoiceKind.BALANCE, euros(48_000)), facts.reminded(Phase.BALANCE)]
    life += [facts.received(euros(0)), facts.paid(InvoiceKind.BALANCE), facts.reminded(Phase.SHIPPING, Holder.MAKER)]
    life += [facts.address_asked(), facts.reminded(Phase.SHIPPING), facts.chosen(), facts.ready_for_pickup()]
    life += [facts.reminded(Phase.SHIPPING)]
    life += [facts.handed_over(), facts.missed(), facts.claimed()]
    life += [facts.certified(), facts.entered(Phase.ENDED), facts.ended(Outcome.COMPLETED)]
    life += [made := facts.found_wrong(), facts.claim_answered(made, euros(5_000))]
    return life
