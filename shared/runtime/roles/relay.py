"""The relay role: the service's own topics, and what waits in its outbox."""

from collections.abc import Sequence
from typing import Any

from shared.kafka import topics
from shared.kafka.connection import Kafka
from shared.outbox.relay import Relay
from shared.postgres.database import Committed
from shared.runtime.service import Kernel, Loop, Service


def parts(service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    settings = kernel.settings
    kafka = Kafka.of(settings)
    relay = Relay(kernel.database, kafka, settings.prefix)

    def wake(committed: Committed) -> None:
        if committed.published:
            relay.wake()

    async def run() -> None:
        await topics.apply(kafka, topics.owned_by(service.name), prefix=settings.prefix)
        await relay.run()

    kernel.database.on_commit(wake)
    return [Loop(name="relay", run=run)]
