"""Photos from the bench: added by who works on the piece, seen by its customer, its maker and ops."""

from services.production.store import photos as store
from shared.contracts.commissions import CommissionSubmitted
from shared.postgres.database import Tx


async def hear_of_customer(tx: Tx, submitted: CommissionSubmitted) -> None:
    """Remember whose commission it is, and so who may look at its photos."""
    await store.record_customer(tx, submitted.commission, submitted.customer)
