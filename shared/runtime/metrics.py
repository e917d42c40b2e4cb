"""Prometheus metrics in a registry of our own, so that nothing a library registers leaks in.

Modules declare what they count beside the code that counts it:

    SENT = METRICS.counter("touchmark_relay_records_total", "Records acknowledged by Kafka.", ("topic",))

Labels are closed sets (topics, routes, outcomes); never ids, never anything a person typed.
"""

from collections.abc import Sequence

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    GCCollector,
    Histogram,
    PlatformCollector,
    ProcessCollector,
)
from prometheus_client.exposition import CONTENT_TYPE_LATEST, generate_latest

_SECONDS = (0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0)


class Metrics:
    """The metrics of one process."""

    content_type = CONTENT_TYPE_LATEST

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        GCCollector(registry=self.registry)

    def counter(self, name: str, says: str, labels: Sequence[str] = ()) -> Counter:
        return Counter(name, says, labels, registry=self.registry)

    def gauge(self, name: str, says: str, labels: Sequence[str] = ()) -> Gauge:
        return Gauge(name, says, labels, registry=self.registry)

    def seconds(self, name: str, says: str, labels: Sequence[str] = ()) -> Histogram:
        """A histogram of durations, from 2 ms to 30 s."""
        return Histogram(name, says, labels, registry=self.registry, buckets=_SECONDS)

    def render(self) -> bytes:
        """The whole registry in Prometheus' text format."""
        return generate_latest(self.registry)


METRICS = Metrics()
"""The one of this process; modules declare their metrics on it when they are imported."""
