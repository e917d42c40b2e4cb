"""Where a piece goes: the country, asked by the form, and the address, asked by the commission's page."""

from dataclasses import dataclass
from uuid import UUID

import httpx
import pytest
from fastapi import FastAPI

from shared.auth.roles import Role
from shared.contracts.commissions import DeliveryChosen, DeliveryWay, ParcelMissed
from shared.contracts.lifecycle import CommissionEscalated, Escalation, Holder, Phase
from shared.contracts.people import RecipientRecorded
from shared.contracts.production import (
    ParcelClaimed,
    ParcelDelivered,
    ParcelHandedOver,
    PieceMade,
    PiecePacked,
    ReadyForPickup,
)
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.browser.intake.commission import facts_of
from tests.support.intake import RING, Program, newest_fact, signed_in, token
from tests.support.intake_facts import CommissionFacts


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"delivery_country": "AT"}, "AT"),
        ({}, "DE"),
        ({"delivery_country": ""}, None),
        ({"delivery_country": "XX"}, None),
    ],
)
async def test_the_form_asks_where_the_piece_is_delivered(
    customer: httpx.AsyncClient, database: Database, typed: dict[str, str], kept: str | None
) -> None:
    form = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}

    asked = await customer.get("/commissions/new/jewellery/engraved-ring")
    answer = await customer.post("/commissions", data={**form, **typed})

    assert '<option value="DE" selected>Germany</option>' in asked.text
    assert answer.status_code == (303 if kept else 422)
    if kept is None:
        assert 'id="delivery_country-problem"' in answer.text
        return
    async with database.transaction() as tx:
        commission = UUID(answer.headers["location"].rpartition("/")[2])
        found = await tx.connection.fetchval(
            "SELECT delivery_country FROM commission WHERE commission = $1", commission
        )
    assert found == kept


async def test_a_country_that_is_none_is_refused_by_the_api(ada: Program) -> None:
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING), "delivery_country": "XX"}

    answer = await ada.post("/commissions", body)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == ["/delivery_country"], answer.text


@dataclass(frozen=True)
class Ordered:
    """A commission whose quote is accepted, its customer, and the studio."""

    commission: UUID
    customer: Program
    studio: Program
    facts: CommissionFacts

    @property
    def path(self) -> str:
        return f"/commissions/{self.commission}/delivery"


HOME = {"way": "parcel", "name": "Ada Quist", "street": "Lindenweg 4", "postcode": "10115", "city": "Berlin"}


@pytest.fixture
async def ordered(app: FastAPI, ada: Program, database: Database) -> Ordered:
    commission = await ada.commission()
    facts = facts_of(database, ada, commission)
    await facts.until_making()
    studio = Program(app)
    studio.http.headers["Authorization"] = f"Bearer {token(Role.OPS, new_id())}"
    return Ordered(commission, ada, studio, facts)


async def test_the_address_is_published_for_people_alone_and_the_facts_have_none_of_it(
    ordered: Ordered, database: Database
) -> None:
    first = await ordered.customer.http.put(ordered.path, json=HOME)
    again = await ordered.customer.http.put(ordered.path, json=HOME)

    assert (first.status_code, again.json()) == (200, first.json())
    chosen = await newest_fact(database, ordered.commission, DeliveryChosen)
    assert (chosen.number, chosen.way, chosen.by) == (1, DeliveryWay.PARCEL, None)
    assert chosen.recipient
    recorded = await newest_fact(database, chosen.recipient, RecipientRecorded)
    assert (recorded.street, recorded.postcode, recorded.country) == ("Lindenweg 4", "10115", "DE")
    async with database.transaction() as tx:
        said = await tx.connection.fetch("SELECT data::text FROM outbox WHERE key = $1", ordered.commission)
    assert not [row for row in said if "Lindenweg" in row["data"]]


async def test_who_collects_the_piece_leaves_no_address(ordered: Ordered, database: Database) -> None:
    await ordered.customer.http.put(ordered.path, json=HOME)
    chosen = await newest_fact(database, ordered.commission, DeliveryChosen)

    answer = await ordered.customer.http.put(ordered.path, json={"way": "pickup"})

    assert (answer.json()["way"], answer.json()["address"]) == ("pickup", None)
    async with database.transaction() as tx:
        kept = "SELECT name, street, recipient FROM delivery WHERE number = 2 AND commission = $1"
        row = await tx.connection.fetchrow(kept, ordered.commission)
        tombstones = "SELECT count(*) FROM outbox WHERE key = $1 AND data IS NULL"
        gone = await tx.connection.fetchval(tombstones, chosen.recipient)
    assert row is not None
    assert tuple(row) == (None, None, None)
    assert gone == 1


async def test_an_address_is_checked_and_each_field_says_what_is_wrong(ordered: Ordered) -> None:
    answer = await ordered.customer.http.put(ordered.path, json={**HOME, "street": "", "postcode": "1"})

    assert answer.status_code == 422
    assert sorted(each["field"] for each in answer.json()["fields"]) == ["postcode", "street"]


