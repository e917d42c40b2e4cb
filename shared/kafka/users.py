"""The names by which everybody logs in to Kafka."""

SERVICES = ("intake", "quotes", "production", "notify", "lifecycle")
ADMIN = "touchmark-admin"
"""Who may do everything: the broker itself, and whoever sets up the studio. No service knows its password."""


def user_of(service: str) -> str:
    """The name by which a service logs in."""
    return f"touchmark-{service}"
