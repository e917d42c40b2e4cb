"""The projection: what the ops room knows, from the facts of all services. It can be rebuilt from the first record."""

from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from services.lifecycle import store
from services.lifecycle.actions.room import ROOM
from services.lifecycle.domain.room import Happening
from shared.contracts.commissions import CommissionSubmitted, CommissionWithdrawn
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionEnded, Holder, Stage, StageEntered
from shared.postgres.database import Tx

_KNOWN_WITHOUT_SAYING: Final = {"commission", "at"}


async def project(tx: Tx, facts: Sequence[tuple[CommissionFact, int]], *, step: timedelta) -> None:
    """Take in facts with their versions. A request nobody acts upon is due after `step`, as any step of the process."""
    await store.add_happenings(tx, [(fact.commission, _happening(fact, version)) for fact, version in facts])
    for fact, _ in facts:
        await _move(tx, fact, step)
        tx.touch(fact.commission)
    await store.turn_revision(tx)
    tx.touch(ROOM)


async def _move(tx: Tx, fact: CommissionFact, step: timedelta) -> None:
    match fact:
        case CommissionSubmitted():
            await store.note_request(
                tx,
                fact.commission,
                stage=Stage.REQUESTED,
                holder=Holder.PROCESS,
                due=fact.at + step,
                craft=fact.craft,
                craft_version=fact.craft_version,
                customer=fact.customer,
                needed_by=fact.needed_by,
                submitted_at=fact.at,
            )
        case CommissionWithdrawn():
            await store.note_withdrawal(tx, fact.commission, fact.at)
        case StageEntered():
            await store.note_stage(
                tx, fact.commission, stage=fact.stage, holder=fact.holder, since=fact.since, due=fact.due
            )
        case CommissionEnded():
            await store.note_end(tx, fact.commission, outcome=fact.outcome, at=fact.at)
        case _:
            pass  # it happened, and moves nobody


def _happening(fact: CommissionFact, version: int) -> Happening:
    detail: dict[str, Any] = fact.model_dump(mode="json", exclude=_KNOWN_WITHOUT_SAYING, exclude_none=True)
    return Happening(topic=fact.topic.value, version=version, type=fact.type(), at=fact.at, detail=detail)
