"""What the charts are drawn from."""

from typing import Annotated

from fastapi import APIRouter

from services.lifecycle import actions
from services.lifecycle.api.schemas import ChartsRead, HolderTimeRead, PhaseLaneRead, WeekRead
from services.lifecycle.domain.charts import BUCKETS
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow

Ops = Annotated[Caller, Allow(Role.OPS)]


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    api = APIRouter(tags=["charts"])
    settings = kernel.settings
    days = [end.days if end else None for end in BUCKETS]

    @api.get("/charts")
    async def charts(caller: Ops) -> ChartsRead:
        """The lanes by phase and age, each week's throughput, and how long each holder was waited for."""
        async with kernel.database.transaction() as tx:
            found = await actions.read_charts(
                tx, caller, now=kernel.clock(), soon=settings.soon, zone=settings.studio_zone
            )
        return ChartsRead(
            lanes=[
                PhaseLaneRead(phase=lane.phase, total=lane.total, days=days, counts=list(lane.counts))
                for lane in found.lanes
            ],
            weeks=[WeekRead.model_validate(week) for week in found.weeks],
            held=[HolderTimeRead.model_validate(held) for held in found.held],
        )

    return api
