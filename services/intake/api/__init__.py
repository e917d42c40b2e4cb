"""HTTP in, as JSON: everything that the pages offer."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.intake.api import (
    approvals,
    cancellations,
    changing,
    claims,
    colleagues,
    commissions,
    confirmations,
    contract_withdrawals,
    delivery,
    entering,
    erasure,
    images,
    local_links,
    messages,
    offerings,
    passkeys,
    people,
    proposals,
    provider,
    refusals,
    second_step,
    sessions,
    sign_in,
    tablet,
)
from services.intake.settings import IntakeSettings
from shared.runtime.service import Kernel

__all__ = ["routers"]


def routers(kernel: Kernel[IntakeSettings]) -> Sequence[APIRouter]:
    rooms = (
        people,
        sessions,
        sign_in,
        passkeys,
        provider,
        second_step,
        local_links,
        colleagues,
        offerings,
        images,
        commissions,
        changing,
        confirmations,
        delivery,
        entering,
        messages,
        approvals,
        cancellations,
        claims,
        contract_withdrawals,
        proposals,
        refusals,
        tablet,
        erasure,
    )
    return [room.router(kernel) for room in rooms]
