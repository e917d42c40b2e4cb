"""The AsyncAPI document of a service, as its app serves it beside `openapi.json`."""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from shared.inbox.inbox import Inbox


def asyncapi(service: str, inboxes: "Callable[[], Sequence[Inbox]]") -> Mapping[str, Callable[[], Any]]:
    """For `create_app(documents=…)`: made when somebody asks, since its libraries cost a process memory."""

    def document() -> Any:
        from shared.kafka.asyncapi import document  # noqa: PLC0415 (its memory is paid for when somebody asks)

        return document(service, inboxes())

    return {"asyncapi.json": document}
