"""Kafka in: what customers wish."""

from collections.abc import Sequence

from services.quotes import actions
from services.quotes.settings import Settings
from shared.contracts.briefs import BriefWritten
from shared.contracts.fact import Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


def inboxes(kernel: Kernel[Settings]) -> Sequence[Inbox]:
    async def brief_written(tx: Tx, brief: BriefWritten, _record: Record) -> None:
        await actions.keep_brief(tx, brief)

    async def brief_erased(tx: Tx, record: Record) -> None:
        await actions.forget_brief(tx, record.key, kernel.clock())

    return [
        Inbox(
            name="briefs",
            topics=[Topic.BRIEFS],
            handlers={BriefWritten: brief_written},
            tombstones={Topic.BRIEFS: brief_erased},
        )
    ]