async def test_until_it_is_packed_the_customer_changes_it_and_until_it_is_sent_the_studio(ordered: Ordered) -> None:
    await ordered.facts.tell(
        PiecePacked(at=ordered.facts.at(), commission=ordered.commission, piece=ordered.commission, delivery=1)
    )
    late = await ordered.customer.http.put(ordered.path, json=HOME)
    studio = await ordered.studio.http.put(ordered.path, json=HOME)
    sent = ParcelHandedOver(
        at=ordered.facts.at(), commission=ordered.commission, carrier="dhl", tracking="0034", delivery=1
    )
    await ordered.facts.tell(sent)
    later = await ordered.studio.http.put(ordered.path, json={**HOME, "street": "Ahornweg 1"})

    assert (late.status_code, studio.status_code, later.status_code) == (409, 200, 409)
    assert "cannot be changed here any more" in late.json()["detail"]
    assert "left the studio" in later.json()["detail"]


async def test_an_address_is_nobody_elses_to_read_or_to_choose(ordered: Ordered, ben: Program) -> None:
    await ordered.customer.http.put(ordered.path, json=HOME)

    answers = [await ben.http.get(ordered.path), await ben.http.put(ordered.path, json=HOME)]

    assert [answer.status_code for answer in answers] == [404, 404]


async def test_before_an_order_nobody_is_asked(ada: Program) -> None:
    commission = await ada.commission()

    answer = await ada.http.put(f"/commissions/{commission}/delivery", json=HOME)

    assert answer.status_code == 409
    assert "Nothing is ordered yet" in answer.json()["detail"]


async def test_a_piece_that_is_collected_is_signed_for_on_the_tablet_alone(ordered: Ordered) -> None:
    await ordered.customer.http.put(ordered.path, json={"way": "pickup"})
    await ordered.facts.tell(ReadyForPickup(at=ordered.facts.at(), commission=ordered.commission))

    at_home = await ordered.customer.http.post(f"/commissions/{ordered.commission}/receipt")

    assert at_home.status_code == 409
    assert "signed for at the studio" in at_home.json()["detail"]


async def test_a_parcel_that_has_not_come_is_said_once_and_the_money_can_be_taken_once_it_is_late(
    ordered: Ordered, database: Database
) -> None:
    path, about = f"/commissions/{ordered.commission}", ordered.commission
    await ordered.customer.http.put(ordered.path, json=HOME)
    too_early = await ordered.customer.http.post(f"{path}/missing")
    sent = ParcelHandedOver(at=ordered.facts.at(), commission=about, carrier="ups", tracking="1Z9", delivery=1)
    await ordered.facts.tell(sent)
    await ordered.facts.enter(Phase.SHIPPING, Holder.PROCESS)

    first = await ordered.customer.http.post(f"{path}/missing")
    again = await ordered.studio.http.post(f"{path}/missing")
    page = (await ordered.customer.http.get(path)).json()
    barred = (await ordered.customer.http.get(f"{path}/cancel")).json()
    late = CommissionEscalated(
        at=ordered.facts.at(),
        commission=about,
        number=1,
        phase=Phase.SHIPPING,
        holder=Holder.STUDIO,
        reason=Escalation.PARCEL_MISSING,
    )
    await ordered.facts.tell(late)
    offered = (await ordered.customer.http.get(f"{path}/cancel")).json()

    assert (too_early.status_code, first.status_code, again.status_code) == (409, 200, 200)
    assert page["status"]["code"] == "missed"
    assert barred["blocked_by"] == "handed_over"
    assert (offered["blocked_by"], offered["terms"]["percent"]) == (None, 0)
    async with database.transaction() as tx:
        said = "SELECT count(*) FROM outbox WHERE key = $1 AND type = $2"
        assert await tx.connection.fetchval(said, about, ParcelMissed.type()) == 1


async def test_a_parcel_that_has_arrived_is_not_missed(ordered: Ordered) -> None:
    about = ordered.commission
    sent = ParcelHandedOver(at=ordered.facts.at(), commission=about, carrier="ups", tracking="1Z9", delivery=1)
    await ordered.facts.tell(sent, ParcelDelivered(at=ordered.facts.at(), commission=about))

    answer = await ordered.customer.http.post(f"/commissions/{about}/missing")

    assert answer.status_code == 409


@pytest.mark.parametrize("language", ["en", "de"])
async def test_the_page_of_the_commission_is_there_at_every_step_of_the_way(
    app: FastAPI, ordered: Ordered, language: str
) -> None:
    path, about, facts = f"/commissions/{ordered.commission}", ordered.commission, ordered.facts
    seen: list[tuple[str, str, int]] = []

    async def look(step: str) -> None:
        for role, person in ((Role.CUSTOMER, ordered.customer.person), (Role.OPS, None)):
            async with signed_in(app, role, person) as browser:
                page = await browser.get(path, headers={"Accept-Language": language})
            seen.append((step, role, page.status_code))

    await look("ordered")
    await facts.tell(PieceMade(at=facts.at(), commission=about, piece=about, maker=facts.maker))
    await look("made, and nobody has said where it goes")
    await ordered.customer.http.put(ordered.path, json=HOME)
    await look("said")
    await facts.tell(PiecePacked(at=facts.at(), commission=about, piece=about, delivery=1))
    await look("packed")
    await facts.tell(
        ParcelHandedOver(at=facts.at(), commission=about, carrier="ups", tracking="1Z999AA10123456784", delivery=1)
    )
    await facts.enter(Phase.SHIPPING, Holder.PROCESS)
    await look("sent")
    await ordered.customer.http.post(f"{path}/missing")
    await look("missed")
    await facts.tell(ParcelClaimed(at=facts.at(), commission=about, carrier="ups", reference="C-4711"))
    await look("claimed")

    assert [each for each in seen if each[2] != 200] == []
