"""Something is wrong with a piece that has arrived: the customer says so, with words and pictures. Quotes answers."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.intake import store
from services.intake.actions import messages, records
from services.intake.actions.messages import NewMessage
from services.intake.domain.claims import CannotClaim, Claim
from services.intake.domain.messages import check_pictures
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text, to_fact
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import ClaimKind, ClaimMade
from shared.contracts.quotes import ClaimAnswered, ClaimRemedy
from shared.contracts.texts import Subject
from shared.kernel.calendar import day_of, end_of_day
from shared.kernel.ids import Ids
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class ClaimTimes:
    """The studio's zone, now, and how long it takes to answer at most."""

    zone: ZoneInfo
    now: datetime
    within: timedelta

    @property
    def today(self) -> date:
        return day_of(self.now, self.zone)

    @property
    def answer_by(self) -> datetime:
        """The end of the day by which an answer is promised."""
        return end_of_day(day_of(self.now + self.within, self.zone), self.zone)


@dataclass(frozen=True)
class NewClaim:
    """What somebody says is wrong: in a word, and in their own ones, with pictures."""

    kind: ClaimKind
    said: NewMessage


@dataclass(frozen=True)
class AnsweredClaim:
    """A claim with what the customer wrote, and what the studio answered, as far as that is here."""

    claim: Claim
    said: Text | None
    answer: ClaimAnswered | None
    reasons: Text | None


@dataclass(frozen=True)
class ClaimOptions:
    """What can be claimed now, and what was, oldest first. `last_day` is the guarantee's, once the piece is there."""

    record: CommissionRecord
    claims: tuple[AnsweredClaim, ...]
    last_day: date | None
    blocked_by: CannotClaim | None

    @property
    def open(self) -> AnsweredClaim | None:
        return next((each for each in self.claims if each.answer is None), None)

    def in_language(self, language: str) -> "ClaimOptions":
        """The same, with the offering in the words of this language."""
        return replace(self, record=self.record.in_language(language))


async def read(tx: Tx, caller: Caller, commission: UUID, times: ClaimTimes) -> ClaimOptions:
    """What can be claimed now, and what was; for a maker without the money. Raises `not-found`."""
    return _options(await records.load(tx, caller, commission), times, sees_money=caller.role is not Role.MAKER)


async def make(
    tx: Tx,
    request: RequestKey,
    caller: Caller,
    commission: UUID,
    new: NewClaim,
    *,
    new_id: Ids,
    times: ClaimTimes,
) -> Answer:
    """Say that something is wrong, and publish it; the same request says it once.

    Raises:
        Problem: not-found; conflict, before the piece has arrived, after the guarantee, and while one is open;
            validation-failed for too many pictures, or one that is gone; idempotency-key-reused.
    """
    images = check_pictures(new.said.images)
    record = await records.load_own(tx, caller, commission)

    async def write() -> Answer:
        options = _options(record, times)
        if (why := options.blocked_by) is not None:
            raise Problem(ProblemType.CONFLICT, Phrase(why, day=options.last_day) if options.last_day else why)
        text = Text(
            text=new_id(),
            commission=commission,
            author=caller.person,
            author_role=caller.role,
            subject=Subject.CLAIM,
            body=new.said.words,
            written_at=times.now,
            images=images,
        )
        await messages.keep(tx, text, new.said, times.now)
        claim = Claim(new_id(), commission, new.kind, text.text, times.now, times.answer_by)
        await store.add_claim(tx, claim)
        made = ClaimMade(
            at=times.now,
            commission=commission,
            customer=caller.person,
            claim=claim.claim,
            kind=new.kind,
            text=text.text,
            answer_by=claim.answer_by,
            by=caller.witness,
        )
        await publish(tx, [to_fact(text), made])
        return Answer(_CREATED, {"claim": str(claim.claim)})

    return await once(tx, request, write)


def _options(record: CommissionRecord, times: ClaimTimes, *, sees_money: bool = True) -> ClaimOptions:
    last_day = record.guarantee.last_day(times.zone) if record.guarantee else None
    every = tuple(_answered(record, each, sees_money=sees_money) for each in record.claims)
    return ClaimOptions(record, every, last_day, _blocked_by(record, last_day, times.today))


def _blocked_by(record: CommissionRecord, last_day: date | None, today: date) -> CannotClaim | None:
    if last_day is None:
        return CannotClaim.NOT_ARRIVED
    if record.open_claim:
        return CannotClaim.OPEN
    refunded = any(each.remedy is ClaimRemedy.REFUND for each in record.all(ClaimAnswered))
    if refunded or record.contract_withdrawal:
        return CannotClaim.ALL_REFUNDED
    return CannotClaim.GUARANTEE_OVER if today > last_day else None


def _answered(record: CommissionRecord, claim: Claim, *, sees_money: bool) -> AnsweredClaim:
    answer = record.answer(claim)
    if answer and not sees_money:
        answer = answer.model_copy(update={"amount": None})
    return AnsweredClaim(claim, record.texts.get(claim.text), answer, record.texts.get(answer.text) if answer else None)
