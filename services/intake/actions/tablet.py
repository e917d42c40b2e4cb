"""The studio hands its tablet to a customer at the counter, who decides there about one commission."""

import secrets
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions.sessions import SignedIn, SignInContext, check_session, end_session, record
from services.intake.domain.commissions import check_confirmed
from services.intake.domain.people import Person, Session, fingerprint
from services.intake.domain.sessions import SecurityKind, SignInWay
from services.intake.domain.tablet import Handover
from services.intake.store import entering
from shared.auth.roles import Caller, only_owner
from shared.auth.tokens import TOKEN_LIFE
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


@dataclass(frozen=True)
class Handovers:
    """Whom the tablet would be handed to, and when it was before, newest first."""

    customer: Person
    before: tuple[Handover, ...]

    @property
    def is_open(self) -> bool:
        """Whether somebody can decide on a tablet at this moment."""
        return any(each.is_open for each in self.before)


async def read_handovers(tx: Tx, commission: UUID, now: datetime) -> Handovers:
    """Raises `not-found`; `conflict`, unless the commission is confirmed."""
    return Handovers(await _customer(tx, commission), await entering.handovers(tx, commission, now))


async def hand_over(
    tx: Tx, context: SignInContext, caller: Caller, commission: UUID, *, name: str, now: datetime
) -> SignedIn:
    """Open a session of the customer that is about this commission alone: for a quarter of an hour, never renewed.

    Nobody learns its secret. What is done in it is the customer's, and its facts name whom it is by as witness.

    Raises:
        Problem: not-found; conflict, unless the commission is confirmed; not-signed-in, if the caller's session ended.
    """
    await store.hold_session(tx, caller.session)  # two presses in a page: the second one finds it ended
    await check_session(tx, caller)
    customer = await _customer(tx, commission)
    session = Session(context.new_id(), customer.person, customer.role, now + TOKEN_LIFE, customer.name)
    await store.open_session(tx, session, fingerprint(secrets.token_urlsafe(32)), context.device, now)
    await entering.add_handover(tx, Handover(session.session, commission, caller.person, name, now))
    await record(tx, context, SecurityKind.SIGNED_IN, customer, now, way=SignInWay.TABLET, by=caller.person)
    there = Caller(
        customer.person,
        customer.role,
        session.session,
        customer.name,
        witness=caller.person,
        commission=commission,
    )
    return SignedIn(there, context.signer.token(there, now), session.expires_at, session.expires_at)


async def take_back(tx: Tx, context: SignInContext, caller: Caller, commission: UUID, now: datetime) -> None:
    """End every session that is open on a tablet for this commission, as the customer there or somebody of the studio.

    Raises:
        Problem: not-found; conflict, unless the commission is confirmed.
    """
    only_owner(caller, (await _customer(tx, commission)).person)
    for each in await entering.handovers(tx, commission, now):
        if each.is_open:
            await end_session(tx, context, each.session, now, by=caller.ops)


async def _customer(tx: Tx, commission: UUID) -> Person:
    found = await store.commission(tx, commission)
    if found is None:
        raise not_found()
    check_confirmed(found)
    customer = await store.person(tx, found.customer)
    if customer is None:
        raise not_found()
    return customer
