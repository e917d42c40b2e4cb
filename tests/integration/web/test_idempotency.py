"""A request that is sent twice happens once, in PostgreSQL, however the two meet."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.postgres.database import Database
from shared.postgres.migrate import migrate
from shared.web.forgetting import LIFE, forget, forget_old_keys
from shared.web.idempotency import Answer, RequestKey, once, request_key, settle
from tests.support.waiting import until

ME = Caller(uuid4(), Role.CUSTOMER, uuid4())
BODY = {"craft": "jewellery", "offering": "engraved-ring", "size": 54}


@pytest.fixture(scope="module")
async def database(make_database: Callable[[str], Awaitable[str]]) -> AsyncIterator[Database]:
    dsn = await make_database("idempotency")
    await migrate(dsn)
    database = await Database.open(dsn, application="web")
    yield database
    await database.close()


class Work:
    """Something that must happen once; each doing has a number."""

    def __init__(self) -> None:
        self.done = 0

    async def __call__(self) -> Answer:
        self.done += 1
        return Answer(201, {"number": self.done, "at": datetime(2026, 11, 23, tzinfo=UTC)})


def fresh_key(caller: Caller | None = ME, route: str = "POST /commissions") -> RequestKey:
    return request_key(caller, route, str(uuid4())).of(BODY)


async def ask(database: Database, key: RequestKey, work: Callable[[], Awaitable[Answer]]) -> Answer:
    async with database.transaction() as tx:
        return await once(tx, key, work)


async def test_the_same_request_gets_the_same_answer(database: Database) -> None:
    key, work = fresh_key(), Work()

    first = await ask(database, key, work)
    again = await ask(database, key, work)

    assert work.done == 1
    assert (first.status, again.status) == (201, 201)
    assert again.body["number"] == 1


async def test_the_order_of_fields_makes_no_other_request(database: Database) -> None:
    key, work = fresh_key(), Work()

    await ask(database, key, work)
    await ask(database, key.of(dict(reversed(BODY.items()))), work)

    assert work.done == 1


async def test_a_key_of_another_request_is_refused(database: Database) -> None:
    key, work = fresh_key(), Work()
    await ask(database, key, work)

    with pytest.raises(Problem) as caught:
        await ask(database, key.of({**BODY, "size": 55}), work)

    assert caught.value.type is ProblemType.IDEMPOTENCY_KEY_REUSED
    assert work.done == 1


async def test_of_two_at_once_one_wins_and_the_other_gets_its_answer(database: Database) -> None:
    key, inside, finish = fresh_key(), asyncio.Event(), asyncio.Event()
    second = Work()

    async def slowly() -> Answer:
        inside.set()
        await finish.wait()
        return Answer(201, {"number": "the first"})

    winner = asyncio.create_task(ask(database, key, slowly))
    await inside.wait()
    other = asyncio.create_task(ask(database, key, second))
    await asyncio.wait({other}, timeout=0.2)
    assert not other.done()
    finish.set()

    assert (await winner).body == (await other).body == {"number": "the first"}
    assert second.done == 0


async def test_work_that_failed_may_be_repeated_with_its_key(database: Database) -> None:
    key, work = fresh_key(), Work()

    async def fails() -> Answer:
        raise Problem(ProblemType.CONFLICT)

    with pytest.raises(Problem):
        await ask(database, key, fails)

    assert (await ask(database, key, work)).body["number"] == 1


async def test_when_the_first_of_two_fails_the_second_does_the_work(database: Database) -> None:
    key, inside, finish, work = fresh_key(), asyncio.Event(), asyncio.Event(), Work()

    async def fails_slowly() -> Answer:
        inside.set()
        await finish.wait()
        raise Problem(ProblemType.CONFLICT)

    first = asyncio.create_task(ask(database, key, fails_slowly))
    await inside.wait()
    second = asyncio.create_task(ask(database, key, work))
    finish.set()

    with pytest.raises(Problem):
        await first
    assert (await second).body["number"] == 1


async def test_a_key_belongs_to_its_caller_and_route(database: Database) -> None:
    work, text = Work(), str(uuid4())
    other = Caller(uuid4(), Role.CUSTOMER, uuid4())
    for key in (
        request_key(ME, "POST /commissions", text),
        request_key(other, "POST /commissions", text),
        request_key(ME, "POST /join", text),
        request_key(None, "POST /join", text),
    ):
        await ask(database, key.of(BODY), work)

    assert work.done == 4


async def test_keys_are_forgotten_after_their_life(database: Database) -> None:
    key, work = fresh_key(), Work()
    await ask(database, key, work)

    async with database.statement() as tx:
        await forget(tx, datetime.now(UTC) + LIFE - timedelta(hours=1))
    await ask(database, key, work)
    assert work.done == 1

    async def asked_again() -> bool:
        await ask(database, key, work)
        return work.done == 2

    looking = asyncio.create_task(forget_old_keys(database, lambda: datetime.now(UTC) + LIFE + timedelta(hours=1)))
    await until("the key is forgotten", asked_again)
    looking.cancel()


ONE_STATEMENT = """
WITH claimed AS (
    INSERT INTO idempotency (scope, key, request_hash, status, answer)
    VALUES ($1, $2, $3, $4, $5)
    ON CONFLICT (scope, key) DO UPDATE SET key = excluded.key
    RETURNING request_hash, status, answer, xmax = 0 AS first
),
worked AS (
    INSERT INTO offering_document (craft, offering, version, sha256, document)
    SELECT $2, $2, 1, '', '{}' FROM claimed WHERE first
)
SELECT request_hash, status, answer, first FROM claimed
"""


async def test_a_single_statement_can_do_it_all(database: Database) -> None:
    """As intake accepts a commission: the answer is known before, and goes in with the key."""
    key = fresh_key()

    async def accept(answer: Answer) -> Answer | None:
        async with database.statement() as tx:
            row = await tx.connection.fetchrow(
                ONE_STATEMENT, key.scope, key.key, key.request_hash, answer.status, answer.stored()
            )
        assert row is not None
        return settle(key, row["request_hash"], row["status"], row["answer"])

    answers = await asyncio.gather(*(accept(Answer(201, {"commission": n})) for n in range(5)))

    assert len({str(answer) for answer in answers}) == 1
    async with database.statement() as tx:
        assert await tx.connection.fetchval("SELECT count(*) FROM offering_document WHERE craft = $1", key.key) == 1


@pytest.mark.parametrize(("text", "kind"), [("", ProblemType.IDEMPOTENCY_KEY_MISSING), ("é", None), ("x" * 201, None)])
def test_a_key_that_is_of_no_use_is_refused(text: str, kind: ProblemType | None) -> None:
    with pytest.raises(Problem) as caught:
        request_key(ME, "POST /commissions", text)

    assert caught.value.type is (kind or ProblemType.VALIDATION_FAILED)
