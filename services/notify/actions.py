"""What notify does: learns who and what, asks for mails, takes them one by one, writes down what came of them."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.notify import domain, store
from services.notify.domain import Attempt, Mail, MailState, Patience, Posting, Quiet, Reader, Said, Wanted
from services.notify.store import Ended, Queue
from shared.auth.roles import Caller, Role
from shared.contracts.commands.notify import MailAccepted, SendNow
from shared.contracts.commissions import CommissionSubmitted, MessageSent, SignInAsked
from shared.contracts.notifications import Intent, MailFailed, MailSent
from shared.contracts.people import PersonRecorded
from shared.contracts.production import PieceReplanned, PromiseBooked, PromiseHeld
from shared.contracts.quotes import QuestionAnswered
from shared.kernel.problems import not_found
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime import tracing

MAILS = "mails"
"""The key that is touched when a mail may have become due: it wakes the mailer."""

_AT_ONCE = 100


@dataclass(frozen=True)
class Held:
    """A mail in one mailer's hands, until `lease` passes to another."""

    posting: Posting
    lease: UUID


async def record_person(tx: Tx, person: PersonRecorded, now: datetime) -> None:
    """Keep a person as they are now; mails that waited for their address become due."""
    await store.record_person(tx, person)
    for commission in await store.due_again(tx, person.person, now):
        tx.touch(commission)
        tx.touch(MAILS)


async def erase_person(tx: Tx, person: UUID, now: datetime) -> None:
    """Forget a person's name and address, and end the mails that were not sent to them.

    A mail that a mailer holds at this moment is left to it: what came of it is written down, and if it was not sent,
    `end_hopeless` ends it.
    """
    await store.erase_person(tx, person, now)
    await _tell_of_the_unsent(tx, await store.redact_waiting(tx, person), now)


async def receive_commission(tx: Tx, submitted: CommissionSubmitted, now: datetime) -> None:
    """Keep what letters say about a commission and whose it is, and ask for the first one."""
    await store.record_commission(tx, submitted)
    await _meet(tx, submitted.commission, Reader.CUSTOMER, submitted.customer)
    await _ask(
        tx, Wanted(submitted.commission, Intent.REQUEST_RECEIVED, Reader.CUSTOMER, person=submitted.customer), now
    )


async def meet_maker(tx: Tx, told: PromiseHeld | PromiseBooked | PieceReplanned) -> None:
    """Keep who makes a piece; mails that waited to know are theirs."""
    await _meet(tx, told.commission, Reader.MAKER, told.maker)


async def receive_message(tx: Tx, sent: MessageSent, quiet: Quiet, now: datetime) -> None:
    """Ask for a mail that says to the other side that a message waits, unless one that is on its way says so."""
    reader = domain.reader_of_message(sent.author_role)
    newest = await store.newest_mail(tx, sent.commission, Intent.MESSAGE_RECEIVED, reader)
    held_until = quiet.held_until(sent.at, now, newest)
    if held_until is None:
        return
    said = Said(about=sent.message)
    await _ask(tx, Wanted(sent.commission, Intent.MESSAGE_RECEIVED, reader, said=said, held_until=held_until), now)


async def receive_answer(tx: Tx, answered: QuestionAnswered, now: datetime) -> None:
    """Ask for a mail that says to the customer that their question is answered."""
    said = Said(about=answered.question)
    await _ask(tx, Wanted(answered.commission, Intent.QUESTION_ANSWERED, Reader.CUSTOMER, said=said), now)


async def receive_sign_in_request(tx: Tx, asked: SignInAsked, now: datetime) -> None:
    """Ask for a mail with a link by which the commission's customer signs in.

    Its hour begins now: a link whose asking was long on its way is still good when it comes.
    """
    said = Said(about=asked.ask)
    wanted = Wanted(asked.commission, Intent.SIGN_IN_ASKED, Reader.CUSTOMER, person=asked.customer, said=said)
    await _ask(tx, wanted, now)


