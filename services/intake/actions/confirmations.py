"""Confirming an address: by a mail's link, by its code, or not at all. Only then does the life of a request begin."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

import asyncpg

from services.intake import store
from services.intake.actions import records
from services.intake.actions.people import index, recorded
from services.intake.actions.sessions import SignedIn, SignInContext, open_session
from services.intake.actions.submissions import ConfirmationRules, confirmed_facts
from services.intake.domain import confirmations, one_time
from services.intake.domain.briefs import Brief
from services.intake.domain.commissions import Commission, State
from services.intake.domain.confirmations import ConfirmationReason, Waiting, bad_code, bad_link
from services.intake.domain.one_time import COUNTED_FOR, OneTimeResult, OneTimeRight, Purpose
from services.intake.domain.people import Person
from services.intake.domain.record import CommissionRecord
from services.intake.domain.sessions import SignInWay
from shared.auth.roles import Caller
from shared.contracts.commissions import (
    ConfirmationAsked,
    ConfirmationReminded,
    DropReason,
    RequestDropped,
)
from shared.contracts.fact import Fact, Topic
from shared.contracts.sessions import SessionEnded
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.outbox import publish
from shared.outbox.publishing import Tombstone
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_AT_ONCE = 100


@dataclass(frozen=True)
class AskedRequest:
    """What somebody asked for in somebody's name, for whoever reads the mailbox to look at.

    Once it is confirmed it is the account's, so that neither name nor brief is shown to whom nobody has let in.
    """

    record: CommissionRecord
    brief: Brief | None
    name: str

    @property
    def commission(self) -> Commission:
        return self.record.commission

    @property
    def confirmed(self) -> bool:
        return self.commission.state is not State.UNCONFIRMED

    def in_language(self, language: str) -> "AskedRequest":
        return AskedRequest(self.record.in_language(language), self.brief, self.name)


@dataclass(frozen=True)
class PendingConfirmation:
    """How a request's confirmation stands, for the browser that sent the form.

    `code_needed` says that this browser is let in by the code from the mail, also where the request was `confirmed` in
    another one meanwhile. `email` is where the mail went, empty then. The request is deleted at `until` unless it is
    confirmed, and the code is good until then.
    """

    asked: AskedRequest
    code_needed: bool
    confirmed: bool
    email: str
    until: datetime


async def look(tx: Tx, commission: UUID, link: str, now: datetime) -> AskedRequest:
    """What a mail's link is about; looking does not use it up. Raises `not-allowed`, if it is not good."""
    right = await _right_of(tx, commission, link)
    result = one_time.check_link(right, Purpose.CONFIRMATION, link, now)
    return await _asked(tx, _good(result, await store.commission(tx, commission)))


async def confirm_by_link(
    tx: Tx, context: SignInContext, commission: UUID, link: str, *, caller: Caller | None, now: datetime
) -> SignedIn:
    """Yes: the request's life begins, and the browser that opened the link is signed in.

    Where it is the browser that sent the form, all that it sent is confirmed.

    Raises:
        Problem: not-allowed, if the link is not good; conflict, if the account has too much open.
    """
    right = await _right_of(tx, commission, link)
    result, used = one_time.use_link(right, Purpose.CONFIRMATION, link, now)
    found = _good(result, await _held(tx, commission))
    await store.save_right(tx, used)
    own = caller is not None and caller.person == found.sent_by
    return await _let_in(tx, context, found, now, way=SignInWay.CONFIRMATION, all_of_them=own)


async def deny(tx: Tx, commission: UUID, link: str, now: datetime) -> None:
    """No: what was sent with this address from that browser is deleted, with the person who was typed.

    Raises:
        Problem: not-allowed, if the link is not good; conflict, if it was confirmed before.
    """
    right = await _right_of(tx, commission, link)
    result, used = one_time.use_link(right, Purpose.CONFIRMATION, link, now)
    found = _good(result, await _held(tx, commission))
    if found.state is not State.UNCONFIRMED:
        raise Problem(ProblemType.CONFLICT, ConfirmationReason.ALREADY_CONFIRMED)
    await store.save_right(tx, used)
    every = await store.unconfirmed_of(tx, found.customer)
    await _drop(tx, [each.commission for each in every], found.customer, DropReason.DENIED, now)


