"""Who joins: so many an hour from one client, over the page and the API together."""

from dataclasses import dataclass
from datetime import datetime
from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from shared.web.clients import client_of
from shared.web.rates import HourlyRate


@dataclass(frozen=True)
class Joins:
    """Those of this request's client."""

    rate: HourlyRate
    client: str
    now: datetime

    def count(self) -> None:
        """Count one more. Raises Problem: too-many-requests."""
        self.rate.take(self.client, self.now)


async def _joins(request: Request) -> Joins:
    state = request.app.state
    if not hasattr(state, "join_rate"):
        state.join_rate = HourlyRate(state.kernel.settings.joins_an_hour)
    return Joins(state.join_rate, client_of(request.scope), state.clock())


CurrentJoins = Annotated[Joins, Depends(_joins)]
"""For a route by which somebody joins."""
