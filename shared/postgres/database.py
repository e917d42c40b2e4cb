"""The pool and the transactions of one service's database.

A door opens a transaction and passes the `Tx` to one action; nothing below it commits. After the commit the listeners
(`on_commit`) are called with what changed: the relay needs to know whether there are facts to send, the live pages
which keys were touched.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any, Final, TypeAlias, cast
from uuid import UUID

import asyncpg
from asyncpg.pool import PoolConnectionProxy
from asyncpg.transaction import Transaction

from shared.postgres.transient import AWAY, LOST, MAYBE_LOST
from shared.runtime.logs import get_logger

log = get_logger(__name__)

Connection: TypeAlias = "PoolConnectionProxy[asyncpg.Record]"


class DatabaseUnavailableError(ConnectionError):
    """PostgreSQL is away, or all connections of the pool were in use for too long. Trying again may help."""


_IDLE: Final = 60.0
"""Seconds after which a connection that nobody needs is closed: each keeps its prepared statements, here and there."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long, in seconds, this login may keep others waiting; PostgreSQL itself ends what takes longer.

    `acquire` is the wait for a free connection of the pool, `transaction` bounds everything between BEGIN and
    COMMIT: an old open transaction would keep the vacuum from the outbox.
    """

    acquire: float = 5.0
    connect: float = 5.0
    statement: float = 10.0
    lock: float = 5.0
    idle_in_transaction: float = 15.0
    transaction: float = 30.0

    def settings(self) -> dict[str, str]:
        """As settings of a PostgreSQL session."""
        return {
            "statement_timeout": _milliseconds(self.statement),
            "lock_timeout": _milliseconds(self.lock),
            "idle_in_transaction_session_timeout": _milliseconds(self.idle_in_transaction),
            "transaction_timeout": _milliseconds(self.transaction),
        }


def _milliseconds(seconds: float) -> str:
    return str(int(seconds * 1000))


@dataclass(frozen=True, slots=True)
class Committed:
    """What a commit changed: whether facts were published, and the keys that live pages may be showing."""

    published: bool
    touched: frozenset[str]


CommitListener: TypeAlias = Callable[[Committed], None]
"""Called after a commit, in the same task: it must return at once and never raise."""


@dataclass(slots=True)
class Tx:
    """One transaction. `source` is the CloudEvents source of the facts published in it.

    Its BEGIN is sent with the first statement that is not known to be a read.
    """

    reading: Connection
    """For what only reads, and may do so before the transaction has begun."""
    source: str
    published: bool = False
    _touched: set[str] = field(default_factory=set)
    _begun: Transaction | None = None
    _lazy: bool = True

    @property
    def connection(self) -> Connection:
        """For everything else: whatever is sent by this is part of the transaction."""
        if self._begun is not None or not self._lazy:
            return self.reading
        return cast("Connection", _Beginning(self))

    def last(self) -> "Tx":
        """For the last statement of this transaction, whatever it is: it needs no BEGIN if nothing was begun."""
        self._lazy = self._begun is not None
        return self

    async def begin(self) -> Connection:
        """Begin, if it has not yet."""
        if self._begun is None and self._lazy:
            transaction = self.reading.transaction()
            await transaction.start()
            self._begun = transaction
        return self.reading

    async def end(self, *, commit: bool) -> None:
        """Commit or roll back what was begun, if anything was."""
        if self._begun is not None:
            await (self._begun.commit() if commit else self._begun.rollback())

    def touch(self, key: UUID | str) -> None:
        """Notify the live pages of `key` once this is committed."""
        self._touched.add(str(key))

    @property
    def touched(self) -> frozenset[str]:
        return frozenset(self._touched)


class _Beginning:
    """The connection of a transaction that has not begun: it begins with what is sent first."""

    def __init__(self, tx: Tx) -> None:
        self._tx = tx

    async def execute(self, query: str, *arguments: Any, **options: Any) -> Any:
        return await (await self._tx.begin()).execute(query, *arguments, **options)

    async def executemany(self, query: str, arguments: Any, **options: Any) -> Any:
        return await (await self._tx.begin()).executemany(query, arguments, **options)

    async def fetch(self, query: str, *arguments: Any, **options: Any) -> Any:
        return await (await self._tx.begin()).fetch(query, *arguments, **options)

    async def fetchrow(self, query: str, *arguments: Any, **options: Any) -> Any:
        return await (await self._tx.begin()).fetchrow(query, *arguments, **options)

    async def fetchval(self, query: str, *arguments: Any, **options: Any) -> Any:
        return await (await self._tx.begin()).fetchval(query, *arguments, **options)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """A savepoint."""
        async with (await self._tx.begin()).transaction():
            yield


class Database:
    """A bounded pool on one service's database. Opening connects to nothing: the first transaction does."""

    def __init__(self, pool: "asyncpg.Pool[asyncpg.Record]", *, dsn: str, application: str, limits: Limits) -> None:
        self._pool = pool
        self._dsn = dsn
        self._application = application
        self._limits = limits
        self._listeners: list[CommitListener] = []

    @classmethod
    async def open(cls, dsn: str, *, application: str, size: int = 10, limits: Limits | None = None) -> "Database":
        """A database of at most `size` connections for the service `application`."""
        limits = limits or Limits()
        pool = await asyncpg.create_pool(
            dsn,
            min_size=0,
            max_size=size,
            max_inactive_connection_lifetime=_IDLE,
            reset=_keep,
            timeout=limits.connect,
            command_timeout=limits.statement + 5,
            server_settings=_session(application, limits),
        )
        return cls(pool, dsn=dsn, application=application, limits=limits)

    async def close(self, within: float = 5.0) -> None:
        """Give connections in use `within` seconds to come back, then cut them."""
        try:
            await asyncio.wait_for(self._pool.close(), within)
        except TimeoutError:
            self._pool.terminate()

    def on_commit(self, listener: CommitListener) -> None:
        """Call `listener` after every commit that published facts or touched keys."""
        self._listeners.append(listener)

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Tx]:
        """A transaction (READ COMMITTED): committed at the end of the block, rolled back if it raises.

        It begins with the first statement that is not known to be a read. In READ COMMITTED each statement sees what
        was committed before it, within a transaction or not: who only looks is spared two round trips.

        Raises:
            DatabaseUnavailableError: no connection could be had in time.
        """
        async with self._connection() as connection:
            tx = Tx(connection, self.source)
            try:
                yield tx
            except BaseException:
                await tx.end(commit=False)
                raise
            await tx.end(commit=True)
            self._notify(tx)

    @asynccontextmanager
    async def statement(self) -> AsyncIterator[Tx]:
        """The same for exactly one statement, which is its own transaction: one round trip instead of three.

        Raises:
            DatabaseUnavailableError: no connection could be had in time.
        """
        async with self._connection() as connection:
            tx = Tx(connection, self.source, _lazy=False)
            yield tx
            self._notify(tx)

    async def connect(self) -> "asyncpg.Connection[asyncpg.Record]":
        """A connection outside the pool, for a caller that needs its own session. The caller closes it.

        Raises:
            DatabaseUnavailableError: PostgreSQL is away.
        """
        try:
            return await asyncpg.connect(
                self._dsn,
                timeout=self._limits.connect,
                command_timeout=self._limits.statement + 5,
                server_settings=_session(self._application, self._limits),
            )
        except AWAY as error:
            raise _unavailable(error) from error

    @property
    def source(self) -> str:
        """The CloudEvents `source` of this service's facts, as in `urn:touchmark:intake`."""
        return f"urn:touchmark:{self._application}"

    @property
    def application(self) -> str:
        return self._application

    @asynccontextmanager
    async def _connection(self) -> AsyncIterator[Connection]:
        try:
            connection = await self._pool.acquire(timeout=self._limits.acquire)
        except AWAY as error:
            raise _unavailable(error) from error
        try:
            yield connection
        except LOST as error:
            raise _unavailable(error) from error
        except MAYBE_LOST as error:
            if _gone(connection):
                raise _unavailable(error) from error
            raise
        finally:
            await self._pool.release(connection)

    def _notify(self, tx: Tx) -> None:
        if tx.published or tx.touched:
            committed = Committed(published=tx.published, touched=tx.touched)
            for listener in self._listeners:
                listener(committed)


def _gone(connection: Connection) -> bool:
    """Whether the connection was lost. One that broke and went back to the pool raises instead of answering."""
    try:
        return connection.is_closed()
    except asyncpg.InterfaceError:
        return True


def _unavailable(error: Exception) -> DatabaseUnavailableError:
    return DatabaseUnavailableError(str(error) or type(error).__name__)


def _session(application: str, limits: Limits) -> dict[str, str]:
    # Our statements are short: compiling them would take longer than running them. A client that disappears
    # silently is noticed within half a minute, since it may hold the relay's lock.
    alive = {"tcp_keepalives_idle": "10", "tcp_keepalives_interval": "5", "tcp_keepalives_count": "3"}
    said = {"application_name": f"touchmark-{application}", "timezone": "UTC", "jit": "off"}
    return said | alive | limits.settings()


async def _keep(_connection: object) -> None:
    """Nothing to reset: no session state is ever set, and asyncpg's own reset costs a round trip for each use."""
