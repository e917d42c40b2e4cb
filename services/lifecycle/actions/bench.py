"""What lifecycle knows of the maker's activity, and when the piece rests: by the bench's own facts."""

from zoneinfo import ZoneInfo

from services.lifecycle import store
from shared.contracts.commands.lifecycle import BenchActivity, LookAtBench
from shared.contracts.fact import CommissionFact
from shared.contracts.production import (
    GatePassed,
    GateReached,
    MishapReported,
    NoteWritten,
    PhotoTaken,
    PieceMade,
    PiecePacked,
    PieceReplanned,
    QualityFailed,
    StageBegun,
    StageFinished,
    StagePaused,
)
from shared.kernel.calendar import start_of_day
from shared.postgres.database import Tx


async def watch_the_bench(tx: Tx, fact: CommissionFact, zone: ZoneInfo) -> None:
    """Note what a fact says of it, if it is one of the bench's."""
    match fact:
        case StageFinished():
            await store.record_work(tx, fact.commission, fact.at, next_on=fact.next_on)
            if fact.waiting and fact.next_on is not None:
                await store.begin_rest(tx, fact.commission, fact.at, start_of_day(fact.next_on, zone))
        case StageBegun() | MishapReported() | QualityFailed() | PieceMade():
            await store.record_work(tx, fact.commission, fact.at, next_on=None)
        case (
            StagePaused()
            | PhotoTaken()
            | NoteWritten()
            | PieceReplanned()
            | GateReached()
            | GatePassed()
            | PiecePacked()
        ):
            await store.record_activity(tx, fact.commission, fact.at)
        case _:
            pass


async def look_at_bench(tx: Tx, command: LookAtBench) -> BenchActivity:
    """What is known just now."""
    return await store.bench_activity(tx, command.commission) or BenchActivity()
