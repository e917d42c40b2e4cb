"""Temporal in: the life cycle wants hours held or given back."""

from collections.abc import Callable, Sequence
from typing import Any

from services.production.actions import certificates
from services.production.actions import promises as actions
from services.production.settings import Settings
from shared.contracts.commands.command import Done
from shared.contracts.commands.production import (
    HeldPromise,
    HoldPromise,
    IssueCertificate,
    IssuedCertificate,
    ReleasePromise,
)
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.temporal.activities import activity


def activities(kernel: Kernel[Settings]) -> Sequence[Callable[..., Any]]:
    async def hold_promise(tx: Tx, command: HoldPromise) -> HeldPromise:
        return await actions.hold_promise(tx, command, new_id=kernel.ids, now=kernel.clock(), settings=kernel.settings)

    async def release_promise(tx: Tx, command: ReleasePromise) -> Done:
        return await actions.release_promise(tx, command, now=kernel.clock())

    async def issue_certificate(tx: Tx, command: IssueCertificate) -> IssuedCertificate:
        return await certificates.issue(tx, command, now=kernel.clock(), settings=kernel.settings)

    return [
        activity(kernel, HoldPromise, hold_promise),
        activity(kernel, ReleasePromise, release_promise),
        activity(kernel, IssueCertificate, issue_certificate),
    ]
