"""What notify does: keeps people and facts, requests the mails that facts ask for, leases them, records results."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from uuid import UUID, uuid5

from services.notify import store
from services.notify.actions import attachments
from services.notify.actions.results import facts_of, publish_unsent
from services.notify.domain import mails as domain
from services.notify.domain.catalogue import KNOWN_FACTS, RULES, judge, mails_of
from services.notify.domain.known import Known
from services.notify.domain.log import LogReason, mask
from services.notify.domain.mails import (
    Addressee,
    AttemptResult,
    Mail,
    MailDetails,
    MailRequest,
    MailState,
    OutgoingMail,
    QuietRules,
    RetryPolicy,
    Waits,
)
from services.notify.domain.person_mails import PERSON_MAILS, StudioNews, request_of, telling_of
from services.notify.domain.preferences import ANY_TIME, OPTIONAL, MailTimes, PreferenceReason, Preferences
from services.notify.domain.rules import MailVerdict
from services.notify.domain.studio import STUDIO_INTENTS as STUDIO_INTENTS
from services.notify.store import Queue
from services.notify.store import UnsentMail as UnsentMail
from shared.auth.roles import Caller, Role
from shared.contracts.access import AccessEnded, LinkAsked, LinkPurpose, SignInChanged
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import ApprovalAsked, BriefChanged, CommissionConfirmed
from shared.contracts.fact import CommissionFact, Topic
from shared.contracts.notifications import MailFailed as MailFailed
from shared.contracts.notifications import MailOmitted
from shared.contracts.notifications import MailSent as MailSent
from shared.contracts.people import PersonRecorded
from shared.contracts.production import PieceReplanned, PromiseBooked, PromiseHeld
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.problems import FieldProblem, invalid, not_found
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime import tracing

MAILS = "mails"
"""The key that is touched when a mail may have become due: it wakes the mailer."""

_AT_ONCE = 100
_QUOTED = (Subject.QUESTION, Subject.ANSWER)


@dataclass(frozen=True)
class LeasedMail:
    """A mail that one mailer sends, until `lease` passes to another; `offering` is that of its brief, if it is kept."""

    outgoing: OutgoingMail
    lease: UUID
    offering: Offering | None = None


async def record_person(tx: Tx, person: PersonRecorded, now: datetime) -> None:
    """Keep a person as they are now; mails that waited for their address become due."""
    await store.record_person(tx, person)
    for commission in await store.make_due(tx, person.person, now):
        tx.touch(commission)
        tx.touch(MAILS)


async def erase_person(tx: Tx, person: UUID, now: datetime) -> None:
    """Forget a person's name and address, and end the mails that were not sent to them.

    A mail that a mailer is sending at this moment is left to it: its result is recorded, and if it was not sent,
    `close_undeliverable` ends it.
    """
    await store.erase_person(tx, person, now)
    await publish_unsent(tx, await store.redact_waiting(tx, person), now)


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    """Keep what is to be made; mails that waited for it can be written."""
    await store.record_brief(tx, brief)
    tx.touch(MAILS)


async def erase_brief(tx: Tx, commission: UUID) -> None:
    await store.erase_brief(tx, commission)


async def record_text(tx: Tx, written: TextWritten) -> None:
    """Keep a question or an answer; mails that waited for it can be written. Mails quote nothing else."""
    if written.subject in _QUOTED:
        await store.record_text(tx, written.text, written.body)
        tx.touch(MAILS)


async def erase_text(tx: Tx, text: UUID) -> None:
    await store.erase_text(tx, text)


async def follow_fact(tx: Tx, fact: CommissionFact, version: int, *, times: MailTimes, now: datetime) -> None:
    """Keep a fact that mails depend on, and request the mails that it asks for; twice is the same as once.

    So a topic that is read again tells nobody of old things: not a new colleague, nor one who wishes it only now.
    """
    await _record_what_mails_name(tx, fact)
    if type(fact) not in KNOWN_FACTS or not await store.record_fact(tx, fact, version):
        return
    if await store.complete_mails(tx, fact.commission, now):
        tx.touch(fact.commission)
        tx.touch(MAILS)
    requests = [each for rule in mails_of(fact) for each in await _to_each(tx, rule.request(fact, version))]
    for request in await _as_they_wish(tx, await _gathered(tx, requests, times.quiet, now), times, now):
        await _request(tx, request, now)


async def tell_person(tx: Tx, said: LinkAsked | SignInChanged, version: int, now: datetime) -> None:
    """Request the mail of a link or of a change, whatever they wish; a link that they did not ask for gives access."""
    if isinstance(said, LinkAsked) and said.purpose is not LinkPurpose.SIGN_IN:
        await store.give_access(tx, said.person, said.at)
    await _request(tx, request_of(said, version), now)


async def tell_studio(tx: Tx, said: StudioNews, version: int, *, times: MailTimes, now: datetime) -> None:
    """Request the mails that this asks for, if it does, to the people of the studio, as each of them wishes."""
    if asked := telling_of(said, version):
        for request in await _as_they_wish(tx, await _to_each(tx, asked), times, now):
            await _request(tx, request, now)


async def end_access(tx: Tx, ended: AccessEnded) -> None:
    """Tell somebody nothing of what the studio is told from then on, nor what they have not got yet."""
    await store.end_access(tx, ended.person, ended.at)


async def start_reading(tx: Tx, topics: Iterable[Topic], *, look_back: timedelta, now: datetime) -> None:
    """Fix, at the first start, the instant before which nothing on these topics is mailed."""
    for topic in topics:
        await store.set_cut_over(tx, topic, now - look_back)


async def lease_next(
    tx: Tx, *, lease: UUID, now: datetime, duration: timedelta, waits: Waits, zone: str
) -> LeasedMail | None:
    """The mail that has been due for longest, leased to the caller for `duration`; None if none is due.

    A mail that a newer fact has made untrue is ended on the way, so is one to somebody without an address, and one that
    is incomplete waits. After so many of them the caller is woken to look again: one transaction does not work off a
    whole backlog. `zone` is the studio's.
    """
    limits = {"incomplete_before": now - waits.for_words, "in_order_after": now - waits.in_order}
    for _ in range(_AT_ONCE):
        if (found := await store.next_due(tx, now, **limits)) is None:
            return None
        outgoing, requested_at = found
        tx.touch(outgoing.commission)
        verdict, says = await _judge(tx, outgoing, zone, now)
        if verdict is MailVerdict.READY and now - requested_at < waits.for_papers:
            verdict = await attachments.judge(tx, says)
        if verdict is MailVerdict.READY and (outgoing.too_old or not outgoing.email):
            state = MailState.TOO_OLD if outgoing.too_old else MailState.NO_ADDRESS
            ended = await store.end_unsent(tx, outgoing.mail, state)
            await publish_unsent(tx, [replace(ended, person=outgoing.person)], now, MailOmitted)
        elif verdict is MailVerdict.READY:
            outgoing = replace(outgoing, details=replace(says, about=outgoing.details.about))
            if outgoing.daily:
                outgoing = await _with_all_of_the_day(tx, outgoing, zone, now)
            return await _leased(tx, outgoing, lease, now, duration)
        elif verdict is MailVerdict.UNTRUE:
            await store.end_unsent(tx, outgoing.mail, MailState.OVERTAKEN)
        elif now - requested_at < waits.for_facts:
            await store.look_again(tx, outgoing.mail, domain.look_again_at(requested_at, now))
        else:
            ended = await store.end_unsent(tx, outgoing.mail, MailState.INCOMPLETE)
            await publish_unsent(tx, [replace(ended, person=outgoing.person)], now)
    tx.touch(MAILS)
    return None


async def record_result(
    tx: Tx, leased: LeasedMail, result: AttemptResult, *, policy: RetryPolicy, now: datetime, jitter: float
) -> MailState | None:
    """Record what came of an attempt, and publish it if it was the last.

    None if the lease had passed to another, unless the mail was accepted: then it is sent in any case.

    `jitter` is a number from 0 to 1.
    """
    outgoing = leased.outgoing
    tx.touch(outgoing.commission)
    await store.end_attempt(tx, outgoing, result, now)
    transition = domain.transition_after(result, outgoing, policy, now, jitter)
    if not await store.apply_transition(tx, outgoing.mail, lease=leased.lease, transition=transition):
        return None
    await publish(tx, facts_of(outgoing, transition.state, result, now))
    return transition.state


async def close_undeliverable(tx: Tx, policy: RetryPolicy, now: datetime) -> int:
    """End mails that can never be sent, and publish that; returns how many."""
    closed = await store.close_undeliverable(tx, now=now, requested_before=now - policy.give_up_after, at_most=_AT_ONCE)
    await publish_unsent(tx, closed, now)
    return len(closed)


async def count_queue(tx: Tx, now: datetime) -> Queue:
    return await store.queue(tx, now)


async def read_log(
    tx: Tx, caller: Caller, commission: UUID, *, before: tuple[datetime, UUID] | None = None, at_most: int = _AT_ONCE
) -> list[Mail]:
    """The mails about a commission with their deliveries, newest first, for ops.

    `before` is the place of the last mail that was read: when it was requested, and its id.

    Raises:
        Problem: not-found, if notify knows nothing of the commission.
    """
    if caller.role is not Role.OPS or not await store.commission_known(tx, commission):
        raise not_found(LogReason.UNKNOWN_COMMISSION)
    at, mail = before or (None, None)
    return await store.mails(tx, commission, before=at, before_mail=mail, at_most=at_most)


async def log_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever the log of this commission does."""
    return await store.revision(tx, commission)


