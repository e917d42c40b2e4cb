"""Which fault point is armed in which service, round by round.

A round arms one point in each service that has it, so that every (service, point) of every role is hit. The long form
(`make chaos`) kills one service at a time as well.
"""

from collections.abc import Mapping

RELAY = ("relay.before_produce", "relay.after_produce", "relay.after_delete")
INBOX = ("inbox.before_commit", "inbox.after_commit", "inbox.after_offset_commit")
WORKER = ("worker.before_commit", "worker.after_commit")

POINTS: Mapping[str, tuple[str, ...]] = {
    "intake": ("web.after_commit", *RELAY, *INBOX, *WORKER),
    "quotes": (*RELAY, *INBOX, *WORKER),
    "production": (*RELAY, *INBOX, *WORKER),
    "notify": (*RELAY, *INBOX, *WORKER, "mailer.before_send", "mailer.after_send"),
    "lifecycle": (*RELAY, *INBOX, *WORKER, "bridge.before_signal", "bridge.after_signal"),
}

Round = Mapping[str, str]


def together() -> list[Round]:
    """As few rounds as there are points of the service that has most."""
    most = max(len(points) for points in POINTS.values())
    return [
        {service: points[number] for service, points in POINTS.items() if number < len(points)}
        for number in range(most)
    ]


def alone() -> list[Round]:
    """One service and one point a round."""
    return [{service: point} for service, points in POINTS.items() for point in points]
