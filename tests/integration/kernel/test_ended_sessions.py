"""The end of a session reaches every process by Kafka, each for itself."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID, uuid4

import pytest

from shared.auth.ended_sessions import REMEMBERED, EndedSessions
from shared.contracts.fact import Topic
from shared.contracts.sessions import SessionEnded
from shared.kafka.connection import Kafka
from shared.kernel.clock import Clock, system_clock
from shared.runtime.roles import web
from shared.runtime.settings import ServiceSettings
from tests.support.kafka import Put, TestTopics, as_record
from tests.support.kafka_logins import as_read
from tests.support.kernel import task
from tests.support.waiting import until


@dataclass
class Process:
    """As much of a kernel as the web role's part needs."""

    topics: TestTopics
    name: str = "sample"
    clock: Clock = system_clock
    ended: EndedSessions = field(default_factory=EndedSessions)

    @property
    def settings(self) -> ServiceSettings:
        return ServiceSettings.model_construct(
            prefix=self.topics.prefix, instance=str(uuid4()), **as_read(self.topics.kafka)
        )


@asynccontextmanager
async def following(process: Process) -> AsyncIterator[EndedSessions]:
    async with task(web._run(process)):  # type: ignore[arg-type]
        yield process.ended


@pytest.fixture
async def sessions(kafka: Kafka, prefix: str) -> TestTopics:
    made = TestTopics(kafka, prefix)
    await made.make(Topic.SESSIONS)
    return made


def ended(session: UUID, at: datetime | None = None) -> Put:
    return as_record(SessionEnded(at=at or system_clock(), session=session), 1)


async def test_every_process_learns_of_it_and_one_that_starts_later_too(sessions: TestTopics) -> None:
    before, meanwhile = uuid4(), uuid4()
    await sessions.put(Topic.SESSIONS, ended(before))
    async with following(Process(sessions)) as first, following(Process(sessions)) as second:
        await until("both know", lambda: before in first and before in second)

        await sessions.put(Topic.SESSIONS, ended(meanwhile))

        await until("both know the other too", lambda: meanwhile in first and meanwhile in second)


async def test_what_is_older_than_any_token_is_not_read(sessions: TestTopics) -> None:
    old, new = uuid4(), uuid4()
    await sessions.put(Topic.SESSIONS, ended(old))
    later = Process(sessions, clock=lambda: system_clock() + REMEMBERED)
    async with following(later) as known:
        await sessions.put(Topic.SESSIONS, ended(new, later.clock()))

        await until("the new one is known", lambda: new in known)
        assert old not in known


async def test_a_record_that_nobody_understands_is_passed_over(sessions: TestTopics) -> None:
    known_later = uuid4()
    async with following(Process(sessions)) as known:
        await sessions.put(Topic.SESSIONS, Put(b"x", b"{}", ()), ended(known_later))

        await until("the one behind it is known", lambda: known_later in known)


async def test_it_begins_anew_from_time_to_time(sessions: TestTopics, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(web, "_AFRESH", 4.0)
    process, late = Process(sessions), uuid4()
    async with following(process) as known:
        await sessions.put(Topic.SESSIONS, ended(uuid4()))
        await until("one is known", lambda: len(known) == 1)
        process.ended = EndedSessions()
        await until("it was read again", lambda: len(process.ended) == 1)

        await sessions.put(Topic.SESSIONS, ended(late))

        await until("the late one is known", lambda: late in process.ended)
