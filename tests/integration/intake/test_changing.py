"""Until the quote is sent the customer changes what is wished, or the studio for them: each time a new version."""

import asyncio
from datetime import timedelta
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.domain.people import Person
from services.intake.store import add_person
from shared.auth.roles import Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import BriefChanged, EntryWay, WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.quotes import QuoteAccepted, QuoteDrafted, QuoteSent
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.intake import RING, Program, apply_facts, facts_about, newest_fact, photo, signed_in, token

OPS = new_id()
NEEDED_BY = (system_clock() + timedelta(days=90)).date().isoformat()
CREATED, CONFLICT, NOT_FOUND = httpx.codes.CREATED, httpx.codes.CONFLICT, httpx.codes.NOT_FOUND


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    async with database.transaction() as tx:
        await add_person(tx, Person(OPS, Role.OPS, "Ida Ops", f"{OPS}@example.org"), system_clock())
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, OPS)}"
    return program


async def change(
    who: Program, commission: UUID, version: int = 1, *, key: str | None = None, **changed: Any
) -> httpx.Response:
    """Send the ring's form again, with these answers instead."""
    about: dict[str, Any] = {name: changed.pop(name) for name in ("images", "way") if name in changed}
    answers = {name: value for name, value in {**RING, **changed}.items() if value}
    body = {"brief_version": version, "answers": answers, **about}
    return await who.post(f"/commissions/{commission}/briefs", body, key=key)


def sent(commission: UUID) -> QuoteSent:
    now, total = system_clock(), Money(minor=100_000, currency="EUR")
    return QuoteSent(
        at=now,
        commission=commission,
        quote=new_id(),
        quote_version=1,
        total=total,
        deposit=total,
        valid_until=now + timedelta(days=14),
    )


def quoted(commission: UUID, brief_version: int = 1) -> list[CommissionFact]:
    """Quotes drafted, sent and had accepted a quote for this version of the brief."""
    offer = sent(commission)
    of: dict[str, Any] = {"at": offer.at, "commission": commission, "quote": offer.quote, "quote_version": 1}
    return [
        QuoteDrafted(**of, brief_version=brief_version, total=offer.total),
        offer,
        QuoteAccepted(**of, total=offer.total, deposit=offer.deposit),
    ]


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["detail"])


