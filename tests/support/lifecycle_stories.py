"""Whole commissions: the facts of all services, in order."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

from shared.contracts.commissions import (
    ApprovalAsked,
    ApprovalGiven,
)
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, CommissionEscalated, Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent, MailFailed, MailSent
from shared.contracts.payments import (
    InvoiceIssued,
    InvoiceKind,
    InvoicePaid,
    PaymentReceived,
    RefundDue,
    RefundReason,
)
from shared.contracts.production import (
    CertificateIssued,
    GateOpened,
    GatePassed,
    GateReached,
    Mishap,
    MishapReported,
    ParcelDelivered,
    ParcelHandedOver,
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
    QuoteAccepted,
    QuoteDrafted,
    QuoteSent,
)
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from tests.support.lifecycle import Room, entered, submitted, wished

HOUR = timedelta(hours=1)
DAY = 24 * HOUR
TOTAL = Money(minor=128_450, currency="EUR")
DEPOSIT = Money(minor=51_380, currency="EUR")
REST = Money(minor=77_070, currency="EUR")
NOTHING = Money.zero("EUR")


class Story:
    """One commission's facts; every step moves its own clock on. `at` is its time."""

    def __init__(self, begins: datetime, commission: UUID | None = None) -> None:
        self.commission = commission or new_id()
        self.at = begins
        self.facts: list[CommissionFact] = []
        self._quote, self._promise, self._maker, self._person = new_id(), new_id(), new_id(), new_id()
        self._number = f"TM-{self.commission.hex[-6:].upper()}"

    @property
    def deposit_number(self) -> str:
        return f"{self._number}-1"

    @property
    def serial(self) -> str:
        return f"RING-{self.commission.hex[-6:].upper()}"

    def after(self, span: timedelta) -> "Story":
        self.at += span
        return self

    def tell(self, *facts: CommissionFact) -> "Story":
        self.facts += facts
        return self

    def reaches(
        self, stage: Phase, holder: Holder = Holder.PROCESS, due: timedelta = 5 * DAY, *, paused: bool = False
    ) -> "Story":
        """`due` is from the story's clock."""
        fact = entered(self.commission, stage, holder, since=self.at, due=due)
        return self.tell(fact.model_copy(update={"paused": paused}))

    def mail(self, intent: Intent) -> "Story":
        return self.tell(
            MailSent(at=self.at, commission=self.commission, mail=new_id(), person=self._person, intent=intent)
        )

    def mail_failed(self, intent: Intent) -> "Story":
        return self.tell(
            MailFailed(
                at=self.at, commission=self.commission, mail=new_id(), person=self._person, intent=intent, smtp_code=550
            )
        )

    def asked_for(self) -> "Story":
        self.tell(submitted(self.commission, self.at)).mail(Intent.REQUEST_RECEIVED)
        return self.reaches(Phase.PROMISING, due=HOUR / 4)

    def drafted(self) -> "Story":
        held = PromiseHeld(
            at=self.at,
            commission=self.commission,
            promise=self._promise,
            maker=self._maker,
            ready_by=(self.at + 40 * DAY).date(),
            ready_by_p50=(self.at + 40 * DAY).date(),
            held_until=self.at + 14 * DAY,
        )
        drafted = QuoteDrafted(
            at=self.at, commission=self.commission, quote=self._quote, quote_version=1, brief_version=1, total=TOTAL
        )
        return self.tell(held).reaches(Phase.QUOTING, due=HOUR / 4).tell(drafted)

    def on_the_desk(self, due: timedelta = 5 * DAY) -> "Story":
        return self.asked_for().drafted().reaches(Phase.DESK, Holder.STUDIO, due).mail(Intent.QUOTE_DRAFTED)

    def offered(self, due: timedelta = 14 * DAY) -> "Story":
        sent = QuoteSent(
            at=self.at,
            commission=self.commission,
            quote=self._quote,
            quote_version=1,
            total=TOTAL,
            deposit=DEPOSIT,
            valid_until=self.at + due,
        )
        return self.tell(sent).reaches(Phase.OFFERED, Holder.CUSTOMER, due).mail(Intent.QUOTE_READY)

    def accepted(self, due: timedelta = 10 * DAY) -> "Story":
        accepted = QuoteAccepted(
            at=self.at,
            commission=self.commission,
            quote=self._quote,
            quote_version=1,
            total=TOTAL,
            deposit=DEPOSIT,
        )
        self._invoice = new_id()
        invoice = InvoiceIssued(
            at=self.at,
            commission=self.commission,
            invoice=self._invoice,
            number=self.deposit_number,
            kind=InvoiceKind.DEPOSIT,
            total=DEPOSIT,
            left=DEPOSIT,
        )
        return self.tell(accepted, invoice).reaches(Phase.DEPOSIT, Holder.CUSTOMER, due).mail(Intent.QUOTE_ACCEPTED)

    def deposit_paid(self) -> "Story":
        paid = PaymentReceived(at=self.at, commission=self.commission, payment=new_id(), amount=DEPOSIT, left=NOTHING)
        covered = InvoicePaid(at=self.at, commission=self.commission, invoice=self._invoice, kind=InvoiceKind.DEPOSIT)
        booked = PromiseBooked(
            at=self.at,
            commission=self.commission,
            piece=self.commission,
            promise=self._promise,
            maker=self._maker,
            begins_on=(self.at + 4 * DAY).date(),
            ready_by=(self.at + 30 * DAY).date(),
            ready_by_p50=(self.at + 30 * DAY).date(),
        )
        return self.tell(paid, covered, booked).reaches(Phase.MAKING, Holder.MAKER, 6 * DAY).mail(Intent.MAKING_BEGINS)

    def gate(self, gate: str, percent: int) -> "Story":
        approval = new_id()
        said: dict[str, Any] = {"commission": self.commission, "approval": approval, "gate": gate, "brief_version": 1}
        self.tell(ApprovalAsked(at=self.at, **said)).reaches(Phase.MAKING, Holder.CUSTOMER, 4 * DAY)
        self.after(20 * HOUR).tell(ApprovalGiven(at=self.at, **said))
        self.tell(
            GateReached(at=self.at, commission=self.commission, piece=self.commission, gate=gate, customer_signs=True)
        )
        self.tell(GateOpened(at=self.at, commission=self.commission, piece=self.commission, gate=gate)).reaches(
            Phase.MAKING, Holder.MAKER
        )
        return self.after(2 * HOUR).tell(
            GatePassed(
                at=self.at,
                commission=self.commission,
                piece=self.commission,
                gate=gate,
                customer_signs=True,
                cancel_percent=percent,
            )
        )

    def worked(self, stage: str, hours: int = 2, *, rests: timedelta | None = None) -> "Story":
        """`rests` is for how long the piece has to wait then."""
        said: dict[str, Any] = {
            "commission": self.commission,
            "piece": self.commission,
            "task": new_id(),
            "stage": stage,
            "maker": self._maker,
        }
        self.tell(StageBegun(at=self.at, **said)).after(hours * HOUR)
        day = None if rests is None else (self.at + rests).date()
        return self.tell(StageFinished(at=self.at, minutes=60 * hours, next_on=day, waiting=rests is not None, **said))

    def mishap(self) -> "Story":
        reported = MishapReported(
            at=self.at,
            commission=self.commission,
            piece=self.commission,
            mishap=new_id(),
            kind=Mishap.MATERIAL_SPOILT,
            stage="bend",
        )
        before = (self.at + 20 * DAY).date()
        planned = PieceReplanned(
            at=self.at,
            commission=self.commission,
            piece=self.commission,
            promise=self._promise,
            maker=self._maker,
            ready_by=before + 5 * DAY,
            ready_by_p50=before + 5 * DAY,
            before=before,
            reason=Replanned.MISHAP,
        )
        return self.tell(reported, planned).mail(Intent.PIECE_DELAYED)

    def escalated(self, reason: Escalation, stage: Phase, holder: Holder) -> "Story":
        return self.tell(
            CommissionEscalated(at=self.at, commission=self.commission, phase=stage, holder=holder, reason=reason)
        )

    def made(self) -> "Story":
        self.tell(PieceMade(at=self.at, commission=self.commission, piece=self.commission, maker=self._maker))
        balance = new_id()
        invoice = InvoiceIssued(
            at=self.at,
            commission=self.commission,
            invoice=balance,
            number=f"{self._number}-2",
            kind=InvoiceKind.BALANCE,
            total=REST,
            left=REST,
        )
        self.tell(invoice).reaches(Phase.BALANCE, Holder.CUSTOMER, 10 * DAY).mail(Intent.BALANCE_DUE).after(30 * HOUR)
        paid = PaymentReceived(at=self.at, commission=self.commission, payment=new_id(), amount=REST, left=NOTHING)
        covered = InvoicePaid(at=self.at, commission=self.commission, invoice=balance, kind=InvoiceKind.BALANCE)
        return self.tell(paid, covered)

    def delivered(self) -> "Story":
        about = {"commission": self.commission}
        self.reaches(Phase.SHIPPING, Holder.STUDIO, 3 * DAY).after(5 * HOUR).tell(
            PiecePacked(at=self.at, commission=self.commission, piece=self.commission)
        )
        self.tell(ParcelHandedOver(at=self.at, commission=self.commission, carrier="Post", tracking="RR123456785DE"))
        self.mail(Intent.PARCEL_SENT).after(2 * DAY).tell(ParcelDelivered(at=self.at, **about))
        self.reaches(Phase.CERTIFYING).tell(
            CertificateIssued(at=self.at, serial=self.serial, **about, piece=self.commission)
        )
        return self.mail(Intent.CERTIFICATE_READY)

    def refund_due(self, amount: Money) -> "Story":
        why = RefundReason.CANCELLED
        due = RefundDue(at=self.at, commission=self.commission, refund=new_id(), amount=amount, reason=why)
        return self.tell(due)

    def ended(self, outcome: Outcome) -> "Story":
        return self.tell(CommissionEnded(at=self.at, commission=self.commission, outcome=outcome))

    async def sent_to(self, room: Room) -> UUID:
        await room.receives(*self.facts)
        return self.commission


