"""What the API answers with."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import date, datetime
from types import MappingProxyType
from typing import Any
from uuid import UUID

from pydantic import BaseModel, Field

from services.lifecycle import actions
from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.charts import ClockHolder
from services.lifecycle.domain.dashboard import MOST_COUNTED, DayAtRisk, RecordedFact, Risk
from services.lifecycle.domain.delivery import DeliveryOutcome
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.papers import PrintableKind
from services.lifecycle.domain.people import KnownPerson
from services.lifecycle.domain.timeline import HistoryStep, StepState, TimelineKind
from services.lifecycle.labels import step_problem
from services.lifecycle.workflow.messages import OperationRefusal, refusal_of
from services.lifecycle.workflow.state import Trouble
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.production import Replanned
from shared.i18n import Reader
from shared.kernel.money import Money
from shared.offerings.spoken import named
from shared.web.responses import ResponseModel


class CommissionSummaryRead(ResponseModel):
    """A commission. What comes with its request is null until that fact has arrived here."""

    commission: UUID
    craft: str | None
    offering: str | None
    offering_version: int | None
    customer: UUID | None
    phase: Phase
    holder: Holder = Field(description="Who it waits for.")
    since: datetime
    due: datetime | None = Field(description="When they should have acted.")
    risk: Risk
    paused: bool = Field(description="Its clock is stopped; holder and due are what they were.")
    escalation: Escalation | None = Field(description="Why it needs attention.")
    escalated_at: datetime | None
    written_since: datetime | None = Field(description="The customer waits for an answer, and nobody has taken it.")
    needed_by: date | None = Field(description="A day in the studio's zone.")
    ready_by: date | None = Field(description="The day that it is planned for now, in the studio's zone.")
    promised_by: date | None = Field(description="The day that the quote says that was sent last.")
    at_risk: DayAtRisk | None = Field(description="Which day it would miss as it is planned now.")
    submitted_at: datetime | None
    withdrawn_at: datetime | None
    outcome: Outcome | None
    ended_at: datetime | None
    customer_name: str | None = Field(description="Null until it has arrived here, and once it was erased.")
    customer_email: str | None
    customer_erased: bool
    piece: str | None = Field(description="What is made, in a few words of the reader's language.")


class CommissionCountsRead(ResponseModel):
    """How many commissions there are of each kind."""

    late: int
    escalated: int
    at_risk: int
    soon: int
    paused: int
    under_way: int
    ended: int = Field(description=f"No more than {MOST_COUNTED} of them are counted.")


class UsedOfferingRead(BaseModel):
    """An offering that there are commissions of: a craft and a name, "jewellery/engraved-ring"."""

    offering: str
    title: str


class RecordedFactRead(ResponseModel):
    """One fact, by ids, enums, amounts and times."""

    topic: str
    version: int
    type: str
    at: datetime
    detail: dict[str, Any]
    delivery: DeliveryOutcome | None = Field(description="What the bridge did with it; null if it is not signalled.")


class InvoiceStatusRead(ResponseModel):
    invoice: UUID
    number: str
    kind: InvoiceKind
    total: Money
    at: datetime
    due_on: date | None
    paid_at: datetime | None


class RefundStatusRead(ResponseModel):
    refund: UUID
    amount: Money
    reason: RefundReason
    at: datetime
    paid_at: datetime | None


class ReceivedPaymentRead(BaseModel):
    at: datetime
    amount: Money


class CommissionAccountRead(BaseModel):
    """A commission's money, as the facts of quotes say."""

    drafted: Money | None
    sent: Money | None
    valid_until: datetime | None
    accepted: Money | None
    deposit: Money | None
    invoices: list[InvoiceStatusRead]
    payments: list[ReceivedPaymentRead]
    refunds: list[RefundStatusRead]
    paid: Money | None = Field(description="All that came in, less what has gone back or is to.")
    left: Money | None = Field(description="What is still to be paid of all that was asked for.")


class PromiseChangeRead(ResponseModel):
    """The promised day became this one."""

    at: datetime
    ready_by: date
    why: Replanned | None