async def test_a_change_is_the_next_version_and_is_in_force_at_once(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    changed = await change(ada, commission, size="55")
    page = (await ada.http.get(f"/commissions/{commission}")).json()

    written = await newest_fact(database, commission, BriefWritten)
    told = await newest_fact(database, commission, BriefChanged)
    assert (changed.status_code, changed.json()) == (CREATED, {"brief_version": 2})
    assert (page["brief"]["version"], page["brief"]["answers"][0]["value"], page["brief_version"]) == (2, "55.00", 2)
    assert (written.brief_version, str(written.answers[0].value)) == (2, "55.00")
    assert (told.brief_version, told.by, told.way) == (2, None, None)


async def test_every_version_can_be_read_with_what_it_changed(ada: Program, ops: Program) -> None:
    commission = await ada.commission(needed_by=NEEDED_BY)
    await change(ada, commission, size="55")
    await change(ops, commission, 2, size="55", engraving="as ever", way="phone")

    newest, middle, first = (await ada.http.get(f"/commissions/{commission}/briefs")).json()

    assert (newest["version"], newest["way"]) == (3, "phone")
    assert [(each["field"], each["before"], each["after"]) for each in newest["changes"]] == [
        ("engraving", "as it was", "as ever")
    ]
    assert [(each["field"], each["after"] is None) for each in middle["changes"]] == [
        ("size", False),
        ("needed_by", True),
    ]
    assert (first["version"], first["changes"]) == (1, [])


async def test_of_two_changes_at_once_one_wins_and_the_other_is_told(ada: Program, database: Database) -> None:
    commission = await ada.commission()

    both = await asyncio.gather(*(change(ada, commission, size=size) for size in ("55", "56")))

    assert sorted(each.status_code for each in both) == [CREATED, CONFLICT]
    refused = next(each for each in both if each.status_code == CONFLICT)
    assert "version 2 applies now" in reason(refused)
    assert (await facts_about(database, commission)).count("BriefWritten") == 2


async def test_the_same_change_sent_twice_is_one_version(ada: Program, database: Database) -> None:
    commission, key = await ada.commission(), str(new_id())

    twice = await asyncio.gather(*(change(ada, commission, key=key, size="55") for _ in range(3)))

    assert {each.status_code for each in twice} == {CREATED}
    assert (await facts_about(database, commission)).count("BriefChanged") == 1


async def test_nothing_is_changed_once_the_quote_was_sent_or_it_has_ended(ada: Program, database: Database) -> None:
    quoted, ended = await ada.commission(), await ada.commission()
    await apply_facts(database, sent(quoted))
    await ada.http.post(f"/commissions/{ended}/withdraw", json={"reason": WithdrawalReason.OTHER})

    answers = [await change(ada, each, size="55") for each in (quoted, ended)]
    page = (await ada.http.get(f"/commissions/{quoted}")).json()

    assert [each.status_code for each in answers] == [CONFLICT, CONFLICT]
    assert "The quote was sent in the meantime" in reason(answers[0])
    assert "already ended" in reason(answers[1])
    assert (page["may_change"], page["brief"]["version"]) == (False, 1)


async def test_a_change_is_checked_as_the_first_form_was_and_must_differ(ada: Program) -> None:
    commission = await ada.commission()

    wrong = await change(ada, commission, size="540", metal="")
    same = await change(ada, commission)

    assert wrong.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert {each["field"] for each in wrong.json()["fields"]} == {"/answers/size", "/answers/metal"}
    assert (same.status_code, "Nothing differs" in reason(same)) == (CONFLICT, True)


async def test_the_studio_says_how_a_change_came_and_is_named(ada: Program, ops: Program, database: Database) -> None:
    commission = await ada.commission()

    silent = await change(ops, commission, size="55")
    changed = await change(ops, commission, size="55", way="counter")

    told = await newest_fact(database, commission, BriefChanged)
    timeline = (await ada.http.get(f"/commissions/{commission}/timeline")).json()["entries"]
    assert [each["field"] for each in silent.json()["fields"]] == ["/way"]
    assert (changed.status_code, told.by, told.way) == (CREATED, OPS, EntryWay.COUNTER)
    assert "The studio changed your request for you" in [each["title"] for each in timeline]


async def test_somebody_elses_request_is_not_there(ada: Program, app: FastAPI) -> None:
    commission, stranger = await ada.commission(), await Program(app).join("Zoe")

    answer = await change(stranger, commission, size="55")
    read = await stranger.http.get(f"/commissions/{commission}/briefs")

    assert (answer.status_code, read.status_code) == (NOT_FOUND, NOT_FOUND)


async def test_pictures_stay_are_added_and_left_out_and_older_versions_keep_theirs(ada: Program, app: FastAPI) -> None:
    first, second = await ada.send_image(photo()), await ada.send_image(photo())
    answer = await ada.submit(images=[first])
    commission = UUID(answer.json()["commission"])
    foreign = await (await Program(app).join("Zoe")).send_image(photo())

    stolen = await change(ada, commission, images=[foreign])
    added = await change(ada, commission, images=[second])
    versions = (await ada.http.get(f"/commissions/{commission}/briefs")).json()
    seen = await ada.http.get(f"/commissions/{commission}/images/{first}")

    assert (stolen.status_code, added.status_code) == (httpx.codes.UNPROCESSABLE_ENTITY, CREATED)
    assert [(each["images"], each["images_changed"]) for each in versions] == [([second], True), ([first], False)]
    assert seen.status_code == httpx.codes.OK


async def test_the_form_shows_what_is_in_force_and_keeps_what_was_typed(ada: Program, app: FastAPI) -> None:
    commission = await ada.commission()
    page = signed_in(app, Role.CUSTOMER, ada.person)
    form = await page.get(f"/commissions/{commission}/change")
    typed = {**RING, "brief_version": "1", "idempotency_key": str(new_id())}

    wrong = await page.post(f"/commissions/{commission}/change", data={**typed, "size": "540", "why": "Because."})
    right = await page.post(f"/commissions/{commission}/change", data={**typed, "size": "55"})
    again = await page.post(f"/commissions/{commission}/change", data={**typed, "size": "55"})
    versions = await page.get(f"/commissions/{commission}/briefs")

    assert 'value="54"' in form.text
    assert "as it was" in form.text
    assert (wrong.status_code, "Because." in wrong.text) == (422, True)
    assert (right.status_code, again.status_code) == (303, 303)
    assert "All of version 1" in versions.text
    assert "Version 2" in versions.text


async def test_a_form_over_an_older_version_says_so_and_may_be_sent_over_the_newest(
    ada: Program, ops: Program, app: FastAPI
) -> None:
    commission = await ada.commission()
    await change(ops, commission, size="55", way="phone")
    page = signed_in(app, Role.CUSTOMER, ada.person)
    typed = {**RING, "brief_version": "1", "idempotency_key": str(new_id()), "size": "56"}

    told = await page.post(f"/commissions/{commission}/change", data=typed)
    sent_again = await page.post(f"/commissions/{commission}/change", data={**typed, "brief_version": "2"})

    assert (told.status_code, "version 2 applies now" in told.text) == (409, True)
    assert 'name="brief_version" value="2"' in told.text
    assert sent_again.status_code == 303


async def test_once_the_quote_is_decided_the_form_leads_back(ada: Program, app: FastAPI, database: Database) -> None:
    commission = await ada.commission()
    await apply_facts(database, *quoted(commission))
    page = signed_in(app, Role.CUSTOMER, ada.person)

    form = await page.get(f"/commissions/{commission}/change")

    assert (form.status_code, form.headers["location"]) == (303, f"/commissions/{commission}")


async def test_what_was_accepted_before_the_change_came_to_quotes_is_in_force_again(
    ada: Program, database: Database
) -> None:
    commission, plain = await ada.commission(), await ada.commission()
    await change(ada, commission, size="55")

    for each in (commission, plain):
        await apply_facts(database, *quoted(each))
    await apply_facts(database, *quoted(commission))

    versions = (await ada.http.get(f"/commissions/{commission}/briefs")).json()
    written = await newest_fact(database, commission, BriefWritten)
    assert [each["version"] for each in versions] == [3, 2, 1]
    assert versions[0]["answers"] == versions[2]["answers"]
    assert (written.brief_version, str(written.answers[0].value)) == (3, "54.00")
    assert (await facts_about(database, plain)).count("BriefWritten") == 1
