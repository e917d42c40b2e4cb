"""Where a piece goes, at the bench: nothing is packed before it is known, and what is collected is signed for."""

from collections.abc import AsyncIterator
from uuid import UUID

import httpx
import pytest

from services.production.actions import leaving, parcels
from services.production.domain.pieces import PieceState
from services.production.main import web
from services.production.store import deliveries
from shared.auth.roles import Role
from shared.contracts.commissions import DeliveryWay, ParcelMissed, ReceiptConfirmed
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem
from shared.postgres.database import Database
from tests.support.production import GOOD, MAKER, OPS, Production, kernel_of
from tests.support.web import ORIGIN, client_of, cookie

BY_MAKER = {**cookie(Role.MAKER, MAKER.person), "Origin": ORIGIN}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def _made(production: Production) -> UUID:
    """A piece that is made, and nobody has said where it goes."""
    commission = await production.booked()
    await production.make_until(commission, "check")
    await production.start(commission)
    await production.finish(commission, **GOOD)
    return commission


async def test_nothing_is_packed_before_it_is_known_where_it_goes(
    client: httpx.AsyncClient, production: Production
) -> None:
    commission = await _made(production)
    path = f"/bench/pieces/{(await production.piece(commission)).piece}"

    refused = await client.post(f"{path}/pack", headers=BY_MAKER)
    asked = await client.post(f"{path}/address-reminder", headers=BY_MAKER)
    await client.post(f"{path}/address-reminder", headers=BY_MAKER)
    page = await client.get(path, headers=cookie(Role.MAKER, MAKER.person))

    assert refused.status_code == 409
    assert "Nobody has said yet where this piece goes." in refused.text
    assert asked.status_code == 303
    assert "The customer was asked" in page.text
    assert [name for name, _ in await production.facts(commission)].count("AddressAsked") == 1, "once a day"


async def test_the_customer_is_asked_by_itself_once_all_is_paid(production: Production) -> None:
    commission = await _made(production)

    await production.paid(commission)
    await production.goes_to(commission)
    await production.act(parcels.pack, commission)

    facts = await production.facts(commission)
    assert [name for name, _ in facts if name in {"AddressAsked", "PiecePacked"}] == ["AddressAsked", "PiecePacked"]
    assert facts[-1][1]["delivery"] == 1


async def test_an_address_that_changes_after_packing_is_a_new_label(
    client: httpx.AsyncClient, production: Production
) -> None:
    commission = await _made(production)
    await production.goes_to(commission)
    await production.act(parcels.pack, commission)

    await production.goes_to(commission, number=2, street="Ahornweg 1")

    piece = (await production.piece(commission)).piece
    page = await client.get(f"/bench/pieces/{piece}", headers=cookie(Role.MAKER, MAKER.person))
    assert "write a new label" in page.text
    assert "Ahornweg 1" in page.text
    await production.paid(commission)
    await production.act(parcels.hand_over, commission, carrier="other", tracking="A-1234")
    name, said = (await production.facts(commission))[-1]
    assert (name, said["delivery"]) == ("ParcelHandedOver", 2)


async def test_an_older_choice_that_comes_late_changes_nothing(production: Production) -> None:
    commission = await _made(production)
    await production.goes_to(commission, number=2, way=DeliveryWay.PICKUP)

    await production.goes_to(commission, number=1)
    await production.act(parcels.pack, commission)

    assert (await production.piece(commission)).packed_for == 2


async def test_a_piece_that_is_collected_has_no_parcel_and_is_signed_for_on_the_tablet(production: Production) -> None:
    commission = await _made(production)
    await production.goes_to(commission, way=DeliveryWay.PICKUP)
    await production.act(parcels.pack, commission)
    await production.paid(commission)
    at_home = ReceiptConfirmed(at=production.now, commission=commission, customer=new_id())

    for action, given in ((parcels.hand_over, {"carrier": "other", "tracking": "A-1"}), (parcels.note_delivery, {})):
        with pytest.raises(Problem):
            await production.act(action, commission, by=OPS, **given)
    await production.handle(parcels.confirm_receipt, at_home, production.context)
    before = (await production.piece(commission)).state
    await production.handle(parcels.confirm_receipt, at_home.model_copy(update={"by": OPS.person}), production.context)

    assert before is PieceState.PACKED
    assert (await production.piece(commission)).state is PieceState.DELIVERED
    names = [name for name, _ in await production.facts(commission)]
    assert names[-3:] == ["PiecePacked", "ReadyForPickup", "ParcelDelivered"]


async def test_an_erased_address_is_nowhere_at_the_bench(production: Production, database: Database) -> None:
    commission = await _made(production)
    recipient = await production.goes_to(commission)

    await production.handle(leaving.erase_person, recipient, 9)

    async with database.transaction() as tx:
        assert await deliveries.delivery(tx, commission) is not None
        row = await tx.connection.fetchrow("SELECT * FROM recipient WHERE recipient = $1", recipient)
    assert row is not None
    assert not [value for name, value in row.items() if name not in {"recipient", "version"} and value is not None]


async def test_a_parcel_that_is_missed_can_be_claimed_and_its_commission_ended_for_nothing(
    client: httpx.AsyncClient, production: Production
) -> None:
    commission = await _made(production)
    await production.goes_to(commission)
    await production.act(parcels.pack, commission)
    await production.paid(commission)
    await production.act(parcels.hand_over, commission, carrier="ups", tracking="1Z999AA10123456784")
    missed = ParcelMissed(at=production.now, commission=commission)

    too_early = await production.stop(commission)
    await production.handle(parcels.record_missed, missed, production.context)
    await production.act(parcels.claim, commission, "C-4711", by=OPS)
    await production.act(parcels.claim, commission, "C-4711", by=OPS)
    piece = (await production.piece(commission)).piece
    page = await client.get(f"/bench/pieces/{piece}", headers=cookie(Role.OPS, OPS.person))
    stopped = await production.stop(commission, 0)

    assert (too_early.stopped, stopped.stopped, stopped.owed_percent) == (False, True, 0)
    assert "The parcel has not come" in page.text
    assert "C-4711" in page.text
    names = [name for name, _ in await production.facts(commission)]
    assert names[-2:] == ["ParcelClaimed", "MakingStopped"]


async def test_a_parcel_that_nobody_misses_is_not_claimed(production: Production) -> None:
    commission = await production.booked()
    await production.sent(commission)

    with pytest.raises(Problem):
        await production.act(parcels.claim, commission, "C-4711", by=OPS)
