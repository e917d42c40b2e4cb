"""Cancelling an accepted commission: its terms, the customer's request, and lifecycle's answer."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.domain import cancellations
from services.intake.domain.cancellation_terms import (
    CancellationTerms,
    CannotCancel,
    agreed_terms,
    current_terms,
    why_not,
)
from services.intake.domain.cancellations import Cancellation, CancellationReason, CancellationState
from services.intake.domain.record import CommissionRecord
from shared.auth.roles import Caller
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import RefuseCancellation
from shared.contracts.commissions import CancellationAsked, CancellationRefused, WithdrawalReason
from shared.kernel.ids import Ids
from shared.kernel.problems import not_found
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class CancellationOptions:
    """What cancelling means now. `terms` is None before the acceptance, `barred` says why it is not offered."""

    record: CommissionRecord
    terms: CancellationTerms | None
    blocked_by: CannotCancel | None

    def in_language(self, language: str) -> "CancellationOptions":
        """The same, with the offering's gates in the words of this language."""
        record = self.record.in_language(language)
        return CancellationOptions(record, current_terms(record), self.blocked_by)

    @property
    def pending(self) -> Cancellation | None:
        return self.record.pending

    @property
    def refused(self) -> Cancellation | None:
        """The newest cancellation, if it was refused."""
        newest = self.record.cancellations[-1] if self.record.cancellations else None
        return newest if newest and newest.state is CancellationState.REFUSED else None


async def read(tx: Tx, caller: Caller, commission: UUID) -> CancellationOptions:
    """What cancelling means now. Raises `not-found`."""
    record = await records.load(tx, caller, commission)
    return CancellationOptions(record, current_terms(record), why_not(record))


async def ask(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    owed_percent: int,
    reason: WithdrawalReason,
    *,
    new_id: Ids,
    now: datetime,
) -> Cancellation:
    """Ask to cancel on these terms and publish it; asking again before the answer changes nothing.

    Raises:
        Problem: not-found; conflict, if it is not offered, or costs something else by now.
    """
    record = await records.load_own(tx, caller, commission)
    if record.pending:
        return record.pending
    agreed_terms(record, owed_percent)
    asked = Cancellation(new_id(), commission, owed_percent, reason, CancellationState.ASKED, now)
    await store.add_cancellation(tx, asked)
    tx.touch(commission)
    await publish(
        tx,
        [
            CancellationAsked(
                at=now,
                commission=commission,
                customer=caller.person,
                cancellation=asked.cancellation,
                owed_percent=owed_percent,
                reason=reason,
                by=caller.witness,
            )
        ],
    )
    return asked


async def refuse(tx: Tx, command: RefuseCancellation, now: datetime) -> Done:
    """Say on the page, and tell, that the cancellation was overtaken. Raises `not-found`."""
    await store.lock_commission(tx, command.commission)
    every = await store.cancellations(tx, [command.commission])
    found = next((each for each in every if each.cancellation == command.cancellation), None)
    if found is None:
        raise not_found(CancellationReason.UNKNOWN)
    refused = cancellations.refuse(found, command.refusal, command.owed_percent, now)
    if refused is not found:
        await store.save_cancellation(tx, refused)
        tx.touch(command.commission)
        fact = CancellationRefused(at=now, commission=command.commission, cancellation=command.cancellation)
        await publish(tx, [fact])
    return Done()
