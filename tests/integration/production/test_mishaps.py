"""A mishap says what it would move, counts at once, and is undone by a second entry."""

import asyncio
from collections.abc import AsyncIterator
from io import BytesIO
from uuid import UUID, uuid4

import httpx
import pytest
from PIL import Image

from services.production.actions import mishaps
from services.production.domain.mishaps import MishapSaid
from services.production.domain.pieces import Piece
from services.production.main import web
from services.production.store import journal as store
from services.production.store import promises
from shared.auth.roles import Role
from shared.certificates.journal import broken_links
from shared.contracts.production import Mishap, MishapCause
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from shared.web.idempotency import request_key
from tests.support.production import MAKER, Production, kernel_of
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/production"
DAMAGED = MishapSaid(Mishap.PIECE_DAMAGED)
MAKERS_PAGE = {**cookie(Role.MAKER, MAKER.person), "Sec-Fetch-Site": "same-origin"}


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


@pytest.mark.parametrize("kind", list(Mishap))
async def test_what_a_mishap_would_move_is_what_it_moves(production: Production, kind: Mishap) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = (await production.start(commission)).task
    before = await everything(production, commission)

    preview = await production.act(mishaps.preview_mishap, task, MishapSaid(kind))
    untouched = await everything(production, commission)
    await report(production, commission, MishapSaid(kind))

    piece = await production.piece(commission)
    assert untouched == before
    assert (piece.ready_by, piece.current.stage if piece.current else "") == (preview.ready_by, preview.next_stage.id)


@pytest.mark.parametrize("said", [DAMAGED, MishapSaid(Mishap.TOOL_BROKEN), MishapSaid(Mishap.PIECE_DAMAGED, "bend")])
async def test_an_undone_mishap_leaves_the_piece_as_it_was(production: Production, said: MishapSaid) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    await production.start(commission)
    production.later(minutes=20)
    was = await production.piece(commission)
    hours = await slots(production, was)

    mishap = await report(production, commission, said)
    for _ in range(2):
        await undo(production, commission, mishap)

    piece = await production.piece(commission)
    task = piece.current
    assert task is not None
    assert (task.task, task.state, task.minutes) == (was.current.task if was.current else None, "paused", 20)
    assert (piece.ready_by, piece.signed, await slots(production, piece)) == (was.ready_by, was.signed, hours)
    names = [name for name, _ in await production.facts(commission)]
    assert names.count("MishapUndone") == 1
    assert names[-2:] == ["MishapUndone", "PieceReplanned"]
    assert await chain_holds(production, piece)
    await production.make_until(commission)


