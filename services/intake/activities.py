"""Temporal in: the life cycle wants a commission's page closed; and by the clock, what is forgotten in time."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any

from services.intake.actions import commissions, housekeeping
from services.intake.settings import Settings
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import CloseCommission
from shared.postgres.database import Tx
from shared.runtime.service import Kernel, Loop
from shared.temporal.activities import activity

_SWEEP_EVERY = 3600.0  # seconds


def activities(kernel: Kernel[Settings]) -> Sequence[Callable[..., Any]]:
    async def close_commission(tx: Tx, command: CloseCommission) -> Done:
        return await commissions.close(tx, command, kernel.clock())

    return [activity(kernel, CloseCommission, close_commission)]


def loops(kernel: Kernel[Settings]) -> Sequence[Loop]:
    async def sweep() -> None:
        while True:
            async with kernel.database.transaction() as tx:
                await housekeeping.sweep(tx, kernel.clock())
            await asyncio.sleep(_SWEEP_EVERY)

    return [Loop("sweep", sweep)]
