"""What ops do at the bench: each fact of it names who did it. What maker and customer do names nobody of ops."""

from typing import Any
from uuid import UUID

from services.production.actions import making, mishaps, parcels, tasks
from services.production.domain.mishaps import MishapSaid
from shared.auth.roles import Caller
from shared.contracts.commissions import ReceiptConfirmed
from shared.contracts.production import Mishap
from shared.kernel.ids import new_id
from shared.web.idempotency import request_key
from tests.support.production import MAKER, NOW, OPS, Production

BY = str(OPS.person)
AUDITED = ("GatePassed", "MishapReported", "PieceReplanned", "PiecePacked", "ParcelHandedOver", "ParcelDelivered")


async def who(production: Production, commission: UUID) -> list[tuple[str, Any]]:
    """Who of ops did it, of each fact that says so."""
    return [(name, said["by"]) for name, said in await production.facts(commission) if name in AUDITED]


async def whole_life(production: Production, caller: Caller) -> UUID:
    """A piece with a gate, a mishap and its parcel, all by the same person."""
    commission = await production.booked()
    await production.open_gate(commission, "cut")
    task = (await production.current(commission)).task
    await production.act(tasks.start_task, task, {"band"}, by=caller)
    key = request_key(caller, "POST mishap", str(new_id()))
    said = MishapSaid(Mishap.TOOL_BROKEN)
    answer = await production.act(mishaps.report_mishap, task, said, key=key, by=caller)
    await production.act(mishaps.undo_mishap, task, UUID(answer.body["mishap"]), by=caller)
    await production.make_until(commission)
    await production.act(parcels.pack, commission, by=caller)
    await production.paid(commission)
    await production.act(parcels.hand_over, commission, carrier="other", tracking="A-1234", by=caller)
    return commission


async def test_what_ops_do_at_the_bench_is_named(production: Production) -> None:
    commission = await whole_life(production, OPS)
    await production.act(parcels.note_delivery, commission, by=OPS)

    named = await who(production, commission)

    assert {name for name, by in named if by == BY} == set(AUDITED) - {"PieceReplanned"}


async def test_what_the_maker_and_the_customer_do_names_nobody_of_ops(production: Production) -> None:
    commission = await whole_life(production, MAKER)
    confirmed = ReceiptConfirmed(at=NOW, commission=commission, customer=new_id())
    await production.handle(parcels.confirm_receipt, confirmed, production.context)

    named = await who(production, commission)

    assert {name for name, _ in named} == set(AUDITED)
    assert {by for _, by in named} == {None}


async def test_who_gives_a_piece_to_another_maker_is_named(production: Production) -> None:
    commission = await production.booked()
    other = await production.another_maker("goldsmith", "hand_engraver")

    await production.act(making.give_to_another_maker, commission, other.person, by=OPS)

    assert await who(production, commission) == [("PieceReplanned", BY)]
    await production.stop(commission)
    async with production.database.transaction() as tx:
        await tx.connection.execute("UPDATE maker SET state = 'resting' WHERE maker = $1", other.person)
