"""The ops room's read model on the real PostgreSQL: what facts make of it, and how commissions are found in it."""

from collections.abc import AsyncIterator
from datetime import timedelta
from uuid import UUID

import httpx
import pytest

from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.lifecycle import NOW, Room, kernel_of, now
from tests.support.lifecycle_stories import DAY, HOUR, Story, at_the_bench, completed, several
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"
OPS = bearer(Role.OPS)
TABLES = ("commission", "recorded_fact", "holder_span", "search_term", "bench_rest")


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


async def shown(client: httpx.AsyncClient, commission: UUID) -> dict[str, object]:
    found: dict[str, object] = (
        (await client.get(f"{API}/commissions/{commission}", headers=OPS)).raise_for_status().json()
    )
    return found


async def found(client: httpx.AsyncClient, query: str) -> list[UUID]:
    """All commissions of a list, page by page."""
    ids, after = [], ""
    while True:
        page = (await client.get(f"{API}/commissions?limit=3&{query}{after}", headers=OPS)).raise_for_status().json()
        ids += [UUID(each["commission"]) for each in page["items"]]
        if page["next"] is None:
            return ids
        after = f"&after={page['next']}"


async def spans(room: Room, commission: UUID) -> list[tuple[str, str, bool, timedelta | None]]:
    """Who held the clock, and for how long; None for the one who holds it now."""
    rows = await room.rows("SELECT * FROM holder_span WHERE commission = $1 ORDER BY number", commission)
    return [
        (row["phase"], row["holder"], row["paused"], row["until"] - row["since"] if row["until"] else None)
        for row in rows
    ]


# The clock.


async def test_every_move_of_the_clock_is_kept_with_its_length(room: Room) -> None:
    story = Story(NOW - 9 * DAY).on_the_desk().after(DAY).offered().after(3 * DAY).accepted()
    await story.sent_to(room)

    nothing = timedelta(0)
    assert await spans(room, story.commission) == [
        ("requested", "process", False, nothing),
        ("promising", "process", False, nothing),
        ("quoting", "process", False, nothing),
        ("desk", "studio", False, DAY),
        ("offered", "customer", False, 3 * DAY),
        ("deposit", "customer", False, None),
    ]


async def test_a_pause_is_nobodys_time(room: Room) -> None:
    story = Story(NOW - 9 * DAY).on_the_desk().after(DAY).reaches(Phase.DESK, Holder.STUDIO, paused=True)
    story.after(4 * DAY).reaches(Phase.DESK, Holder.STUDIO).after(HOUR).ended(Outcome.LAPSED)
    await story.sent_to(room)

    assert (await spans(room, story.commission))[-4:] == [
        ("desk", "studio", False, DAY),
        ("desk", "studio", True, 4 * DAY),
        ("desk", "studio", False, HOUR),
        ("ended", "nobody", False, None),
    ]


async def test_a_pause_begins_when_it_was_recorded_and_not_when_the_holder_got_the_clock(room: Room) -> None:
    story = Story(NOW - 9 * DAY).on_the_desk()
    began = story.at
    story.after(DAY).reaches(Phase.DESK, Holder.STUDIO, paused=True)
    story.facts[-1] = story.facts[-1].model_copy(update={"since": began})
    await story.sent_to(room)

    assert (await spans(room, story.commission))[-2:] == [
        ("desk", "studio", False, DAY),
        ("desk", "studio", True, None),
    ]


async def test_a_request_that_comes_after_its_first_stage_is_still_the_first_span(room: Room) -> None:
    story = Story(NOW - DAY).asked_for()
    request, *rest = story.facts
    await room.receives(*rest)
    await room.receives(request)

    assert [(phase, holder) for phase, holder, _, _ in await spans(room, story.commission)] == [
        ("requested", "process"),
        ("promising", "process"),
    ]


async def everything(room: Room, commission: UUID) -> list[list[str]]:
    query = "SELECT * FROM {} WHERE commission = $1"
    return [sorted(str(row) for row in await room.rows(query.format(table), commission)) for table in TABLES]


async def test_the_read_model_can_be_rebuilt_from_the_first_record(room: Room) -> None:
    story = completed(NOW)
    await story.sent_to(room)
    before = await everything(room, story.commission)

    for table in TABLES:
        await room.rows("DELETE FROM {} WHERE commission = $1".format(table), story.commission)  # noqa: S608, UP032
    forgotten = await everything(room, story.commission)
    await Room(room.database).receives(*story.facts)

    assert forgotten == [[]] * len(TABLES)
    assert await everything(room, story.commission) == before
    assert all(before)


async def test_hearing_everything_twice_changes_nothing(room: Room) -> None:
    story = at_the_bench(NOW)
    await story.sent_to(room)
    before = await spans(room, story.commission)

    await Room(room.database).receives(*story.facts)

    assert await spans(room, story.commission) == before


# The bench: its stages are no phases.


