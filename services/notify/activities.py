"""Temporal in: the life cycle requests a mail."""

from collections.abc import Callable, Sequence
from typing import Any

from services.notify import actions
from services.notify.settings import NotifySettings
from shared.contracts.commands.notify import MailAccepted, SendNow
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.temporal.activities import activity


def activities(kernel: Kernel[NotifySettings]) -> Sequence[Callable[..., Any]]:
    async def send_now(tx: Tx, command: SendNow) -> MailAccepted:
        return await actions.send_now(tx, command, kernel.clock())

    return [activity(kernel, SendNow, send_now)]
