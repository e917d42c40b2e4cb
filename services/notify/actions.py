"""What notify does: keeps people and commissions, takes requests for mails, leases them to mailers, records results."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notify import domain, store
from services.notify.domain import (
    Addressee,
    AttemptResult,
    LogReason,
    Mail,
    MailDetails,
    MailRequest,
    MailState,
    OutgoingMail,
    QuietRules,
    RetryPolicy,
)
from services.notify.store import Queue, UnsentMail
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.notify import MailAccepted, SendNow
from shared.contracts.commissions import ApprovalAsked, CommissionSubmitted, MessageSent, SignInAsked
from shared.contracts.notifications import Intent, MailFailed, MailSent
from shared.contracts.people import PersonRecorded
from shared.contracts.production import PieceReplanned, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuestionAnswered
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.problems import not_found
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
    await _publish_failures(tx, await store.redact_waiting(tx, person), now)


async def record_commission(tx: Tx, submitted: CommissionSubmitted, now: datetime) -> None:
    """Keep what mails say about a commission and who its customer is, and request the first mail."""
    commission, customer = submitted.commission, submitted.customer
    await store.record_commission(tx, submitted)
    await _record_addressee(tx, commission, Addressee.CUSTOMER, customer)
    await _request(tx, MailRequest(commission, Intent.REQUEST_RECEIVED, Addressee.CUSTOMER, person=customer), now)


async def record_brief(tx: Tx, brief: BriefWritten) -> None:
    """Keep what is to be made; mails that waited for it can be written."""
    await store.record_brief(tx, brief)
    tx.touch(MAILS)


async def erase_brief(tx: Tx, commission: UUID) -> None:
    await store.erase_brief(tx, commission)


async def record_approval(tx: Tx, asked: ApprovalAsked) -> None:
    """Keep which gate an approval is about, for the mail to name it."""
    await store.record_approval(tx, asked.approval, asked.gate)


async def record_text(tx: Tx, written: TextWritten) -> None:
    """Keep a question or an answer; mails that waited for it can be written. Mails quote nothing else."""
    if written.subject in _QUOTED:
        await store.record_text(tx, written.text, written.body)
        tx.touch(MAILS)


async def erase_text(tx: Tx, text: UUID) -> None:
    await store.erase_text(tx, text)


async def record_maker(tx: Tx, fact: PromiseHeld | PromiseBooked | PieceReplanned) -> None:
    """Keep who makes a piece; mails that waited for a maker go to them."""
    await _record_addressee(tx, fact.commission, Addressee.MAKER, fact.maker)


async def announce_message(tx: Tx, sent: MessageSent, quiet: QuietRules, now: datetime) -> None:
    """Request a mail about a message to the other side, unless one that is on its way announces it."""
    addressee = domain.addressee_of_message(sent.author_role)
    newest = await store.newest_mail(tx, sent.commission, Intent.MESSAGE_RECEIVED, addressee)
    held_until = quiet.held_until(sent.at, now, newest)
    if held_until is None:
        return
    request = MailRequest(
        sent.commission,
        Intent.MESSAGE_RECEIVED,
        addressee,
        details=MailDetails(about=sent.message),
        held_until=held_until,
    )
    await _request(tx, request, now)


async def announce_answer(tx: Tx, answered: QuestionAnswered, now: datetime) -> None:
    """Request a mail to the customer whose question was answered."""
    details = MailDetails(about=answered.question)
    request = MailRequest(
        answered.commission, Intent.QUESTION_ANSWERED, Addressee.CUSTOMER, details=details, text=answered.answer
    )
    await _request(tx, request, now)


async def request_sign_in_mail(tx: Tx, asked: SignInAsked, now: datetime) -> None:
    """Request a mail with a link by which the commission's customer signs in.

    Its hour begins now: a link whose request was long on its way is still good when it arrives.
    """
    request = MailRequest(
        asked.commission,
        Intent.SIGN_IN_ASKED,
        Addressee.CUSTOMER,
        person=asked.customer,
        details=MailDetails(about=asked.ask),
    )
    await _request(tx, request, now)


async def send_now(tx: Tx, command: SendNow, now: datetime) -> MailAccepted:
    """Request the mail of this commission, intent and subject; twice is the same as once."""
    request = MailRequest(
        command.commission,
        command.intent,
        domain.addressee_of(command.intent),
        person=command.person,
        details=MailDetails(command.about, command.day, command.amount, command.code),
    )
    return MailAccepted(mail=await _request(tx, request, now))


async def lease_next(
    tx: Tx, *, lease: UUID, now: datetime, duration: timedelta, complete_within: timedelta = timedelta(0)
) -> LeasedMail | None:
    """The mail that has been due for longest, leased to the caller for `duration`; None if none is due.

    A mail waits at most `complete_within` for its brief and for the text that it quotes, and is sent without them then.
    """
    outgoing = await store.next_due(tx, now, incomplete_before=now - complete_within)
    if outgoing is None:
        return None
    address = domain.mask(outgoing.email)
    await store.begin_attempt(tx, outgoing, lease=lease, now=now, until=now + duration, address=address)
    tx.touch(outgoing.commission)
    offering = await kept(tx, outgoing.brief.offering) if outgoing.brief else None
    return LeasedMail(outgoing, lease, offering)


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
    await publish(tx, _facts(outgoing, transition.state, result, now))
    return transition.state


async def close_undeliverable(tx: Tx, policy: RetryPolicy, now: datetime) -> int:
    """End mails that can never be sent, and publish that; returns how many."""
    closed = await store.close_undeliverable(tx, now=now, requested_before=now - policy.give_up_after, at_most=_AT_ONCE)
    await _publish_failures(tx, closed, now)
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


async def _record_addressee(tx: Tx, commission: UUID, addressee: Addressee, person: UUID) -> None:
    if await store.record_addressee(tx, commission, addressee, person):
        tx.touch(commission)
        tx.touch(MAILS)


async def _request(tx: Tx, request: MailRequest, now: datetime) -> UUID:
    await store.request_mail(tx, request, requested_at=now, traceparent=tracing.current())
    tx.touch(request.commission)
    tx.touch(MAILS)
    return request.mail


def _facts(
    outgoing: OutgoingMail, state: MailState, result: AttemptResult, now: datetime
) -> list[MailSent | MailFailed]:
    """The fact that a mail's last attempt makes; none while there are attempts to come."""
    sent = MailSent(
        commission=outgoing.commission,
        mail=outgoing.mail,
        person=outgoing.person,
        intent=outgoing.intent,
        about=outgoing.details.about,
        at=now,
    )
    match state:
        case MailState.SENT:
            return [sent]
        case MailState.REFUSED | MailState.GIVEN_UP:
            return [MailFailed(**sent.model_dump(), smtp_code=result.smtp_code)]
        case _:
            return []


async def _publish_failures(tx: Tx, unsent: list[UnsentMail], now: datetime) -> None:
    """The fact names the person that a mail was for: one that was for nobody known is in the log only."""
    for mail in unsent:
        tx.touch(mail.commission)
    await publish(
        tx,
        [
            MailFailed(
                commission=mail.commission,
                mail=mail.mail,
                person=mail.person,
                intent=mail.intent,
                about=mail.about,
                at=now,
            )
            for mail in unsent
            if mail.person is not None
        ],
    )
