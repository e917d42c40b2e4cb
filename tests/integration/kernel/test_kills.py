"""SIGKILL at each point of the relay and of the inbox: a published fact takes effect once, and causes one fact."""

import signal
from functools import partial
from pathlib import Path
from uuid import UUID

from shared.contracts.fact import Topic
from tests.support.kernel import Listener, commit_facts, outbox_is_empty, withdrawn
from tests.support.service import running, settings

SAMPLE = "tests.integration.kernel.sample.main:build"
POINTS = (
    "relay.before_produce",
    "relay.after_produce",
    "relay.after_delete",
    "inbox.before_commit",
    "inbox.after_commit",
    "inbox.after_offset_commit",
)


async def test_a_service_that_is_killed_at_every_point_in_turn_gives_each_fact_one_effect(
    dsn: str, listener: Listener, commission: UUID, tmp_path: Path
) -> None:
    database, topics = listener.database, listener.topics
    await topics.make(Topic.NOTIFICATIONS)
    environment = partial(settings, database=dsn, kafka=topics.kafka, prefix=topics.prefix, roles="relay,inbox")

    for point in POINTS:
        await commit_facts(database, [withdrawn(commission)])
        marker = tmp_path / point
        async with running(SAMPLE, environment(faults={point: marker})) as doomed:
            assert await doomed.ended(60) == -signal.SIGKILL
        assert marker.read_text().split() == [point, str(doomed.pid)]
    await commit_facts(database, [withdrawn(commission)])
    async with running(SAMPLE, environment()):
        await listener.handled(commission, *range(1, len(POINTS) + 2), within=60)
        await outbox_is_empty(database)

    told_on = {(seen.version, seen.headers["ce_id"]) for seen in await topics.all(Topic.NOTIFICATIONS)}
    assert sorted(version for version, _ in told_on) == list(range(1, len(POINTS) + 2))
