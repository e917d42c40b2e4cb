"""A step that its service refuses for good waits for ops, who have it tried again from their room."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime
from uuid import UUID

import httpx
import pytest

from shared.auth.roles import Caller, Role
from shared.auth.tokens import Signer
from shared.contracts.commands.production import PreviewPromise
from shared.kafka.connection import Kafka
from shared.kernel.ids import new_id
from tests.conftest import MakeDatabase
from tests.support.lifecycle import Room, opened, submitted
from tests.support.lifecycle_process import Lifecycle, open_lifecycle
from tests.support.service import SIGNING_KEY, RunningService
from tests.support.waiting import until

PUBLIC = "http://localhost:8080"


@pytest.fixture
async def lifecycle(make_database: MakeDatabase, kafka: Kafka, temporal: str, prefix: str) -> AsyncIterator[Lifecycle]:
    dsn = await make_database("lifecycle")
    async with opened(dsn) as database, open_lifecycle(Room(database), dsn, kafka, temporal, prefix) as lifecycle:
        yield lifecycle


async def _ops(process: RunningService) -> httpx.AsyncClient:
    now = datetime.now(UTC)
    token = Signer.read(SIGNING_KEY, issuer=PUBLIC).token(Caller(new_id(), Role.OPS, new_id()), now)
    return httpx.AsyncClient(base_url=await process.url(), headers={"Authorization": f"Bearer {token}"}, timeout=20)


async def _is_held_by_the_studio(lifecycle: Lifecycle, commission: UUID) -> None:
    async def held() -> bool:
        query = "SELECT 1 FROM commission WHERE commission = $1 AND holder = 'studio' AND due <= now()"
        return bool(await lifecycle.room.rows(query, commission))

    await until("it waits for ops, and is late", held, 60)


async def test_ops_see_what_was_refused_and_have_it_tried_again(lifecycle: Lifecycle) -> None:
    lifecycle.services.refusals[PreviewPromise] = 1
    commission, key = new_id(), {"Idempotency-Key": str(new_id())}
    address, why = f"/api/v1/lifecycle/commissions/{commission}", {"reason": "The bench has hours again."}

    async with lifecycle.runs() as process, await _ops(process) as ops:
        await lifecycle.tell(submitted(commission, datetime.now(UTC)), 1)
        await _is_held_by_the_studio(lifecycle, commission)
        workflow = (await ops.get(f"{address}/workflow")).raise_for_status().json()
        page = await ops.get(f"/ops/commissions/{commission}")
        answers = [await ops.post(f"{address}/try-again", json=why, headers=key) for _ in range(2)]
        await lifecycle.reaches(commission, "desk")
        nothing_left = await ops.post(f"{address}/try-again", json=why, headers={"Idempotency-Key": str(new_id())})

    assert workflow["answers"]
    assert workflow["trouble"]["command"] == "production.PreviewPromise"
    assert "A step was refused" in page.text
    assert [answer.status_code for answer in answers] == [200, 200]
    assert nothing_left.status_code == 409
    rows = await lifecycle.room.rows("SELECT outcome FROM audit_entry WHERE commission = $1 ORDER BY at", commission)
    assert [row["outcome"] for row in rows] == ["done", "refused"]


async def test_a_page_still_tells_the_story_when_temporal_has_forgotten_it(lifecycle: Lifecycle) -> None:
    commission = new_id()
    async with lifecycle.runs() as process, await _ops(process) as ops:
        await lifecycle.tell(submitted(commission, datetime.now(UTC)), 1)
        await lifecycle.reaches(commission, "desk")
        running = (await ops.get(f"/api/v1/lifecycle/commissions/{commission}/workflow")).json()
        await lifecycle.workflow(commission).terminate()
        await lifecycle.forget(commission)

        page = await ops.get(f"/ops/commissions/{commission}")
        gone = (await ops.get(f"/api/v1/lifecycle/commissions/{commission}/workflow")).json()

    assert running["versions"] == {"touchmark.commissions": 1}
    assert "The workflow does not answer right now" in page.raise_for_status().text
    assert gone["answers"] is False
