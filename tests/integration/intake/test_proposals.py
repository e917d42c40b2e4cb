"""While a quote is offered a change is a proposal, answered by a new version of the brief or refused with words."""

import asyncio
from typing import Any
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from services.intake.actions import commissions
from services.intake.domain.people import Person
from services.intake.store import add_person
from shared.auth.roles import Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commissions import BriefChanged, ChangeProposalClosed, ChangeProposed, EntryWay, ProposalOutcome
from shared.contracts.lifecycle import Outcome
from shared.contracts.quotes import QuoteAccepted, QuoteEnd, QuoteExpired
from shared.contracts.texts import TextWritten
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program, apply_facts, facts_about, newest_fact, photo, signed_in, token
from tests.support.proposals import TOTAL, offer

OPS = new_id()
OK, CREATED, CONFLICT, NOT_FOUND = (
    httpx.codes.OK,
    httpx.codes.CREATED,
    httpx.codes.CONFLICT,
    httpx.codes.NOT_FOUND,
)


@pytest.fixture
async def ops(app: FastAPI, database: Database) -> Program:
    """Somebody of the studio, at the API."""
    async with database.transaction() as tx:
        await add_person(tx, Person(OPS, Role.OPS, "Ida Ops", f"{OPS}@example.org"), system_clock())
    program = Program(app)
    program.http.headers["Authorization"] = f"Bearer {token(Role.OPS, OPS)}"
    return program


@pytest.fixture
async def offered(ada: Program, database: Database) -> UUID:
    """A commission of Ada's for which a quote is offered."""
    commission = await ada.commission()
    await offer(database, commission)
    return commission


async def propose(
    who: Program, commission: UUID, version: int = 1, *, key: str | None = None, **changed: Any
) -> httpx.Response:
    about: dict[str, Any] = {name: changed.pop(name) for name in ("images", "way") if name in changed}
    answers = {name: value for name, value in {**RING, **changed}.items() if value}
    body = {"brief_version": version, "answers": answers, **about}
    return await who.post(f"/commissions/{commission}/proposals", body, key=key)


async def answer(who: Program, commission: UUID, proposed: httpx.Response, how: str, **body: str) -> httpx.Response:
    address = f"/commissions/{commission}/proposals/{proposed.json()['proposal']}/{how}"
    return await who.http.post(address, json=body or None)


def reason(answer: httpx.Response) -> str:
    return str(answer.json()["detail"])


async def test_a_proposal_changes_nothing_and_travels_with_the_brief_in_force(
    ada: Program, offered: UUID, database: Database
) -> None:
    proposed = await propose(ada, offered, size="55")
    page = (await ada.http.get(f"/commissions/{offered}")).json()
    (listed,) = (await ada.http.get(f"/commissions/{offered}/proposals")).json()

    written = await newest_fact(database, offered, BriefWritten)
    told = await newest_fact(database, offered, ChangeProposed)
    assert (proposed.status_code, proposed.json()["number"]) == (CREATED, 1)
    assert (written.brief_version, str(written.answers[0].value)) == (1, "54.00")
    assert written.proposal is not None
    assert str(written.proposal.answers[0].value) == "55.00"
    assert (told.proposal, told.number, told.by) == (written.proposal.proposal, 1, None)
    assert (page["brief"]["version"], page["may_change"], page["may_propose"]) == (1, False, False)
    assert (listed["state"], [each["field"] for each in listed["changes"]]) == ("open", ["size"])


async def test_the_studio_agrees_and_the_proposal_is_the_next_version(
    ada: Program, ops: Program, offered: UUID, database: Database
) -> None:
    proposed = await propose(ada, offered, size="55")

    twice = [await answer(ops, offered, proposed, "apply") for _ in range(2)]

    written = await newest_fact(database, offered, BriefWritten)
    closed = await newest_fact(database, offered, ChangeProposalClosed)
    page = (await ada.http.get(f"/commissions/{offered}")).json()
    assert [(each.status_code, each.json()["brief_version"]) for each in twice] == [(OK, 2), (OK, 2)]
    assert (written.brief_version, str(written.answers[0].value), written.proposal) == (2, "55.00", None)
    assert (closed.outcome, closed.brief_version, closed.by) == (ProposalOutcome.APPLIED, 2, OPS)
    assert (await newest_fact(database, offered, BriefChanged)).brief_version == 2
    assert (await facts_about(database, offered)).count("ChangeProposalClosed") == 1
    assert (page["may_change"], page["may_propose"]) == (True, False)  # nothing is offered until the next one is sent


