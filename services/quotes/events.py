"""Kafka in: what customers wish, who they are, which texts are erased, and how much time the studio gives them."""

from collections.abc import Sequence

from services.quotes.actions import accounts, briefs
from services.quotes.actions.context import QuotesContext
from services.quotes.settings import QuotesSettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import PhaseEntered
from shared.contracts.people import PersonRecorded
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


def inboxes(kernel: Kernel[QuotesSettings]) -> Sequence[Inbox]:
    """One inbox each: none waits for another."""

    async def brief_written(tx: Tx, brief: BriefWritten, _record: Record) -> None:
        await briefs.keep_brief(tx, brief)

    async def brief_erased(tx: Tx, record: Record) -> None:
        await briefs.erase_brief(tx, record.key, kernel.clock())

    async def person_recorded(tx: Tx, person: PersonRecorded, _record: Record) -> None:
        await briefs.record_person(tx, person)

    async def person_erased(tx: Tx, record: Record) -> None:
        await briefs.erase_person(tx, record.key, kernel.clock())

    async def text_erased(tx: Tx, record: Record) -> None:
        await briefs.erase_text(tx, record.key)

    async def phase_entered(tx: Tx, entered: PhaseEntered, _record: Record) -> None:
        await accounts.extend_deadline(tx, entered, QuotesContext.of(kernel))

    return [
        Inbox(
            name="briefs",
            topics=[Topic.BRIEFS],
            handlers={BriefWritten: brief_written},
            tombstones={Topic.BRIEFS: brief_erased},
        ),
        Inbox(
            name="people",
            topics=[Topic.PEOPLE],
            handlers={PersonRecorded: person_recorded},
            tombstones={Topic.PEOPLE: person_erased},
        ),
        Inbox(name="clock", topics=[Topic.LIFECYCLE], handlers={PhaseEntered: phase_entered}),
        Inbox(name="texts", topics=[Topic.TEXTS], tombstones={Topic.TEXTS: text_erased}),
    ]
