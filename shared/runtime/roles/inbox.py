"""The inbox role: one part per inbox, so that one that fails does not hold up the others; and the process's name."""

from collections.abc import Sequence
from functools import partial
from typing import Any

from shared.inbox.instance import InstanceClaim
from shared.inbox.runner import InboxRunner
from shared.kafka import topics
from shared.kafka.connection import Kafka
from shared.runtime.service import Kernel, Loop, Service


class TopicsMissingError(ConnectionError):
    """Their owners have not started yet."""


def parts(_service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    claim = InstanceClaim(kernel.database, kernel.settings.instance)
    inboxes = [Loop(f"inbox {each.inbox.name}", partial(_run, kernel, claim, each)) for each in kernel.broker.runners]
    return [Loop("instance", claim.run), *inboxes] if inboxes else []


async def _run(kernel: Kernel[Any], claim: InstanceClaim, runner: InboxRunner) -> None:
    settings = kernel.settings
    await claim.held()
    if missing := await topics.missing(Kafka.of(settings), runner.inbox.topics, prefix=settings.prefix):
        raise TopicsMissingError(f"not there yet: {', '.join(sorted(missing))}")
    await runner.run()
