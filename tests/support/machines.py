"""What Hypothesis' state machines need to drive a service's actions against the real PostgreSQL."""

import asyncio
from collections import Counter
from collections.abc import Coroutine
from typing import Any, Self, TypeVar
from urllib.parse import urlsplit, urlunsplit
from uuid import uuid4

import asyncpg
from hypothesis import HealthCheck, Phase, settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, run_state_machine_as_test

T = TypeVar("T")

STEPS: Counter[str] = Counter()
"""How many steps were taken in this process, by machine."""


class Counted(RuleBasedStateMachine):
    """A machine whose steps are counted: each rule once, however much it does."""

    def __init__(self) -> None:
        super().__init__()
        self._began = False

    @invariant()
    def a_step_is_counted(self) -> None:
        """Invariants are looked at before the first step, and after each."""
        STEPS[type(self).__name__] += self._began
        self._began = True


class Loop:
    """An event loop of one's own, for machines, whose rules are ordinary functions."""

    def __enter__(self) -> Self:
        self._runner = asyncio.Runner()
        return self

    def __exit__(self, *_: object) -> None:
        self._runner.close()

    def run(self, coroutine: Coroutine[Any, Any, T]) -> T:
        return self._runner.run(coroutine)


async def made(postgres: str, name: str, *, template: str | None = None) -> str:
    """The DSN of a database for who drops it: an empty one, or a copy of the one at the template's DSN."""
    database = f"{name}_{uuid4().hex}"
    like = f' TEMPLATE "{urlsplit(template).path[1:]}"' if template else ""
    await _as_admin(postgres, f'CREATE DATABASE "{database}"{like}')
    return urlunsplit(urlsplit(postgres)._replace(path=f"/{database}"))


async def dropped(postgres: str, dsn: str) -> None:
    await _as_admin(postgres, f'DROP DATABASE IF EXISTS "{urlsplit(dsn).path[1:]}" WITH (FORCE)')


async def _as_admin(postgres: str, sql: str) -> None:
    admin = await asyncpg.connect(postgres)
    try:
        await admin.execute(sql)
    finally:
        await admin.close()


def explore(machine: type[Counted], *, lives: int, steps: int) -> int:
    """Run so many lives of so many steps each, the same ones every time, so that a failure can be found again.

    Returns how many steps were taken: some lives are shorter.
    """
    before = STEPS[machine.__name__]
    chosen = settings(
        max_examples=lives,
        stateful_step_count=steps,
        deadline=None,
        derandomize=True,
        database=None,
        phases=(Phase.generate, Phase.shrink),
        suppress_health_check=list(HealthCheck),
    )
    run_state_machine_as_test(machine, settings=chosen)
    return STEPS[machine.__name__] - before
