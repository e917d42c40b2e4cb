"""How a piece comes to its customer: chosen by them, or by the studio for them."""

from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.domain.commissions import check_confirmed
from services.intake.domain.delivery import Address, ChosenDelivery, read_address
from services.intake.domain.delivery_changes import check_changeable, check_missing
from services.intake.domain.record import CommissionRecord
from services.intake.store import deliveries
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import DeliveryChosen, DeliveryWay, ParcelMissed
from shared.contracts.fact import Fact, Topic
from shared.contracts.people import RecipientRecorded
from shared.kernel.ids import Ids
from shared.kernel.problems import not_found
from shared.outbox import Tombstone, publish
from shared.postgres.database import Tx


async def read(tx: Tx, caller: Caller, commission: UUID) -> CommissionRecord:
    """The commission whose delivery its customer, or ops, may read and choose. Raises `not-found`."""
    record = await records.load(tx, caller, commission)
    _only_theirs(caller, record)
    return record


async def choose(
    tx: Tx, caller: Caller, commission: UUID, way: DeliveryWay, typed: Address, *, new_id: Ids, now: datetime
) -> ChosenDelivery:
    """Keep how the piece comes to its customer, and publish it; the same again changes nothing.

    The address goes on `touchmark.people` alone; one that is not needed any more is erased there.

    Raises:
        Problem: not-found; validation-failed, by field; conflict, before an order, and once it is packed or sent.
    """
    found = await store.lock_commission(tx, commission)
    if found is None:
        raise not_found()
    record = await records.load_whole(tx, found)
    _only_theirs(caller, record)
    check_confirmed(found)
    address = read_address(typed, found.delivery_country) if way is DeliveryWay.PARCEL else None
    before = record.delivery
    if before and (before.way, before.address) == (way, address):
        return before
    check_changeable(record, caller.role)
    recipient = ((before.recipient if before else None) or new_id()) if address else None
    chosen = ChosenDelivery(commission, before.number + 1 if before else 1, way, recipient, address, now)
    await deliveries.choose(tx, chosen)
    tx.touch(commission)
    by = caller.ops or caller.witness
    facts: list[Fact | Tombstone] = []
    if address and recipient:
        facts.append(_recorded(chosen, recipient, address, found.delivery_country))
    facts.append(
        DeliveryChosen(at=now, commission=commission, number=chosen.number, way=way, recipient=recipient, by=by)
    )
    if before and before.recipient and recipient is None:
        facts.append(Tombstone(Topic.PEOPLE, before.recipient))
    await publish(tx, facts)
    return chosen


async def report_missing(tx: Tx, caller: Caller, commission: UUID, now: datetime) -> CommissionRecord:
    """Write down that the parcel has not come, and publish it once.

    Raises:
        Problem: not-found; conflict, before it was sent, once it has arrived, and after the end.
    """
    found = await store.lock_commission(tx, commission)
    if found is None:
        raise not_found()
    record = await records.load_whole(tx, found)
    _only_theirs(caller, record)
    if record.missed:
        return record
    check_missing(record)
    await deliveries.miss(tx, commission, now)
    tx.touch(commission)
    await publish(tx, [ParcelMissed(at=now, commission=commission, by=caller.ops or caller.witness)])
    return await records.load_whole(tx, found)


def _only_theirs(caller: Caller, record: CommissionRecord) -> None:
    if caller.role is not Role.OPS and record.commission.customer != caller.person:
        raise not_found()


def _recorded(chosen: ChosenDelivery, recipient: UUID, address: Address, country: str) -> RecipientRecorded:
    return RecipientRecorded(
        at=chosen.chosen_at,
        recipient=recipient,
        commission=chosen.commission,
        number=chosen.number,
        name=address.name,
        street=address.street,
        extra=address.extra,
        postcode=address.postcode,
        city=address.city,
        country=country,
        phone=address.phone,
    )
