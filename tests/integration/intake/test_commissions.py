"""A commission's page and its API: whose it is, its status, cancelling it, and its end."""

import asyncio
import io
from collections.abc import Awaitable, Callable
from datetime import date, timedelta
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from services.intake.actions import commissions, housekeeping
from shared.auth.roles import Caller
from shared.contracts.lifecycle import CommissionEnded, Holder, Outcome, Phase, PhaseEntered
from shared.contracts.people import Role
from shared.contracts.production import PromiseEnd, PromiseHeld, PromiseReleased
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database, Tx
from tests.support.intake import ORIGIN, RING, Program, apply_facts, facts_about, photo, signed_in
from tests.support.intake_facts import close
from tests.support.statements import statements_of


def held(commission: UUID, maker: UUID, promise: UUID) -> PromiseHeld:
    at = system_clock()
    return PromiseHeld(
        at=at,
        commission=commission,
        promise=promise,
        maker=maker,
        ready_by=date(2027, 1, 29),
        ready_by_p50=date(2027, 1, 29),
        held_until=at + timedelta(days=14),
    )


def on_desk(commission: UUID) -> PhaseEntered:
    at = system_clock()
    return PhaseEntered(
        number=1,
        at=at,
        commission=commission,
        phase=Phase.DESK,
        holder=Holder.STUDIO,
        since=at,
        due=at + timedelta(days=14),
    )


async def test_a_list_asks_the_database_for_many_commissions_no_more_than_for_one(
    ada: Program, ben: Program, database: Database
) -> None:
    await ada.commission()
    for _ in range(3):
        await ben.commission()

    def listed(by: Program) -> Callable[[Tx], Awaitable[object]]:
        caller = Caller(by.person or uuid4(), Role.CUSTOMER, uuid4())
        return lambda tx: commissions.listed(tx, caller, before=None, at_most=50)

    single, many = await statements_of(database, listed(ada)), await statements_of(database, listed(ben))

    assert many == single


async def test_the_page_shows_what_was_asked_for_and_its_status(app: FastAPI, ada: Program, database: Database) -> None:
    commission = await ada.commission()
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        before = await client.get(f"/commissions/{commission}")
        await apply_facts(database, on_desk(commission))
        after = await client.get(f"/commissions/{commission}")

    assert "We have received your request" in before.text
    assert "On its way" in before.text
    assert RING["why"] in before.text
    assert "18 ct yellow gold (750)" in before.text
    assert "The studio is checking your quote" in after.text
    assert "On its way" not in after.text
    assert f"/commissions/{commission}/withdraw" in after.text


async def test_the_api_tells_the_same(ada: Program, database: Database) -> None:
    commission = await ada.commission()
    await apply_facts(database, on_desk(commission))

    detail = (await ada.http.get(f"/commissions/{commission}")).json()
    timeline = (await ada.http.get(f"/commissions/{commission}/timeline")).json()

    assert detail["status"] == timeline["status"]
    assert detail["status"]["holder"] == "studio"
    assert [each["label"] for each in detail["brief"]["answers"]][:2] == ["Ring size", "Metal"]
    assert [step["state"] for step in timeline["entries"]] == ["done", "now", "ahead", "ahead"]


async def test_a_fact_that_arrives_twice_is_shown_once(ada: Program, database: Database) -> None:
    commission = await ada.commission()
    fact = held(commission, uuid4(), uuid4())
    for _ in range(2):
        await apply_facts(database, fact)

    steps = (await ada.http.get(f"/commissions/{commission}/timeline")).json()["entries"]

    assert [step["title"] for step in steps].count("Time at the bench is held for you") == 1


PAGES = ("", "/live", "/withdraw", "/images/01900000-0000-7000-8000-000000000000")


