"""Somebody left: their words go at once, contracts and invoices when the law lets them go."""

from datetime import date, datetime
from uuid import UUID

from services.quotes.store import attachments, leaving, ledger, texts
from shared.contracts.fact import Topic
from shared.erasure.store import forget_answers
from shared.kernel.retention import kept_until
from shared.outbox import Tombstone, publish
from shared.postgres.database import Tx
from shared.runtime.logs import get_logger

log = get_logger(__name__)


async def erase_person(tx: Tx, person: UUID, at: datetime, *, country: str) -> None:
    """Obey the tombstone: the name goes, and what was written here by them or about their commissions.

    Contracts, invoices and their papers are sealed, until the law of the studio's country lets them go; what was
    published of them for mails goes at once.
    """
    await ledger.lock_person(tx, person)  # none of their papers is published for a mail behind our back
    await texts.erase_person(tx, person, at)
    written = await leaving.texts_of(tx, person)
    for text in written:
        for commission in await texts.erase_text(tx, text):
            tx.touch(commission)
    await leaving.erase_reasons(tx, person)
    await forget_answers(tx, [person, *written, *await leaving.commissions_of(tx, person)])
    for commission, issued_on in await leaving.contracts_of(tx, person):
        await leaving.seal_contract(tx, commission, until=kept_until(country, issued_on), at=at)
    attached = await attachments.erase(tx, person)
    await publish(
        tx,
        [
            *(Tombstone(Topic.TEXTS, text) for text in written),
            *(Tombstone(Topic.DOCUMENTS, paper) for paper in attached),
        ],
    )


async def erase_released(tx: Tx, today: date, at: datetime) -> int:
    """Erase the sealed contracts whose last day is over; how many."""
    erased = await leaving.erase_released(tx, today=today, at=at)
    for commission in erased:
        tx.touch(commission)
        log.info("sealed_contract_erased", commission=str(commission))
    return len(erased)
