"""The states of a process's parts, as `/health/live`, `/health/ready` and `/metrics` report them."""

import asyncio
from collections.abc import Awaitable, Callable
from enum import StrEnum

from pydantic import BaseModel, ConfigDict

from shared.runtime.metrics import METRICS

_UP = METRICS.gauge("touchmark_part_up", "1 where a part is up, else 0.", ("part",))


class PartState(StrEnum):
    """Of one part. `degraded` means: it is being retried, and pages keep working."""

    STARTING = "starting"
    UP = "up"
    DEGRADED = "degraded"
    STOPPED = "stopped"


class PartHealth(BaseModel):
    model_config = ConfigDict(frozen=True)

    state: PartState
    reason: str | None = None


class Report(BaseModel):
    """The answer of `/health/ready`: each part by its name, and whether requests may be sent here."""

    model_config = ConfigDict(frozen=True)

    service: str
    ready: bool
    parts: dict[str, PartHealth]


Probe = Callable[[], Awaitable[PartHealth]]
"""Checks one engine now, within its own limit; never raises."""


class Health:
    """The states of one process's parts. Only what is `required` decides readiness."""

    def __init__(self, service: str) -> None:
        self._service = service
        self._parts: dict[str, PartHealth] = {}
        self._probes: dict[str, Probe] = {}
        self._required: set[str] = set()

    def require(self, part: str) -> None:
        """Not ready until this part is up, and no longer than it is."""
        self._required.add(part)
        self.update(part, PartState.STARTING)

    def update(self, part: str, state: PartState, reason: str | None = None) -> None:
        self._parts[part] = PartHealth(state=state, reason=reason)
        _UP.labels(part).set(state is PartState.UP)

    def probe(self, part: str, probe: Probe) -> None:
        """Call `probe` at each report instead of waiting for an update."""
        self._probes[part] = probe

    async def report(self) -> Report:
        looks = await asyncio.gather(*(probe() for probe in self._probes.values()))
        for part, seen in zip(self._probes, looks, strict=True):
            self.update(part, seen.state, seen.reason)
        ready = all(self._parts[name].state is PartState.UP for name in self._required)
        return Report(service=self._service, ready=ready, parts=dict(self._parts))
