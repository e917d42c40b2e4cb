"""Stands between FastStream's one subscriber of an inbox and the inbox's handlers."""

from typing import Any

from pydantic import ValidationError

from shared.contracts import registry
from shared.contracts.fact import Fact
from shared.inbox.inbox import Inbox
from shared.inbox.record import Record, UnreadableError
from shared.postgres.database import Tx
from shared.runtime import tracing


class Dispatcher:
    """Calls the handlers of an inbox for the records of one transaction."""

    def __init__(self, inbox: Inbox, tx: Tx, kernel: Any) -> None:
        self._inbox = inbox
        self._tx = tx
        self._kernel = kernel
        self._batch: list[tuple[Fact | None, Record]] = []

    async def dispatch(self, record: Record) -> bool:
        """Call the handler of the record's `ce_type`, or of tombstones; false if the inbox has none.

        Raises:
            UnreadableError: the data is not what the type says. The record is parked then; what only a commission's
                workflow cannot read is escalated there (`services/lifecycle/workflow/commission.py: facts`).
        """
        inbox = self._inbox
        handler = inbox.on_tombstone if record.data is None else inbox.handlers.get(record.type)
        if handler is None:
            return False
        fact = None if record.data is None else _parsed(record, record.data)
        if inbox.on_batch:
            self._batch.append((fact, record))
        else:
            with tracing.bind(record.traceparent):
                await handler(fact, self._tx, record, self._kernel)
        return True

    async def go_ahead(self) -> None:
        """Call the handler that runs ahead of the batch, if there is anything for it."""
        if self._inbox.on_ahead and self._batch:
            await self._inbox.on_ahead(self._batch, None, None, self._kernel)

    async def finish(self) -> None:
        """Call the handler of the whole batch, if the inbox is set-based and there is anything for it."""
        if self._inbox.on_batch and self._batch:
            await self._inbox.on_batch(self._batch, self._tx, None, self._kernel)


def _parsed(record: Record, data: bytes) -> Fact | None:
    try:
        fact = registry.parse(record.type, data)
    except ValidationError as error:
        fields = {".".join(str(part) for part in problem["loc"]) for problem in error.errors(include_input=False)}
        raise UnreadableError(f"the data is no {record.type}: {', '.join(sorted(fields))[:300]}") from None
    if fact is not None and fact.key != record.key:
        raise UnreadableError("the data is of another key than the record")
    return fact