async def read_preferences(tx: Tx, caller: Caller) -> Preferences:
    """What the caller has chosen to be told, and when."""
    return (await store.preferences(tx, [caller.person]))[caller.person]


async def choose(tx: Tx, caller: Caller, chosen: Preferences) -> None:
    """Keep what the caller wishes to be told, and when; the same twice is the same as once.

    Raises:
        Problem: validation-failed, for what people in the caller's role are not told as they wish.
    """
    if foreign := set(chosen.timings) - set(OPTIONAL[caller.role]):
        fields = (FieldProblem(f"/timings/{intent}", PreferenceReason.NOT_YOURS) for intent in sorted(foreign))
        raise invalid(*fields)
    await store.choose(tx, caller.person, chosen)


async def _record_addressee(tx: Tx, commission: UUID, addressee: Addressee, person: UUID) -> None:
    if await store.record_addressee(tx, commission, addressee, person):
        tx.touch(commission)
        tx.touch(MAILS)


async def _record_what_mails_name(tx: Tx, fact: CommissionFact) -> None:
    match fact:
        case CommissionConfirmed():
            await store.record_commission(tx, fact)
            await _record_addressee(tx, fact.commission, Addressee.CUSTOMER, fact.customer)
            await store.forget_if_erased(tx, fact.commission)
        case BriefChanged():
            await store.record_needed_by(tx, fact.commission, fact.needed_by)
        case ApprovalAsked():
            await store.record_approval(tx, fact.approval, fact.gate)
        case PromiseHeld() | PromiseBooked() | PieceReplanned():
            await _record_addressee(tx, fact.commission, Addressee.MAKER, fact.maker)


