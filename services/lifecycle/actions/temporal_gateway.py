"""The gateway to the commissions' workflows on Temporal: start, signal, query, update."""

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

from services.lifecycle.workflow.messages import (
    CANCEL,
    EXTEND,
    FACTS_SIGNAL,
    NUDGE,
    PAUSE,
    RESUME,
    STATE_QUERY,
    TRY_AGAIN,
    WORKFLOW_NAME,
    Cancel,
    Extend,
    Nudge,
    OperationRefusal,
    Pause,
    Resume,
    TryAgain,
    Update,
    refusal_of,
)
from services.lifecycle.workflow.sequencing import FactEnvelope
from services.lifecycle.workflow.state import CommissionStart, CommissionState
from shared.temporal.client import Temporal, TemporalAwayError

_CALL_TIMEOUT: Final = timedelta(seconds=5)
_QUERY_TIMEOUT: Final = timedelta(seconds=2)
"""A person waits for this one."""


class NoWorkflowError(Exception):
    """Temporal knows no running workflow of this commission."""


class RefusedError(Exception):
    """The workflow refused an update; `refusal` says why."""

    def __init__(self, refusal: OperationRefusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True)
class TemporalGateway:
    """Each commission's workflow has the commission as its id, behind the prefix that all names here have."""

    temporal: Temporal
    prefix: str

    def id_of(self, commission: UUID) -> str:
        return f"{self.prefix}{commission}"

    async def start(self, start: CommissionStart, facts: Sequence[FactEnvelope]) -> None:
        """Start a workflow with its first facts; if it runs already, it only receives them.

        Raises:
            NoSuchLifeError: it has ended before; there is no second one.
            TemporalAwayError: nothing is known to have happened; try again.
        """
        client = await self.temporal.client()
        async with _errors_translated():
            await client.start_workflow(
                WORKFLOW_NAME,
                start,
                id=self.id_of(start.commission),
                task_queue=self.temporal.queue("lifecycle"),
                # The default would start a second workflow after the first has ended.
                id_reuse_policy=WorkflowIDReusePolicy.REJECT_DUPLICATE,
                start_signal=FACTS_SIGNAL,
                start_signal_args=[list(facts)],
                static_summary=f"{start.craft}/{start.offering} {start.offering_version}",
                rpc_timeout=_CALL_TIMEOUT,
            )

    async def signal(self, commission: UUID, facts: Sequence[FactEnvelope]) -> None:
        """Send facts to a running workflow.

        Raises:
            NoSuchLifeError: none is running.
            TemporalAwayError: it may have received them or not; try again.
        """
        handle = await self._handle(commission)
        async with _errors_translated():
            await handle.signal(FACTS_SIGNAL, list(facts), rpc_timeout=_CALL_TIMEOUT)

    async def state(self, commission: UUID) -> CommissionState:
        """The workflow's state; the query changes nothing.

        Raises:
            NoSuchLifeError: Temporal does not know it (any more).
            TemporalAwayError: Temporal, or the worker that would answer, is away.
        """
        handle = await self._handle(commission)
        async with _errors_translated():
            state: CommissionState = await handle.query(
                STATE_QUERY, result_type=CommissionState, rpc_timeout=_QUERY_TIMEOUT
            )
        return state

    async def nudge(self, commission: UUID, update: Nudge) -> None:
        """Remind the person that it waits for. Raises: as `try_again`."""
        await self._update(commission, NUDGE, update)

    async def extend(self, commission: UUID, update: Extend) -> None:
        """Make it due later. Raises: as `try_again`."""
        await self._update(commission, EXTEND, update)

    async def pause(self, commission: UUID, update: Pause) -> None:
        """Stop the clock. Raises: as `try_again`."""
        await self._update(commission, PAUSE, update)

    async def resume(self, commission: UUID, update: Resume) -> None:
        """Let the clock run again. Raises: as `try_again`."""
        await self._update(commission, RESUME, update)

    async def cancel(self, commission: UUID, update: Cancel) -> None:
        """End it; facts say what came of it. Raises: as `try_again`."""
        await self._update(commission, CANCEL, update)

    async def try_again(self, commission: UUID, update: TryAgain) -> None:
        """Send again what was refused.

        Raises:
            NoSuchLifeError: none is running.
            RefusedError: the workflow refused, and why.
            TemporalAwayError: it may have been accepted or not; try again with the same request.
        """
        await self._update(commission, TRY_AGAIN, update)

    async def _update(self, commission: UUID, name: str, update: Update) -> None:
        handle = await self._handle(commission)
        async with _errors_translated():
            await handle.execute_update(name, update, id=str(update.request), rpc_timeout=_CALL_TIMEOUT)

    async def _handle(self, commission: UUID) -> WorkflowHandle[Any, Any]:
        client = await self.temporal.client()
        return client.get_workflow_handle(self.id_of(commission))


@asynccontextmanager
async def _errors_translated() -> AsyncIterator[None]:
    """Translates Temporal's errors. What is not known to be final may be retried: nothing is lost by it."""
    try:
        yield
    except WorkflowAlreadyStartedError as error:
        raise NoWorkflowError from error
    except WorkflowUpdateFailedError as error:
        raise RefusedError(_refusal(error)) from error
    except (RPCTimeoutOrCancelledError, WorkflowQueryFailedError) as error:
        raise TemporalAwayError(str(error)) from error
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND and not _is_about_the_namespace(error):
            raise NoWorkflowError from error
        if error.status is RPCStatusCode.INVALID_ARGUMENT:
            raise
        raise TemporalAwayError(f"{error.status.name}: {error.message}") from error


def _refusal(error: WorkflowUpdateFailedError) -> OperationRefusal:
    """The validator's refusal, which travels as the error's type."""
    said = error.cause.type if isinstance(error.cause, ApplicationError) else None
    return refusal_of(said or "")


def _is_about_the_namespace(error: RPCError) -> bool:
    """A namespace that is missing is a stack that is not set up, not a commission that has ended."""
    return any(detail.Is(NamespaceNotFoundFailure.DESCRIPTOR) for detail in error.grpc_status.details)
