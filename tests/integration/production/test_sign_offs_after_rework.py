"""What the bench signed off of a piece ends with that piece: it is needed again, and the journal has both."""

import json
from uuid import UUID

import pytest

from services.production.actions import board, certificates, journal, mishaps, parcels, tasks
from services.production.domain.gates import owed_percent
from services.production.domain.mishaps import MishapSaid
from services.production.main import web
from services.production.store import journal as store
from shared import offerings
from shared.auth.roles import Role
from shared.certificates.journal import JournalEntryKind, broken_links
from shared.contracts.commands.intake import CancellationRefusal
from shared.contracts.commands.production import IssueCertificate
from shared.contracts.production import Mishap
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from shared.web.idempotency import request_key
from tests.support.production import MAKER, Production, kernel_of
from tests.support.web import bearer, client_of, cookie

RING = offerings.load("jewellery", "engraved-ring").offering


async def test_a_new_piece_of_metal_is_signed_off_again_before_the_hallmarks(
    production: Production, database: Database
) -> None:
    commission = await _damaged(production)
    await production.make_until(commission, "assay")
    task = await production.current(commission)

    ticket = await production.act(board.read_job_ticket, task.task)
    with pytest.raises(Problem) as refused:
        await production.act(tasks.start_task, task.task, set())
    await production.start(commission)
    await production.act(tasks.start_task, task.task, set())

    assert [each.id for each in ticket.signs] == ["band"]
    assert refused.value.type is ProblemType.VALIDATION_FAILED
    assert [field.field for field in refused.value.fields] == ["sign_band"]
    (band,) = [each for each in (await production.piece(commission)).signed if each.gate == "hallmark"]
    assert (band.person, band.signed_at) == (MAKER.person, production.now)
    opened = await _opened(database, commission, "hallmark")
    assert [by for by, _ in opened] == [MAKER.person] * 2
    assert opened[-1][1] == production.now
    facts = [(name, said.get("gate")) for name, said in await production.facts(commission)]
    assert [facts.count((name, "hallmark")) for name in ("GateReached", "GateOpened", "GatePassed")] == [2, 2, 1]


async def test_a_piece_that_goes_back_owes_what_it_owed_and_keeps_what_the_customer_signed(
    production: Production,
) -> None:
    commission = await _damaged(production)

    piece = await production.piece(commission)
    refused = await production.stop(commission, at_most=35)

    assert {(each.gate, each.sign_off) for each in piece.signed} == {
        ("cut", "size"),
        ("engraving", "words"),
        ("engraving", "layout"),
    }
    assert owed_percent(RING, piece.passed) == 65
    assert (refused.stopped, refused.owed_percent, refused.refusal) == (False, 65, CancellationRefusal.GATE_PASSED)
    await production.start(commission)


async def test_a_check_that_is_not_met_has_signed_again_only_what_comes_after_it(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "check")

    for back_to, reached in (("finish", 1), ("assay", 2)):
        await production.make_until(commission, "check")
        await production.start(commission)
        await production.finish(commission, weight="9", back_to=back_to)

        facts = [said["gate"] for name, said in await production.facts(commission) if name == "GateReached"]
        signed = {each.gate for each in (await production.piece(commission)).signed}
        assert facts.count("hallmark") == reached
        assert ("hallmark" in signed) is (reached == 1)


async def test_the_api_and_the_page_say_what_is_missing_again(production: Production, database: Database) -> None:
    commission = await _damaged(production)
    piece = (await production.piece(commission)).piece

    async with client_of(web(kernel_of(database))) as client:
        answer = await client.get(f"/api/v1/production/pieces/{piece}", headers=bearer(Role.MAKER, MAKER.person))
        page = await client.get(f"/bench/pieces/{piece}", headers=cookie(Role.MAKER, MAKER.person))

    (hallmark,) = [gate for gate in answer.json()["piece"]["gates"] if gate["gate"] == "hallmark"]
    assert (hallmark["missing"], hallmark["opened_at"]) == (["band"], None)
    assert hallmark["passed_at"] is not None
    said = page.text.partition("<strong>Striking the hallmarks</strong>")[2].partition("</li>")[0]
    assert "Not started" in said


async def test_a_piece_that_was_made_a_second_time_is_certified(production: Production, database: Database) -> None:
    commission = await _damaged(production)
    await production.sent(commission)
    await production.act(parcels.note_delivery, commission)

    issued = await production.command(certificates.issue, IssueCertificate(id=new_id(), commission=commission))

    async with database.transaction() as tx:
        look = await certificates.read_certificate(tx, issued.serial, production.settings)
        piece = await store.piece_of_commission(tx, commission)
        assert piece
        entries = await store.entries(tx, piece)
        serial = await journal.serial_of(tx, piece)
    assert look.in_order, look.discrepancies
    assert list(broken_links(serial or "", entries)) == []


async def _damaged(production: Production) -> UUID:
    """A piece that came past the hallmarks, and has to be made again from its first step on."""
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    task = await production.current(commission)
    key = request_key(MAKER, f"mishap of {commission}", "1")
    await production.act(mishaps.report_mishap, task.task, MishapSaid(Mishap.PIECE_DAMAGED), key=key)
    return commission


async def _opened(database: Database, commission: UUID, gate: str) -> list[tuple[UUID | None, object]]:
    """By whom and when a gate was opened, as the journal has it."""
    async with database.transaction() as tx:
        piece = await store.piece_of_commission(tx, commission)
        assert piece
        entries = await store.entries(tx, piece)
    found = [
        each for each in entries if each.entry == JournalEntryKind.GATE_OPENED and json.loads(each.said)["gate"] == gate
    ]
    return [(each.by, each.at) for each in found]
