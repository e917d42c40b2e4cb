"""What quotes learns from others: briefs, and who people are; and what it forgets again."""

from datetime import datetime
from uuid import UUID

from services.quotes.store import change_orders, ledger, texts
from services.quotes.store import quotes as store
from services.quotes.store.proposals import keep_proposal
from shared.contracts.commissions import CommissionConfirmed
from shared.contracts.people import PersonRecorded
from shared.kernel.search import stored_words
from shared.postgres.database import Tx


async def record_customer(tx: Tx, confirmed: CommissionConfirmed) -> None:
    """Remember whose commission it is, and where it is delivered."""
    await store.record_customer(tx, confirmed.commission, confirmed.customer, confirmed.delivery_country)
    tx.touch(confirmed.commission)


async def erase_brief(tx: Tx, commission: UUID, at: datetime) -> None:
    """Obey the tombstone: the words go for good. The quote stays; it has none of them."""
    await store.erase_brief(tx, commission, at)
    await keep_proposal(tx, commission, None)
    await change_orders.forget_answers(tx, commission)
    tx.touch(commission)


async def record_person(tx: Tx, person: PersonRecorded, version: int) -> None:
    """Keep somebody's name in this version of their record, and seal the invoices that waited for it."""
    await ledger.lock_person(tx, person.person)
    for commission in await texts.record_person(
        tx, person.person, version, name=person.name, words=stored_words(person.name)
    ):
        tx.touch(commission)


async def erase_text(tx: Tx, text: UUID) -> None:
    """Obey the tombstone of a question, an answer, or the words of a decline."""
    for commission in await texts.erase_text(tx, text):
        tx.touch(commission)