async def test_after_the_revised_quote_another_change_can_be_proposed(
    ada: Program, ops: Program, offered: UUID, database: Database
) -> None:
    await answer(ops, offered, await propose(ada, offered, size="55"), "apply")
    await offer(database, offered, version=2, brief_version=2)

    stale = await propose(ada, offered, 1, size="56")
    again = await propose(ada, offered, 2, size="56")

    assert (stale.status_code, "version 2 applies now" in reason(stale)) == (CONFLICT, True)
    assert (again.status_code, again.json()["number"]) == (CREATED, 2)


async def test_the_studio_refuses_with_words_and_the_offer_stands(
    ada: Program, ops: Program, offered: UUID, database: Database
) -> None:
    proposed = await propose(ada, offered, size="55")

    silent = await answer(ops, offered, proposed, "refuse", words=" ")
    twice = [await answer(ops, offered, proposed, "refuse", words=each) for each in ("Too late.", "No.")]
    late = await answer(ops, offered, proposed, "apply")
    (listed,) = (await ada.http.get(f"/commissions/{offered}/proposals")).json()

    closed = await newest_fact(database, offered, ChangeProposalClosed)
    written = await newest_fact(database, offered, BriefWritten)
    timeline = (await ada.http.get(f"/commissions/{offered}/timeline")).json()["entries"]
    assert silent.status_code == httpx.codes.UNPROCESSABLE_ENTITY
    assert [each.status_code for each in twice] == [OK, OK]
    assert (late.status_code, "answered or taken back" in reason(late)) == (CONFLICT, True)
    assert (listed["state"], listed["words"]) == ("refused", "Too late.")
    assert (closed.outcome, written.brief_version, written.proposal) == (ProposalOutcome.REFUSED, 1, None)
    assert (await facts_about(database, offered)).count("TextWritten") == 0  # texts have keys of their own
    assert closed.text is not None
    assert (await newest_fact(database, closed.text, TextWritten)).body == "Too late."
    assert "The studio refused the change" in [each["title"] for each in timeline]


async def test_of_two_proposals_at_once_one_waits_and_the_other_is_told_the_way_on(
    ada: Program, ops: Program, offered: UUID, database: Database
) -> None:
    both = await asyncio.gather(propose(ada, offered, size="55"), propose(ops, offered, size="56", way="phone"))

    assert sorted(each.status_code for each in both) == [CREATED, CONFLICT]
    refused = next(each for each in both if each.status_code == CONFLICT)
    assert "Another change is proposed already" in reason(refused)
    assert f"/commissions/{offered}/proposal" in refused.text
    assert (await facts_about(database, offered)).count("ChangeProposed") == 1


async def test_the_same_proposal_sent_twice_is_one(ada: Program, offered: UUID, database: Database) -> None:
    key = str(new_id())

    twice = await asyncio.gather(*(propose(ada, offered, key=key, size="55") for _ in range(3)))

    assert {each.status_code for each in twice} == {CREATED}
    assert (await facts_about(database, offered)).count("ChangeProposed") == 1


async def test_whoever_takes_a_proposal_back_may_make_another(ada: Program, offered: UUID, database: Database) -> None:
    proposed = await propose(ada, offered, size="55")

    twice = [await answer(ada, offered, proposed, "take-back") for _ in range(2)]
    closed = await newest_fact(database, offered, ChangeProposalClosed)
    again = await propose(ada, offered, size="56")

    assert [each.status_code for each in twice] == [OK, OK]
    assert (closed.outcome, closed.by) == (ProposalOutcome.TAKEN_BACK, None)
    assert again.status_code == CREATED


async def test_a_proposal_has_to_differ_and_to_be_good(ada: Program, offered: UUID) -> None:
    same = await propose(ada, offered)
    wrong = await propose(ada, offered, size="540")

    assert (same.status_code, "Nothing differs" in reason(same)) == (CONFLICT, True)
    assert [each["field"] for each in wrong.json()["fields"]] == ["/answers/size"]


async def test_nothing_is_proposed_before_a_quote_is_sent_or_once_it_has_ended(
    ada: Program, database: Database
) -> None:
    new, expired, accepted = [await ada.commission() for _ in range(3)]
    for each in (expired, accepted):
        await offer(database, each)
    of: dict[str, Any] = {"at": system_clock(), "quote": new_id(), "quote_version": 1}
    await apply_facts(database, QuoteExpired(**of, commission=expired, reason=QuoteEnd.EXPIRED), first=3)
    await apply_facts(database, QuoteAccepted(**of, commission=accepted, total=TOTAL, deposit=TOTAL), first=3)

    answers = [await propose(ada, each, size="55") for each in (new, expired, accepted)]

    assert [each.status_code for each in answers] == [CONFLICT] * 3
    assert f"/commissions/{new}/change" in answers[0].text
    assert "No quote is offered now" in reason(answers[1])
    assert "was accepted in the meantime" in reason(answers[2])