async def confirm_by_code(
    tx: Tx, context: SignInContext, caller: Caller, commission: UUID, *, code: str, now: datetime
) -> SignedIn | Problem:
    """The browser that sent the form has the code from the mail: all that it sent is confirmed, and it is signed in.

    The problem of a code that is not good is returned, not raised: its try counts, so that this is to be committed.

    Raises:
        Problem: not-found, for what another browser sent; conflict, if the account has too much open.
    """
    right = await store.newest_right(tx, Purpose.CONFIRMATION, commission)
    found = await _held(tx, commission)
    if right is None or found is None or found.sent_by != caller.person:
        raise not_found()
    result, used = one_time.use_code(right, Purpose.CONFIRMATION, code, now)
    if result is not OneTimeResult.GOOD:
        await store.save_right(tx, used)
        return bad_code(result, used.tries_left)
    await store.save_right(tx, used)
    return await _let_in(tx, context, found, now, way=SignInWay.CODE, all_of_them=True)


async def pending(tx: Tx, rules: ConfirmationRules, caller: Caller, commission: UUID) -> PendingConfirmation | None:
    """How the confirmation stands, for the browser that sent the form and for the customer; None for anybody else."""
    found = await store.commission(tx, commission)
    if found is None or caller.person not in {found.sent_by, found.customer}:
        return None
    confirmed = found.state is not State.UNCONFIRMED
    code_needed = not confirmed or found.customer != caller.person
    sender = None if confirmed else await store.person(tx, caller.person)
    until = confirmations.until(found.submitted_at, rules.waiting)
    return PendingConfirmation(await _asked(tx, found), code_needed, confirmed, sender.email if sender else "", until)


async def mail_again(tx: Tx, context: SignInContext, caller: Caller, commission: UUID, now: datetime) -> None:
    """Have the browser that sent the form be sent another mail, with a new link and a new code.

    Raises:
        Problem: not-found; conflict, if it is confirmed; too-many-requests, if the address had enough mails today.
    """
    found = await _held(tx, commission)
    if found is None or found.sent_by != caller.person:
        raise not_found()
    if found.state is not State.UNCONFIRMED:
        raise Problem(ProblemType.CONFLICT, ConfirmationReason.ALREADY_CONFIRMED)
    rules = ConfirmationRules.of(context.settings)
    sender = await store.sender_limits(tx, caller.person, mails_since=now - COUNTED_FOR)
    if sender is None:
        raise not_found()
    confirmations.check_mails(sender.mails, rules.limits)
    right = rules.right(context.new_id(), commission, submitted_at=found.submitted_at, now=now)
    await store.add_right(tx, right)
    await store.count_mail_to(tx, right.id, caller.person, now)
    await publish(tx, [ConfirmationAsked(at=now, commission=commission, person=caller.person, right=right.id)])


async def drop_unconfirmed(tx: Tx, person: UUID, now: datetime) -> None:
    """Delete what somebody who leaves has sent and nobody has confirmed."""
    await store.hold_person(tx, person)
    every = [each.commission for each in await store.unconfirmed_of(tx, person)]
    await store.drop_requests(tx, every)
    dropped = [RequestDropped(at=now, commission=each, reason=DropReason.WITHDRAWN) for each in every]
    await publish(tx, [*dropped, *_brief_keys(every, now)])


async def remind(tx: Tx, waiting: Waiting, now: datetime) -> int:
    """Have those reminded who have not answered; returns how many, and is to be called until there is none."""
    found = await store.to_remind(tx, submitted_before=now - waiting.remind_after, at_most=_AT_ONCE)
    await store.reminded(tx, [each.commission for each in found], now)
    await publish(
        tx,
        [
            ConfirmationReminded(at=now, commission=each.commission, person=each.customer, right=each.right)
            for each in found
        ],
    )
    return len(found)


async def end(tx: Tx, waiting: Waiting, now: datetime) -> int:
    """Delete what nobody has confirmed in time, and who was left behind; returns how many, as `remind` does.

    Where one of them cannot be deleted, the others are: it stays, and is logged.
    """
    found = await store.to_drop(tx, submitted_before=now - waiting.within, at_most=_AT_ONCE)
    of: dict[UUID, list[UUID]] = {}
    for commission, person in found:
        of.setdefault(person, []).append(commission)
    left = await store.left_behind(tx, recorded_before=now - waiting.within, at_most=_AT_ONCE)
    gone = 0
    for person, commissions in [*of.items(), *((person, []) for person in left)]:
        try:
            async with tx.connection.transaction():
                await _drop(tx, commissions, person, DropReason.EXPIRED, now)
        except asyncpg.IntegrityConstraintViolationError as error:
            log.warning("request_not_dropped", person=str(person), error=type(error).__name__)
        else:
            gone += max(1, len(commissions))
    return gone