class GateStatusRead(ResponseModel):
    """A step that cannot be undone; `percent` of the price is owed once it is passed."""

    gate: str
    title: str
    state: GateState
    percent: int | None
    at: datetime | None


class AuditEntryRead(BaseModel):
    """One line of the audit log."""

    id: UUID
    commission: UUID | None = Field(description="null where it is about none, as an invitation.")
    action: AuditAction
    person: UUID = Field(description="Who did it.")
    person_name: str | None = Field(
        default=None, description="Null where it is not known here, and once it was erased."
    )
    at: datetime
    reason: str | None
    detail: dict[str, Any] = Field(description="What was done, as ids, codes, amounts, days and instants.")
    outcome: AuditOutcome = Field(description="`asked` if nobody knows yet what became of it.")
    problem: str | None = Field(description="Why it was refused, as a slug.")
    message: str | None = Field(description="The same as a sentence, in the language that the request accepts.")
    bulk: UUID | None = Field(description="Common to the entries of one bulk operation.")


class PrintableRead(ResponseModel):
    """What can be printed, at the address of the service that keeps it."""

    kind: PrintableKind
    address: str
    at: datetime
    number: str


class OmittedMailRead(ResponseModel):
    """What a mail would have said to a customer who has no address."""

    intent: Intent
    at: datetime


class CommissionDetailRead(CommissionSummaryRead):
    """A commission in detail: its facts, its money, its promised day, its gates, and its audit log."""

    facts: list[RecordedFactRead]
    account: CommissionAccountRead
    promise_changes: list[PromiseChangeRead]
    gates: list[GateStatusRead]
    audit: list[AuditEntryRead]
    lost_at: datetime | None = Field(description="When its workflow turned out to be gone without an end.")
    papers: list[PrintableRead]
    omitted_mails: list[OmittedMailRead]


class HistoryStepRead(ResponseModel):
    """One command or timer of the workflow."""

    kind: TimelineKind
    name: str
    at: datetime
    state: StepState
    ended_at: datetime | None
    attempts: int
    problem: str | None = Field(description="Why it was refused: the slug of a problem, or the type of a failure.")
    message: str | None = Field(
        default=None, description="The same in words, in the language that the request accepts."
    )
    due: datetime | None = Field(description="When a timer fires.")


class WorkflowHistoryRead(BaseModel):
    """The workflow's own history. `answers` is false while Temporal does not answer, or knows it no more."""

    answers: bool
    complete: bool = Field(default=True, description="False where it is longer than what was read of it.")
    events: int = 0
    steps: list[HistoryStepRead] = []


class TroubleRead(BaseModel):
    """A command that its service refused: it waits until ops try again."""

    command: str
    problem: str = Field(description="The slug of a problem, or the type of a failure.")
    message: str = Field(description="The same in words, in the language that the request accepts.")
    since: datetime


class WorkflowRead(BaseModel):
    """What the commission's workflow itself says. `answers` is false while it cannot be asked, and once it is over."""

    answers: bool
    trouble: TroubleRead | None = None
    versions: dict[str, int] = Field(default={}, description="The newest version that it has received of each topic.")
    waiting: dict[str, list[int]] = Field(default={}, description="Versions that wait for one before them.")


class CancellationCostsRead(ResponseModel):
    """What a cancellation would cost now."""

    percent: int
    owed: Money | None
    paid: Money | None
    back: Money | None
    left: Money | None


class PreviewRead(ResponseModel):
    """What an operation would bring about now."""

    operation: Operation
    blocked_by: OperationRefusal | None = Field(
        description="Why it cannot be done, as far as one can tell before trying."
    )
    mails_to: tuple[Holder, ...] = Field(description="Who gets a mail.")
    due: datetime | None
    new_due: datetime | None
    extends_quote: bool = Field(description="The quote can be accepted for as much longer.")
    extends_hold: bool = Field(description="The maker's hours are held for as long.")
    affects_bench: bool = Field(description="The bench stops work on the piece, or resumes it.")
    frees_hours: bool
    by_customer: CancellationCostsRead | None
    by_studio: CancellationCostsRead | None
    retries: str | None = Field(description="The command that was refused and would be sent again.")


