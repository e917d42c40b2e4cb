"""Temporal in: what the life cycle wants done on a commission's page; and by the clock, what is forgotten in time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from services.intake.actions import (
    approvals,
    cancellations,
    commissions,
    confirmations,
    erasure,
    housekeeping,
    proposals,
)
from services.intake.actions.submissions import ConfirmationRules
from services.intake.settings import IntakeSettings
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import (
    ApprovalAsking,
    AskApproval,
    CloseCommission,
    PutProposalInForce,
    RefuseCancellation,
    WrittenBrief,
)
from shared.postgres.database import Tx
from shared.runtime.service import Kernel, Loop
from shared.temporal.activities import activity

_SWEEP_EVERY = 3600.0  # seconds


def activities(kernel: Kernel[IntakeSettings]) -> Sequence[Callable[..., Any]]:
    async def close_commission(tx: Tx, command: CloseCommission) -> Done:
        return await commissions.close(tx, command, kernel.clock())

    async def ask_approval(tx: Tx, command: AskApproval) -> ApprovalAsking:
        return await approvals.ask(tx, command, new_id=kernel.ids, now=kernel.clock())

    async def refuse_cancellation(tx: Tx, command: RefuseCancellation) -> Done:
        return await cancellations.refuse(tx, command, kernel.clock())

    async def put_in_force(tx: Tx, command: PutProposalInForce) -> WrittenBrief:
        return await proposals.put_in_force(tx, command, kernel.clock())

    return [
        activity(kernel, PutProposalInForce, put_in_force),
        activity(kernel, AskApproval, ask_approval),
        activity(kernel, RefuseCancellation, refuse_cancellation),
        activity(kernel, CloseCommission, close_commission),
    ]


def loops(kernel: Kernel[IntakeSettings]) -> Sequence[Loop]:
    async def sweep() -> None:
        while True:
            async with kernel.database.transaction() as tx:
                await housekeeping.sweep(tx, kernel.clock())
            await asyncio.sleep(_SWEEP_EVERY)

    async def erase() -> None:
        leaving = erasure.LeavingRules.of(kernel.settings)
        while True:
            await erasure.carry_out_due(kernel.database, kernel.clock(), grace=leaving.grace)
            await asyncio.sleep(kernel.settings.erasure_check_seconds)

    async def confirm() -> None:
        waiting = ConfirmationRules.of(kernel.settings).waiting
        while True:
            for step in (confirmations.remind, confirmations.end):
                more = 1
                while more:
                    async with kernel.database.transaction() as tx:
                        more = await step(tx, waiting, kernel.clock())
            await asyncio.sleep(kernel.settings.confirm_check_seconds)

    return [Loop("sweep", sweep), Loop("erasures", erase), Loop("confirmations", confirm)]
