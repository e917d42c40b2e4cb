"""A commission for which a quote is offered while its customer wishes for something else."""

from datetime import timedelta
from typing import Any
from uuid import UUID

from shared.contracts.quotes import QuoteDrafted, QuoteSent, Redraft
from shared.kernel.clock import system_clock
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.intake import RING, Program, apply_facts

TOTAL = Money(minor=100_000, currency="EUR")


async def offer(database: Database, commission: UUID, version: int = 1, brief_version: int = 1) -> None:
    """Quotes drafted and sent this version of the quote, from this one of the brief."""
    of: dict[str, Any] = {"at": system_clock(), "commission": commission, "quote": commission, "quote_version": version}
    redraft = Redraft.BRIEF_CHANGED if version > 1 else None
    await apply_facts(
        database,
        QuoteDrafted(**of, brief_version=brief_version, total=TOTAL, redraft=redraft),
        QuoteSent(**of, total=TOTAL, deposit=TOTAL, valid_until=system_clock() + timedelta(days=14)),
        first=2 * version - 1,
    )


async def with_a_proposal(database: Database, customer: Program) -> UUID:
    """A new commission of the customer's: a quote is offered, and a wider ring is proposed."""
    commission = await customer.commission()
    await offer(database, commission)
    body = {"brief_version": 1, "answers": {**RING, "size": "55"}}
    answer = await customer.post(f"/commissions/{commission}/proposals", body)
    answer.raise_for_status()
    return commission
