"""What the log of a commission's mails shows."""

from enum import StrEnum


class LogReason(StrEnum):
    """Why the log of a commission's mails cannot be shown."""

    UNKNOWN_COMMISSION = "unknown_commission"


def mask(address: str) -> str:
    """As much of an address as helps to recognise it: its first letter and its domain, as in `a•••@example.org`."""
    local, _, host = address.rpartition("@")
    return f"{local[:1]}•••@{host}" if local else "•••"