async def test_an_acceptance_under_way_overtakes_the_proposal(ada: Program, offered: UUID, database: Database) -> None:
    await propose(ada, offered, size="55")
    accepted = QuoteAccepted(
        at=system_clock(), commission=offered, quote=offered, quote_version=1, total=TOTAL, deposit=TOTAL
    )

    await apply_facts(database, accepted, first=3)

    (listed,) = (await ada.http.get(f"/commissions/{offered}/proposals")).json()
    written = await newest_fact(database, offered, BriefWritten)
    closed = await newest_fact(database, offered, ChangeProposalClosed)
    assert (listed["state"], closed.outcome) == ("overtaken", ProposalOutcome.OVERTAKEN)
    assert (written.brief_version, str(written.answers[0].value), written.proposal) == (1, "54.00", None)


async def test_the_end_closes_a_proposal(ada: Program, ops: Program, offered: UUID, database: Database) -> None:
    proposed = await propose(ada, offered, size="55")

    async with database.transaction() as tx:
        await commissions.close(
            tx, CloseCommission(id=new_id(), commission=offered, outcome=Outcome.EXPIRED), system_clock()
        )
    late = await answer(ops, offered, proposed, "apply")

    (listed,) = (await ada.http.get(f"/commissions/{offered}/proposals")).json()
    assert (listed["state"], late.status_code) == ("overtaken", CONFLICT)


async def test_strangers_see_and_answer_nothing_and_customers_do_not_answer_themselves(
    ada: Program, app: FastAPI, offered: UUID
) -> None:
    proposed, stranger = await propose(ada, offered, size="55"), await Program(app).join("Zoe")

    answers = [
        await propose(stranger, offered, size="56"),
        await stranger.http.get(f"/commissions/{offered}/proposals"),
        await answer(stranger, offered, proposed, "take-back"),
        await answer(ada, offered, proposed, "apply"),
    ]

    assert [each.status_code for each in answers] == [NOT_FOUND, NOT_FOUND, NOT_FOUND, httpx.codes.FORBIDDEN]


async def test_the_studio_enters_a_proposal_and_says_how_it_came(
    ada: Program, ops: Program, offered: UUID, database: Database
) -> None:
    silent = await propose(ops, offered, size="55")
    entered = await propose(ops, offered, size="55", way="phone", images=[await ops.send_image(photo())])

    told = await newest_fact(database, offered, ChangeProposed)
    (listed,) = (await ada.http.get(f"/commissions/{offered}/proposals")).json()
    assert [each["field"] for each in silent.json()["fields"]] == ["/way"]
    assert (entered.status_code, told.by, told.way) == (CREATED, OPS, EntryWay.PHONE)
    assert (listed["by"], listed["images_changed"], len(listed["images"])) == ("ops", True, 1)


async def test_the_pages_lead_through_it(ada: Program, app: FastAPI, offered: UUID) -> None:
    page, desk = signed_in(app, Role.CUSTOMER, ada.person), signed_in(app, Role.OPS, OPS)
    typed = {**RING, "brief_version": "1", "idempotency_key": str(new_id()), "size": "55"}

    form = await page.get(f"/commissions/{offered}/change")
    proposed = await page.post(f"/commissions/{offered}/proposals", data=typed)
    told = await page.post(f"/commissions/{offered}/proposals", data={**typed, "idempotency_key": str(new_id())})
    seen = await page.get(f"/commissions/{offered}/proposal")
    asked = await desk.get(f"/commissions/{offered}/proposal")
    (id_,) = [each["proposal"] for each in (await ada.http.get(f"/commissions/{offered}/proposals")).json()]
    silent = await desk.post(f"/commissions/{offered}/proposals/{id_}/refuse", data={"words": ""})
    applied = await desk.post(f"/commissions/{offered}/proposals/{id_}/apply")

    assert f'action="/commissions/{offered}/proposals"' in form.text
    assert (proposed.status_code, proposed.headers["location"]) == (303, f"/commissions/{offered}/proposal")
    assert (told.status_code, "Another change is proposed already" in told.text) == (409, True)
    assert "Take the proposal back" in seen.text
    assert "Revise the quote" not in seen.text
    assert "Revise the quote" in asked.text
    assert (silent.status_code, "You have not written why" in silent.text) == (422, True)
    assert applied.status_code == 303
