"""What is declared in `events.py` is read: an inbox that nobody runs would lose nothing, and do nothing, in silence."""

from importlib import import_module
from pathlib import Path

from shared.inbox import Inbox


def test_every_declared_inbox_is_run_and_handles_something(services: list[Path]) -> None:
    for service in services:
        events, main = (import_module(f"services.{service.name}.{room}") for room in ("events", "main"))
        declared = {each for each in vars(events).values() if isinstance(each, Inbox)}

        assert declared == set(main.INBOXES), service.name
        assert [each.name for each in declared if not each.handlers and each.on_tombstone is None] == []
        assert len({each.name for each in declared}) == len(declared), "each has a consumer group of its own"