class CommissionPreviewRead(PreviewRead):
    """The same, with the commission that it is about."""

    commission: UUID


class PhaseLaneRead(BaseModel):
    """One phase: how many commissions of each risk have been there for how long; `days` are the ends of the buckets."""

    phase: Phase
    total: int
    days: list[int | None] = Field(description="Each bucket ends at so many days; null: no end.")
    counts: list[Mapping[Risk, int]]


class WeekRead(ResponseModel):
    """A week by its Monday."""

    week: date
    submitted: int
    completed: int
    ended_early: int


class HolderTimeRead(ResponseModel):
    """For how many seconds one holder was waited for in each completed commission."""

    holder: ClockHolder
    commissions: int
    shortest: float
    lower: float
    median: float
    upper: float
    longest: float


class ChartsRead(BaseModel):
    """All that the charts are drawn from."""

    lanes: list[PhaseLaneRead]
    weeks: list[WeekRead]
    held: list[HolderTimeRead]


def commission_summary_read(summary: actions.CommissionSummary, reader: Reader) -> CommissionSummaryRead:
    customer = summary.customer
    return CommissionSummaryRead(
        **asdict(summary.commission),
        risk=summary.risk,
        customer_name=customer.name if customer else None,
        customer_email=customer.email if customer else None,
        customer_erased=customer is not None and customer.erased,
        piece=named(summary.made, summary.answers, reader) if summary.made else None,
    )


def commission_detail_read(detail: actions.CommissionDetail, reader: Reader) -> CommissionDetailRead:
    account = detail.account
    payments = [ReceivedPaymentRead(at=at, amount=amount) for at, amount in account.payments]
    return CommissionDetailRead(
        **commission_summary_read(detail.summary, reader).model_dump(),
        facts=[recorded_fact_read(each) for each in detail.log.recorded],
        account=CommissionAccountRead(**{**_fields(account), "payments": payments, "paid": account.paid}),
        promise_changes=[PromiseChangeRead.model_validate(each) for each in detail.promise_changes],
        gates=[GateStatusRead.model_validate(each) for each in detail.gates.statuses],
        audit=[audit_entry_read(each, reader, detail.people) for each in detail.audit],
        lost_at=detail.log.lost_at,
        papers=[PrintableRead.model_validate(each) for each in detail.papers],
        omitted_mails=[OmittedMailRead.model_validate(each) for each in detail.omitted_mails],
    )


def _fields(account: Any) -> dict[str, Any]:
    invoices = [InvoiceStatusRead.model_validate(each) for each in account.invoices]
    return {
        **vars(account),
        "invoices": invoices,
        "refunds": [RefundStatusRead.model_validate(each) for each in account.refunds],
    }


def recorded_fact_read(recorded: RecordedFact) -> RecordedFactRead:
    return RecordedFactRead.model_validate(recorded)


def audit_entry_read(
    entry: AuditEntry, reader: Reader, people: Mapping[UUID, KnownPerson] = MappingProxyType({})
) -> AuditEntryRead:
    person = people.get(entry.person)
    message = reader.label(refusal_of(entry.problem)) if entry.problem else None
    return AuditEntryRead(**asdict(entry), person_name=person.name if person else None, message=message)


def commission_preview_read(previewed: actions.CommissionPreview) -> CommissionPreviewRead:
    commission = previewed.summary.commission.commission
    return CommissionPreviewRead(**PreviewRead.model_validate(previewed.preview).model_dump(), commission=commission)


def history_step_read(step: HistoryStep, reader: Reader) -> HistoryStepRead:
    message = reader.label(step_problem(step.problem)) if step.problem else None
    return HistoryStepRead.model_validate(step).model_copy(update={"message": message})


def trouble_read(trouble: Trouble, reader: Reader) -> TroubleRead:
    return TroubleRead(**trouble.model_dump(), message=reader.label(step_problem(trouble.problem)))
