"""Which fault points a life has to pass, service by service.

The short form is a few lives, each with many kills: a restarted service dies at the next point of its list, so
that the kills fall everywhere between the form and the certificate. The long form (`make chaos`) also kills one service
at one point in a life of its own.
"""

from collections.abc import Mapping, Sequence

RELAY = ("relay.before_produce", "relay.after_produce", "relay.after_delete")
INBOX = ("inbox.before_commit", "inbox.after_commit", "inbox.after_offset_commit")
WORKER = ("worker.before_commit", "worker.after_commit")

POINTS: Mapping[str, tuple[str, ...]] = {
    "intake": ("web.after_commit", *RELAY, *INBOX, *WORKER),
    "quotes": (*RELAY, *INBOX, *WORKER),
    "production": (*RELAY, *INBOX, *WORKER),
    "notify": (*RELAY, *INBOX, "mailer.before_send", "mailer.after_send"),
    "lifecycle": (*RELAY, *INBOX, *WORKER, "bridge.before_signal", "bridge.after_signal"),
}

Kills = Mapping[str, Sequence[str]]
"""By service: the points at which it dies, one after the other."""


def together() -> list[Kills]:
    """Two lives: every service at every point, the second half from behind."""
    return [
        {service: points[::2] for service, points in POINTS.items()},
        {service: points[1::2][::-1] for service, points in POINTS.items()},
    ]


def alone() -> list[Kills]:
    """One service and one point a life."""
    return [{service: (point,)} for service, points in POINTS.items() for point in points]
