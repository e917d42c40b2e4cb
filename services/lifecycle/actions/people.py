"""Names: who people are and what their commissions are called, as intake publishes it; and its erasure."""

from typing import Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.dashboard import DASHBOARD
from shared.contracts.briefs import BriefWritten
from shared.contracts.people import PersonRecorded
from shared.erasure.store import forget_answers
from shared.kernel.search import stored_words
from shared.offerings.key import OfferingKey
from shared.offerings.store import kept_exactly
from shared.postgres.database import Tx

_ALL: Final = 10_000


async def record_person(tx: Tx, person: PersonRecorded, version: int) -> None:
    """Keep who somebody is, in this version of their record."""
    words = stored_words(person.name, person.email or "")
    if await store.record_person(tx, person.person, version, name=person.name, email=person.email, words=words):
        await _show(tx)


async def erase_person(tx: Tx, person: UUID, version: int) -> None:
    """Obey the tombstone: name, address, the words of a search, and what ops wrote about them go for good."""
    await store.erase_person(tx, person, version)
    commissions = await store.commissions_of_person(tx, person, _ALL)
    await forget_answers(tx, [person, *commissions])
    await _show(tx, *commissions)


async def record_brief(tx: Tx, brief: BriefWritten, version: int) -> None:
    """Keep the answers that name the piece, in this version of the record; those that were written freely stay away."""
    offering = await kept_exactly(tx, OfferingKey.of(brief), brief.offering_sha256)
    fields = offering.form.title_fields if offering else ()
    answers = [answer for answer in brief.answers if answer.field in fields]
    if await store.record_brief(tx, brief.commission, version, answers):
        await _show(tx, brief.commission)


async def erase_brief(tx: Tx, commission: UUID, version: int) -> None:
    """Obey the tombstone."""
    await store.erase_brief(tx, commission, version)
    await _show(tx, commission)


async def _show(tx: Tx, *commissions: UUID) -> None:
    await store.bump_revision(tx)
    for commission in commissions:
        tx.touch(commission)
    tx.touch(DASHBOARD)
