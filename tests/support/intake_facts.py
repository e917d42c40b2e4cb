"""What the other services would tell about a commission, for tests of intake: one method a moment of its record.

record = CommissionFacts(database, commission, customer)
await record.until_offered()
await record.accept()
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from uuid import UUID

from services.intake.actions import approvals, cancellations, commissions, messages
from shared.contracts.commands.intake import (
    AskApproval,
    CancellationRefusal,
    CloseCommission,
    RefuseCancellation,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.notifications import Intent, MailSent
from shared.contracts.payments import InvoiceIssued, InvoiceKind, InvoicePaid, PaymentReceived
from shared.contracts.people import Role
from shared.contracts.production import (
    CertificateIssued,
    GateOpened,
    GatePassed,
    GateReached,
    Mishap,
    MishapReported,
    NoteWritten,
    ParcelDelivered,
    ParcelHandedOver,
    PhotoTaken,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    PromiseBooked,
    PromiseHeld,
    Replanned,
    StageBegun,
    StageFinished,
)
from shared.contracts.quotes import (
    QuestionAnswered,
    QuestionAsked,
    QuoteAccepted,
    QuoteDrafted,
    QuoteSent,
)
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from shared.temporal.activities import once
from tests.support.intake import apply_facts

TOTAL = Money(minor=98_000, currency="EUR")
DEPOSIT = Money(minor=49_000, currency="EUR")
READY_BY = date(2027, 1, 29)
LATER = date(2027, 2, 5)
SERIAL = "TM-26-7QK4"


def _start() -> datetime:
    return system_clock() - timedelta(days=40)


@dataclass
class CommissionFacts:
    """Tells one commission's facts, each an hour after the one before, as the next version."""

    database: Database
    commission: UUID
    customer: UUID
    maker: UUID = field(default_factory=new_id)
    quote: UUID = field(default_factory=new_id)
    promise: UUID = field(default_factory=new_id)
    deposit: UUID = field(default_factory=new_id)
    balance: UUID = field(default_factory=new_id)
    now: datetime = field(default_factory=_start)
    version: int = 1

    def at(self) -> datetime:
        """The next hour."""
        self.now += timedelta(hours=1)
        return self.now

    async def tell(self, *facts: CommissionFact) -> None:
        await apply_facts(self.database, *facts, first=self.version)
        self.version += len(facts)

    async def enter(self, stage: Phase, holder: Holder, *, days: int | None = None, paused: bool = False) -> None:
        at = self.at()
        due = at + timedelta(days=days) if days else None
        entered = PhaseEntered(
            number=self.version,
            at=at,
            commission=self.commission,
            phase=stage,
            holder=holder,
            since=at,
            due=due,
            paused=paused,
        )
        await self.tell(entered)

    async def mail(self, intent: Intent) -> None:
        sent = MailSent(at=self.at(), commission=self.commission, mail=new_id(), person=self.customer, intent=intent)
        await self.tell(sent)

    async def write(self, subject: Subject, body: str, role: Role = Role.MAKER) -> UUID:
        """A text that another service tells of; its id."""
        text = new_id()
        author = {Role.MAKER: self.maker, Role.CUSTOMER: self.customer}.get(role, new_id())
        written = TextWritten(
            at=self.at(),
            text=text,
            commission=self.commission,
            author=author,
            author_role=role,
            subject=subject,
            body=body,
        )
        async with self.database.transaction() as tx:
            await messages.apply_text(tx, written)
        return text

    async def begin(self) -> None:
        """The commission was asked for an hour before the first fact, forty days ago."""
        async with self.database.transaction() as tx:
            for change in (
                "UPDATE commission SET submitted_at = $2 WHERE commission = $1",
                "UPDATE brief SET written_at = $2 WHERE commission = $1",
            ):
                await tx.connection.execute(change, self.commission, self.now)

    async def until_desk(self) -> None:
        """The hours are held, and the draft lies on the studio's desk."""
        await self.begin()
        await self.enter(Phase.PROMISING, Holder.PROCESS)
        held_until = self.now + timedelta(days=54)
        held = PromiseHeld(
            at=self.at(),
            commission=self.commission,
            promise=self.promise,
            maker=self.maker,
            ready_by=READY_BY,
            ready_by_p50=READY_BY,
            held_until=held_until,
        )
        await self.tell(held)
        await self.enter(Phase.QUOTING, Holder.PROCESS)
        drafted = QuoteDrafted(
            at=self.at(),
            commission=self.commission,
            quote=self.quote,
            quote_version=1,
            brief_version=1,
            total=TOTAL,
        )
        await self.tell(drafted)
        await self.mail(Intent.QUOTE_DRAFTED)
        await self.enter(Phase.DESK, Holder.STUDIO, days=7)

    async def until_offered(self) -> None:
        """The quote is with the customer."""
        await self.until_desk()
        sent = QuoteSent(
            at=self.at(),
            commission=self.commission,
            quote=self.quote,
            quote_version=1,
            total=TOTAL,
            deposit=DEPOSIT,
            valid_until=system_clock() + timedelta(days=10),
            ready_by=READY_BY,
        )
        await self.tell(sent)
        await self.enter(Phase.OFFERED, Holder.CUSTOMER, days=54)
        await self.mail(Intent.QUOTE_READY)

    async def ask_and_answer(self) -> None:
        question = await self.write(Subject.QUESTION, "Is the box part of the price?", Role.CUSTOMER)
        await self.tell(QuestionAsked(at=self.at(), commission=self.commission, quote=self.quote, question=question))
        answer = await self.write(Subject.ANSWER, "Yes: maple, with wool felt inside.", Role.OPS)
        answered = QuestionAnswered(
            at=self.at(), commission=self.commission, quote=self.quote, question=question, answer=answer, open=0
        )
        await self.tell(answered)

    async def accept(self) -> None:
        """The customer said yes; the deposit is asked for."""
        accepted = QuoteAccepted(
            at=self.at(),
            commission=self.commission,
            quote=self.quote,
            quote_version=1,
            total=TOTAL,
            deposit=DEPOSIT,
        )
        await self.tell(accepted)
        await self._invoice(self.deposit, InvoiceKind.DEPOSIT, "2026-0017", DEPOSIT)
        await self.enter(Phase.DEPOSIT, Holder.CUSTOMER, days=54)

    async def pay_deposit(self) -> None:
        """The deposit is here, the hours are booked, and the bench begins."""
        await self._pay(self.deposit, InvoiceKind.DEPOSIT)
        booked = PromiseBooked(
            at=self.at(),
            commission=self.commission,
            piece=self.commission,
            promise=self.promise,
            maker=self.maker,
            begins_on=date(2026, 12, 7),
            ready_by=READY_BY,
            ready_by_p50=READY_BY,
        )
        await self.tell(booked)
        await self.mail(Intent.MAKING_BEGINS)
        await self.enter(Phase.MAKING, Holder.MAKER)

    async def until_making(self) -> None:
        await self.until_offered()
        await self.ask_and_answer()
        await self.accept()
        await self.pay_deposit()

    async def work(self, *stages: str) -> None:
        """These stages, each begun, photographed and finished."""
        for stage in stages:
            task = new_id()
            begun = StageBegun(
                at=self.at(),
                commission=self.commission,
                piece=self.commission,
                task=task,
                stage=stage,
                maker=self.maker,
            )
            photo = PhotoTaken(
                at=self.at(), commission=self.commission, piece=self.commission, photo=new_id(), stage=stage
            )
            finished = StageFinished(
                at=self.at(),
                commission=self.commission,
                piece=self.commission,
                task=task,
                stage=stage,
                maker=self.maker,
                minutes=50,
                next_stage="engrave",
            )
            await self.tell(begun, photo, finished)

    async def note(self, words: str, stage: str = "bend") -> UUID:
        note = await self.write(Subject.NOTE, words)
        await self.tell(
            NoteWritten(at=self.at(), commission=self.commission, piece=self.commission, note=note, stage=stage)
        )
        return note

    async def delay(self) -> None:
        """A mishap, and the honest new day."""
        mishap = MishapReported(
            at=self.at(),
            commission=self.commission,
            piece=self.commission,
            mishap=new_id(),
            kind=Mishap.MATERIAL_LATE,
            stage="prepare",
        )
        moved = PieceReplanned(
            at=self.at(),
            commission=self.commission,
            piece=self.commission,
            promise=self.promise,
            maker=self.maker,
            ready_by=LATER,
            ready_by_p50=LATER,
            before=READY_BY,
            reason=Replanned.MISHAP,
        )
        await self.tell(mishap, moved)

    async def reach(self, gate: str) -> None:
        reached = GateReached(
            at=self.at(), commission=self.commission, piece=self.commission, gate=gate, customer_signs=True
        )
        await self.tell(reached)
        await self.enter(Phase.MAKING, Holder.CUSTOMER, days=54)

    async def passes(self, gate: str, percent: int) -> None:
        opened = GateOpened(at=self.at(), commission=self.commission, piece=self.commission, gate=gate)
        passed = GatePassed(
            at=self.at(),
            commission=self.commission,
            piece=self.commission,
            gate=gate,
            customer_signs=True,
            cancel_percent=percent,
        )
        await self.tell(opened, passed)
        await self.enter(Phase.MAKING, Holder.MAKER)

    async def finish(self) -> None:
        """The piece is made, and the rest is asked for."""
        await self.tell(PieceMade(at=self.at(), commission=self.commission, piece=self.commission, maker=self.maker))
        await self._invoice(self.balance, InvoiceKind.BALANCE, "2027-0003", DEPOSIT)
        await self.enter(Phase.BALANCE, Holder.CUSTOMER, days=54)

    async def send_parcel(self) -> None:
        """All is paid, and the carrier has it."""
        await self._pay(self.balance, InvoiceKind.BALANCE)
        await self.enter(Phase.SHIPPING, Holder.STUDIO)
        packed = PiecePacked(at=self.at(), commission=self.commission, piece=self.commission)
        handed = ParcelHandedOver(
            at=self.at(), commission=self.commission, carrier="DHL", tracking="00340434161094042557"
        )
        await self.tell(packed, handed)

    async def arrive(self) -> None:
        """The whole record is over."""
        delivered = ParcelDelivered(at=self.at(), commission=self.commission)
        await self.tell(delivered)
        await self.enter(Phase.CERTIFYING, Holder.PROCESS)
        await self.tell(
            CertificateIssued(at=self.at(), commission=self.commission, piece=self.commission, serial=SERIAL)
        )
        await self.end(Outcome.COMPLETED)

    async def end(self, outcome: Outcome) -> None:
        await self.tell(CommissionEnded(at=self.at(), commission=self.commission, outcome=outcome))

    async def _invoice(self, invoice: UUID, kind: InvoiceKind, number: str, total: Money) -> None:
        issued = InvoiceIssued(
            at=self.at(),
            commission=self.commission,
            invoice=invoice,
            number=number,
            kind=kind,
            total=total,
            left=total,
            due_on=date(2027, 1, 15),
        )
        await self.tell(issued)

    async def _pay(self, invoice: UUID, kind: InvoiceKind) -> None:
        received = PaymentReceived(
            at=self.at(),
            commission=self.commission,
            payment=new_id(),
            amount=DEPOSIT,
            left=Money.zero(DEPOSIT.currency),
        )
        paid = InvoicePaid(at=self.at(), commission=self.commission, invoice=invoice, kind=kind)
        await self.tell(received, paid)


async def ask_approval(database: Database, commission: UUID, gate: str, command: UUID | None = None) -> UUID:
    """The life cycle's command, as its activity carries it out; the approval."""
    asked = await once(
        database,
        AskApproval(id=command or new_id(), commission=commission, gate=gate),
        lambda tx, given: approvals.ask(tx, given, new_id=new_id, now=system_clock()),
        system_clock(),
    )
    return asked.approval


async def refuse_cancellation(
    database: Database, commission: UUID, cancellation: UUID, refusal: CancellationRefusal, percent: int | None = None
) -> None:
    """Likewise."""
    given = RefuseCancellation(
        id=new_id(), commission=commission, cancellation=cancellation, refusal=refusal, owed_percent=percent
    )
    await once(database, given, lambda tx, asked: cancellations.refuse(tx, asked, system_clock()), system_clock())


async def close(database: Database, commission: UUID, outcome: Outcome, command: UUID | None = None) -> None:
    """Likewise."""
    given = CloseCommission(id=command or new_id(), commission=commission, outcome=outcome)
    await once(database, given, lambda tx, asked: commissions.close(tx, asked, system_clock()), system_clock())
