"""Sign-in links of the one-machine stack, which sign in the seeded person of a role."""

from dataclasses import replace
from datetime import datetime

from services.intake import store
from services.intake.actions.people import record_and_sign_in
from services.intake.actions.sessions import SignedIn, SignInContext
from services.intake.domain.people import SEEDED
from services.intake.domain.sessions import SignInWay
from services.intake.domain.sign_in import used_local_link
from shared.auth.tokens import LEEWAY, LOCAL_LINK_LIFE, InvalidTokenError, LocalLink, Verifier
from shared.postgres.database import Tx


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
