"""A commission's life as a test leads it: what the customer, the studio and the bench do, and how far it has come."""

from collections import Counter
from datetime import date, datetime, timedelta
from typing import Any, Final
from uuid import UUID, uuid4

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import Cancel, CancelCause
from services.lifecycle.workflow.state import CommissionState
from shared.contracts.commands.command import Command
from shared.contracts.commands.intake import AskApproval, CloseCommission
from shared.contracts.commands.lifecycle import RecordPhase, RecordReminder
from shared.contracts.commands.production import BenchActivity, IssueCertificate, OpenGate, PreviewPromise
from shared.contracts.commands.quotes import DraftQuote, IssueBalance
from shared.contracts.commissions import (
    ApprovalGiven,
    ApprovalRefused,
    CancellationAsked,
    CommissionWithdrawn,
    WithdrawalReason,
)
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.lifecycle import Holder, Phase
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid, InvoiceReopened
from shared.contracts.production import (
    GatePassed,
    GateReached,
    Mishap,
    MishapReported,
    ParcelDelivered,
    ParcelHandedOver,
    PieceMade,
    PieceReplanned,
    QualityFailed,
    Replanned,
)
from shared.contracts.quotes import (
    DeclineReason,
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDeclined,
    QuoteSendAsked,
)
from tests.support.counterparts import DEPOSIT, TOTAL, Counterparts, Handle, envelope
from tests.support.rest import at_rest
from tests.support.waiting import until

VALID: Final = timedelta(days=20)
STAGES: Final = ("prepare", "bend", "true", "file", "assay", "engrave", "finish", "check")
GATE_OF: Final = {"prepare": "cut", "assay": "hallmark", "engrave": "engraving"}
PERCENT: Final = {"cut": 35, "hallmark": 65, "engraving": 95}


