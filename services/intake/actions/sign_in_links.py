"""Sign-in links: mailed to a commission's customer, or made by the one-machine stack."""

from dataclasses import replace
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions.people import record_and_sign_in
from services.intake.actions.sessions import SignedIn, SignInContext, open_session
from services.intake.domain.commissions import State
from services.intake.domain.people import SEEDED
from services.intake.domain.sessions import SignInWay
from services.intake.domain.sign_in_links import DAY, used_link, used_local_link
from shared.auth.roles import Role
from shared.auth.tokens import LEEWAY, LINK_LIFE, LOCAL_LINK_LIFE, InvalidTokenError, LocalLink, MailedLink, Verifier
from shared.contracts.commissions import SignInAsked
from shared.kernel.ids import Ids
from shared.outbox import publish
from shared.postgres.database import Tx


async def ask_for_link(tx: Tx, commission: UUID, *, new_id: Ids, now: datetime) -> None:
    """Have the customer of this commission be sent a link by which they sign in.

    The same for a commission that there is not, so that nobody learns here which there are; for one whose link is on
    its way, which is not sent again; and for one that is not confirmed: its own mail lets its customer in.
    """
    found = await store.lock_commission(tx, commission)
    if found is None or found.state is State.UNCONFIRMED:
        return
    before = await store.link_requests(tx, commission, since=now - DAY)
    if before.is_under_way(now):
        return
    ask = new_id()
    await store.add_link_request(tx, ask, commission, now)
    await publish(tx, [SignInAsked(at=now, commission=commission, customer=found.customer, ask=ask)])


def read_link(context: SignInContext, commission: UUID, written: str, now: datetime) -> MailedLink:
    """Whom a link signs in, if it is still good and leads to this commission; whether it was used is not looked at.

    Raises:
        Problem: not-allowed.
    """
    try:
        link = Verifier.read(context.settings.link_keys, issuer=context.settings.public_url).link(written, now)
    except InvalidTokenError as error:
        raise used_link() from error
    if link.commission != commission:
        raise used_link()
    return link


async def sign_in_by_link(tx: Tx, context: SignInContext, link: MailedLink, now: datetime) -> SignedIn:
    """Sign the commission's customer in, once for each link.

    Raises:
        Problem: not-allowed, if the link was used before, or the commission is not that person's.
    """
    found = await store.commission(tx, link.commission)
    customer = await store.person(tx, link.person)
    if found is None or customer is None or found.customer != customer.person or customer.role is not Role.CUSTOMER:
        raise used_link()
    if not await store.use_sign_in_link(tx, link.id, forget_at=now + LINK_LIFE + 2 * LEEWAY):
        raise used_link()
    return await open_session(tx, context, customer, now, way=SignInWay.MAILED_LINK)


def read_local_link(context: SignInContext, written: str, now: datetime) -> LocalLink:
    """What a local link grants, if it is still good; whether it was used is not looked at. Raises `not-allowed`."""
    verifier = Verifier.read(context.settings.local_link_keys, issuer=context.settings.public_url)
    try:
        return verifier.local_link(written, now)
    except InvalidTokenError as error:
        raise used_local_link() from error


async def sign_in_by_local_link(tx: Tx, context: SignInContext, link: LocalLink, now: datetime) -> SignedIn:
    """Sign in the seeded person of the link's role, once for each link.

    Raises:
        Problem: not-allowed, if the link was used before.
    """
    if not await store.use_sign_in_link(tx, link.id, forget_at=now + LOCAL_LINK_LIFE + 2 * LEEWAY):
        raise used_local_link()
    person = replace(SEEDED[link.role], language=context.settings.studio_language, confirmed_at=now)
    return await record_and_sign_in(tx, context, person, now, way=SignInWay.LOCAL_LINK)
