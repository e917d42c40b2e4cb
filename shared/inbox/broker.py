"""The broker of a service with its inboxes: each includes its router, and is run for itself."""

from collections.abc import Sequence
from typing import Any

from shared.inbox import offsets
from shared.inbox.inbox import Inbox
from shared.inbox.parked_counts import ParkedCounts
from shared.inbox.runner import InboxRunner
from shared.kafka.broker import PatientBroker, asyncapi, declare_publishers
from shared.kafka.connection import Kafka
from shared.postgres.database import Database


class ServiceBroker:
    """What a service reads, runs and describes. `instance` names this process among copies, and keeps it over restarts.

    Making it connects to nothing. `kernel` is for the handlers that ask for it, `commit_every` in seconds.
    """

    def __init__(
        self,
        inboxes: Sequence[Inbox],
        *,
        database: Database,
        kafka: Kafka,
        prefix: str = "",
        instance: str | None = None,
        kernel: Any = None,
        commit_every: float = offsets.EVERY,
    ) -> None:
        service = database.application
        self._service = service
        self.broker = PatientBroker(kafka, client=f"{prefix}{service}.{instance}" if instance else f"{prefix}{service}")
        parked = ParkedCounts(database)
        self.runners = [
            InboxRunner(
                inbox,
                self.broker,
                database=database,
                kafka=kafka,
                prefix=prefix,
                instance=instance,
                kernel=kernel,
                parked=parked,
                commit_every=commit_every,
            )
            for inbox in inboxes
        ]
        declare_publishers(self.broker, service, prefix=prefix)

    def asyncapi(self) -> dict[str, Any]:
        """The AsyncAPI document: each fact that the service publishes, and by inbox the facts it reads."""
        return asyncapi(self.broker, self._service)
