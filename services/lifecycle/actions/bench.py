"""When a piece rests, by the bench's own facts: meanwhile it waits for nobody."""

from zoneinfo import ZoneInfo

from services.lifecycle import store
from shared.contracts.fact import CommissionFact
from shared.contracts.production import (
    MishapReported,
    MishapUndone,
    PieceMade,
    QualityFailed,
    StageBegun,
    StageFinished,
)
from shared.kernel.calendar import start_of_day
from shared.postgres.database import Tx


async def follow_rest(tx: Tx, fact: CommissionFact, zone: ZoneInfo) -> None:
    """Note what a fact says of it, if it is one of the bench's. Whatever is done at the piece ends its rest."""
    if isinstance(fact, StageFinished | StageBegun | MishapReported | MishapUndone | QualityFailed | PieceMade):
        await store.end_rest(tx, fact.commission, fact.at)
    if isinstance(fact, StageFinished | MishapUndone) and fact.waiting and fact.next_on is not None:
        await store.begin_rest(tx, fact.commission, fact.at, start_of_day(fact.next_on, zone))
