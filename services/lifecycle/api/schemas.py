"""What the API answers with."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from typing import Any
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.lifecycle import actions
from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.charts import Keeper
from services.lifecycle.domain.deeds import Action, ActionOutcome, Deed, What
from services.lifecycle.domain.life import Trouble
from services.lifecycle.domain.passing import Passed
from services.lifecycle.domain.refusals import sentence
from services.lifecycle.domain.room import Happening, Risk
from services.lifecycle.domain.telling import Kind, StepState
from services.lifecycle.domain.updates import Refusal
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.production import Replanned
from shared.kernel.money import Money


class Read(BaseModel):
    """Filled from the domain's own objects."""

    model_config = ConfigDict(from_attributes=True)


class CommissionRead(Read):
    """Where a commission stands. What came with its request is null until that fact has arrived here."""

    commission: UUID
    craft: str | None
    offering: str | None
    offering_version: int | None
    customer: UUID | None
    stage: Phase
    holder: Holder = Field(description="Whose move it is.")
    since: datetime
    due: datetime | None = Field(description="When somebody should have moved it on.")
    risk: Risk
    paused: bool = Field(description="Its clock stands still; holder and due are what they were.")
    escalation: Escalation | None = Field(description="Why ops should look at it.")
    escalated_at: datetime | None
    needed_by: date | None = Field(description="A day in the studio's zone.")
    ready_by: date | None = Field(description="The day that is promised now, in the studio's zone.")
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None


class CountsRead(Read):
    """How many commissions there are of each kind."""

    late: int
    escalated: int
    soon: int
    paused: int
    under_way: int
    ended: int


class OfferingRead(BaseModel):
    """An offering that there are commissions of: a craft and a name, "jewellery/engraved-ring"."""

    offering: str
    title: str


class HappeningRead(Read):
    """One fact, by ids, enums, amounts and times."""

    topic: str
    version: int
    type: str
    at: datetime
    detail: dict[str, Any]
    passed: Passed | None = Field(description="What the bridge to the workflow did with it; null if it is none of its.")


class InvoiceRead(Read):
    invoice: UUID
    number: str
    kind: InvoiceKind
    total: Money
    at: datetime
    due_on: date | None
    paid_at: datetime | None


class RefundRead(Read):
    refund: UUID
    amount: Money
    reason: RefundReason
    at: datetime
    paid_at: datetime | None


class PaymentRead(BaseModel):
    at: datetime
    amount: Money


class AccountRead(BaseModel):
    """A commission's money, as quotes told of it."""

    drafted: Money | None
    sent: Money | None
    valid_until: datetime | None
    accepted: Money | None
    deposit: Money | None
    invoices: list[InvoiceRead]
    payments: list[PaymentRead]
    refunds: list[RefundRead]
    paid: Money | None = Field(description="All that came in, less what has gone back or is to.")
    left: Money | None = Field(description="What is still to be paid of all that was asked for.")


class MoveRead(Read):
    """The promised day became this one."""

    at: datetime
    ready_by: date
    why: Replanned | None


class GateRead(Read):
    """A step that cannot be undone; `percent` of the price is owed once it is passed."""

    gate: str
    title: str
    state: GateState
    percent: int | None
    at: datetime | None


class ActionRead(BaseModel):
    """One line of the audit log."""

    action: UUID
    commission: UUID
    what: What
    person: UUID
    at: datetime
    reason: str | None
    detail: dict[str, Any]
    outcome: ActionOutcome = Field(description="`asked` where nobody knows yet what became of it.")
    problem: str | None = Field(description="Why it was refused, as a slug.")
    says: str | None = Field(description="The same as a sentence.")
    together: UUID | None = Field(description="Common to what was asked for in one go.")


class StoryRead(CommissionRead):
    """A commission whole: all that happened to it, its money, its promised day, its gates, and what ops did."""

    happenings: list[HappeningRead]
    account: AccountRead
    moves: list[MoveRead]
    gates: list[GateRead]
    actions: list[ActionRead]
    lost_at: datetime | None = Field(description="When its workflow turned out to be gone without an end.")


class StepRead(Read):
    """One command or timer of the workflow."""

    kind: Kind
    name: str
    at: datetime
    state: StepState
    ended_at: datetime | None
    attempts: int
    problem: str | None
    due: datetime | None = Field(description="When a timer fires.")


