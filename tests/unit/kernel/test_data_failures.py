"""What is tried again, and what is parked."""

import asyncpg
import pytest

from shared.inbox import Transient
from shared.inbox.failures import is_transient
from shared.kernel.problems import NotYet, Problem, ProblemType
from shared.postgres.database import DatabaseUnavailableError


@pytest.mark.parametrize(
    "error",
    [
        Transient("Temporal is away"),
        NotYet(),
        DatabaseUnavailableError("refused"),
        TimeoutError(),
        asyncpg.DeadlockDetectedError("again"),
        asyncpg.AdminShutdownError("bye"),
        asyncpg.QueryCanceledError("too slow"),
        asyncpg.DiskFullError("full"),
        ExceptionGroup("several", [ValueError(), ExceptionGroup("deep", [ConnectionResetError()])]),
    ],
)
def test_what_may_work_later_is_tried_again(error: Exception) -> None:
    assert is_transient(error)


@pytest.mark.parametrize(
    "error",
    [
        ValueError("no such offering"),
        FileNotFoundError("crafts/glass.toml"),
        Problem(ProblemType.CONFLICT),
        asyncpg.UniqueViolationError("twice"),
        asyncpg.UndefinedTableError("what table"),
        asyncpg.InterfaceError("two arguments are expected"),
        ExceptionGroup("several", [ValueError(), KeyError()]),
    ],
)
def test_what_will_fail_again_is_parked(error: Exception) -> None:
    assert not is_transient(error)
