"""A whole making at the bench leaves a journal from which the certificate is compiled."""

from decimal import Decimal

from services.production.actions import certificates, parcels
from services.production.store import journal as store
from shared.certificates.journal import JournalEntryKind
from shared.contracts.commands.production import IssueCertificate
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.production import MAKER, Production


async def test_what_the_bench_did_is_what_is_certified(production: Production, database: Database) -> None:
    commission = await production.booked()
    await production.sent(commission)
    await production.act(parcels.note_delivery, commission)

    issued = await production.command(certificates.issue, IssueCertificate(id=new_id(), commission=commission))

    async with database.transaction() as tx:
        look = await certificates.read_certificate(tx, issued.serial, production.settings)
        entries = await store.entries(tx, issued.piece)
    assert look.in_order, look.discrepancies
    found = look.certificate
    assert found
    assert [stage.stage for stage in found.stages] == [
        "prepare",
        "bend",
        "true",
        "file",
        "assay",
        "engrave",
        "finish",
        "check",
    ]
    assert found.minutes == 8 * 60
    assert found.makers == (MAKER.person,)
    assert {one.check: one.value for one in found.measures}["size"] == Decimal("54.1")
    assert len(found.measures) == 9
    assert [trait.chosen for trait in found.piece] == ["18 ct yellow gold (750)", "Satin"]
    assert found.materials[0].material == "gold_wire_750"
    assert {
        JournalEntryKind.PROMISE_BOOKED,
        JournalEntryKind.GATE_PASSED,
        JournalEntryKind.PACKED,
        JournalEntryKind.DELIVERED,
    } <= {one.entry for one in entries}
    said = "".join(entry.said for entry in entries)
    assert "Ada" not in said
    assert "wedding" not in said, "why it was wished is nobody else's business"
    assert "A-1234" not in said, "a parcel's number leads to an address"
