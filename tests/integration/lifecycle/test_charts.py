"""The ops room's charts, by what the read model has."""

from datetime import timedelta

from services.lifecycle.main import web
from shared.auth.roles import Role
from tests.conftest import MakeDatabase
from tests.support.lifecycle import NOW, Room, kernel_of, opened
from tests.support.lifecycle_stories import completed, several
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"
OPS = bearer(Role.OPS)


async def test_the_charts_count_what_lies_where_and_who_held_the_clock(
    make_database: MakeDatabase,
) -> None:
    async with opened(await make_database("lifecycle")) as database:
        room = Room(database)
        for story in [*several(NOW), completed(NOW, slow=3)]:
            await story.sent_to(room)
        async with client_of(web(kernel_of(database))) as client:
            charts = (await client.get(f"{API}/charts", headers=OPS)).raise_for_status().json()

    lanes = {lane["phase"]: lane for lane in charts["lanes"]}
    held = {each["holder"]: each for each in charts["held"]}
    assert {phase: lane["total"] for phase, lane in lanes.items() if lane["total"]} == {
        "desk": 3,
        "offered": 2,
        "making": 1,
    }
    assert lanes["offered"]["counts"][3] == {"escalated": 1}
    assert lanes["making"]["counts"][3] == {"late": 1}
    assert sum(week["completed"] for week in charts["weeks"]) == 2
    assert sum(week["ended_early"] for week in charts["weeks"]) == 1
    assert held["customer"]["commissions"] == 2
    assert held["customer"]["shortest"] < held["customer"]["median"] < held["customer"]["longest"]
    assert held["paused"]["longest"] == 0
    assert held["process"]["longest"] > timedelta(days=7).total_seconds(), "a rest is not the maker's time"


async def test_an_empty_room_has_empty_charts(make_database: MakeDatabase) -> None:
    async with opened(await make_database("lifecycle")) as database, client_of(web(kernel_of(database))) as client:
        charts = (await client.get(f"{API}/charts", headers=OPS)).raise_for_status().json()
        page = await client.get("/ops/charts", headers=cookie(Role.OPS))

    assert {lane["total"] for lane in charts["lanes"]} == {0}
    assert charts["held"] == []
    assert "Nothing in progress" in page.raise_for_status().text
