"""The five services as the workflow meets them: their queues, and what they answer. The server between is real."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, TypeVar
from uuid import UUID, uuid4

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.exceptions import ApplicationError
from temporalio.worker import Worker

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommandTimeouts, CommissionResult, CommissionStart, Timeouts
from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.commands.intake import (
    ApprovalAsking,
    AskApproval,
    CancellationRefusal,
    PutProposalInForce,
    WrittenBrief,
)
from shared.contracts.commands.lifecycle import RecordEnd, RecordPhase
from shared.contracts.commands.production import (
    ApplyChangeOrder,
    BenchActivity,
    BookedPromise,
    BookPromise,
    ChangedPiece,
    FreezeStages,
    FrozenStages,
    HeldPromise,
    HoldOutcome,
    HoldPromise,
    IssueCertificate,
    IssuedCertificate,
    LookAtBench,
    PlannedGate,
    PreviewedPromise,
    PreviewPromise,
    ResumedMaking,
    ResumeMaking,
    StopMaking,
    StoppedMaking,
    ThawedStages,
    ThawStages,
)
from shared.contracts.commands.quotes import (
    ChangeOrderEnding,
    DraftQuote,
    EndChangeOrder,
    ExpireQuote,
    ExtendedQuote,
    ExtendQuote,
    IssueBalance,
    IssuedInvoice,
    OfferChangeOrder,
    OfferedChangeOrder,
    QuoteDraft,
    QuoteEnding,
    SendQuote,
    SentQuote,
    SettleCancellation,
    Settlement,
)
from shared.contracts.commissions import CommissionConfirmed, CommissionWithdrawn, WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.quotes import ChangeRefusal
from shared.contracts.registry import COMMANDS
from shared.kernel.money import Money
from shared.temporal.worker import RUNNER

C = TypeVar("C", bound=Command)
ServerClock = Callable[[], Awaitable[datetime]]
Handle = WorkflowHandle[CommissionWorkflow, CommissionResult]

DESK = timedelta(days=14)
STEP = timedelta(minutes=15)
HOLD = timedelta(days=90)
DEPOSIT_WITHIN, REMIND, MAKER, DELIVERY = (timedelta(days=days) for days in (10, 3, 5, 8))
GATES = (
    PlannedGate(gate="cut", before="prepare", customer_signs=True),
    PlannedGate(gate="hallmark", before="assay", customer_signs=False),
    PlannedGate(gate="engraving", before="engrave", customer_signs=True),
)
PREVIEWED = date(2027, 3, 1)
"""The day that the bench has free for whatever is asked for."""
EUR = "EUR"
TOTAL, DEPOSIT, BALANCE = (Money(minor=minor, currency=EUR) for minor in (84_000, 42_000, 42_000))


class Counterparts:
    """What was asked of the services, and how they behave: `not_yet`, `refusals` and `closed` by command class.

    What is not yet is to be asked `again_in` a while. `accepted` are the commissions whose quote was accepted,
    `secured` those whose deposit is here, as quotes knows; `passed_percent` and `handed_over` is what production knows
    of gates and parcels; `balance` is what is still to be paid at the end; `bench` is what lifecycle has read of the
    maker's activity. `possible` are the days that the bench has free, where it is another one, or None where nobody can
    make it; `change_refused` is why the bench does not change a piece, `change_agreed` that a customer was in time.
    `unwanted` are the commissions whose studio does not want to send any more, `valid_until` how long
    an offer is valid.

    `commands` are the limits of time that a commission starts with. `cached` is how many workflows the worker keeps in
    memory; without, it replays the whole history for each step.
    """

    def __init__(self, client: Client, prefix: str, clock: ServerClock | None = None) -> None:
        self.client = client
        self.clock = clock or _of_this_machine
        self.prefix = prefix
        self.done: list[Command] = []
        self.attempts: Counter[type[Command]] = Counter()
        self.not_yet: Counter[type[Command]] = Counter()
        self.refusals: Counter[type[Command]] = Counter()
        self.closed: dict[tuple[type[Command], UUID | None], asyncio.Event] = {}
        self.reached: dict[type[Command], asyncio.Event] = {command: asyncio.Event() for command in COMMANDS.values()}
        self.asked: set[tuple[type[Command], UUID]] = set()
        self.again_in = timedelta(milliseconds=50)
        self.hold = HOLD
        self.possible: dict[UUID, date | None] = {}
        self.unwanted: set[UUID] = set()
        self.valid_until: dict[UUID, datetime] = {}
        self.deposit_within = DEPOSIT_WITHIN
        self.begins_in = timedelta(days=4)
        self.ready_in = timedelta(days=40)
        self.gates = GATES
        self.balance = BALANCE
        self.accepted: set[UUID] = set()
        self.secured: set[UUID] = set()
        self.passed_percent: dict[UUID, int] = {}
        self.handed_over: set[UUID] = set()
        self.change_refused: ChangeRefusal | None = None
        self.change_agreed = False
        self.commands = CommandTimeouts()
        self.cached = 500
        self.bench: dict[UUID, BenchActivity] = {}
        self._results: dict[UUID, Result] = {}

    # What the tests do.

    @property
    def today(self) -> date:
        """The day on which the first hours were held for what was asked for then."""
        return self.of(HoldPromise)[0].asked_at.date()

    async def begin(self, *facts: FactEnvelope, commission: UUID | None = None, desk: timedelta = DESK) -> Handle:
        """Start a commission as the bridge does, with its first facts."""
        given = timeouts(desk, self.deposit_within).model_copy(update={"commands": self.commands})
        start = request(commission or uuid4(), given, await self.clock())
        return await self.client.start_workflow(
            CommissionWorkflow.run,
            start,
            id=f"{self.prefix}{start.commission}",
            task_queue=f"{self.prefix}lifecycle",
            start_signal="facts",
            start_signal_args=[list(facts) or [submitted(start.commission)]],
        )

    def shut(self, command: type[Command], commission: UUID | None = None) -> asyncio.Event:
        """Let nobody answer this command, of this commission or of any, until the event is set."""
        gate = self.closed[command, commission] = asyncio.Event()
        return gate

    def of(self, command: type[C], commission: UUID | None = None) -> list[C]:
        """The commands of this class that were carried out, of this commission or of all, in order."""
        mine = (each for each in self.done if commission in {None, each.commission})
        return [each for each in mine if isinstance(each, command)]

    def names(self, commission: UUID | None = None) -> list[str]:
        """What was carried out, in order, without the stages that were recorded in between."""
        mine = self.of(Command, commission)
        return [type(each).__name__ for each in mine if not isinstance(each, RecordPhase)]

    def phases(self, commission: UUID | None = None) -> list[tuple[Phase, Holder]]:
        """The phases and who was waited for, with those that were passed through, one after the other."""
        found: list[tuple[Phase, Holder]] = []
        for record in self.of(Command, commission):
            if isinstance(record, RecordPhase | RecordEnd):
                found += [(each.phase, each.holder) for each in record.passed]
            if isinstance(record, RecordPhase):
                found.append((record.phase, record.holder))
        return found

    def stages(self) -> list[Phase]:
        return [phase for phase, _ in self.phases()]

    @asynccontextmanager
    async def at_work(self, *absent: str, workflow: type = CommissionWorkflow) -> AsyncIterator[None]:
        """All services that carry out commands take their work until the block ends, but for those that are absent."""
        async with AsyncExitStack() as stack:
            for service in {"intake", "quotes", "production", "lifecycle"} - set(absent):
                worker = Worker(
                    self.client,
                    task_queue=f"{self.prefix}{service}",
                    activities=[self.activity_for(each) for each in COMMANDS.values() if each.service == service],
                    workflows=[workflow] if service == "lifecycle" else [],
                    workflow_runner=RUNNER,
                    max_cached_workflows=self.cached if service == "lifecycle" else 0,
                    disable_eager_activity_execution=True,
                )
                await stack.enter_async_context(worker)
            yield
            for gate in self.closed.values():
                gate.set()

    # What the services do.

    async def carry_out(self, command: Command) -> Result:
        """The same id has the same result, as in the services' `command` table."""
        kind = type(command)
        self.attempts[kind] += 1
        self.reached[kind].set()
        self.asked.add((kind, command.commission))
        for whose in (None, command.commission):
            if (gate := self.closed.get((kind, whose))) is not None:
                await gate.wait()
        if command.id not in self._results:
            self._refuse_where_asked(kind)
            self._results[command.id] = self._answer(command)
            self.done.append(command)
        return self._results[command.id]

    def _refuse_where_asked(self, kind: type[Command]) -> None:
        if self.not_yet[kind] > 0:
            self.not_yet[kind] -= 1
            raise ApplicationError("on its way", type="NotYet", next_retry_delay=self.again_in)
        if self.refusals[kind] > 0:
            self.refusals[kind] -= 1
            raise ApplicationError("refused", type="conflict", non_retryable=True)

    def _answer(self, command: Command) -> Result:
        match command:
            case PreviewPromise():
                return PreviewedPromise(ready_by=PREVIEWED, ready_by_p50=PREVIEWED)
            case HoldPromise():
                return self._holding(command)
            case DraftQuote():
                return QuoteDraft(quote=uuid4(), quote_version=1, total=Money(minor=84_000, currency="EUR"))
            case AskApproval():
                return ApprovalAsking(approval=uuid4())
            case LookAtBench():
                return self.bench.get(command.commission, BenchActivity())
            case _:
                of_services = self._answer_of_quotes(command) or self._answer_of_production(command)
                return of_services or self._answer_to_a_change(command) or Done()

    def _holding(self, command: HoldPromise) -> HoldOutcome:
        """A maker's hours; none where the day is later than the studio saw, or there are none at all."""
        day = self.possible.get(command.commission, PREVIEWED)
        if day is None or (command.at_latest is not None and day > command.at_latest):
            return HoldOutcome(possible=PreviewedPromise(ready_by=day, ready_by_p50=day) if day else None)
        held_until = command.asked_at + self.hold
        held = HeldPromise(promise=uuid4(), maker=uuid4(), ready_by=day, ready_by_p50=day, held_until=held_until)
        return HoldOutcome(held=held)

    def _sent(self, command: SendQuote | ExtendQuote) -> SentQuote | ExtendedQuote:
        if isinstance(command, ExtendQuote):
            return ExtendedQuote(valid_until=command.valid_until)
        if command.commission in self.unwanted:
            return SentQuote(sent=False)
        valid_until = self.valid_until.get(command.commission, command.held_until)
        return SentQuote(sent=True, total=TOTAL, deposit=DEPOSIT, valid_until=valid_until)

    def _answer_of_quotes(self, command: Command) -> Result | None:
        match command:
            case SendQuote() | ExtendQuote():
                return self._sent(command)
            case ExpireQuote() if command.commission in self.accepted:
                here = command.commission in self.secured
                return QuoteEnding(accepted=True, total=TOTAL, deposit=DEPOSIT, deposit_paid=here)
            case ExpireQuote():
                return QuoteEnding()
            case IssueBalance():
                return IssuedInvoice(
                    invoice=uuid4(), number="2026-0002", total=BALANCE, left=self.balance, reference="RF18 B"
                )
            case SettleCancellation():
                owed = TOTAL.times(Decimal(command.owed_percent) / 100)
                refund = Money(minor=DEPOSIT.minor - owed.minor, currency=EUR)
                return Settlement(owed=owed, paid=DEPOSIT, refund=refund, left=Money.zero(EUR))
            case _:
                return None

    def _answer_of_production(self, command: Command) -> Result | None:
        match command:
            case BookPromise():
                begins_on, ready_by = (self.today + ahead for ahead in (self.begins_in, self.ready_in))
                return BookedPromise(
                    piece=uuid4(),
                    maker=uuid4(),
                    begins_on=begins_on,
                    ready_by=ready_by,
                    ready_by_p50=ready_by,
                    gates=self.gates,
                )
            case ResumeMaking():
                return ResumedMaking(ready_by=self.today + self.ready_in)
            case StopMaking():
                return self._stopped(command)
            case IssueCertificate():
                return IssuedCertificate(piece=uuid4(), serial="TM-2026-0001")
            case _:
                return None

    def _answer_to_a_change(self, command: Command) -> Result | None:
        later, refusal = PREVIEWED + timedelta(days=9), self.change_refused
        answers: dict[type[Command], Result] = {
            FreezeStages: FrozenStages(refusal=refusal) if refusal else FrozenStages(ready_by=later, before=PREVIEWED),
            ApplyChangeOrder: ChangedPiece(applied=not refusal, ready_by=later, gates=("cut",), refusal=refusal),
            ThawStages: ThawedStages(ready_by=later),
            OfferChangeOrder: OfferedChangeOrder(offered=True),
            EndChangeOrder: ChangeOrderEnding(agreed=self.change_agreed),
            PutProposalInForce: WrittenBrief(brief_version=2),
        }
        return answers.get(type(command))

    def _stopped(self, command: StopMaking) -> StoppedMaking:
        owed, at_most, refusal = self.passed_percent.get(command.commission, 0), command.at_most_percent, None
        if command.commission in self.handed_over:
            refusal = CancellationRefusal.HANDED_OVER
        elif at_most is not None and at_most < owed:
            refusal = CancellationRefusal.GATE_PASSED
        return StoppedMaking(stopped=refusal is None, owed_percent=owed, refusal=refusal)

    def activity_for(self, command: type[Command]) -> Callable[..., Any]:
        async def carry_out(given: Command) -> Result:
            return await self.carry_out(given)

        carry_out.__annotations__ = {"given": command, "return": command.result}
        return activity.defn(name=command.activity())(carry_out)


