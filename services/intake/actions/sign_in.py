"""Signing in by mail: a link and a code to the address of somebody who is known, and the same answer for everybody.

Two ask: who types an address, and who opens a commission's page in a browser that does not know them.
"""

from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions.entering import prove_address
from services.intake.actions.sessions import SignedIn, SignInContext, open_session
from services.intake.domain import one_time
from services.intake.domain.commissions import State
from services.intake.domain.one_time import COUNTED_FOR, OneTimeResult, OneTimeRight, Purpose
from services.intake.domain.people import Person
from services.intake.domain.sessions import SignInWay
from services.intake.domain.sign_in import (
    OF_ONES_OWN,
    OF_STRANGERS,
    hash_address,
    is_known,
    nobody_at,
    refused_code,
    refused_link,
)
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


@dataclass(frozen=True)
class AskingBrowser:
    """What the browser that asks has of earlier: what was returned to it the last time, and proofs of who signed in.

    What was returned stays good while its mail is on its way. What somebody asks for in a browser of their own is
    neither held up by what strangers ask for nor counted with it.
    """

    before: UUID | None = None
    proofs: frozenset[str] = frozenset()


_NEW = AskingBrowser()


async def ask_for_link(
    tx: Tx, context: SignInContext, email: str, now: datetime, *, browser: AskingBrowser = _NEW
) -> UUID:
    """Have a link and a code mailed to this address, if somebody has it; returns what the code is to be sent with.

    For an address that nobody has, and for one that has had too many, what is returned is good for nothing, and nobody
    can tell: the same is kept of an address that nobody has, but no mail is asked for.
    """
    await store.hold_address(tx, hash_address(email))
    person = await store.person_of_address(tx, email)
    return await _ask(tx, context, person, email, now, browser=browser)


async def ask_on_page(
    tx: Tx, context: SignInContext, commission: UUID, now: datetime, *, browser: AskingBrowser = _NEW
) -> UUID:
    """Have them mailed to this commission's customer, who is led back to it; else as `ask_for_link`.

    The same for a commission that there is not, so that nobody learns here which there are; for one that is not
    confirmed, since its own mail lets its customer in; and for one whose customer has no address.
    """
    found = await store.commission(tx, commission)
    person = await _with_access(tx, found.customer) if found and found.state is not State.UNCONFIRMED else None
    if person and not person.email:
        person = None
    # no address looks like that, so what is kept of it is about nobody
    address = person.email if person else str(commission)
    await store.hold_address(tx, hash_address(address))
    return await _ask(tx, context, person, address, now, browser=browser, asked_on=commission)


async def _ask(
    tx: Tx,
    context: SignInContext,
    person: Person | None,
    address: str,
    now: datetime,
    *,
    browser: AskingBrowser,
    asked_on: UUID | None = None,
) -> UUID:
    ask, key = context.new_id(), context.settings.mail_secret.get_secret_value()
    about = person.person if person else nobody_at(key, hash_address(address))
    known = is_known(key, about, browser.proofs)
    pauses = OF_ONES_OWN if known else OF_STRANGERS
    asked_before = await store.links_of(tx, about, since=now - COUNTED_FOR, known_browser=known)
    if asked_before.is_under_way(now, pauses):
        newest = await store.newest_right(tx, Purpose.SIGN_IN, about, known_browser=known)
        return browser.before if browser.before and newest and newest.id == browser.before else ask
    secrets = MailSecrets(key)
    right = one_time.make(
        ask,
        Purpose.SIGN_IN,
        about,
        secret=secrets.link(ask),
        code=secrets.code(ask),
        now=now,
        expires_at=now + pauses.life(asked_before.times + 1),
    )
    await store.add_right(tx, replace(right, asked_on=asked_on, known_browser=known))
    if person is not None:
        asked = LinkAsked(at=now, person=about, right=ask, purpose=LinkPurpose.SIGN_IN, until=right.expires_at)
        await publish(tx, [asked])
    return ask


async def look_at_link(tx: Tx, link: str, now: datetime) -> Person:
    """Whom this link signs in; looking does not use it up.

    Raises:
        Problem: not-allowed, which says why.
    """
    _, person = await _follow(tx, link, now)
    return person


async def sign_in_by_link(tx: Tx, context: SignInContext, link: str, now: datetime) -> SignedIn:
    """Sign somebody in by the link in their mail, once.

    Raises:
        Problem: not-allowed, which says why.
    """
    used, person = await _follow(tx, link, now)
    await store.save_right(tx, used)
    await prove_address(tx, person, now)
    signed_in = await open_session(tx, context, person, now, way=SignInWay.MAILED_LINK)
    return replace(signed_in, asked_on=used.asked_on)


async def sign_in_by_code(tx: Tx, context: SignInContext, ask: UUID, code: str, now: datetime) -> CodeUse:
    """Sign somebody in by the code in their mail, in the browser that asked; a wrong one takes one of five tries.

    It returns the problem, which the door raises once the transaction is committed.
    """
    right = await store.right(tx, ask)
    if right is None:
        return CodeUse(problem=refused_code(OneTimeResult.WRONG))
    result, after = one_time.use_code(right, Purpose.SIGN_IN, code, now)
    await store.save_right(tx, after)
    person = await _with_access(tx, right.about)
    if result is not OneTimeResult.GOOD:
        return CodeUse(problem=refused_code(result), person=person.person if person else None)
    if person is None:
        return CodeUse(problem=refused_code(OneTimeResult.WRONG))
    await prove_address(tx, person, now)
    signed_in = await open_session(tx, context, person, now, way=SignInWay.CODE)
    return CodeUse(replace(signed_in, asked_on=right.asked_on))


async def _follow(tx: Tx, link: str, now: datetime) -> tuple[OneTimeRight, Person]:
    """The right of this link, as it is to be kept if it is used, and whom it signs in. Raises as `look_at_link`."""
    right = await store.right_of_link(tx, one_time.hash_link(link))
    if right is None:
        raise refused_link(OneTimeResult.WRONG)
    result, used = one_time.use_link(right, Purpose.SIGN_IN, link, now)
    if result is not OneTimeResult.GOOD:
        raise refused_link(result)
    person = await _with_access(tx, right.about)
    if person is None:
        raise refused_link(OneTimeResult.WRONG)
    return used, person


async def _with_access(tx: Tx, person: UUID) -> Person | None:
    """Somebody who may sign in; None for nobody, and for one whom ops let in no more, though they were sent a mail."""
    return await store.person(tx, person) if await store.has_access(tx, person) else None