class HistoryRead(BaseModel):
    """The workflow's own history. `answers` is false while Temporal does not answer, or knows it no more."""

    answers: bool
    complete: bool = Field(default=True, description="False where it is longer than what was read of it.")
    events: int = 0
    steps: list[StepRead] = []


class WorkflowRead(BaseModel):
    """What the commission's workflow itself says. `answers` is false while it cannot be asked, and once it is over."""

    answers: bool
    trouble: Trouble | None = None
    heard: dict[str, int] = Field(default={}, description="The newest version that it has heard of each topic.")
    waiting: dict[str, list[int]] = Field(default={}, description="Versions that wait for one before them.")


class CostsRead(Read):
    """What a cancellation comes to, as things stand."""

    percent: int
    owed: Money | None
    paid: Money | None
    back: Money | None
    left: Money | None


class PreviewRead(Read):
    """What a deed would bring about, as things stand."""

    deed: Deed
    hindrance: Refusal | None = Field(description="Why it cannot be done, as far as one can see before it is tried.")
    told: tuple[Holder, ...] = Field(description="Who gets a mail.")
    due: datetime | None
    due_then: datetime | None
    quote_too: bool = Field(description="The quote can be accepted for as much longer.")
    hold_too: bool = Field(description="The maker's hours are held for as long.")
    bench_too: bool = Field(description="The bench leaves the piece alone, or goes on with it.")
    hours_freed: bool
    by_customer: CostsRead | None
    by_studio: CostsRead | None
    again: str | None = Field(description="The command that was refused and would be asked for again.")


class PreviewOfOne(PreviewRead):
    """The same, with the commission that it is about."""

    commission: UUID


class LaneRead(BaseModel):
    """One stage: how many commissions of each risk have been there for how long; `days` are the ends of the buckets."""

    stage: Phase
    total: int
    days: list[int | None] = Field(description="Each bucket ends at so many days; null: no end.")
    counts: list[Mapping[Risk, int]]


class WeekRead(Read):
    """A week by its Monday."""

    week: date
    submitted: int
    completed: int
    otherwise: int


class HeldRead(Read):
    """For how many seconds one holder held the clock of a completed commission."""

    holder: Keeper
    commissions: int
    shortest: float
    lower: float
    median: float
    upper: float
    longest: float


class ChartsRead(BaseModel):
    """All that the charts are drawn from."""

    lanes: list[LaneRead]
    weeks: list[WeekRead]
    held: list[HeldRead]


class ParkedRead(BaseModel):
    """A record that could not take effect here, and waits for a decision."""

    id: int
    inbox: str
    topic: str
    key: str
    version: int | None
    reason: str
    detail: str
    state: str = Field(description="`waiting` for a decision, or about to `replay`.")
    parked_at: datetime


def commission_shown(shown: actions.Shown) -> CommissionRead:
    return CommissionRead(**asdict(shown.commission), risk=shown.risk)


def story_shown(case: actions.Case) -> StoryRead:
    account = case.account
    payments = [PaymentRead(at=at, amount=amount) for at, amount in account.payments]
    return StoryRead(
        **commission_shown(case.shown).model_dump(),
        happenings=[happening_shown(each) for each in case.story.happenings],
        account=AccountRead(**{**_fields(account), "payments": payments, "paid": account.paid}),
        moves=[MoveRead.model_validate(each) for each in case.moves],
        gates=[GateRead.model_validate(each) for each in case.gates.standing],
        actions=[action_shown(each) for each in case.actions],
        lost_at=case.story.lost_at,
    )


def _fields(account: Any) -> dict[str, Any]:
    invoices = [InvoiceRead.model_validate(each) for each in account.invoices]
    return {
        **vars(account),
        "invoices": invoices,
        "refunds": [RefundRead.model_validate(each) for each in account.refunds],
    }


def happening_shown(happening: Happening) -> HappeningRead:
    return HappeningRead.model_validate(happening)


def action_shown(action: Action) -> ActionRead:
    return ActionRead(**asdict(action), says=sentence(action.problem) if action.problem else None)


def preview_shown(previewed: actions.Previewed) -> PreviewOfOne:
    commission = previewed.shown.commission.commission
    return PreviewOfOne(**PreviewRead.model_validate(previewed.preview).model_dump(), commission=commission)
