"""Commands as Temporal activities: done once per command id, whatever is retried, doubled or killed.

The door opens the transaction, claims the id, runs one action and keeps its result; all of it commits or nothing does.
Only a type and a slug go into the workflow's history, never text that a person wrote.
"""

import time
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, TypeAlias, TypeVar, cast
from uuid import UUID

from temporalio import activity as temporal
from temporalio.exceptions import ApplicationError, ApplicationErrorCategory

from shared.contracts.commands.command import Command, CommandFailure, Result
from shared.kernel.problems import NotYet, Problem
from shared.postgres.database import Database, Tx
from shared.postgres.queries import load
from shared.postgres.transient import TRANSIENT
from shared.runtime import faults
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.service import Kernel

log = get_logger(__name__)

C = TypeVar("C", bound=Command)
R = TypeVar("R", bound=Result)

Action: TypeAlias = Callable[[Tx, C], Awaitable[R]]
"""One use case of a service: within the transaction it is given, never beyond."""

_QUERIES = load(Path(__file__).with_name("queries.sql"))

_SECONDS = METRICS.seconds("touchmark_command_seconds", "How long commands take, by outcome.", ("command", "outcome"))


class CommandMismatchError(Exception):
    """An id was used before, for another command: a fault in the workflow that made it."""


def activity(kernel: Kernel[Any], command: type[C], action: Action[C, R]) -> Callable[[C], Awaitable[R]]:
    """The activity `command.activity()` that carries out `action` once per command id.

    To the workflow it fails as `NotYet` (asked again after `retry_after`), as `Transient` or `Unexpected` (asked again
    as the retry policy says), or as the slug of a `Problem` (not asked again).
    """

    async def run(given: C) -> R:
        with _as_application_error(command):
            return await once(kernel.database, given, action, kernel.clock())

    run.__annotations__ = {"given": command, "return": command.result}
    return temporal.defn(name=command.activity())(run)


async def once(database: Database, given: C, action: Action[C, R], at: datetime) -> R:
    """Carry out the action in a transaction of its own, or return what it answered before.

    Raises:
        CommandMismatchError: the id belongs to another command.
    """
    async with database.transaction() as tx:
        if await _QUERIES.claim_command.value_or_none(tx, UUID, id=given.id, name=given.activity()) is None:
            return cast("R", await _answered_before(tx, given))
        result = await action(tx, given)
        await _QUERIES.finish_command.run(tx, id=given.id, result=result.model_dump_json(), at=at)
        faults.reach("worker.before_commit")
    faults.reach("worker.after_commit")
    return result


async def _answered_before(tx: Tx, given: Command) -> Result:
    name, result = await _QUERIES.command_answer.row(tx, tuple[str, str], id=given.id)
    if name != given.activity():
        raise CommandMismatchError(f"{given.id} was {name} and is now {given.activity()}")
    return given.result.model_validate_json(result)


@contextmanager
def _as_application_error(command: type[Command]) -> Iterator[None]:
    """Turn an error into one that a history may keep for years: a type and a slug, no text that a person wrote."""
    name = command.activity()
    clock = time.monotonic
    began = clock()
    outcome = "done"
    try:
        yield
    except NotYet as problem:
        outcome = "not_yet"
        raise ApplicationError(
            problem.type.slug,
            type=CommandFailure.NOT_YET,
            next_retry_delay=timedelta(seconds=problem.retry_after or 1),
            category=ApplicationErrorCategory.BENIGN,
        ) from None
    except Problem as problem:
        outcome = problem.type.slug
        log.warning("command_refused", command=name, problem=problem.type.slug, detail=str(problem))
        raise ApplicationError(problem.type.slug, type=problem.type.slug, non_retryable=True) from None
    except TRANSIENT as error:
        outcome = "transient"
        log.warning("command_will_be_asked_again", command=name, reason=type(error).__name__)
        raise ApplicationError(type(error).__name__, type=CommandFailure.TRANSIENT) from None
    except Exception as error:
        outcome = "unexpected"
        log.exception("command_failed", command=name)
        raise ApplicationError(type(error).__name__, type=CommandFailure.UNEXPECTED) from None
    finally:
        _SECONDS.labels(name, outcome).observe(clock() - began)
