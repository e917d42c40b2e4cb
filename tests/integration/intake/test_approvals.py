"""What a customer signs off, corrects, or refuses before a step that cannot be undone."""

import asyncio
from typing import Any
from uuid import UUID, uuid4

import httpx
import pytest
from fastapi import FastAPI

from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import ApprovalAsked, ApprovalGiven, ApprovalRefused
from shared.contracts.lifecycle import Outcome
from shared.contracts.people import Role
from shared.contracts.texts import Subject, TextWritten
from shared.kernel.ids import new_id
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from tests.support.intake import Program, facts_about, newest_fact, signed_in
from tests.support.intake_facts import CommissionFacts, ask_approval, close

ALL = ["words", "layout"]
TICKED = {"sign_words": "yes", "sign_layout": "yes"}


async def to_sign(ada: Program, database: Database) -> tuple[UUID, UUID]:
    """A commission at the bench, and the open approval of its engraving."""
    commission = await ada.commission()
    assert ada.person
    await CommissionFacts(database, commission, ada.person).until_making()
    return commission, await ask_approval(database, commission, "engraving")


def at(commission: UUID, approval: UUID, path: str = "") -> str:
    return f"/commissions/{commission}/approvals/{approval}{path}"


async def brief_of(ada: Program, commission: UUID) -> tuple[int, str]:
    """The newest version of the brief, and its engraving."""
    detail = (await ada.http.get(f"/commissions/{commission}")).json()
    words = next(answer["value"] for answer in detail["brief"]["answers"] if answer["field"] == "engraving")
    return detail["brief_version"], words


