"""Facts in order: each of a topic once and in its turn, however often and however mixed they come."""

from datetime import datetime
from typing import Any

from pydantic import BaseModel, ConfigDict


class FactEnvelope(BaseModel):
    """One fact on its way into a workflow, as the bridge read it from its topic.

    `follows` is the version that the bridge signalled before this one (0: none). Usually `version - 1`; less where a
    version between them is of a type that this release does not know, or was dropped by ops from the failed events.
    `data` is the record's own JSON: it is read once, by the workflow.
    """

    model_config = ConfigDict(frozen=True, extra="ignore")

    topic: str
    version: int
    follows: int | None = None
    type: str
    at: datetime
    data: str

    @classmethod
    def unreadable(cls, raw: Any, now: datetime) -> "FactEnvelope":
        """What takes the place of an envelope that cannot be read: those behind it must not wait for ever.

        Raises:
            ValidationError: not even its place can be read.
        """
        return cls.model_validate({**(raw if isinstance(raw, dict) else {}), "type": "", "at": now, "data": ""})

    @property
    def is_unreadable(self) -> bool:
        return not self.type

    @property
    def predecessor(self) -> int:
        return self.version - 1 if self.follows is None else self.follows


class Sequencer(BaseModel):
    """The newest version of each topic, and the facts that wait because one before them is missing."""

    versions: dict[str, int] = {}
    waiting: dict[str, dict[int, FactEnvelope]] = {}

    def take(self, envelopes: list[FactEnvelope]) -> list[FactEnvelope]:
        """Take in what has come, and return what is new and in its turn, each topic in the order of its versions."""
        for envelope in envelopes:
            if envelope.version > self.versions.get(envelope.topic, 0):
                self.waiting.setdefault(envelope.topic, {})[envelope.version] = envelope
        return [fact for topic in list(self.waiting) for fact in self._in_turn(topic)]

    def _in_turn(self, topic: str) -> list[FactEnvelope]:
        waiting, ready = self.waiting[topic], []
        for version in sorted(waiting):
            if waiting[version].predecessor > self.versions.get(topic, 0):
                break
            ready.append(waiting.pop(version))
            self.versions[topic] = version
        if not waiting:
            del self.waiting[topic]
        return ready
