"""Makers on the real database: known from people, chosen by skill and first free day, changed by ops alone."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import pytest

from services.production.actions import makers
from services.production.domain.makers import Maker
from services.production.labels import LABELS
from services.production.main import web
from shared.auth.roles import Caller, Role
from shared.contracts.commands.production import HoldOutcome
from shared.contracts.people import PersonRecorded
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from tests.support.production import MAKER, NOW, OPS, Production, kernel_of
from tests.support.web import bearer, client_of
from tests.support.words import reader

BOTH = ("goldsmith", "hand_engraver")
USUAL = {"week": [""] * 7, "days_off": ""}


@pytest.fixture
async def client(production: Production) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(production.database))) as asking:
        yield asking


async def test_the_piece_goes_to_who_can_have_it_ready_first(production: Production) -> None:
    first = await production.hold(new_id())
    other = await production.another_maker(*BOTH)

    second = await production.hold(new_id())

    assert (first.maker, second.maker) == (MAKER.person, other.person)
    assert second.ready_by == first.ready_by


async def test_among_equals_the_one_with_the_fewest_promised_hours_is_chosen(production: Production) -> None:
    other = await production.another_maker(*BOTH)
    held = [await production.hold(new_id()) for _ in range(2)]

    assert {each.maker for each in held} == {MAKER.person, other.person}


async def test_the_studios_own_bench_can_make_every_offering(production: Production) -> None:
    assert (await _read(production, MAKER.person)).skills == frozenset(makers.known_skills())


async def test_skills_that_ops_have_chosen_for_the_studios_own_bench_stay(production: Production) -> None:
    await _change(production, MAKER, skills=BOTH)

    async with production.database.transaction() as tx:
        await makers.equip_first_bench(tx)

    assert (await _read(production, MAKER.person)).skills == frozenset(BOTH)


async def test_nobody_is_promised_a_piece_that_they_cannot_make_whole(production: Production) -> None:
    await production.another_maker("goldsmith")

    held = [await production.hold(new_id()) for _ in range(3)]

    assert {each.maker for each in held} == {MAKER.person}


async def test_where_nobody_can_make_it_the_studio_reads_so(production: Production) -> None:
    await _change(production, MAKER, state="resting", skills=BOTH)

    with pytest.raises(Problem) as refused:
        await production.preview()

    assert await production.hold_by(new_id()) == HoldOutcome()
    assert refused.value.type is ProblemType.CONFLICT
    assert "makers' page" in reader(LABELS).remedy(refused.value.detail)


async def test_a_makers_own_hours_and_days_off_make_the_plan(production: Production) -> None:
    usual = await production.hold(new_id())
    begins_on = (await production.promise(usual.promise)).begins_on
    away = "\n".join(str(begins_on + timedelta(days=ahead)) for ahead in range(14))
    await _change(production, MAKER, skills=BOTH, week=["0", "0", "0", "0", "0", "3", "0"], days_off=away)

    held = await production.hold(new_id())

    days = {slot.day for slot in (await production.promise(held.promise)).slots}
    assert {day.weekday() for day in days} == {5}, "only Saturdays are worked on"
    assert min(days) >= begins_on + timedelta(days=14)


async def test_a_maker_is_known_by_name_until_they_are_erased(production: Production) -> None:
    other = await production.another_maker(*BOTH, name="Berta Bench")
    renamed = PersonRecorded(at=NOW, person=other.person, role=Role.MAKER, name="Berta Anvil", email="b@example.org")
    await production.handle(makers.record_person, renamed, 2)
    await production.handle(makers.record_person, renamed.model_copy(update={"name": "Berta Old"}), 1)
    known = await _read(production, other.person)

    await production.handle(makers.erase_person, other.person, 3)
    await production.handle(makers.record_person, renamed, 4)  # a relay that was taken for dead

    erased = await _read(production, other.person)
    assert (known.name, known.bench, known.skills) == ("Berta Anvil", 2, frozenset(BOTH))
    assert (erased.name, erased.state) == ("", "resting")
    assert (await production.hold(new_id())).maker == MAKER.person


async def test_a_customer_gets_no_bench(production: Production) -> None:
    customer = PersonRecorded(at=NOW, person=new_id(), role=Role.CUSTOMER, name="Carla", email="c@example.org")

    await production.handle(makers.record_person, customer, 1)

    async with production.database.transaction() as tx:
        assert len(await makers.read_makers(tx, OPS, since=NOW.date())) == 1


async def test_makers_see_themselves_and_ops_see_all(production: Production, client: httpx.AsyncClient) -> None:
    other = await production.another_maker(*BOTH)
    me = bearer(Role.MAKER, MAKER.person)

    listed = (await client.get("/api/v1/production/makers", headers=me)).json()["items"]
    everybody = (await client.get("/api/v1/production/makers", headers=bearer(Role.OPS))).json()["items"]
    foreign = await client.get(f"/api/v1/production/makers/{other.person}", headers=me)
    changed = await client.put(
        f"/api/v1/production/makers/{MAKER.person}", json={"state": "resting", "skills": []}, headers=me
    )

    assert [each["maker"] for each in listed] == [str(MAKER.person)]
    assert len(everybody) == 2
    assert (foreign.status_code, changed.status_code) == (404, 403)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"week": ["x", *[""] * 6]}, "monday"),
        ({"week": ["0"] * 7}, "monday"),
        ({"week": ["25", *["6"] * 6]}, "monday"),
        ({"days_off": "2026-13-01"}, "days_off"),
        ({"days_off": "2027-01-05 to 2026-12-28"}, "days_off"),
        ({"days_off": "0001-01-01 to 9999-12-31"}, "days_off"),
        ({"skills": ["juggling"]}, "skills"),
    ],
)
async def test_what_makes_no_sense_of_a_maker_is_refused_by_field_and_changes_nothing(
    production: Production, client: httpx.AsyncClient, wrong: dict[str, object], field: str
) -> None:
    before = await _read(production, MAKER.person)

    answer = await client.put(
        f"/api/v1/production/makers/{MAKER.person}",
        json={"state": "active", "skills": list(BOTH), **USUAL, **wrong},
        headers=bearer(Role.OPS),
    )

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == [field]
    assert await _read(production, MAKER.person) == before


async def test_a_maker_is_changed_over_the_api(client: httpx.AsyncClient) -> None:
    answer = await client.put(
        f"/api/v1/production/makers/{MAKER.person}",
        json={
            "state": "active",
            "skills": list(BOTH),
            "week": ["6", "6", "6,5", "0", "0", "0", "0"],
            "days_off": "2026-12-28 to 2026-12-30",
        },
        headers=bearer(Role.OPS),
    )

    shown = answer.raise_for_status().json()
    assert shown["week"] == [360, 360, 390, 0, 0, 0, 0]
    assert shown["days_off"] == [date(2026, 12, day).isoformat() for day in (28, 29, 30)]


async def _change(production: Production, maker: Caller, **changes: object) -> None:
    given = {"state": "active", "skills": (), **USUAL, **changes}
    async with production.database.transaction() as tx:
        await makers.change_maker(tx, OPS, maker.person, **given)  # type: ignore[arg-type]  # as the form sends it


async def _read(production: Production, maker: object) -> Maker:
    async with production.database.transaction() as tx:
        return await makers.read_maker(tx, OPS, maker)  # type: ignore[arg-type]  # an id
