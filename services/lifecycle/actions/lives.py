"""The commissions' workflows on Temporal, reached by their names: what starts, tells and asks them."""

from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from temporalio.api.errordetails.v1 import NamespaceNotFoundFailure
from temporalio.client import (
    RPCTimeoutOrCancelledError,
    WorkflowHandle,
    WorkflowQueryFailedError,
    WorkflowUpdateFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import ApplicationError, WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from services.lifecycle.domain.heard import FactEnvelope
from services.lifecycle.domain.life import CommissionStart, Progress
from services.lifecycle.domain.passing import PROGRESS, SIGNAL, WORKFLOW
from services.lifecycle.domain.updates import (
    CANCEL,
    EXTEND,
    NUDGE,
    PAUSE,
    RESUME,
    TRY_AGAIN,
    Cancel,
    Extend,
    Nudge,
    Pause,
    Refusal,
    Resume,
    TryAgain,
    Update,
)
from shared.temporal.client import Temporal, TemporalAwayError

_CALL: Final = timedelta(seconds=5)
_LOOK: Final = timedelta(seconds=2)
"""A person waits for this one."""


class NoSuchLifeError(Exception):
    """Temporal knows no running workflow of this commission."""


class RefusedError(Exception):
    """The workflow did not take what it was asked to do; `refusal` says why."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class Lives:
    """Each commission's workflow has the commission as its id, behind the prefix that all names here have."""

    temporal: Temporal
    prefix: str

    def id_of(self, commission: UUID) -> str:
        return f"{self.prefix}{commission}"

    async def start(self, start: CommissionStart, facts: Sequence[FactEnvelope]) -> None:
        """Begin a life with its first facts; one that runs already only hears them.

        Raises:
            NoSuchLifeError: it has ended before; it gets no second one.
            TemporalAwayError: nothing is known to have happened; try again.
        """
        client = await self.temporal.client()
        async with _told_apart():
            await client.start_workflow(
                WORKFLOW,
                start,
                id=self.id_of(start.commission),
                task_queue=self.temporal.queue("lifecycle"),
                # The default would start a second life of a commission whose first one has ended.
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                start_signal=SIGNAL,
                start_signal_args=[list(facts)],
                static_summary=f"{start.craft}/{start.offering} {start.offering_version}",
                rpc_timeout=_CALL,
            )

    async def signal(self, commission: UUID, facts: Sequence[FactEnvelope]) -> None:
        """Let a running life hear facts.

        Raises:
            NoSuchLifeError: none is running.
            TemporalAwayError: it may have heard them or not; try again.
        """
        handle = await self._handle(commission)
        async with _told_apart():
            await handle.signal(SIGNAL, list(facts), rpc_timeout=_CALL)

    async def progress(self, commission: UUID) -> Progress:
        """What a life has come to so far; asking changes nothing.

        Raises:
            NoSuchLifeError: Temporal does not know it (any more).
            TemporalAwayError: Temporal, or the worker that would answer, is away.
        """
        handle = await self._handle(commission)
        async with _told_apart():
            answer: Progress = await handle.query(PROGRESS, result_type=Progress, rpc_timeout=_LOOK)
        return answer

    async def nudge(self, commission: UUID, asked: Nudge) -> None:
        """Have whoever holds the clock reminded. Raises: as `try_again`."""
        await self._update(commission, NUDGE, asked)

    async def extend(self, commission: UUID, asked: Extend) -> None:
        """Have it due later. Raises: as `try_again`."""
        await self._update(commission, EXTEND, asked)

    async def pause(self, commission: UUID, asked: Pause) -> None:
        """Have the clock stand still. Raises: as `try_again`."""
        await self._update(commission, PAUSE, asked)

    async def resume(self, commission: UUID, asked: Resume) -> None:
        """Have the clock go on. Raises: as `try_again`."""
        await self._update(commission, RESUME, asked)

    async def cancel(self, commission: UUID, asked: Cancel) -> None:
        """Have it ended; what comes of it is told by facts. Raises: as `try_again`."""
        await self._update(commission, CANCEL, asked)

    async def try_again(self, commission: UUID, asked: TryAgain) -> None:
        """Have what was refused asked for again.

        Raises:
            NoSuchLifeError: none is running.
            RefusedError: the workflow said no, and why.
            TemporalAwayError: it may have been taken or not; try again with the same request.
        """
        await self._update(commission, TRY_AGAIN, asked)

    async def _update(self, commission: UUID, name: str, asked: Update) -> None:
        handle = await self._handle(commission)
        async with _told_apart():
            await handle.execute_update(name, asked, id=str(asked.request), rpc_timeout=_CALL)

    async def _handle(self, commission: UUID) -> WorkflowHandle[Any, Any]:
        client = await self.temporal.client()
        return client.get_workflow_handle(self.id_of(commission))


@asynccontextmanager
async def _told_apart() -> AsyncIterator[None]:
    """What Temporal's errors mean. All that is not known to be final may be tried again: nothing gets lost by it."""
    try:
        yield
    except WorkflowAlreadyStartedError as error:
        raise NoSuchLifeError from error
    except WorkflowUpdateFailedError as error:
        raise RefusedError(_refusal(error)) from error
    except (RPCTimeoutOrCancelledError, WorkflowQueryFailedError) as error:
        raise TemporalAwayError(str(error)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and not _is_about_the_namespace(error):
            raise NoSuchLifeError from error
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise
        raise TemporalAwayError(f"{error.status.name}: {error.message}") from error


def _refusal(error: WorkflowUpdateFailedError) -> Refusal:
    """The validator's own word for it, which travels as the error's type."""
    said = error.cause.type if isinstance(error.cause, ApplicationError) else None
    return Refusal(said) if said in set(Refusal) else Refusal.UNKNOWN


def _is_about_the_namespace(error: RPCError) -> bool:
    """A namespace that is missing is a stack that is not set up, not a commission that has ended."""
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
