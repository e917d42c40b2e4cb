"""How often one client may do what costs others something: so many times within an hour, counted in this process.

Nothing is kept of a client but its address, in memory, for that long. Requests of this machine itself are not counted,
nor those whose client nobody names: behind a proxy that leaves `X-Forwarded-For` out, everybody would be one client.
"""

from collections import deque
from datetime import datetime, timedelta
from typing import Final

from shared.kernel.problems import Problem, ProblemType
from shared.web.clients import UNKNOWN
from shared.web.reasons import RequestReason

_WITHIN: Final = timedelta(hours=1)
_MOST_CLIENTS: Final = 20_000
"""Beyond, those who came first are forgotten: memory is bounded, whoever comes."""
_UNCOUNTED: Final = frozenset({UNKNOWN, "127.0.0.1", "::/64"})


class HourlyRate:
    """At most `most` within an hour from one client."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._times: dict[str, deque[datetime]] = {}

    def take(self, client: str, now: datetime) -> None:
        """Count one more. Raises Problem: too-many-requests, with the seconds until the oldest no longer counts."""
        if client in _UNCOUNTED:
            return
        times = self._times.pop(client, deque())
        while times and times[0] <= now - _WITHIN:
            times.popleft()
        self._times[client] = times  # the newest last
        if len(times) >= self._most:
            wait = times[0] + _WITHIN - now
            problem, after = ProblemType.TOO_MANY_REQUESTS, max(1, int(wait.total_seconds()))
            raise Problem(problem, RequestReason.TOO_OFTEN, retry_after=after)
        times.append(now)
        if len(self._times) > _MOST_CLIENTS:
            del self._times[next(iter(self._times))]