async def test_a_piece_that_rests_waits_for_nobody_until_its_day_or_until_work_begins(
    client: httpx.AsyncClient, room: Room
) -> None:
    drying, begun_early = (at_the_bench(now()).worked("finish", rests=30 * DAY) for _ in range(2))
    begun_early.after(HOUR).worked("check")
    over = at_the_bench(now()).worked("finish", rests=DAY)

    held = []
    for story in (drying, begun_early, over):
        await story.sent_to(room)
        held.append((await shown(client, story.commission))["holder"])

    assert held == ["process", "maker", "maker"]
    assert drying.commission in await found(client, "holder=process")
    assert begun_early.commission not in await found(client, "holder=process")


# What wants a look.


async def test_an_escalation_lasts_until_it_waits_for_somebody_else(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - 9 * DAY).on_the_desk().offered(40 * DAY).after(5 * DAY)
    story.escalated(Escalation.CUSTOMER_SILENT, Phase.OFFERED, Holder.CUSTOMER)
    await story.sent_to(room)
    before = await shown(client, story.commission)

    sent = len(story.facts)
    story.reaches(Phase.OFFERED, Holder.CUSTOMER, 40 * DAY)
    await room.receives(*story.facts[sent:])
    longer = await shown(client, story.commission)
    sent = len(story.facts)
    story.accepted(30 * DAY)
    await room.receives(*story.facts[sent:])
    after = await shown(client, story.commission)

    assert (before["risk"], before["escalation"]) == ("escalated", "customer_silent")
    assert longer["escalation"] == "customer_silent"
    assert (after["risk"], after["escalation"]) == ("none", None)


async def test_an_escalation_that_comes_before_its_stage_is_not_lost(client: httpx.AsyncClient, room: Room) -> None:
    story = at_the_bench(NOW).escalated(Escalation.APPROVAL_REFUSED, Phase.MAKING, Holder.STUDIO)
    story.reaches(Phase.MAKING, Holder.STUDIO, 9 * DAY)
    await story.sent_to(room)

    assert (await shown(client, story.commission))["escalation"] == "approval_refused"


async def test_a_paused_commission_is_not_late(client: httpx.AsyncClient, room: Room) -> None:
    story = Story(NOW - 9 * DAY).on_the_desk(DAY).reaches(Phase.DESK, Holder.STUDIO, DAY, paused=True)
    await story.sent_to(room)

    now = await shown(client, story.commission)

    assert (now["risk"], now["paused"]) == ("paused", True)


# How they are found.


async def test_what_is_late_or_escalated_comes_first_and_what_has_ended_last(
    client: httpx.AsyncClient, room: Room
) -> None:
    stories = several(NOW)
    for story in reversed(stories):
        await story.sent_to(room)
    late, silent, soon, bench, young, paused, *ended = [story.commission for story in stories]

    mine = [each for each in await found(client, "") if each in {story.commission for story in stories}]

    assert set(mine[:3]) == {late, silent, bench}
    assert mine[3:6] == [soon, young, paused]
    assert set(mine[6:]) == set(ended)


async def test_many_that_have_ended_are_read_page_by_page(client: httpx.AsyncClient, room: Room) -> None:
    ended = [await completed(NOW, days_ago=number).sent_to(room) for number in range(8)]

    listed = await found(client, "phase=ended")

    assert [each for each in listed if each in ended] == ended[::-1]


@pytest.mark.parametrize(("risk", "which"), [("late", 0), ("escalated", 1), ("soon", 2), ("paused", 5), ("none", 4)])
async def test_the_list_is_narrowed_by_how_they_stand(
    client: httpx.AsyncClient, room: Room, risk: str, which: int
) -> None:
    stories = several(NOW)
    for story in stories:
        await story.sent_to(room)
    mine = {story.commission for story in stories}
    others = {"late": {stories[3].commission}}.get(risk, set())

    assert set(await found(client, f"risk={risk}")) & mine == {stories[which].commission} | others


async def test_a_commission_is_found_by_each_of_its_names(client: httpx.AsyncClient, room: Room) -> None:
    story, other = completed(NOW), completed(NOW)
    await story.sent_to(room)
    await other.sent_to(room)
    names = [
        str(story.commission),
        story.commission.hex[-8:].upper(),
        f"…{story.commission.hex[-6:]}",
        story.serial.lower(),
        story.deposit_number,
    ]

    for name in names:
        assert await found(client, f"q={name}") == [story.commission], name


async def test_commissions_are_found_by_their_offering(client: httpx.AsyncClient, room: Room) -> None:
    story = completed(NOW)
    await story.sent_to(room)

    assert story.commission in await found(client, "q=engraved ring")
    assert story.commission in await found(client, "offering=jewellery/engraved-ring")
    assert await found(client, "offering=jewellery/wedding-pair") == []


