"""The inbox role: one part per inbox, so that one that fails does not hold up the others."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from shared.inbox import Inbox
from shared.inbox.runner import InboxRunner
from shared.kafka import topics
from shared.runtime.service import Kernel, Loop, Service


class TopicsMissingError(ConnectionError):
    """Their owners have not started yet."""


def parts(service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    return [Loop(name=f"inbox {inbox.name}", run=partial(_run, kernel, inbox)) for inbox in service.inboxes(kernel)]


async def _run(kernel: Kernel[Any], inbox: Inbox) -> None:
    settings = kernel.settings
    if missing := await topics.missing(settings.kafka, inbox.topics, prefix=settings.prefix):
        raise TopicsMissingError(f"not there yet: {', '.join(sorted(missing))}")
    runner = InboxRunner(
        inbox,
        database=kernel.database,
        kafka=settings.kafka,
        prefix=settings.prefix,
        instance=settings.instance,
    )
    await runner.run()
