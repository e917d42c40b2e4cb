"""What the charts show, now."""

from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from services.lifecycle import store
from services.lifecycle.domain import charts
from services.lifecycle.domain.charts import Charts
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.postgres.database import Tx


async def read_charts(tx: Tx, caller: Caller, *, now: datetime, soon: timedelta, zone: str) -> Charts:
    """The lanes, the throughput and the lead times; weeks are those of the studio's zone.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    today = now.astimezone(ZoneInfo(zone)).date()
    first = datetime.combine(charts.first_week(today), time(), ZoneInfo(zone))
    return Charts(
        lanes=charts.lanes(await store.ages(tx, now, now + soon), now),
        weeks=charts.weeks(await store.throughput(tx, zone, first), today),
        held=await store.lead_times(tx, now - charts.LEAD),
    )