async def test_an_approval_is_asked_for_once_and_published(ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    again = await ask_approval(database, commission, "engraving")
    command = new_id()
    other = [await ask_approval(database, commission, "cut", command) for _ in range(2)]

    published = await newest_fact(database, commission, ApprovalAsked)

    assert again == approval
    assert other[0] == other[1] != approval
    assert (await facts_about(database, commission)).count("ApprovalAsked") == 2
    assert (published.approval, published.gate, published.brief_version) == (other[0], "cut", 1)


@pytest.mark.parametrize(("gate", "ended"), [("polish", False), ("engraving", True)])
async def test_an_approval_that_makes_no_sense_is_refused(
    ada: Program, database: Database, gate: str, *, ended: bool
) -> None:
    commission = await ada.commission()
    if ended:
        await close(database, commission, Outcome.CANCELLED)

    with pytest.raises(Problem) as refusal:
        await ask_approval(database, commission, gate)
    with pytest.raises(Problem) as missing:
        await ask_approval(database, uuid4(), "engraving")

    assert refusal.value.type is ProblemType.CONFLICT
    assert missing.value.type is ProblemType.NOT_FOUND


async def test_the_page_shows_the_words_letter_by_letter_and_their_layout(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = (await client.get(f"/commissions/{commission}")).text
        sheet = (await client.get(at(commission, approval))).text

    assert at(commission, approval) in page
    assert "Your turn" in page
    assert sheet.count('<span class="glyph"') == len("as it was")
    assert "small w" in sheet
    assert "The band from joint to joint, 54.00 mm" in sheet
    assert "<button>Sign off</button>" in sheet


async def test_ops_see_what_is_to_be_signed_and_cannot_sign_it(app: FastAPI, ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.OPS) as ops:
        sheet = await ops.get(at(commission, approval))
        signed = await ops.post(at(commission, approval, "/sign"), data={"brief_version": "1", **TICKED})

    assert sheet.status_code == 200
    assert "<button>Sign off</button>" not in sheet.text
    assert signed.status_code == 403


async def test_signing_is_published_once_however_often_it_is_done(ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    body = {"brief_version": 1, "signed": ALL}

    answers = await asyncio.gather(*(ada.post(at(commission, approval, "/sign"), body) for _ in range(4)))
    published = await newest_fact(database, commission, ApprovalGiven)

    assert {answer.status_code for answer in answers} == {200}
    assert {answer.json()["state"] for answer in answers} == {"given"}
    assert (published.approval, published.gate, published.brief_version) == (approval, "engraving", 1)
    facts = await facts_about(database, commission)
    assert (facts.count("ApprovalGiven"), facts.count("BriefWritten")) == (1, 1)


async def test_a_corrected_spelling_is_seen_large_before_it_is_signed(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        seen = await client.post(at(commission, approval, "/preview"), data={"text_engraving": "As it was"})
        nothing_yet = await brief_of(ada, commission)
        form = {"brief_version": "1", "text_engraving": "As it was", **TICKED}
        signed = await client.post(at(commission, approval, "/sign"), data=form)
        again = await client.post(at(commission, approval, "/sign"), data=form)
        shown = await client.get(at(commission, approval))

    assert seen.status_code == 200
    assert "nothing is signed yet" in seen.text
    assert '<p class="inscription">As it was</p>' in seen.text
    assert 'name="text_engraving" value="As it was"' in seen.text
    assert nothing_yet == (1, "as it was")
    assert [answer.status_code for answer in (signed, again)] == [303, 303]
    assert await brief_of(ada, commission) == (2, "As it was")
    assert "Signed " in shown.text
    assert '<p class="inscription">As it was</p>' in shown.text
    brief, given = (
        await newest_fact(database, commission, BriefWritten),
        await newest_fact(database, commission, ApprovalGiven),
    )
    assert (brief.brief_version, given.brief_version) == (2, 2)
    assert {answer.field: answer.value for answer in brief.answers}["engraving"] == "As it was"
    facts = await facts_about(database, commission)
    assert (facts.count("ApprovalGiven"), facts.count("BriefWritten")) == (1, 2)


BAD_CORRECTIONS = ["as it was, for ever", "日本", "", " ", "a\x00b", "x" * 300]


@pytest.mark.parametrize("words", BAD_CORRECTIONS)
async def test_a_correction_that_cannot_be_cut_keeps_what_was_typed_and_stores_nothing(
    app: FastAPI, ada: Program, database: Database, words: str
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.post(at(commission, approval, "/preview"), data={"text_engraving": words})
        signed = await client.post(
            at(commission, approval, "/sign"), data={"brief_version": "1", "text_engraving": words, **TICKED}
        )
    api = await ada.post(at(commission, approval, "/preview"), {"corrected": {"engraving": words}})

    assert (page.status_code, signed.status_code, api.status_code) == (422, 422, 422)
    assert 'id="text_engraving-problem"' in page.text
    assert "<details open>" in page.text
    if "\x00" not in words:
        assert f'value="{words}"' in page.text
    assert [found["field"] for found in api.json()["fields"]] == ["/corrected/engraving"]
    assert api.json()["fields"][0]["remedy"]
    assert await brief_of(ada, commission) == (1, "as it was")


async def test_more_letters_than_were_quoted_are_for_the_studio_to_quote(ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)

    answer = await ada.post(at(commission, approval, "/preview"), {"corrected": {"engraving": "as it were"}})

    assert answer.json()["fields"][0]["message"] == "Your quote includes 7 letters, and these are 8."
    assert "write to the studio" in answer.json()["fields"][0]["remedy"]


UNSIGNED: list[tuple[dict[str, Any], list[str]]] = [
    ({"brief_version": 1, "signed": []}, ["/signed", "/signed"]),
    ({"brief_version": 1, "signed": ["words"]}, ["/signed"]),
    ({"brief_version": 1, "signed": ["something"]}, ["/signed", "/signed"]),
    ({"brief_version": "one", "signed": ALL}, ["/brief_version"]),
    ({"brief_version": 0, "signed": ALL}, ["/brief_version"]),
    ({"signed": ALL}, ["/brief_version"]),
    ({"brief_version": 1, "signed": ALL, "corrected": {"metal": "platinum_950"}}, ["/corrected/metal"]),
]


@pytest.mark.parametrize(("body", "fields"), UNSIGNED)
async def test_a_signature_that_is_none_is_refused_by_field(
    ada: Program, database: Database, body: dict[str, Any], fields: list[str]
) -> None:
    commission, approval = await to_sign(ada, database)

    answer = await ada.post(at(commission, approval, "/sign"), body)

    assert answer.status_code == 422
    assert [found["field"] for found in answer.json()["fields"]] == fields
    assert "ApprovalGiven" not in await facts_about(database, commission)


@pytest.mark.parametrize("version", ["", "x", "9" * 30, "-1"])
async def test_a_form_without_its_version_says_to_load_it_again(
    app: FastAPI, ada: Program, database: Database, version: str
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        answer = await client.post(at(commission, approval, "/sign"), data={"brief_version": version, **TICKED})

    assert answer.status_code == 422
    assert "which version you looked at" in answer.text


async def test_a_correction_with_a_missing_tick_is_shown_again(app: FastAPI, ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        form = {"brief_version": "1", "text_engraving": "As it was", "sign_words": "yes"}
        answer = await client.post(at(commission, approval, "/sign"), data=form)

    assert answer.status_code == 422
    assert '<p class="inscription">As it was</p>' in answer.text
    assert 'id="sign_layout-problem"' in answer.text
    assert 'name="text_engraving" value="As it was"' in answer.text


async def test_what_is_not_ticked_is_named_in_the_language_of_who_signs(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        form = {"brief_version": "1", "sign_layout": "yes"}
        answer = await client.post(at(commission, approval, "/sign"), data=form, headers={"Accept-Language": "de"})

    assert answer.status_code == 422
    assert "Noch nicht angehakt: Die Worte, Buchstabe für Buchstabe" in answer.text


async def test_an_older_version_cannot_be_signed(ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    size = await ask_approval(database, commission, "cut")
    await ada.post(
        at(commission, approval, "/sign"),
        {"brief_version": 1, "signed": ALL, "corrected": {"engraving": "As it was"}},
    )

    old = await ada.post(at(commission, size, "/sign"), {"brief_version": 1, "signed": ["size"]})
    new = await ada.post(at(commission, size, "/sign"), {"brief_version": 2, "signed": ["size"]})

    assert (old.status_code, new.status_code) == (409, 200)
    assert "corrected while you were reading it" in old.json()["detail"]
    assert new.json()["brief_version"] == 2


async def test_from_two_browsers_the_first_signature_holds(app: FastAPI, ada: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    await ada.post(at(commission, approval, "/sign"), {"brief_version": 1, "signed": ALL})

    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        form = {"brief_version": "1", "text_engraving": "As it was", **TICKED}
        other = await client.post(at(commission, approval, "/sign"), data=form)
        refused = await client.post(at(commission, approval, "/refuse"), data={"words": "Smaller letters."})

    assert (other.status_code, refused.status_code) == (409, 409)
    assert "You have already signed this." in other.text
    assert await brief_of(ada, commission) == (1, "as it was")
    assert "ApprovalRefused" not in await facts_about(database, commission)


async def test_refusing_tells_the_words_on_their_own_topic_and_opens_the_way_for_another(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, approval = await to_sign(ada, database)
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        empty = await client.post(at(commission, approval, "/refuse"), data={"words": "  "})
        done = await client.post(at(commission, approval, "/refuse"), data={"words": "Smaller letters, please."})
        page = await client.get(f"/commissions/{commission}")
        sheet = await client.get(at(commission, approval))
        signed = await client.post(at(commission, approval, "/sign"), data={"brief_version": "1", **TICKED})
    again = await ada.post(at(commission, approval, "/refuse"), {"words": "No, larger ones."})
    published = await newest_fact(database, commission, ApprovalRefused)
    text = await newest_fact(database, published.text, TextWritten)

    assert (empty.status_code, done.status_code, again.status_code, signed.status_code) == (422, 303, 200, 409)
    assert 'id="words-problem"' in empty.text
    assert (text.subject, text.body, text.commission) == (Subject.REASON, "Smaller letters, please.", commission)
    assert "Smaller letters, please." in page.text
    assert "You requested a change" in sheet.text
    assert (await facts_about(database, commission)).count("ApprovalRefused") == 1
    assert await ask_approval(database, commission, "engraving") != approval


@pytest.mark.parametrize("words", ["", "x" * 4001, "a\x00b", None, 7])
async def test_refusing_needs_words_that_can_be_kept(ada: Program, database: Database, words: object) -> None:
    commission, approval = await to_sign(ada, database)

    answer = await ada.post(at(commission, approval, "/refuse"), {"words": words})

    assert answer.status_code == 422
    assert answer.json()["fields"][0]["field"] == "/words"


async def test_after_the_end_nothing_can_be_signed_and_the_page_stays_readable(
    app: FastAPI, ada: Program, database: Database
) -> None:
    commission, approval = await to_sign(ada, database)
    await close(database, commission, Outcome.CANCELLED)

    signed = await ada.post(at(commission, approval, "/sign"), {"brief_version": 1, "signed": ALL})
    refused = await ada.post(at(commission, approval, "/refuse"), {"words": "Otherwise."})
    async with signed_in(app, Role.CUSTOMER, ada.person) as client:
        page = await client.get(f"/commissions/{commission}")
        sheet = await client.get(at(commission, approval))

    assert (signed.status_code, refused.status_code) == (409, 409)
    assert "The commission has ended" in signed.json()["detail"]
    assert "Your turn" not in page.text
    assert "No signature is needed any more" in sheet.text


async def test_somebody_elses_approval_answers_as_a_missing_one(ada: Program, ben: Program, database: Database) -> None:
    commission, approval = await to_sign(ada, database)
    other = await ben.commission()
    sign = {"brief_version": 1, "signed": ALL}

    answers: list[httpx.Response] = [
        await ben.http.get(at(commission, approval)),
        await ben.post(at(commission, approval, "/sign"), sign),
        await ben.post(at(commission, approval, "/refuse"), {"words": "No."}),
        await ben.post(at(commission, approval, "/preview"), {"corrected": {}}),
        await ben.post(at(other, approval, "/sign"), sign),
        await ada.post(at(commission, uuid4(), "/sign"), sign),
    ]

    assert {answer.status_code for answer in answers} == {404}