async def _request(tx: Tx, request: MailRequest, now: datetime) -> None:
    await store.request_mail(tx, request, requested_at=now, traceparent=tracing.current())
    tx.touch(request.commission)
    tx.touch(MAILS)


async def _to_each(tx: Tx, request: MailRequest) -> Sequence[MailRequest]:
    """The request; one for each person of the studio, where it is to the studio."""
    if request.addressee is not Addressee.STUDIO:
        return [request]
    about, people = request.about or request.commission, await store.studio(tx, request.happened_at)
    return [replace(request, person=person, about=uuid5(about, str(person))) for person in people]


async def _gathered(tx: Tx, requests: Sequence[MailRequest], quiet: QuietRules, now: datetime) -> Sequence[MailRequest]:
    """The requests, those held back of which several become one mail; without whom one on its way says the same to."""
    gathered = []
    for request in requests:
        if not RULES[request.intent].gathered:
            gathered.append(request)
            continue
        newest = await store.newest_mail(tx, request.commission, request.intent, request.addressee, request.person)
        if held_until := quiet.held_until(request.happened_at, now, newest):
            gathered.append(replace(request, held_until=held_until))
    return gathered


async def _as_they_wish(
    tx: Tx, requests: Sequence[MailRequest], times: MailTimes, now: datetime
) -> Sequence[MailRequest]:
    """The requests, held back as their readers wish; without those who do not wish to be told."""
    readers = [await _who_may_choose(tx, request) for request in requests]
    known = {reader for reader in readers if reader}
    chosen = await store.preferences(tx, known) if known else {}
    planned = []
    for request, reader in zip(requests, readers, strict=True):
        if reader is None:
            planned.append(request)
        elif plan := chosen[reader].plan(
            request.intent, max(now, request.held_until or now), times.zone, times.daily_at
        ):
            held_until = plan.held_until if plan.held_until != now else request.held_until
            person = reader if plan.daily else request.person
            planned.append(replace(request, person=person, held_until=held_until, daily=plan.daily))
    return planned


