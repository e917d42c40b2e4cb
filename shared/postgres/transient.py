"""Which errors mean that PostgreSQL is away, and which ones trying again may cure."""

from typing import Final

import asyncpg

LOST: Final = (
    asyncpg.PostgresConnectionError,
    asyncpg.AdminShutdownError,
    asyncpg.CrashShutdownError,
    asyncpg.CannotConnectNowError,
    asyncpg.TooManyConnectionsError,
)
"""The connection is lost, or PostgreSQL gives none for now."""

MAYBE_LOST: Final = (asyncpg.InterfaceError, asyncpg.InternalClientError)
"""What asyncpg itself raises, for a lost connection and for a mistake of ours alike: the connection's state decides.

PostgreSQL sends a last message on an idle connection before it closes it. asyncpg does not expect the message, and
answers the next statement with InternalClientError, "cannot switch to state …; another operation (2) is in progress".
"""

AWAY: Final = (OSError, TimeoutError, *LOST, *MAYBE_LOST)
"""While connecting, each of these means that PostgreSQL is away."""

TRANSIENT: Final = (
    ConnectionError,  # also of Kafka and Temporal: what is away raises one
    TimeoutError,
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,
    asyncpg.InsufficientResourcesError,
    asyncpg.TransactionRollbackError,
    asyncpg.LockNotAvailableError,
    asyncpg.ReadOnlySQLTransactionError,
    asyncpg.IdleInTransactionSessionTimeoutError,
    asyncpg.TransactionTimeoutError,
)
"""PostgreSQL away, restarting, failed over or full; a lock, a deadlock or a serialisation lost; a limit of time."""