def request(commission: UUID, given: Timeouts, asked_at: datetime) -> CommissionStart:
    return CommissionStart(
        commission=commission,
        customer=uuid4(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        brief_version=1,
        asked_at=asked_at,
        timeouts=given,
    )


def timeouts(desk: timedelta = DESK, deposit: timedelta = DEPOSIT_WITHIN) -> Timeouts:
    return Timeouts(step=STEP, desk=desk, deposit=deposit, remind=REMIND, maker=MAKER, delivery=DELIVERY)


def submitted(commission: UUID, version: int = 1) -> FactEnvelope:
    fact = CommissionConfirmed(
        at=datetime.now(UTC),
        commission=commission,
        customer=uuid4(),
        craft="jewellery",
        offering="engraved-ring",
        offering_version=1,
        offering_sha256="0" * 64,
        brief_version=1,
    )
    return envelope(fact, version)


def withdrawn(commission: UUID, version: int = 2) -> FactEnvelope:
    fact = CommissionWithdrawn(
        at=datetime.now(UTC), commission=commission, customer=uuid4(), reason=WithdrawalReason.CHANGED_MIND
    )
    return envelope(fact, version)


def envelope(fact: CommissionFact, version: int) -> FactEnvelope:
    return FactEnvelope(topic=fact.topic, version=version, type=fact.type(), at=fact.at, data=fact.model_dump_json())


def commission_of(handle: Handle) -> UUID:
    """The commission is the last 36 characters of a workflow's id."""
    return UUID(handle.id[-36:])


async def withdraw(handle: Handle, version: int = 2) -> None:
    await handle.signal(CommissionWorkflow.facts, [withdrawn(commission_of(handle), version)])


async def _of_this_machine() -> datetime:
    return datetime.now(UTC)