async def test_pieces_are_named_and_found_in_the_language_of_who_looks(client: httpx.AsyncClient, room: Room) -> None:
    story = completed(NOW)
    await story.sent_to(room)
    german = {**cookie(Role.OPS), "Accept-Language": "de"}

    listed = await client.get("/ops?q=gravierte Ring", headers=german)
    alone = await client.get(f"/ops/commissions/{story.commission}", headers=german)

    assert "/ops/commissions/0" in listed.text  # others have found one too: it may be on a later page
    assert "Der gravierte Ring" in listed.text
    assert "<h1>ohne Namen · Ring</h1>" in alone.text
    assert "Der erste Stich der Gravur" in alone.text


async def test_what_nothing_is_called_finds_nothing_and_the_page_says_where_to_look(client: httpx.AsyncClient) -> None:
    page = await client.get("/ops?q=Miss+Havisham%25", headers=cookie(Role.OPS))

    assert await found(client, "q=Miss Havisham%25") == []
    assert "Search by the beginning of a name" in page.raise_for_status().text
    assert 'value="Miss Havisham%"' in page.text


@pytest.mark.parametrize("query", ["risk=bad", "q=%00", f"q={'x' * 101}", f"offering={'x' * 122}", "phase=lost"])
@pytest.mark.parametrize("path", [f"{API}/commissions", "/ops", "/ops/live"])
async def test_what_cannot_be_looked_for_is_refused(client: httpx.AsyncClient, path: str, query: str) -> None:
    answer = await client.get(f"{path}?{query}", headers=cookie(Role.OPS))

    assert answer.status_code == 422


async def test_a_whole_commission_tells_its_money_its_promise_and_its_gates(
    client: httpx.AsyncClient, room: Room
) -> None:
    story = at_the_bench(NOW)
    await story.sent_to(room)

    whole = (await client.get(f"{API}/commissions/{story.commission}", headers=OPS)).raise_for_status().json()
    page = (await client.get(f"/ops/commissions/{story.commission}", headers=cookie(Role.OPS))).raise_for_status().text

    assert whole["account"]["accepted"] == {"minor": 128_450, "currency": "EUR"}
    assert whole["account"]["left"]["minor"] == 0
    assert [move["why"] for move in whole["promise_changes"]] == [None, None, "mishap"]
    assert [(gate["gate"], gate["state"]) for gate in whole["gates"]] == [
        ("cut", "passed"),
        ("hallmark", "ahead"),
        ("engraving", "ahead"),
    ]
    assert whole["ready_by"] == whole["promise_changes"][-1]["ready_by"]
    for words in (
        "Cutting the wire to size",
        "35% owed once passed",
        "mishap",
        "€1,284.50",
        story.deposit_number,
    ):
        assert words in page


@pytest.mark.parametrize(
    ("kind", "there", "not_there"),
    [("mail", "Piece delayed", "Payment received"), ("money", "Payment received", "Piece delayed")],
)
async def test_a_story_is_narrowed_to_one_kind(
    client: httpx.AsyncClient, room: Room, kind: str, there: str, not_there: str
) -> None:
    story = at_the_bench(NOW)
    await story.sent_to(room)

    page = await client.get(f"/ops/commissions/{story.commission}?kind={kind}", headers=cookie(Role.OPS))

    assert there in page.raise_for_status().text
    assert not_there not in page.text
    assert (
        await client.get(f"/ops/commissions/{story.commission}?kind=gossip", headers=cookie(Role.OPS))
    ).status_code == 422


async def test_the_counts_say_how_many_there_are_of_each_kind(client: httpx.AsyncClient, room: Room) -> None:
    before = (await client.get(f"{API}/counts", headers=OPS)).raise_for_status().json()
    for story in several(NOW):
        await story.sent_to(room)

    after = (await client.get(f"{API}/counts", headers=OPS)).raise_for_status().json()

    more = {name: after[name] - before[name] for name in after}
    assert more == {"late": 2, "escalated": 1, "at_risk": 0, "soon": 1, "paused": 1, "under_way": 6, "ended": 2}


# Who may.


@pytest.mark.parametrize("role", [Role.CUSTOMER, Role.MAKER])
async def test_all_of_it_is_for_ops_alone(client: httpx.AsyncClient, room: Room, role: Role) -> None:
    commission = await at_the_bench(NOW).sent_to(room)
    paths = ("charts", "audit", "counts", "offerings", "bulk", f"commissions/{commission}/history")

    for path in paths:
        assert (await client.get(f"{API}/{path}", headers=bearer(role))).status_code == 403, path
    for path in ("/ops/charts", "/ops/audit", "/ops/bulk", f"/ops/commissions/{commission}/cancel"):
        assert (await client.get(path, headers=cookie(role))).status_code == 403, path


async def test_a_style_sheet_that_is_not_there_is_not_found(client: httpx.AsyncClient) -> None:
    there = await client.get("/ops/look/0/ops.css")

    assert there.raise_for_status().headers["content-type"].startswith("text/css")
    assert (await client.get("/ops/look/0/..%2Fassets.py")).status_code == 404
    assert (await client.get(f"/ops/commissions/{new_id()}/dance", headers=cookie(Role.OPS))).status_code == 404
