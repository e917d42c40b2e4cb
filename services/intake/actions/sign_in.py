"""Signing in by mail: a link and a code to the address of somebody who is known, and the same answer for everybody."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions.sessions import SignedIn, SignInContext, open_session
from services.intake.domain import one_time
from services.intake.domain.one_time import OneTimeResult, OneTimeRight, Purpose
from services.intake.domain.people import Person
from services.intake.domain.sessions import SignInWay
from services.intake.domain.sign_in import SIGN_IN_LIFE, hash_address, nobody_at, refused_code, refused_link
from services.intake.domain.sign_in_links import DAY
from shared.auth.mail_secrets import MailSecrets
from shared.contracts.access import LinkAsked, LinkPurpose
from shared.kernel.problems import Problem
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)


@dataclass(frozen=True)
class CodeUse:
    """What came of typing a code: somebody who is signed in, or a problem. Either way a try may be used up."""

    signed_in: SignedIn | None = None
    problem: Problem | None = None
    person: UUID | None = None


async def ask_for_link(
    tx: Tx, context: SignInContext, email: str, now: datetime, *, before: UUID | None = None
) -> UUID:
    """Have a link and a code mailed to this address, if somebody has it; returns what the code is to be sent with.

    For an address that nobody has, and for one that has had too many, what is returned is good for nothing, and nobody
    can tell: the same is kept of an address that nobody has, but no mail is asked for. `before` is what was returned to
    this browser the last time: it stays good while its mail is on its way.
    """
    ask, key, address = context.new_id(), context.settings.mail_secret.get_secret_value(), hash_address(email)
    await store.hold_address(tx, address)
    person = await store.person_of_address(tx, email)
    about = person.person if person else nobody_at(key, address)
    if (await store.links_of(tx, about, since=now - DAY)).is_under_way(now):
        newest = await store.newest_right(tx, Purpose.SIGN_IN, about)
        return before if before and newest and newest.id == before else ask
    secrets = MailSecrets(key)
    right = one_time.make(
        ask,
        Purpose.SIGN_IN,
        about,
        secret=secrets.link(ask),
        code=secrets.code(ask),
        now=now,
        expires_at=now + SIGN_IN_LIFE,
    )
    await store.add_right(tx, right)
    if person is not None:
        asked = LinkAsked(at=now, person=about, right=ask, purpose=LinkPurpose.SIGN_IN, until=right.expires_at)
        await publish(tx, [asked])
    return ask


async def look_at_link(tx: Tx, link: str, now: datetime) -> Person:
    """Whom this link signs in; looking does not use it up.

    Raises:
        Problem: not-allowed, which says why.
    """
    right = await _right_of(tx, link)
    result = one_time.check_link(right, Purpose.SIGN_IN, link, now) if right else OneTimeResult.WRONG
    person = await _of(tx, right) if right else None
    if result is not OneTimeResult.GOOD or person is None:
        raise refused_link(OneTimeResult.WRONG if result is OneTimeResult.GOOD else result)
    return person


async def sign_in_by_link(tx: Tx, context: SignInContext, link: str, now: datetime) -> SignedIn:
    """Sign somebody in by the link in their mail, once.

    Raises:
        Problem: not-allowed, which says why.
    """
    person = await look_at_link(tx, link, now)
    right = await _right_of(tx, link)
    result, used = one_time.use_link(right, Purpose.SIGN_IN, link, now) if right else (OneTimeResult.WRONG, None)
    if result is not OneTimeResult.GOOD or used is None:
        raise refused_link(result)
    await store.save_right(tx, used)
    return await open_session(tx, context, person, now, way=SignInWay.MAILED_LINK)


async def sign_in_by_code(tx: Tx, context: SignInContext, ask: UUID, code: str, now: datetime) -> CodeUse:
    """Sign somebody in by the code in their mail, in the browser that asked; a wrong one takes one of five tries.

    It returns the problem, which the door raises once the transaction is committed.
    """
    right = await store.right(tx, ask)
    if right is None:
        return CodeUse(problem=refused_code(OneTimeResult.WRONG))
    result, after = one_time.use_code(right, Purpose.SIGN_IN, code, now)
    await store.save_right(tx, after)
    person = await _of(tx, right)
    if result is not OneTimeResult.GOOD:
        return CodeUse(problem=refused_code(result), person=person.person if person else None)
    if person is None:
        return CodeUse(problem=refused_code(OneTimeResult.WRONG))
    return CodeUse(await open_session(tx, context, person, now, way=SignInWay.CODE))


async def _of(tx: Tx, right: OneTimeRight) -> Person | None:
    """Whom a right signs in; None for somebody whom ops let in no more, though their mail was sent before."""
    return await store.person(tx, right.about) if await store.has_access(tx, right.about) else None


async def _right_of(tx: Tx, link: str) -> OneTimeRight | None:
    return await store.right_of_link(tx, one_time.hash_link(link))