def at_the_bench(now: datetime) -> Story:
    """A commission whose first gate is passed, with a mishap behind it."""
    story = Story(now - 15 * DAY).on_the_desk().after(20 * HOUR).offered().after(2 * DAY).accepted()
    story.after(DAY).deposit_paid().after(2 * DAY).gate("cut", 35).worked("prepare").after(DAY)
    return story.mishap().after(DAY).worked("bend", 3).reaches(Phase.MAKING, Holder.MAKER, 5 * DAY)


def completed(now: datetime, *, days_ago: int = 5, slow: int = 1) -> Story:
    """A whole life; `slow` times everything that people took."""
    story = Story(now - days_ago * DAY - (30 + 9 * slow) * DAY).on_the_desk().after(20 * HOUR * slow).offered()
    story.after(2 * DAY * slow).accepted().after(DAY * slow).deposit_paid().after(2 * DAY).gate("cut", 35)
    story.worked("prepare").after(8 * DAY).worked("file", 3, rests=9 * DAY).after(9 * DAY).gate("engraving", 95)
    story.worked("engrave").after(2 * DAY * slow).made().delivered()
    return story.ended(Outcome.COMPLETED)


def several(now: datetime) -> Sequence[Story]:
    """One of each kind that the board tells apart."""
    late = Story(now - 16 * DAY).on_the_desk(14 * DAY)
    silent = Story(now - 12 * DAY).on_the_desk().after(DAY).offered(20 * DAY).after(9 * DAY)
    silent.escalated(Escalation.CUSTOMER_SILENT, Phase.OFFERED, Holder.CUSTOMER)
    soon = Story(now - 6 * DAY).on_the_desk().after(5 * DAY).offered(36 * HOUR)
    paused = Story(now - 8 * DAY).on_the_desk().after(2 * DAY).reaches(Phase.DESK, Holder.STUDIO, paused=True)
    young = Story(now - HOUR).asked_for().drafted()
    young.reaches(Phase.DESK, Holder.STUDIO)
    lapsed = Story(now - 30 * DAY).on_the_desk().after(14 * DAY).ended(Outcome.LAPSED)
    return [late, silent, soon, at_the_bench(now), young, paused, completed(now), lapsed]


NAMES = (
    "Zoë O'Brien",
    "山田 太郎",
    "Maximiliane von und zu Wolfenstein-Ehrenbreitstein",
    "Jürgen Müller",
    "Nguyễn Văn Đức",
    "Ada Quist",
)


async def christened(room: Room) -> None:
    """Everybody who asked for something gets a name, and their pieces a brief; one of them was erased."""
    known = "SELECT commission, customer, submitted_at FROM commission WHERE customer IS NOT NULL ORDER BY commission"
    rows = await room.rows(known)
    for number, row in enumerate(rows):
        request = submitted(row["commission"], row["submitted_at"])
        await room.reads(wished(request, str(50 + number % 16)))
        if number == len(rows) - 1:
            await room.forgets(row["customer"])
        else:
            await room.knows(row["customer"], NAMES[number % len(NAMES)])
