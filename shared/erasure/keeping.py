"""What was erased stays so: keys are filed, tombstones are repeated, and a restored database erases again."""

import asyncio
import time
from collections.abc import Sequence
from contextlib import suppress
from datetime import datetime, timedelta
from typing import Any

from shared.contracts.fact import Topic
from shared.erasure import store
from shared.erasure.keys_file import ErasedKey, KeysFile
from shared.inbox import Inbox, Record
from shared.kernel.ids import new_id
from shared.outbox import Tombstone, publish
from shared.postgres.database import Committed, Database, Tx
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.service import Kernel, Loop

log = get_logger(__name__)

_FILED_WITHIN = 1.0
"""Seconds until a key is filed that another process has erased. Not before its commit: that may fail."""
_LATEST = 2**62  # a version that no later record of an erased key has

_REVIVED = METRICS.counter("touchmark_erased_again_total", "Keys that a restored database had to erase again.")


class ErasureKeeping:
    """Of one service. `repeats` are the times after an erasure at which its tombstones are published again.

    `every` is in seconds: how long until it looks again what is to be repeated.
    """

    def __init__(
        self, kernel: Kernel[Any], *, folder: KeysFile | None, repeats: Sequence[timedelta], every: float
    ) -> None:
        self._kernel = kernel
        self._file = folder
        self._repeats = repeats
        self._every = every
        self._woken = asyncio.Event()

    @property
    def _database(self) -> Database:
        return self._kernel.database

    async def run(self) -> None:
        """Keep until cancelled."""
        repeats_at = 0.0
        while True:
            self._woken.clear()
            while await self.file_keys():
                pass  # there may be more: some at once
            if (here := time.monotonic()) >= repeats_at:
                await self.repeat_tombstones(self._kernel.clock())
                repeats_at = here + self._every
            with suppress(TimeoutError):
                await asyncio.wait_for(self._woken.wait(), min(self._every, _FILED_WITHIN))

    def wake(self, committed: Committed) -> None:
        """File at once what this process has erased: until then a backup could revive it, if the disk is lost."""
        if store.KEYS in committed.touched:
            self._woken.set()

    async def erase_again(self) -> int:
        """Obey once more the tombstones that the file has and the database does not know; how many there were.

        A process does so before anybody can ask it for anything.
        """
        if self._file is None:
            return 0
        filed = list(dict.fromkeys(await asyncio.to_thread(self._file.read)))
        async with self._database.statement() as tx:
            revived = await store.unknown(tx, filed)
        for erased in revived:
            async with self._database.transaction() as tx:
                await self._erase(tx, erased)
            _REVIVED.inc()
        if revived:
            log.warning("database_restored", erased_again=len(revived))
        return len(revived)

    async def file_keys(self) -> int:
        """Add to the file what is not there yet, some at once; how many.

        They are on the disk before the database says so.
        """
        if self._file is None:
            return 0
        async with self._database.transaction() as tx:
            if unfiled := await store.take_unfiled(tx):
                await asyncio.to_thread(self._file.add, unfiled)
        return len(unfiled)

    async def repeat_tombstones(self, now: datetime) -> None:
        """Publish again what is due for it.

        First because a relay that was thought dead may have sent an older record after the tombstone. Later because a
        quiet partition is never compacted: Kafka closes a segment only when something is added to it.
        """
        for number, after in enumerate(self._repeats):
            while await self._repeat(number, now - after):
                pass  # there may be more: some at once

    async def _repeat(self, number: int, before: datetime) -> int:
        async with self._database.transaction() as tx:
            due = await store.take_due(tx, repeats=number, before=before)
            await publish(tx, [Tombstone(topic, key) for topic, key in due])
        return len(due)

    async def _erase(self, tx: Tx, erased: ErasedKey) -> None:
        if erased.own:
            await publish(tx, [Tombstone(erased.topic, erased.key)])
            return
        record = _tombstone(erased)
        for handler in _handlers(self._kernel.inboxes, erased.topic):
            await handler.on_tombstone(None, tx, record, self._kernel)  # type: ignore[misc]
        await store.keep(tx, [(erased.topic, erased.key)], own=False)


async def erase_again(kernel: Kernel[Any]) -> None:
    """Erase what was erased since the backup that this service's database comes from."""
    await _keeper(kernel).erase_again()


def keeping(kernel: Kernel[Any]) -> Loop:
    """The loop of a service, as its settings want it."""
    keeper = _keeper(kernel)
    kernel.database.on_commit(keeper.wake)
    return Loop("erased keys", keeper.run)


def _keeper(kernel: Kernel[Any]) -> ErasureKeeping:
    settings = kernel.settings
    file = KeysFile(settings.erased_keys, kernel.name) if settings.erased_keys else None
    repeats = [timedelta(seconds=each) for each in settings.erasure_repeats]
    return ErasureKeeping(kernel, folder=file, repeats=repeats, every=settings.erasure_check_seconds)


def _handlers(inboxes: Sequence[Inbox], topic: Topic) -> list[Inbox]:
    return [each for each in inboxes if topic in each.topics and each.on_tombstone and not each.on_batch]


def _tombstone(erased: ErasedKey) -> Record:
    """The record as it was read then; its version is higher than that of any record before it."""
    return Record(
        topic=erased.topic,
        key=erased.key,
        version=_LATEST,
        id=new_id(),
        type=f"{erased.topic.value}.Tombstone",
        source="urn:touchmark:erased-keys",
        time=erased.erased_at,
        data=None,
        traceparent=None,
        partition=0,
        offset=0,
    )
