"""How long to wait before trying again: twice as long each time up to a limit, with jitter against marching in step."""

import random
from dataclasses import dataclass


@dataclass(slots=True)
class Backoff:
    """Waits in seconds. `next()` is the coming wait; `reset()` after things went well for a while."""

    first: float = 0.2
    longest: float = 15.0
    _current: float = 0.0

    def next(self) -> float:
        self._current = min(self.longest, self._current * 2 or self.first)
        return self._current * random.uniform(0.5, 1.0)  # noqa: S311 (jitter, not a secret)

    def reset(self) -> None:
        self._current = 0.0
