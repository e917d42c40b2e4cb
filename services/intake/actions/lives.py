"""One commission's whole life, put together from what intake keeps of it."""

from collections.abc import Iterable
from uuid import UUID

from services.intake import store
from services.intake.domain import commissions
from services.intake.domain.commissions import Commission
from services.intake.domain.life import Life
from shared import offerings
from shared.auth.roles import Caller
from shared.contracts.fact import CommissionFact
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept_exactly
from shared.postgres.database import Tx


async def visible(tx: Tx, caller: Caller, commission: UUID) -> tuple[Commission, tuple[CommissionFact, ...]]:
    """A commission that the caller may see, and what was told about it. Raises `not-found`."""
    found = await store.commission(tx, commission)
    told = (await store.told(tx, [commission]))[commission]
    if found is None or not commissions.may_see(caller.person, caller.role, found, told):
        raise not_found()
    return found, told


async def life(tx: Tx, caller: Caller, commission: UUID) -> Life:
    """The life of a commission that the caller may see. Raises `not-found`."""
    return await whole(tx, *await visible(tx, caller, commission))


async def own_life(tx: Tx, caller: Caller, commission: UUID) -> Life:
    """The life of the caller's own commission, held against change until the commit. Raises `not-found`."""
    found = await store.lock_commission(tx, commission)
    if found is None or found.customer != caller.person:
        raise not_found()
    return await whole(tx, found, (await store.told(tx, [commission]))[commission])


async def offering_of(tx: Tx, commission: Commission) -> Offering | None:
    """The offering in the version that the commission started with."""
    try:
        document = offerings.load(commission.offering)
    except offerings.UnknownOfferingError:
        document = None
    if document and document.sha256 == commission.offering_sha256:
        return document.offering
    return await kept_exactly(tx, OfferingKey.of(commission), commission.offering_sha256)


async def whole(tx: Tx, found: Commission, told: Iterable[CommissionFact]) -> Life:
    """What was told about a commission, with all that intake keeps of it."""
    return Life(
        found,
        tuple(told),
        await offering_of(tx, found),
        await store.approvals(tx, found.commission),
        await store.cancellations(tx, found.commission),
        await store.texts(tx, found.commission),
    )
