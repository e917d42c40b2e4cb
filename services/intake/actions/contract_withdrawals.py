"""Withdrawing from the contract, where the law allows it: from the acceptance until some days after the arrival."""

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from services.intake import store
from services.intake.actions import records
from services.intake.domain.claims import CannotWithdraw, ContractWithdrawal
from services.intake.domain.record import CommissionRecord
from shared.auth.roles import Caller
from shared.contracts.commissions import ContractWithdrawn
from shared.contracts.lifecycle import Outcome
from shared.kernel.calendar import day_of
from shared.kernel.phrases import Phrase
from shared.kernel.problems import Problem, ProblemType
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class WithdrawalRight:
    """Whether the customer may withdraw now. `last_day` is known once the piece has arrived."""

    record: CommissionRecord
    last_day: date | None
    blocked_by: CannotWithdraw | None

    @property
    def done(self) -> ContractWithdrawal | None:
        return self.record.contract_withdrawal

    def in_language(self, language: str) -> "WithdrawalRight":
        """The same, with the offering in the words of this language."""
        return replace(self, record=self.record.in_language(language))


async def read(tx: Tx, caller: Caller, commission: UUID, zone: ZoneInfo, now: datetime) -> WithdrawalRight:
    """Whether the customer may withdraw now. Raises `not-found`."""
    return _right(await records.load(tx, caller, commission), zone, now)


async def withdraw(tx: Tx, caller: Caller, commission: UUID, zone: ZoneInfo, now: datetime) -> ContractWithdrawal:
    """Withdraw from the contract, and publish it; who has done so stays as they are.

    Raises:
        Problem: not-found; conflict, for a piece without that right, after its last day, or after another end.
    """
    record = await records.load_own(tx, caller, commission)
    if record.contract_withdrawal:
        return record.contract_withdrawal
    right = _right(record, zone, now)
    if right.blocked_by:
        raise Problem(ProblemType.CONFLICT, Phrase(right.blocked_by, day=right.last_day or day_of(now, zone)))
    withdrawal = ContractWithdrawal(commission, now, arrived=record.guarantee is not None)
    await store.add_contract_withdrawal(tx, withdrawal)
    tx.touch(commission)
    fact = ContractWithdrawn(
        at=now, commission=commission, customer=caller.person, arrived=withdrawal.arrived, by=caller.witness
    )
    await publish(tx, [fact])
    return withdrawal


def _right(record: CommissionRecord, zone: ZoneInfo, now: datetime) -> WithdrawalRight:
    days = record.accepted.withdrawal_days if record.accepted else None
    arrived = day_of(record.guarantee.arrived_at, zone) if record.guarantee else None
    last_day = arrived + timedelta(days=days) if arrived and days is not None else None
    return WithdrawalRight(record, last_day, _blocked_by(record, last_day, day_of(now, zone)))


def _blocked_by(record: CommissionRecord, last_day: date | None, today: date) -> CannotWithdraw | None:
    """A completed commission has not ended for this: its days count from the arrival."""
    if record.accepted is None:
        return CannotWithdraw.NOT_ACCEPTED
    if not record.carries_withdrawal:
        return CannotWithdraw.NO_RIGHT
    if record.outcome not in {None, Outcome.COMPLETED}:
        return CannotWithdraw.ENDED
    return CannotWithdraw.TOO_LATE if last_day and today > last_day else None