async def _who_may_choose(tx: Tx, request: MailRequest) -> UUID | None:
    """Who reads it, if people in their role are told of it as they wish."""
    if request.addressee is Addressee.CUSTOMER or request.intent not in ANY_TIME:
        return None
    return request.person or await store.maker_of(tx, request.commission)


async def _judge(tx: Tx, outgoing: OutgoingMail, zone: str, now: datetime) -> tuple[MailVerdict, MailDetails]:
    """Whether a mail is complete and still true, and what it says; a link that is over helps nobody."""
    if not outgoing.may_be_read or (outgoing.good_until is not None and outgoing.good_until <= now):
        return MailVerdict.UNTRUE, MailDetails()
    if outgoing.intent in PERSON_MAILS:
        return MailVerdict.READY, MailDetails()
    return judge(outgoing.intent, outgoing.version, Known(await store.facts(tx, outgoing.commission), zone))


async def _with_all_of_the_day(tx: Tx, outgoing: OutgoingMail, zone: str, now: datetime) -> OutgoingMail:
    """A daily mail with all else that its reader is told of today; what is no longer true is dropped."""
    gathered = []
    for mail, intent, commission, version, may_be_read in await store.told_with(tx, outgoing, now):
        known = Known(await store.facts(tx, commission), zone)
        verdict = MailVerdict.READY if intent in PERSON_MAILS else judge(intent, version, known)[0]
        if verdict is MailVerdict.UNTRUE or not may_be_read:
            await store.end_unsent(tx, mail, MailState.OVERTAKEN)
        elif verdict is MailVerdict.READY:
            gathered.append(mail)
        tx.touch(commission)
    await store.gather(tx, gathered, outgoing.mail)
    return replace(outgoing, items=await store.items(tx, outgoing.mail), brief=None)


async def _leased(tx: Tx, outgoing: OutgoingMail, lease: UUID, now: datetime, duration: timedelta) -> LeasedMail:
    outgoing = await attachments.attach(tx, outgoing)
    address = mask(outgoing.email)
    await store.begin_attempt(tx, outgoing, lease=lease, now=now, until=now + duration, address=address)
    offering = await kept(tx, outgoing.brief.offering) if outgoing.brief else None
    return LeasedMail(outgoing, lease, offering)