class Life:
    """One commission and the services around it. Each fact gets the next version of its topic."""

    def __init__(self, services: Counterparts, handle: Handle, commission: UUID, now: datetime) -> None:
        self.services = services
        self.handle = handle
        self.commission = commission
        self.now = now
        self.quote = uuid4()
        self._versions = Counter({Topic.COMMISSIONS: 1})

    async def receives(self, *facts: CommissionFact) -> None:
        """All of them in one signal, as the bridge passes on a batch."""
        envelopes = []
        for fact in facts:
            self._versions[fact.topic] += 1
            envelopes.append(envelope(fact, self._versions[fact.topic]))
        await self.handle.signal(CommissionWorkflow.facts, envelopes)

    async def state(self) -> CommissionState:
        return await self.handle.query(CommissionWorkflow.state)

    # How far it is, without asking the workflow: a query would be one more task for it.

    @property
    def done(self) -> list[Command]:
        """All commands that were carried out for it, in order."""
        return self.services.of(Command, self.commission)

    @property
    def records(self) -> list[RecordPhase]:
        return self.services.of(RecordPhase, self.commission)

    def phases(self) -> list[tuple[Phase, Holder]]:
        """Where it stood, one after the other, with what it only passed through."""
        return self.services.phases(self.commission)

    def names(self) -> list[str]:
        """What was done, without the stages that were recorded in between."""
        return self.services.names(self.commission)

    def did(self, command: type[Command]) -> int:
        return len(self.services.of(command, self.commission))

    def reminders(self) -> list[RecordReminder]:
        return self.services.of(RecordReminder, self.commission)

    async def reaches(self, stage: Phase, holder: Holder, within: float = 20) -> RecordPhase:
        """Wait until this was written down last."""
        await until(f"{stage} held by {holder}", lambda: self.phases()[-1:] == [(stage, holder)], within)
        return self.records[-1]

    async def has_done(self, command: type[Command], times: int = 1) -> None:
        await until(f"{command.__name__} is done", lambda: self.did(command) >= times, 20)

    async def asks(self, command: type[Command]) -> None:
        """Wait until it asks for this, whether or not it is answered."""
        await until(f"{command.__name__} is asked", lambda: (command, self.commission) in self.services.asked, 20)

    async def settles(self) -> None:
        """Wait until everything that it asks for is done, and it waits for somebody, or for a later time."""
        await at_rest(self.handle, self.services.clock)

    # What people do.

    def sent(self, version: int = 1, valid: timedelta = VALID) -> QuoteSendAsked:
        """The studio asks to send a version; quotes lets it be accepted for so long."""
        self.services.valid_until[self.commission] = self.now + valid
        return QuoteSendAsked(
            at=self.now, commission=self.commission, quote=self.quote, quote_version=version, sending=version
        )

    def accepted(self) -> QuoteAccepted:
        return QuoteAccepted(
            at=self.now, commission=self.commission, quote=self.quote, quote_version=1, total=TOTAL, deposit=DEPOSIT
        )

    def asked(self) -> QuestionAsked:
        return QuestionAsked(at=self.now, commission=self.commission, quote=self.quote, question=uuid4())

    def answered(self, open_: int = 0) -> QuestionAnswered:
        return QuestionAnswered(
            at=self.now, commission=self.commission, quote=self.quote, question=uuid4(), answer=uuid4(), open=open_
        )

    def invoiced(self) -> InvoiceIssued:
        return InvoiceIssued(
            at=self.now,
            commission=self.commission,
            invoice=uuid4(),
            number="2026-0001",
            kind=InvoiceKind.DEPOSIT,
            total=DEPOSIT,
            left=DEPOSIT,
        )

    def paid(self, kind: InvoiceKind) -> InvoicePaid:
        return InvoicePaid(at=self.now, commission=self.commission, invoice=uuid4(), kind=kind)

    def reopened(self, kind: InvoiceKind) -> InvoiceReopened:
        return InvoiceReopened(at=self.now, commission=self.commission, invoice=uuid4(), kind=kind)

    def signed(self, gate: str) -> ApprovalGiven:
        return ApprovalGiven(at=self.now, commission=self.commission, approval=uuid4(), gate=gate, brief_version=2)

    def refused(self, gate: str) -> ApprovalRefused:
        return ApprovalRefused(at=self.now, commission=self.commission, approval=uuid4(), gate=gate, text=uuid4())

    def wants_to_cancel(self, owed_percent: int) -> CancellationAsked:
        return CancellationAsked(
            at=self.now,
            commission=self.commission,
            customer=uuid4(),
            cancellation=uuid4(),
            owed_percent=owed_percent,
            reason=WithdrawalReason.OTHER,
        )

    def declined(self) -> QuoteDeclined:
        return QuoteDeclined(
            at=self.now,
            commission=self.commission,
            quote=self.quote,
            quote_version=1,
            reason=DeclineReason.PRICE,
        )

    def withdrawn(self) -> CommissionWithdrawn:
        return CommissionWithdrawn(
            at=self.now, commission=self.commission, customer=uuid4(), reason=WithdrawalReason.OTHER
        )

    async def cancels(self, cause: CancelCause, at_most_percent: int | None = None) -> None:
        """As ops do, in their room."""
        asked = Cancel(request=uuid4(), cause=cause, at_most_percent=at_most_percent)
        await self.handle.execute_update(CommissionWorkflow.cancel, asked)

    # What the bench does.

    @property
    def _of_piece(self) -> dict[str, Any]:
        return {"at": self.now, "commission": self.commission, "piece": self.commission}

    def reached(self, gate: str) -> GateReached:
        return GateReached(**self._of_piece, gate=gate, customer_signs=gate != "hallmark")

    def passed(self, gate: str) -> GatePassed:
        return GatePassed(**self._of_piece, gate=gate, customer_signs=gate != "hallmark", cancel_percent=PERCENT[gate])

    async def works(self, *, next_in: timedelta | None = None) -> None:
        """What is no signal: the maker is active now, and the next stage is planned for a later day."""
        now = await self.services.clock()
        day = None if next_in is None else (now + next_in).date()
        self.services.bench[self.commission] = BenchActivity(seen_at=now, next_on=day)

    def mishap(self) -> MishapReported:
        return MishapReported(**self._of_piece, mishap=uuid4(), kind=Mishap.MATERIAL_SPOILT, stage="prepare")

    def failed_the_check(self) -> QualityFailed:
        return QualityFailed(**self._of_piece, checks=("size",), back_to="bend")

    def replanned(self, ready_by: date) -> PieceReplanned:
        return PieceReplanned(
            **self._of_piece,
            promise=uuid4(),
            maker=uuid4(),
            ready_by=ready_by,
            ready_by_p50=ready_by,
            before=self.now.date(),
            reason=Replanned.MISHAP,
        )

    def made(self) -> PieceMade:
        return PieceMade(**self._of_piece, maker=uuid4())

    def handed_over(self) -> ParcelHandedOver:
        return ParcelHandedOver(at=self.now, commission=self.commission, carrier="Post", tracking="RR 12")

    def delivered(self) -> ParcelDelivered:
        return ParcelDelivered(at=self.now, commission=self.commission)

    async def makes(self, stage: str) -> None:
        """Pass the gate before the stage, with the customer's signature where it takes one, and work.

        What the bench signs by itself, and its stages, are no signals.
        """
        gate = GATE_OF.get(stage)
        if gate is not None and gate != "hallmark":
            opened = self.did(OpenGate)
            await self.receives(self.reached(gate))
            await self.reaches(Phase.MAKING, Holder.CUSTOMER)
            await self.settles()
            await self.receives(self.signed(gate))
            await self.has_done(OpenGate, opened + 1)
            await self.reaches(Phase.MAKING, Holder.MAKER)
        if gate is not None and gate != "hallmark":
            await self.receives(self.passed(gate))
        await self.works()
        await self.settles()