@pytest.mark.parametrize("path", PAGES)
async def test_a_foreign_commission_answers_as_a_missing_one(app: FastAPI, ada: Program, path: str) -> None:
    commission = await ada.commission()
    async with signed_in(app, Role.CUSTOMER) as stranger:
        foreign = await stranger.get(f"/commissions/{commission}{path}")
        missing = await stranger.get(f"/commissions/{(nowhere := uuid4())}{path}")
        none = await stranger.get(f"/commissions/no-id{path}")

    assert [answer.status_code for answer in (foreign, missing, none)] == [404, 404, 404]
    assert shape(foreign, commission) == shape(missing, nowhere)


def shape(answer: httpx.Response, commission: UUID) -> str:
    """A page without what is different in every answer: its nonce, and the id that was asked for."""
    nonce = answer.headers["content-security-policy"].split("nonce-")[1].split("'")[0]
    return answer.text.replace(nonce, "").replace(str(commission), "")


async def test_nobody_takes_back_what_is_somebody_elses(ada: Program, ben: Program, database: Database) -> None:
    commission = await ada.commission()

    foreign = await ben.http.post(f"/commissions/{commission}/withdraw", json={"reason": "other"})
    missing = await ben.http.post(f"/commissions/{uuid4()}/withdraw", json={"reason": "other"})

    assert (foreign.status_code, missing.status_code) == (404, 404)
    assert (await ada.http.get(f"/commissions/{commission}")).json()["state"] == "open"
    assert "CommissionWithdrawn" not in await facts_about(database, commission)


async def test_ops_see_every_commission_and_a_maker_those_promised_to_them(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, maker, promise = await ada.commission(), uuid4(), uuid4()
    path = f"/commissions/{commission}"
    async with signed_in(app, Role.OPS) as ops, signed_in(app, Role.MAKER, maker) as hands:
        assert (await ops.get(path)).status_code == 200
        assert (await hands.get(path)).status_code == 404
        await apply_facts(database, held(commission, maker, promise))
        shown = await hands.get(path)
        assert shown.status_code == 200
        assert "withdraw" not in shown.text
        assert (await hands.get(f"{path}/withdraw")).status_code == 403
        released = PromiseReleased(at=system_clock(), commission=commission, promise=promise, reason=PromiseEnd.LAPSED)
        await apply_facts(database, released, first=2)
        assert (await hands.get(path)).status_code == 404


async def test_pictures_are_encoded_again_and_shown_to_those_who_see_the_commission(app: FastAPI, ada: Program) -> None:
    exif = Image.Exif()
    exif[0x010E] = "taken at home"
    sink = io.BytesIO()
    Image.open(io.BytesIO(photo())).save(sink, "JPEG", exif=exif)
    image = await ada.send_image(sink.getvalue())
    assert (await ada.http.get(f"/images/{image}")).status_code == 200
    commission = (await ada.submit(images=[image])).json()["commission"]

    async with signed_in(app, Role.OPS) as ops, signed_in(app, Role.CUSTOMER) as stranger:
        shown = await ops.get(f"/commissions/{commission}/images/{image}")
        foreign = await stranger.get(f"/commissions/{commission}/images/{image}")

    assert shown.headers["content-type"] == "image/jpeg"
    assert shown.headers["cache-control"] == "private, no-cache"
    assert shown.headers["x-content-type-options"] == "nosniff"
    assert b"taken at home" not in shown.content
    assert Image.open(io.BytesIO(shown.content)).size == (900, 700)
    assert foreign.status_code == 404
    assert (await ada.http.get(f"/commissions/{commission}/images/{image}")).content == shown.content
    assert (await ada.http.get(f"/commissions/{commission}/images/{uuid4()}")).status_code == 404


async def test_a_picture_of_one_commission_is_not_found_under_another(ada: Program) -> None:
    image = await ada.send_image(photo())
    await ada.submit(images=[image])
    other = await ada.commission()

    assert (await ada.http.get(f"/commissions/{other}/images/{image}")).status_code == 404


async def test_a_form_sent_twice_is_one_commission(customer: httpx.AsyncClient) -> None:
    typed = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}
    files = {"reference": ("ring.jpg", photo(), "image/jpeg")}

    first, second = await asyncio.gather(*(customer.post("/commissions", data=typed, files=files) for _ in range(2)))

    assert (first.status_code, second.status_code) == (303, 303)
    assert first.headers["location"] == second.headers["location"]


