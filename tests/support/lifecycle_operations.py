"""Commissions for ops to do something with: a workflow on the real Temporal, and the room that has heard of it."""

from datetime import UTC, datetime
from typing import Final
from uuid import UUID

import httpx

from shared.auth.roles import Role
from shared.contracts.lifecycle import Holder, Phase
from shared.kernel.ids import new_id
from tests.support.counterparts import Counterparts
from tests.support.lifecycle import NOW, Room
from tests.support.lifecycle_stories import DAY, Story
from tests.support.lives import Life
from tests.support.rest import draft_mailed
from tests.support.web import bearer

API: Final = "/api/v1/lifecycle"
PERSON: Final = new_id()
OPS: Final = bearer(Role.OPS, PERSON)
SAME_SITE: Final = {"Sec-Fetch-Site": "same-origin"}
WHY: Final = {"reason": "She rang: the ring can wait."}


async def at_the_desk(services: Counterparts, room: Room) -> Life:
    story = Story(NOW - 2 * DAY).on_the_desk()
    handle = await services.begin(commission=story.commission)
    await draft_mailed(handle)
    await story.sent_to(room)
    return Life(services, handle, story.commission, datetime.now(UTC))


async def offered(services: Counterparts, room: Room) -> Life:
    story = Story(NOW - 2 * DAY).on_the_desk().offered()
    handle = await services.begin(commission=story.commission)
    await draft_mailed(handle)
    life = Life(services, handle, story.commission, datetime.now(UTC))
    await life.receives(life.sent())
    await life.reaches(Phase.OFFERED, Holder.CUSTOMER)
    await story.sent_to(room)
    return life


def keyed(key: UUID | None = None) -> dict[str, str]:
    return OPS | {"Idempotency-Key": str(key or new_id())}


async def logged(client: httpx.AsyncClient, commission: UUID) -> list[tuple[str, str, str | None]]:
    """What the audit log says of it, sorted: the clock of these tests is fixed."""
    page = (await client.get(f"{API}/audit?commission={commission}", headers=OPS)).raise_for_status().json()
    return sorted((each["action"], each["outcome"], each["problem"]) for each in page["items"])
