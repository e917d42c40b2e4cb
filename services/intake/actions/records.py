"""The record of a commission, put together from what intake keeps of it."""

from collections.abc import Callable, Iterable, Sequence
from uuid import UUID

from services.intake import store
from services.intake.domain import commissions
from services.intake.domain.commissions import Commission, maker_of
from services.intake.domain.record import CommissionRecord
from services.intake.store import deliveries
from services.intake.store import erasure as leavers
from services.intake.store import proposals as proposed
from shared import offerings
from shared.auth.roles import Caller, Role
from shared.contracts.fact import CommissionFact
from shared.kernel.problems import not_found
from shared.offerings import OfferingDocument
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept_document
from shared.postgres.database import Tx

_Allowed = Callable[[UUID, Role, Commission, tuple[CommissionFact, ...]], bool]


async def visible(tx: Tx, caller: Caller, commission: UUID) -> tuple[Commission, tuple[CommissionFact, ...]]:
    """A commission that the caller may see, and the facts about it. Raises `not-found`."""
    return await _read(tx, caller, commission, commissions.may_see)


async def conversing(tx: Tx, caller: Caller, commission: UUID) -> tuple[Commission, tuple[CommissionFact, ...]]:
    """A commission whose conversation the caller may see. Raises `not-found`."""
    return await _read(tx, caller, commission, commissions.may_converse)


async def _read(
    tx: Tx, caller: Caller, commission: UUID, allowed: _Allowed
) -> tuple[Commission, tuple[CommissionFact, ...]]:
    found = await store.commission(tx, commission)
    facts = (await store.facts(tx, [commission]))[commission]
    if found is None or not allowed(caller.person, caller.role, found, facts):
        raise not_found()
    return found, facts


async def confirmed(tx: Tx, caller: Caller, commission: UUID) -> Commission:
    """A commission that the caller may write about. Raises `not-found`; `conflict`, unless it is confirmed."""
    found, _ = await conversing(tx, caller, commission)
    commissions.check_confirmed(found)
    return found


async def load(tx: Tx, caller: Caller, commission: UUID) -> CommissionRecord:
    """The record of a commission that the caller may see. Raises `not-found`."""
    return await complete(tx, *await visible(tx, caller, commission))


async def load_own(tx: Tx, caller: Caller, commission: UUID) -> CommissionRecord:
    """The record of the caller's own commission, held against change until the commit.

    Raises:
        Problem: not-found; conflict, while it is not confirmed.
    """
    found = await store.lock_commission(tx, commission)
    if found is None or found.customer != caller.person:
        raise not_found()
    commissions.check_confirmed(found)
    return await complete(tx, found, (await store.facts(tx, [commission]))[commission])


async def load_whole(tx: Tx, found: Commission) -> CommissionRecord:
    """The record of a commission whose reader is known to be allowed to see it."""
    return await complete(tx, found, (await store.facts(tx, [found.commission]))[found.commission])


async def offering_of(tx: Tx, commission: Commission) -> Offering | None:
    """The offering in the version that the commission started with."""
    found = await document_of(tx, commission)
    return found.offering if found else None


async def document_of(tx: Tx, commission: Commission) -> OfferingDocument | None:
    """The same, as a document."""
    try:
        document = offerings.load(commission.craft, commission.offering)
    except offerings.UnknownOfferingError:
        document = None
    if document and document.sha256 == commission.offering_sha256:
        return document
    return await kept_document(tx, OfferingKey.of(commission), commission.offering_sha256)


async def complete(tx: Tx, found: Commission, facts: Iterable[CommissionFact]) -> CommissionRecord:
    """The facts about a commission, with all that intake keeps of it."""
    return CommissionRecord(
        found,
        tuple(facts),
        await offering_of(tx, found),
        await store.approvals(tx, [found.commission]),
        await store.cancellations(tx, [found.commission]),
        await store.texts(tx, found.commission),
        await deliveries.delivery(tx, found.commission),
        claims=await store.claims(tx, [found.commission]),
        contract_withdrawal=await store.contract_withdrawal(tx, found.commission),
        refusal=await store.request_refusal(tx, found.commission),
        proposals=await proposed.proposals(tx, [found.commission]),
    )


async def of_list(tx: Tx, found: Sequence[Commission]) -> tuple[CommissionRecord, ...]:
    """Several records for a list, which shows no texts; as many queries as for one."""
    ids = [each.commission for each in found]
    facts = await store.facts(tx, ids)
    goes = {each.commission: each for each in await deliveries.deliveries(tx, ids)}
    approvals, cancellations = await store.approvals(tx, ids), await store.cancellations(tx, ids)
    return tuple(
        [
            CommissionRecord(
                each,
                facts[each.commission],
                await offering_of(tx, each),
                tuple(one for one in approvals if one.commission == each.commission),
                tuple(one for one in cancellations if one.commission == each.commission),
                delivery=goes.get(each.commission),
            )
            for each in found
        ]
    )


async def open_pieces(tx: Tx, maker: UUID) -> Sequence[UUID]:
    """The commissions whose pieces somebody still has to make, oldest first."""
    facts = await store.facts(tx, await leavers.open_commissions_named(tx, maker))
    return sorted(commission for commission, about in facts.items() if maker_of(about) == maker)