async def test_a_form_that_was_sent_and_changed_says_so_and_can_become_a_second(customer: httpx.AsyncClient) -> None:
    typed = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}
    first = await customer.post("/commissions", data=typed)

    changed = await customer.post("/commissions", data={**typed, "finish": "hammered"})
    key = changed.text.split('name="idempotency_key" value="')[1].split('"')[0]
    second = await customer.post("/commissions", data={**typed, "finish": "hammered", "idempotency_key": key})

    assert changed.status_code == 422
    assert "You have already sent this form" in changed.text
    assert first.headers["location"] in changed.text
    assert second.status_code == 303
    assert second.headers["location"] != first.headers["location"]


async def test_a_request_is_cancelled_once_however_often_it_is_asked(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    answers = await asyncio.gather(
        *(ada.http.post(f"/commissions/{commission}/withdraw", json={"reason": "too_slow"}) for _ in range(5))
    )
    again = await ada.http.post(f"/commissions/{commission}/withdraw", json={"reason": "other"})

    assert {answer.status_code for answer in (*answers, again)} == {200}
    assert {answer.json()["withdrawal_reason"] for answer in (*answers, again)} == {"too_slow"}
    assert (await facts_about(database, commission)).count("CommissionWithdrawn") == 1


async def test_the_page_asks_before_a_request_is_cancelled(app: FastAPI, ada: Program) -> None:
    commission = await ada.commission()
    path = f"/commissions/{commission}"
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        asked = await client.get(f"{path}/withdraw")
        nothing = await client.post(f"{path}/withdraw", data={"reason": ""})
        done = await client.post(f"{path}/withdraw", data={"reason": "changed_mind"})
        again = await client.get(f"{path}/withdraw")
        shown = await client.get(path)

    assert "Cancel this request?" in asked.text
    assert nothing.status_code == 422
    assert 'id="reason-problem"' in nothing.text
    assert (done.status_code, done.headers["location"]) == (303, path)
    assert (again.status_code, again.headers["location"]) == (303, path)
    assert "You cancelled your request" in shown.text
    assert f"{path}/withdraw" not in shown.text


@pytest.mark.parametrize("reason", [None, "", "bored", 7])
async def test_no_other_reason_is_taken(ada: Program, reason: object) -> None:
    commission = await ada.commission()

    answer = await ada.http.post(f"/commissions/{commission}/withdraw", json={"reason": reason})

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "/reason"


async def test_a_closed_commission_stays_readable_and_nothing_can_be_asked_of_it(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, command = await ada.commission(), new_id()
    for _ in range(2):
        await close(database, commission, Outcome.LAPSED, command)
    await close(database, commission, Outcome.WITHDRAWN)

    refused = await ada.http.post(f"/commissions/{commission}/withdraw", json={"reason": "other"})
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{commission}")
        posted = await client.post(f"/commissions/{commission}/withdraw", data={"reason": "other"})

    assert refused.status_code == 409
    assert posted.status_code == 409
    assert "We did not send you a quote in time" in page.text
    assert RING["why"] in page.text
    assert "Cancel my request" not in page.text


async def test_a_cancelled_request_ends_as_cancelled(ada: Program, database: Database) -> None:
    commission = await ada.commission()
    await ada.http.post(f"/commissions/{commission}/withdraw", json={"reason": "other"})
    await close(database, commission, Outcome.WITHDRAWN)
    await apply_facts(database, CommissionEnded(at=system_clock(), commission=commission, outcome=Outcome.WITHDRAWN))

    detail = (await ada.http.get(f"/commissions/{commission}")).json()

    assert (detail["state"], detail["outcome"]) == ("closed", "withdrawn")
    assert detail["status"]["ended"]


async def test_a_commission_that_is_not_here_cannot_be_closed(database: Database) -> None:
    with pytest.raises(Problem) as refusal:
        await close(database, uuid4(), Outcome.LAPSED)
    assert refusal.value.type is ProblemType.NOT_FOUND


async def test_my_commissions_are_listed_newest_first_in_pages(ada: Program, ben: Program) -> None:
    asked = [str(await ada.commission()) for _ in range(5)]
    await ben.commission()

    seen: list[str] = []
    after = ""
    while True:
        page = (await ada.http.get(f"/commissions?limit=2{after}")).raise_for_status().json()
        seen += [each["commission"] for each in page["items"]]
        if page["next"] is None:
            break
        after = f"&after={page['next']}"

    assert seen == asked[::-1]


async def test_two_rings_can_be_told_apart_in_the_list(app: FastAPI, ada: Program) -> None:
    await ada.commission()
    await ada.commission(metal="silver_925", finish="hammered", occasion="birth", engraving="nobody reads this here")

    found = (await ada.http.get("/commissions")).json()["items"]
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = (await client.get("/commissions")).text

    wishes = ["Sterling silver (925), Hammered, A birth", "18 ct yellow gold (750), Satin, Wedding"]
    assert [each["summary"] for each in found] == wishes
    assert page.index(wishes[0]) < page.index(wishes[1])
    assert "nobody reads this here" not in page


@pytest.mark.parametrize("query", ["limit=0", "limit=101", "limit=x", "after=nonsense", "after=" + "a" * 300])
async def test_a_page_that_is_none_is_refused(ada: Program, query: str) -> None:
    assert (await ada.http.get(f"/commissions?{query}")).status_code == 422


async def test_an_empty_list_says_what_to_do(customer: httpx.AsyncClient) -> None:
    page = await customer.get("/commissions")

    assert "No requests yet" in page.text


async def test_pictures_whose_form_never_came_are_forgotten_after_a_day(ada: Program, database: Database) -> None:
    waiting, kept = await ada.send_image(photo()), await ada.send_image(photo())
    commission = (await ada.submit(images=[kept])).json()["commission"]

    async with database.transaction() as tx:
        await housekeeping.sweep(tx, system_clock() + timedelta(hours=25))

    assert (await ada.http.get(f"/images/{waiting}")).status_code == 404
    assert (await ada.http.get(f"/commissions/{commission}/images/{kept}")).status_code == 200
    assert (await ada.submit(images=[waiting])).status_code == 422


async def test_nobody_fills_the_disk_with_waiting_pictures(ada: Program, ben: Program) -> None:
    bens = await ben.send_image(photo())
    images = [await ada.send_image(photo(size=(40, 30))) for _ in range(15)]

    found = [(await ada.http.get(f"/images/{image}")).status_code for image in images]

    assert found == [404] * 3 + [200] * 12
    assert (await ben.http.get(f"/images/{bens}")).status_code == 200


async def test_the_offerings_are_described_for_programs(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"{ORIGIN}/api/v1/intake") as nobody:
        listed = (await nobody.get("/offerings")).json()
        ring = (await nobody.get("/offerings/jewellery/engraved-ring")).json()
        missing = await nobody.get("/offerings/jewellery/spoons")

    assert ("jewellery", "engraved-ring") in {(each["craft"], each["offering"]) for each in listed}
    assert [field["name"] for field in ring["form"]["fields"]][:3] == ["size", "metal", "finish"]
    assert {each["id"] for each in ring["ring_systems"]} >= {"iso", "uk", "us"}
    assert missing.status_code == 404


async def test_what_intake_publishes_and_reads_is_described(app: FastAPI) -> None:
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url=f"{ORIGIN}/api/v1/intake") as nobody:
        described = (await nobody.get("/asyncapi.json")).text

    for fact in ("CommissionConfirmed", "CommissionWithdrawn", "BriefWritten", "PersonRecorded", "PhaseEntered"):
        assert fact in described