async def _right_of(tx: Tx, commission: UUID, link: str) -> OneTimeRight:
    right = await store.right_of_link(tx, one_time.hash_link(link))
    if right is None or right.about != commission:
        raise bad_link(OneTimeResult.WRONG)
    return right


def _good(result: OneTimeResult, found: Commission | None) -> Commission:
    """The request of a good link. Raises `not-allowed`; a link whose request was deleted is too old."""
    if result is OneTimeResult.GOOD and found is not None:
        return found
    raise bad_link(OneTimeResult.EXPIRED if result is OneTimeResult.GOOD else result)


async def _held(tx: Tx, commission: UUID) -> Commission | None:
    """A request, held until the transaction ends; who sent it is first, so that two of theirs wait for each other."""
    found = await store.commission(tx, commission)
    if found is None:
        return None
    await store.hold_person(tx, found.sent_by)
    return await store.lock_commission(tx, commission)


async def _asked(tx: Tx, found: Commission) -> AskedRequest:
    record = CommissionRecord(found, (), await records.offering_of(tx, found))
    if found.state is not State.UNCONFIRMED:
        return AskedRequest(record, None, "")
    sender = await store.person(tx, found.customer)
    return AskedRequest(record, await store.brief(tx, found), sender.name if sender else "")


async def _let_in(
    tx: Tx, context: SignInContext, found: Commission, now: datetime, *, way: SignInWay, all_of_them: bool
) -> SignedIn:
    """Confirm this request, or all that the same browser sent, and sign in whose it is."""
    every = await store.unconfirmed_of(tx, found.sent_by)
    chosen = [each for each in every if all_of_them or each.commission == found.commission]
    account = await _confirm(tx, context, every, chosen, now) if chosen else await store.person(tx, found.customer)
    if account is None:
        raise not_found()
    return await open_session(tx, context, account, now, way=way)


async def _confirm(
    tx: Tx, context: SignInContext, every: Sequence[Commission], chosen: Sequence[Commission], now: datetime
) -> Person | None:
    """The account that these requests are now of; whether it is a new one is told to nobody."""
    sender = await store.person(tx, chosen[0].customer)
    if sender is None:
        return None
    account = await store.account_of_address(tx, sender, context.new_id(), now)
    await index(tx, account)
    limits = ConfirmationRules.of(context.settings).limits
    confirmations.check_unpaid(await store.unpaid_of(tx, account.person) + len(chosen) - 1, limits)
    facts: list[Fact | Tombstone] = [recorded(account, now)]
    for each in chosen:
        brief = await store.brief(tx, each)
        answers, images = (brief.answers, brief.images) if brief else ((), ())
        facts += confirmed_facts(each, account.person, answers, images, now)
        tx.touch(each.commission)
    await store.confirm_commissions(tx, [each.commission for each in chosen], account=account.person, at=now)
    if len(chosen) == len(every):
        await store.join_account(tx, sender.person, account.person)
        facts.append(Tombstone(Topic.PEOPLE, sender.person, now))
    await publish(tx, facts)
    return account


async def _drop(tx: Tx, commissions: Sequence[UUID], sender: UUID, reason: DropReason, now: datetime) -> None:
    """Delete these requests, and who sent them, unless they have another."""
    await store.drop_requests(tx, commissions)
    gone = await store.drop_provisional(tx, [sender])
    for commission in commissions:
        tx.touch(commission)
    facts: list[Fact | Tombstone] = [RequestDropped(at=now, commission=each, reason=reason) for each in commissions]
    if reason is DropReason.DENIED:
        facts += _brief_keys(commissions, now)
    for each in gone:
        facts += [SessionEnded(at=now, session=session) for session in each.sessions]
        facts.append(Tombstone(Topic.PEOPLE, each.person, now))
    await publish(tx, facts)


def _brief_keys(commissions: Sequence[UUID], now: datetime) -> list[Tombstone]:
    """Their briefs were never published: the keys tell a restored database that these were not confirmed, but gone."""
    return [Tombstone(Topic.BRIEFS, commission, now) for commission in commissions]