async def send_now(tx: Tx, command: SendNow, now: datetime) -> MailAccepted:
    """Ask for the mail of this commission, intent and matter; asking again is the same as once."""
    wanted = Wanted(
        command.commission,
        command.intent,
        domain.reader_of(command.intent),
        person=command.person,
        said=Said(command.about, command.day, command.amount, command.code),
    )
    return MailAccepted(mail=await _ask(tx, wanted, now))


async def take_next(tx: Tx, *, lease: UUID, now: datetime, hold: timedelta) -> Held | None:
    """The mail that has been due for longest, in the caller's hands for `hold`; None if none is due."""
    posting = await store.next_due(tx, now)
    if posting is None:
        return None
    address = domain.mask(posting.email)
    await store.take(tx, posting, lease=lease, now=now, until=now + hold, address=address)
    tx.touch(posting.commission)
    return Held(posting, lease)


async def settle(
    tx: Tx, held: Held, attempt: Attempt, *, patience: Patience, now: datetime, jitter: float
) -> MailState | None:
    """Write down what came of an attempt, and tell if it was the last.

    None if the lease had passed to another, unless the mail was accepted: then it is sent, whoever holds it.

    `jitter` is a number from 0 to 1.
    """
    posting = held.posting
    tx.touch(posting.commission)
    await store.end_delivery(tx, posting, attempt, now)
    step = domain.step(attempt, posting, patience, now, jitter)
    if not await store.settle(tx, posting.mail, lease=held.lease, step=step):
        return None
    await publish(tx, _outcome(posting, step.state, attempt, now))
    return step.state


async def end_hopeless(tx: Tx, patience: Patience, now: datetime) -> int:
    """End mails that can never be sent, and tell; returns how many."""
    ended = await store.end_hopeless(tx, now=now, asked_before=now - patience.whole, at_most=_AT_ONCE)
    await _tell_of_the_unsent(tx, ended, now)
    return len(ended)


async def count_queue(tx: Tx, now: datetime) -> Queue:
    return await store.queue(tx, now)


async def read_log(
    tx: Tx, caller: Caller, commission: UUID, *, before: tuple[datetime, UUID] | None = None, at_most: int = _AT_ONCE
) -> list[Mail]:
    """The mails about a commission with their deliveries, newest first, for ops.

    `before` is the place of the last mail that was read: when it was asked for, and its id.

    Raises:
        Problem: not-found, where notify has never heard of the commission.
    """
    if caller.role is not Role.OPS or not await store.commission_known(tx, commission):
        raise not_found("No word of this commission has come here. One that was sent this minute is on its way.")
    at, mail = before or (None, None)
    return await store.mails(tx, commission, before=at, before_mail=mail, at_most=at_most)


async def log_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever the log of this commission does."""
    return await store.revision(tx, commission)


async def _meet(tx: Tx, commission: UUID, reader: Reader, person: UUID) -> None:
    if await store.record_addressee(tx, commission, reader, person):
        tx.touch(commission)
        tx.touch(MAILS)


async def _ask(tx: Tx, wanted: Wanted, now: datetime) -> UUID:
    await store.ask_for_mail(tx, wanted, asked_at=now, traceparent=tracing.current())
    tx.touch(wanted.commission)
    tx.touch(MAILS)
    return wanted.mail


def _outcome(posting: Posting, state: MailState, attempt: Attempt, now: datetime) -> list[MailSent | MailFailed]:
    """The fact that a mail's last attempt makes; none while there are attempts to come."""
    sent = MailSent(
        commission=posting.commission,
        mail=posting.mail,
        person=posting.person,
        intent=posting.intent,
        about=posting.said.about,
        at=now,
    )
    match state:
        case MailState.SENT:
            return [sent]
        case MailState.REFUSED | MailState.GIVEN_UP:
            return [MailFailed(**sent.model_dump(), smtp_code=attempt.smtp_code)]
        case _:
            return []


async def _tell_of_the_unsent(tx: Tx, ended: list[Ended], now: datetime) -> None:
    """The fact names whom a mail was for: of one that was for nobody known, only the log tells."""
    for mail in ended:
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
            for mail in ended
            if mail.person is not None
        ],
    )
