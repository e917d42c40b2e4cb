"""All that intake knows about one commission, for its page and its rules."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import TypeVar
from uuid import UUID

from services.intake.domain.approvals import Approval
from services.intake.domain.briefs import Brief, Proposal
from services.intake.domain.cancellations import Cancellation, CancellationState
from services.intake.domain.claims import Claim, ContractWithdrawal, Guarantee, answer_to
from services.intake.domain.commissions import Commission
from services.intake.domain.delivery import ChosenDelivery
from services.intake.domain.refusals import RefusedRequest
from services.intake.domain.texts import Text
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commissions import DeliveryWay
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, CommissionEscalated, Escalation, Outcome, PhaseEntered
from shared.contracts.production import ParcelDelivered, ParcelHandedOver, ReadyForPickup
from shared.contracts.quotes import ClaimAnswered, QuoteAccepted, QuoteDrafted
from shared.offerings.making import Gate, Stage
from shared.offerings.model import Offering

F = TypeVar("F", bound=CommissionFact)


@dataclass(frozen=True)
class CommissionRecord:
    """`facts` are what the other services published, oldest first; `offering` is None if its document is unknown here.

    `briefs` are all versions of the brief, oldest first, where they were asked for.
    """

    commission: Commission
    facts: tuple[CommissionFact, ...] = ()
    offering: Offering | None = None
    approvals: tuple[Approval, ...] = ()
    cancellations: tuple[Cancellation, ...] = ()
    texts: Mapping[UUID, Text] = field(default_factory=dict)
    delivery: ChosenDelivery | None = None
    briefs: tuple[Brief, ...] = ()
    claims: tuple[Claim, ...] = ()
    contract_withdrawal: ContractWithdrawal | None = None
    proposals: tuple[Proposal, ...] = ()
    refusal: RefusedRequest | None = None

    def in_language(self, language: str) -> "CommissionRecord":
        """The same, with the offering in the words of this language."""
        return replace(self, offering=self.offering.in_language(language)) if self.offering else self

    def all(self, kind: type[F]) -> tuple[F, ...]:
        """Every fact of this kind, oldest first."""
        return tuple(fact for fact in self.facts if isinstance(fact, kind))

    def last(self, kind: type[F]) -> F | None:
        """The newest fact of this kind."""
        return next((fact for fact in reversed(self.facts) if isinstance(fact, kind)), None)

    @property
    def newest_phase(self) -> PhaseEntered | None:
        """The newest phase that lifecycle published; of two with the same number, the one that came last."""
        return max(reversed(self.all(PhaseEntered)), key=lambda fact: fact.number, default=None)

    @property
    def accepted(self) -> QuoteAccepted | None:
        return self.last(QuoteAccepted)

    @property
    def changed_briefs(self) -> tuple[Brief, ...]:
        """The versions by which the request was changed; one that corrects a spelling comes after the acceptance."""
        accepted = self.accepted
        return tuple(each for each in self.briefs[1:] if accepted is None or each.written_at < accepted.at)

    @property
    def quoted_brief(self) -> int:
        """The version of the brief that the accepted quote was made from."""
        accepted = self.accepted
        drafts = self.all(QuoteDrafted)
        own = [each for each in drafts if accepted and each.quote_version == accepted.quote_version]
        return own[-1].brief_version if own else 1

    @property
    def open_proposal(self) -> Proposal | None:
        """The change that is proposed and not answered yet."""
        return next((each for each in self.proposals if each.is_open), None)

    @property
    def outcome(self) -> Outcome | None:
        """How it ended, by a fact or by our own state."""
        ended = self.last(CommissionEnded)
        return ended.outcome if ended else self.commission.outcome

    @property
    def handed_over(self) -> bool:
        """Whether the carrier has the parcel, as far as is known here."""
        refused = any(each.refusal is CancellationRefusal.HANDED_OVER for each in self.cancellations)
        return bool(self.last(ParcelHandedOver) or self.last(ParcelDelivered)) or refused

    @property
    def can_be_collected(self) -> bool:
        """Whether the piece waits at the studio for its customer."""
        ready = self.last(ReadyForPickup) is not None and self.last(ParcelDelivered) is None
        return ready and self.delivery is not None and self.delivery.way is DeliveryWay.PICKUP

    @property
    def missed(self) -> bool:
        """Whether it was said that the parcel has not come, and it has not come since."""
        arrived = self.last(ParcelDelivered) or self.commission.receipt_confirmed_at
        return bool(self.delivery and self.delivery.missed_at and not arrived)

    @property
    def lost(self) -> bool:
        """Whether a parcel that was missed is late by so much that its customer may take the money back."""
        late = any(each.reason is Escalation.PARCEL_MISSING for each in self.all(CommissionEscalated))
        return self.missed and late

    @property
    def left_before(self) -> bool:
        """Whether the parcel was handed over for another address than was chosen last: the change came too late."""
        sent = self.last(ParcelHandedOver)
        return bool(sent and sent.delivery and self.delivery and sent.delivery < self.delivery.number)

    @property
    def pending(self) -> Cancellation | None:
        """The cancellation that was asked for and is not answered yet."""
        return next((each for each in self.cancellations if each.state is CancellationState.ASKED), None)

    @property
    def guarantee(self) -> Guarantee | None:
        """How long the studio answers for the piece; None until it has arrived."""
        delivered = [each.at for each in self.all(ParcelDelivered)[:1]]
        said = self.commission.receipt_confirmed_at
        arrived = min([*delivered, *([said] if said else [])], default=None)
        accepted = self.accepted
        return Guarantee(arrived, accepted.guarantee_months) if arrived and accepted else None

    @property
    def carries_withdrawal(self) -> bool:
        """Whether the law lets the customer withdraw from this contract."""
        return self.accepted is not None and self.accepted.withdrawal_days is not None

    def answer(self, claim: Claim) -> ClaimAnswered | None:
        """What the studio answered to this claim, if it did."""
        return answer_to(claim, self.all(ClaimAnswered))

    @property
    def open_claim(self) -> Claim | None:
        """What is wrong with the piece and was not answered yet."""
        return next((each for each in self.claims if self.answer(each) is None), None)

    @property
    def open_approvals(self) -> tuple[Approval, ...]:
        return tuple(each for each in self.approvals if each.is_open)

    def stage(self, stage: str) -> Stage | None:
        return self.offering.making.stage(stage) if self.offering else None

    def gate(self, gate: str) -> Gate | None:
        return next((each for each in self.offering.gates if each.id == gate), None) if self.offering else None

    def stage_title(self, stage: str) -> str:
        """What the offering calls this stage; its name, where the offering's document is not here."""
        found = self.stage(stage)
        return found.title if found else stage.replace("_", " ")

    def gate_title(self, gate: str) -> str:
        found = self.gate(gate)
        return found.title if found else gate.replace("_", " ")
