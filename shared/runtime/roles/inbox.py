"""The inbox role: one part per inbox, so that one that fails does not hold up the others."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from shared.inbox.runner import InboxRunner
from shared.kafka import topics
from shared.runtime.service import Kernel, Loop, Service


class TopicsMissingError(ConnectionError):
    """Their owners have not started yet."""


def parts(_service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    return [Loop(f"inbox {runner.inbox.name}", partial(_run, kernel, runner)) for runner in kernel.broker.runners]


async def _run(kernel: Kernel[Any], runner: InboxRunner) -> None:
    settings = kernel.settings
    if missing := await topics.missing(settings.kafka, runner.inbox.topics, prefix=settings.prefix):
        raise TopicsMissingError(f"not there yet: {', '.join(sorted(missing))}")
    await runner.run()