async def test_hours_that_somebody_else_was_promised_meanwhile_stay_theirs(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    mishap = await report(production, commission, MishapSaid(Mishap.MATERIAL_SPOILT))
    other = await production.hold(new_id())
    theirs = (await production.promise(other.promise)).slots

    await undo(production, commission, mishap)

    assert (await production.promise(other.promise)).slots == theirs
    assert (await production.current(commission)).stage == "file"
    await production.make_until(commission)


async def test_a_piece_that_waited_at_a_gate_waits_there_again(production: Production) -> None:
    commission = await production.booked()
    mishap = await report(production, commission, DAMAGED)

    await undo(production, commission, mishap)

    facts = await production.facts(commission)
    assert [name for name, _ in facts[-3:]] == ["MishapUndone", "PieceReplanned", "GateReached"]
    await production.make_until(commission)


async def test_a_piece_that_rested_rests_again(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "engrave")
    mishap = await report(production, commission, MishapSaid(Mishap.PIECE_DAMAGED, "file"))

    await undo(production, commission, mishap)

    [said] = [said for name, said in await production.facts(commission) if name == "MishapUndone"]
    assert (said["waiting"], said["stage"]) == (True, "engrave")
    assert said["next_on"] > production.context.today.isoformat()


async def test_a_mishap_is_not_undone_once_work_has_gone_on(production: Production, client: httpx.AsyncClient) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = (await production.current(commission)).task
    mishap = await report(production, commission, DAMAGED)
    await production.start(commission)

    page = await client.post(f"/bench/tasks/{task}/mishaps/{mishap}/undo", headers=MAKERS_PAGE)
    program = await client.post(f"{API}/tasks/{task}/mishaps/{mishap}/undo", headers=bearer(Role.MAKER, MAKER.person))

    assert (page.status_code, program.status_code) == (409, 409)
    assert "This mishap cannot be undone any more: work has gone on since." in page.text
    assert "MishapUndone" not in await production.fact_names(commission)


async def test_only_the_newest_mishap_is_undone_and_then_the_one_before(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    was = await production.current(commission)
    first = await report(production, commission, DAMAGED)
    second = await report(production, commission, MishapSaid(Mishap.TOOL_BROKEN))

    with pytest.raises(Problem) as refused:
        await undo(production, commission, first)
    for mishap in (second, first):
        await undo(production, commission, mishap)

    assert refused.value.type is ProblemType.CONFLICT
    assert (await production.current(commission)).task == was.task


async def test_a_mishap_that_two_undo_at_once_is_undone_once(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    mishap = await report(production, commission, DAMAGED)

    await asyncio.gather(*(undo(production, commission, mishap) for _ in range(3)))

    assert (await production.fact_names(commission)).count("MishapUndone") == 1


async def test_words_cause_and_photo_are_the_benchs_alone(production: Production, client: httpx.AsyncClient) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = (await production.current(commission)).task
    made = BytesIO()
    Image.new("RGB", (64, 48), "#8a5a12").save(made, "PNG")
    form = {
        "kind": "tool_broken",
        "back_to": "",
        "cause": "slip",
        "words": "It fell off the pin.",
        "idempotency_key": "k",
    }

    sent = [
        await client.post(
            f"/bench/tasks/{task}/mishap", data=form, files={"photo": ("x.png", made.getvalue())}, headers=MAKERS_PAGE
        )
        for _ in range(2)
    ]
    found = await client.get(f"{API}/commissions/{commission}/piece", headers=bearer(Role.OPS))
    photos = await client.get(f"{API}/tasks/{task}/photos", headers=bearer(Role.MAKER, MAKER.person))

    assert [each.status_code for each in sent] == [httpx.codes.SEE_OTHER] * 2
    [mishap] = found.json()["mishaps"]
    [photo] = photos.json()["photos"]
    assert (mishap["cause"], mishap["words"], photo["mishap"]) == (MishapCause.SLIP, form["words"], mishap["mishap"])
    names = await production.fact_names(commission)
    assert not {"PhotoTaken", "NoteWritten"} & set(names)
    assert form["words"] not in str(await production.facts(commission))


async def test_the_form_says_what_it_moves_and_keeps_what_was_typed(
    production: Production, client: httpx.AsyncClient
) -> None:
    commission = await production.booked()
    await production.make_until(commission, "file")
    task = (await production.current(commission)).task
    await due_today(production, task)
    address = f"/bench/tasks/{task}/mishap"

    before = await client.get(address, params={"kind": "material_spoilt"}, headers=MAKERS_PAGE)
    german = await client.get(
        address, params={"kind": "material_spoilt"}, headers={**MAKERS_PAGE, "Accept-Language": "de"}
    )
    broken = await client.post(
        address,
        data={"kind": "piece_damaged", "back_to": "", "words": "It cracked."},
        files={"photo": ("x.png", b"no picture")},
        headers=MAKERS_PAGE,
    )
    nowhere = await client.get(address, params={"kind": "piece_damaged", "back_to": "engrave"}, headers=MAKERS_PAGE)

    assert "The piece will be ready by" in before.text
    assert "Das Stück ist dann" in german.text
    assert (broken.status_code, "It cracked." in broken.text) == (422, True)
    assert nowhere.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert "MishapReported" not in await production.fact_names(commission)


async def due_today(production: Production, task: UUID) -> None:
    """So that what is done again cannot be done by the promised day."""
    async with production.database.transaction() as tx:
        await tx.connection.execute(
            """
            UPDATE promise SET ready_by = begins_on, ready_by_p50 = begins_on
            WHERE promise = (SELECT p.promise FROM piece AS p JOIN task AS t ON t.piece = p.piece WHERE t.task = $1)
            """,
            task,
        )


async def report(production: Production, commission: UUID, said: MishapSaid) -> UUID:
    task = (await production.current(commission)).task
    key = request_key(MAKER, "mishap", str(uuid4()))
    answer = await production.act(mishaps.report_mishap, task, said, key=key)
    return UUID(answer.body["mishap"])


async def undo(production: Production, commission: UUID, mishap: UUID) -> None:
    task = (await production.piece(commission)).tasks[0].task
    await production.act(mishaps.undo_mishap, task, mishap)


async def slots(production: Production, piece: Piece) -> tuple[object, ...]:
    async with production.database.transaction() as tx:
        return await promises.slots(tx, piece.promise)


async def everything(production: Production, commission: UUID) -> tuple[object, ...]:
    piece = await production.piece(commission)
    return piece, await slots(production, piece), await production.fact_names(commission)


async def chain_holds(production: Production, piece: Piece) -> bool:
    async with production.database.transaction() as tx:
        head = await store.journal_of(tx, piece.piece)
        assert head is not None
        return not list(broken_links(head.serial, await store.entries(tx, piece.piece)))
