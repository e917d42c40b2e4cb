"""A piece that is planned too late leads the ops room before it is late, and says which day it would miss."""

from collections.abc import AsyncIterator
from datetime import date, timedelta

import httpx
import pytest

from services.lifecycle.main import web
from shared.auth.roles import Role
from shared.contracts.commissions import BriefChanged
from shared.contracts.production import PieceReplanned, Replanned
from shared.contracts.quotes import ChangeOrderApplied, QuoteSent
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.lifecycle import NOW, Room, kernel_of
from tests.support.lifecycle_stories import DAY, Story
from tests.support.web import bearer, client_of, cookie

API = "/api/v1/lifecycle"


@pytest.fixture
async def client(database: Database) -> AsyncIterator[httpx.AsyncClient]:
    async with client_of(web(kernel_of(database))) as asking:
        yield asking


def promised(story: Story, day: date) -> Story:
    """The quote that was sent last says this day."""
    sent = next(fact for fact in story.facts if isinstance(fact, QuoteSent))
    story.facts[story.facts.index(sent)] = sent.model_copy(update={"ready_by": day})
    return story


def planned(story: Story, day: date) -> Story:
    """The bench plans the piece for this day."""
    return story.tell(
        PieceReplanned(
            at=story.at,
            commission=story.commission,
            piece=story.commission,
            promise=new_id(),
            maker=new_id(),
            ready_by=day,
            ready_by_p50=day,
            before=day - timedelta(days=9),
            reason=Replanned.MISHAP,
        )
    )


def making() -> Story:
    """It was promised for ten days from now, and is planned for so soon."""
    story = Story(NOW - 9 * DAY).on_the_desk().after(DAY).offered().after(3 * DAY).accepted().after(DAY).deposit_paid()
    return planned(promised(story, NOW.date() + 10 * DAY), NOW.date() + 10 * DAY)


async def test_a_piece_that_is_planned_after_the_promised_day_leads_the_list_until_it_is_not(
    client: httpx.AsyncClient, room: Room
) -> None:
    story = making()
    await story.sent_to(room)
    before = (await client.get(f"{API}/commissions/{story.commission}", headers=bearer(Role.OPS))).json()
    story.facts.clear()
    await planned(story, NOW.date() + 12 * DAY).sent_to(room)

    listed = (
        await client.get(f"{API}/commissions?risk=at_risk&q={story.commission}", headers=bearer(Role.OPS))
    ).json()["items"]
    page = (await client.get(f"/ops?q={story.commission}", headers=cookie(Role.OPS))).text
    about = (await client.get(f"/ops/commissions/{story.commission}", headers=cookie(Role.OPS))).text
    story.facts.clear()
    await planned(story, NOW.date() + 10 * DAY).sent_to(room)
    after = (await client.get(f"{API}/commissions/{story.commission}", headers=bearer(Role.OPS))).json()

    mine = [each for each in listed if each["commission"] == str(story.commission)]
    assert [(each["at_risk"], each["risk"]) for each in mine] == [("promised", "at_risk")]
    assert "Planned after the promised day" in page
    assert page.index("Look at these first") < page.index(f"ticket-{story.commission}")
    assert "2 days later" in about
    assert (before["at_risk"], after["at_risk"]) == (None, None)


@pytest.mark.parametrize(
    ("needed", "agreed", "at_risk"),
    [(40, False, None), (39, False, "needed"), (39, True, None), (0, False, "needed"), (-3, False, "needed")],
)
async def test_a_day_that_an_offer_cannot_meet_is_at_risk_until_the_customer_agrees_to_a_later_one(
    client: httpx.AsyncClient, room: Room, needed: int, *, agreed: bool, at_risk: str | None
) -> None:
    """Also a day that was moved into the past meanwhile."""
    story = Story(NOW - DAY).on_the_desk().offered()
    held = story.at.date() + 40 * DAY
    promised(story, held)
    story.tell(
        BriefChanged(
            at=story.at, commission=story.commission, brief_version=2, needed_by=story.at.date() + needed * DAY
        )
    )
    await (story.accepted() if agreed else story).sent_to(room)

    found = (await client.get(f"{API}/commissions/{story.commission}", headers=bearer(Role.OPS))).json()

    assert found["at_risk"] == at_risk


async def test_a_later_day_that_was_agreed_by_a_change_order_is_the_promised_one(
    client: httpx.AsyncClient, room: Room
) -> None:
    story, later = making(), NOW.date() + 30 * DAY
    money = Money(minor=100_00, currency="EUR")
    applied = ChangeOrderApplied(
        at=story.at,
        commission=story.commission,
        change_order=new_id(),
        number=1,
        amendment=1,
        total=money,
        difference=money,
        ready_by=later,
        brief_version=2,
    )
    await planned(story.tell(applied), later).sent_to(room)

    found = (await client.get(f"{API}/commissions/{story.commission}", headers=bearer(Role.OPS))).json()

    assert (found["promised_by"], found["at_risk"]) == (str(later), None)
