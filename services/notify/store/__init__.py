"""One typed function per query of `sql/queries.sql`."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from pathlib import Path
from uuid import UUID

from pydantic import TypeAdapter

from services.notify.domain.catalogue import KNOWN_FACTS, OVER_WITH_PERSON
from services.notify.domain.known import KnownFact
from services.notify.domain.last_mails import omitted_after
from services.notify.domain.mails import (
    Addressee,
    AttemptResult,
    DailyItem,
    Delivery,
    Mail,
    MailRequest,
    MailState,
    NewestMail,
    OutgoingMail,
    Transition,
)
from services.notify.domain.preferences import Preferences, QuietHours, Timing
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.failures import EventFailed
from shared.contracts.notifications import Intent
from shared.contracts.people import PersonRecorded
from shared.postgres.database import Tx
from shared.postgres.queries import Row, load, made

_QUERIES = load(Path(__file__).parents[1] / "sql" / "queries.sql")


@dataclass(frozen=True)
class UnsentMail:
    """A mail that was ended without being sent: what its fact says. `person` is None if nobody knew who it is for."""

    mail: UUID
    commission: UUID
    person: UUID | None
    intent: Intent
    about: UUID | None
    state: MailState


@dataclass(frozen=True)
class Queue:
    """How many mails wait; `oldest` is when the one that is due for longest was requested."""

    unsent: int
    without_address: int
    oldest: datetime | None


_OVER_WITH_PERSON = sorted(OVER_WITH_PERSON)
_FACTS = {kind.type(): kind for kind in KNOWN_FACTS}
_ANSWERS = TypeAdapter(tuple[BriefAnswer, ...])


async def record_person(tx: Tx, person: PersonRecorded) -> None:
    await _QUERIES.record_person.run(
        tx,
        person=person.person,
        name=person.name,
        email=person.email or "",
        language=person.language,
        role=person.role.value,
        at=person.at,
    )


async def make_due(tx: Tx, person: UUID, now: datetime) -> set[UUID]:
    """The commissions whose waiting mails to this person are due now."""
    return set(await _QUERIES.make_due.column(tx, UUID, person=person, now=now))


async def erase_person(tx: Tx, person: UUID, now: datetime) -> None:
    await _QUERIES.erase_person.run(tx, person=person, now=now)


async def redact_waiting(tx: Tx, person: UUID) -> list[UnsentMail]:
    return await _QUERIES.redact_waiting.rows(tx, UnsentMail, person=person, over_with_person=_OVER_WITH_PERSON)


async def record_commission(tx: Tx, submitted: CommissionConfirmed) -> None:
    await _QUERIES.record_commission.run(
        tx,
        commission=submitted.commission,
        submitted_at=submitted.at,
        needed_by=submitted.needed_by,
    )


async def record_needed_by(tx: Tx, commission: UUID, needed_by: date | None) -> None:
    await _QUERIES.record_needed_by.run(tx, commission=commission, needed_by=needed_by)


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    await _QUERIES.record_brief.run(
        tx,
        commission=brief.commission,
        version=brief.brief_version,
        craft=brief.craft,
        offering=brief.offering,
        offering_version=brief.offering_version,
        answers=_ANSWERS.dump_json(brief.answers).decode(),
    )


async def erase_brief(tx: Tx, commission: UUID) -> None:
    await _QUERIES.erase_brief.run(tx, commission=commission)


async def record_fact(tx: Tx, fact: CommissionFact, version: int) -> bool:
    """Whether that is news. Of a commission whose customer was erased nothing is kept, so that it is news each time."""
    return await _QUERIES.record_fact.value(
        tx,
        bool,
        commission=fact.commission,
        type=fact.type(),
        version=version,
        data=fact.model_dump_json(exclude_none=True),
    )


async def forget_if_erased(tx: Tx, commission: UUID) -> None:
    await _QUERIES.forget_if_erased.run(tx, commission=commission)


async def facts(tx: Tx, commission: UUID) -> list[KnownFact]:
    """The facts that are known of a commission; those of a class that this release does not keep are left out."""
    rows = await _QUERIES.facts.rows(tx, tuple[str, int, str], commission=commission)
    return [
        KnownFact(kind.model_validate_json(data), version) for name, version, data in rows if (kind := _FACTS.get(name))
    ]


async def complete_mails(tx: Tx, commission: UUID, now: datetime) -> int:
    return await _QUERIES.complete_mails.value(tx, int, commission=commission, now=now)


async def set_cut_over(tx: Tx, topic: Topic, at: datetime) -> None:
    await _QUERIES.set_cut_over.run(tx, topic=topic, at=at)


async def record_approval(tx: Tx, approval: UUID, gate: str) -> None:
    await _QUERIES.record_approval.run(tx, approval=approval, gate=gate)


async def record_text(tx: Tx, text: UUID, body: str) -> None:
    await _QUERIES.record_text.run(tx, text=text, body=body)


async def erase_text(tx: Tx, text: UUID) -> None:
    await _QUERIES.erase_text.run(tx, text=text)


async def record_addressee(tx: Tx, commission: UUID, addressee: Addressee, person: UUID) -> bool:
    """Whether that is news."""
    news = await _QUERIES.record_addressee.value_or_none(
        tx, UUID, commission=commission, addressee=addressee, person=person
    )
    return news is not None


async def newest_mail(
    tx: Tx, commission: UUID, intent: Intent, addressee: Addressee, person: UUID | None
) -> NewestMail | None:
    return await _QUERIES.newest_mail.row_or_none(
        tx, NewestMail, commission=commission, intent=intent, addressee=addressee, person=person
    )


async def request_mail(tx: Tx, request: MailRequest, *, requested_at: datetime, traceparent: str | None) -> None:
    await _QUERIES.request_mail.run(
        tx,
        mail=request.mail,
        commission=request.commission,
        person=request.person,
        addressee=request.addressee,
        intent=request.intent,
        about=request.about,
        topic=request.topic,
        version=request.version,
        happened_at=request.happened_at,
        in_order=request.in_order,
        names_piece=request.names_piece,
        text=request.text,
        requested_at=requested_at,
        held_until=request.held_until,
        good_until=request.good_until,
        traceparent=traceparent,
        daily=request.daily,
        omitted_after=omitted_after(request, requested_at),
        failed=request.failed.model_dump_json(exclude_none=True) if request.failed else None,
    )


async def next_due(
    tx: Tx, now: datetime, *, incomplete_before: datetime, in_order_after: datetime
) -> tuple[OutgoingMail, datetime] | None:
    """The mail, without its day, amount and code; and when it was requested."""
    row = await _QUERIES.next_due.row_or_none(
        tx, Row, now=now, incomplete_before=incomplete_before, in_order_after=in_order_after
    )
    if row is None:
        return None
    more = {"details": {"about": row["about"]}, "brief": _brief(row), "failed": _failed(row)}
    outgoing = made(OutgoingMail, {**row, **more})
    return outgoing, made(datetime, row["requested_at"])


async def look_again(tx: Tx, mail: UUID, due_at: datetime) -> None:
    await _QUERIES.look_again.run(tx, mail=mail, due_at=due_at)


async def end_unsent(tx: Tx, mail: UUID, state: MailState) -> UnsentMail:
    return await _QUERIES.end_unsent.row(tx, UnsentMail, mail=mail, state=state)


async def begin_attempt(
    tx: Tx, outgoing: OutgoingMail, *, lease: UUID, now: datetime, until: datetime, address: str
) -> None:
    details = outgoing.details
    await _QUERIES.begin_attempt.run(
        tx,
        mail=outgoing.mail,
        attempt=outgoing.attempt,
        person=outgoing.person,
        day=details.day,
        amount_minor=details.amount and details.amount.minor,
        amount_currency=details.amount and details.amount.currency,
        code=details.code,
        lease=lease,
        now=now,
        until=until,
        address=address,
    )


async def end_attempt(tx: Tx, outgoing: OutgoingMail, result: AttemptResult, now: datetime) -> None:
    await _QUERIES.end_attempt.run(
        tx,
        mail=outgoing.mail,
        attempt=outgoing.attempt,
        outcome=result.outcome,
        smtp_code=result.smtp_code,
        now=now,
    )


async def apply_transition(tx: Tx, mail: UUID, *, lease: UUID, transition: Transition) -> bool:
    """Whether the mail changed its state: the lease was still valid, or the mail is sent in any case."""
    changed = await _QUERIES.apply_transition.value_or_none(
        tx, UUID, mail=mail, lease=lease, state=transition.state, due_at=transition.due_at
    )
    return changed is not None


async def close_undeliverable(tx: Tx, *, now: datetime, requested_before: datetime, at_most: int) -> list[UnsentMail]:
    return await _QUERIES.close_undeliverable.rows(
        tx,
        UnsentMail,
        now=now,
        requested_before=requested_before,
        at_most=at_most,
        over_with_person=_OVER_WITH_PERSON,
    )


async def queue(tx: Tx, now: datetime) -> Queue:
    return await _QUERIES.queue.row(tx, Queue, now=now)


async def commission_known(tx: Tx, commission: UUID) -> bool:
    return await _QUERIES.commission_known.value(tx, bool, commission=commission)


async def mails(
    tx: Tx, commission: UUID, *, before: datetime | None, before_mail: UUID | None, at_most: int
) -> list[Mail]:
    """The mails about a commission, newest first, each with its deliveries."""
    place = {"before": before, "before_mail": before_mail}
    rows = await _QUERIES.mails.rows(tx, Row, commission=commission, at_most=at_most, **place)
    log: dict[object, list[Delivery]] = {row["mail"]: [] for row in rows}
    for row in await _QUERIES.deliveries.rows(tx, Row, mails=list(log)):
        log[row["mail"]].append(made(Delivery, row))
    return [made(Mail, {**_with_details(row), "deliveries": log[row["mail"]]}) for row in rows]


async def revision(tx: Tx, commission: UUID) -> str:
    return await _QUERIES.revision.value(tx, str, commission=commission)


async def studio(tx: Tx, happened_at: datetime) -> Sequence[UUID]:
    """The people of the studio who have access, and had it then."""
    return await _QUERIES.studio.column(tx, UUID, happened_at=happened_at)


async def end_access(tx: Tx, person: UUID, at: datetime) -> None:
    await _QUERIES.change_access.run(tx, person=person, at=at, granted=False)


async def give_access(tx: Tx, person: UUID, at: datetime) -> None:
    await _QUERIES.change_access.run(tx, person=person, at=at, granted=True)


async def maker_of(tx: Tx, commission: UUID) -> UUID | None:
    return await _QUERIES.maker_of.value_or_none(tx, UUID, commission=commission)


async def preferences(tx: Tx, people: Collection[UUID]) -> Mapping[UUID, Preferences]:
    """What each of these people has chosen."""
    of = {"people": list(people)}
    timings: dict[UUID, dict[Intent, Timing]] = {person: {} for person in people}
    for person, intent, timing in await _QUERIES.timings.rows(tx, tuple[UUID, Intent, Timing], **of):
        timings[person][intent] = timing
    quiet = {
        person: QuietHours(begins, ends)
        for person, begins, ends in await _QUERIES.quiet_hours.rows(tx, tuple[UUID, time, time], **of)
    }
    return {person: Preferences(timings[person], quiet.get(person)) for person in people}


async def choose(tx: Tx, person: UUID, chosen: Preferences) -> None:
    await _QUERIES.choose.run(
        tx,
        person=person,
        intents=[intent.value for intent in chosen.timings],
        timings=[timing.value for timing in chosen.timings.values()],
        begins=chosen.quiet.begin if chosen.quiet else None,
        ends=chosen.quiet.until if chosen.quiet else None,
    )


async def told_with(tx: Tx, outgoing: OutgoingMail, now: datetime) -> Sequence[tuple[UUID, Intent, UUID, int, bool]]:
    """The other mails of the day to this person.

    Each with its intent, its commission, its fact's version, and whether they may read it.
    """
    return await _QUERIES.told_with.rows(
        tx, tuple[UUID, Intent, UUID, int, bool], mail=outgoing.mail, person=outgoing.person, now=now
    )


async def gather(tx: Tx, mails: Sequence[UUID], into: UUID) -> None:
    await _QUERIES.gather.run(tx, mails=list(mails), into_mail=into)


async def items(tx: Tx, mail: UUID) -> tuple[DailyItem, ...]:
    """What a daily mail tells of."""
    rows = await _QUERIES.items.rows(tx, Row, mail=mail)
    return tuple(made(DailyItem, {**row, "failed": _failed(row)}) for row in rows)


def _failed(row: Row) -> EventFailed | None:
    return EventFailed.model_validate_json(str(row["failed"])) if row["failed"] else None


def _brief(row: Row) -> Row | None:
    if row["craft"] is None:
        return None
    offering = {"craft": row["craft"], "offering": row["offering"], "version": row["offering_version"]}
    return {"offering": offering, "answers": _ANSWERS.validate_json(str(row["answers"]))}


def _with_details(row: Row) -> Row:
    """A mail's row, with what the mail says in one place."""
    minor, currency = row["amount_minor"], row["amount_currency"]
    amount = None if minor is None else {"minor": minor, "currency": currency}
    details = {"amount": amount, **{name: row[name] for name in ("about", "day", "code")}}
    return {**row, "details": details}