# How it comes so far.


async def begun(services: Counterparts, commission: UUID | None = None) -> Life:
    commission = commission or uuid4()
    return Life(services, await services.begin(commission=commission), commission, await services.clock())


async def at(stage: Phase, services: Counterparts, commission: UUID | None = None) -> Life:
    """A life that is at this phase. Where the process itself would go on, it is kept there until `released`."""
    commission = commission or uuid4()
    if stage in KEPT_BY:
        services.shut(KEPT_BY[stage], commission)
    life = await begun(services, commission)
    if stage in {Phase.PROMISING, Phase.QUOTING}:
        await life.asks(KEPT_BY[stage])
        return life
    await life.reaches(Phase.DESK, Holder.STUDIO)
    await life.settles()
    for step, lead in _LEAD.items():
        if step is stage:
            break
        await lead(life)
    if stage in KEPT_BY:
        await life.asks(KEPT_BY[stage])
    return life


KEPT_BY: Final[dict[Phase, type[Command]]] = {
    Phase.PROMISING: PreviewPromise,
    Phase.QUOTING: DraftQuote,
    Phase.CERTIFYING: IssueCertificate,
    Phase.ENDED: CloseCommission,
}
"""What nobody answers, so that a life stays at a stage that it would leave by itself."""


async def _offer(life: Life) -> None:
    await life.receives(life.sent())
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)
    await life.settles()


async def _accept(life: Life) -> None:
    life.services.accepted.add(life.commission)
    await life.receives(life.accepted(), life.invoiced())
    await life.reaches(Phase.DEPOSIT, Holder.CUSTOMER)
    await life.settles()


async def _pay_the_deposit(life: Life) -> None:
    await life.receives(life.paid(InvoiceKind.DEPOSIT))
    await life.reaches(Phase.MAKING, Holder.MAKER)
    await life.has_done(AskApproval)
    await life.settles()


async def _make(life: Life) -> None:
    await life.receives(life.made())
    await life.has_done(IssueBalance)
    await life.reaches(Phase.BALANCE, Holder.CUSTOMER)
    await life.settles()


async def _pay_the_balance(life: Life) -> None:
    await life.receives(life.paid(InvoiceKind.BALANCE))
    await life.reaches(Phase.SHIPPING, Holder.MAKER)
    await life.settles()


async def _ship(life: Life) -> None:
    life.services.handed_over.add(life.commission)
    await life.receives(life.handed_over())
    await life.reaches(Phase.SHIPPING, Holder.PROCESS)
    await life.settles()
    await life.receives(life.delivered())
    await life.asks(IssueCertificate)


async def _certify(life: Life) -> None:
    await life.asks(CloseCommission)


_LEAD = {
    Phase.DESK: _offer,
    Phase.OFFERED: _accept,
    Phase.DEPOSIT: _pay_the_deposit,
    Phase.MAKING: _make,
    Phase.BALANCE: _pay_the_balance,
    Phase.SHIPPING: _ship,
    Phase.CERTIFYING: _certify,
}
"""How a life leaves each stage by the straight way."""


async def pays_the_deposit(life: Life) -> None:
    """Accept what is offered, and pay for it to be begun."""
    await _accept(life)
    await _pay_the_deposit(life)


async def completed(services: Counterparts, commission: UUID | None = None) -> Life:
    """A plain commission, from the form to the certificate: eight stages, two gates that the customer signs."""
    life = await at(Phase.MAKING, services, commission)
    for stage in STAGES:
        await life.makes(stage)
    for lead in (_make, _pay_the_balance, _ship):
        await lead(life)
    await life.handle.result()
    return life
