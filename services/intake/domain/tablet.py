"""The studio's tablet, handed to a customer at the counter: what they decide there about one commission."""

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID


@dataclass(frozen=True)
class Handover:
    """That somebody of the studio (`by`) handed the tablet to a customer.

    `session` is theirs on the tablet: it is about this commission alone, and cannot be renewed. `name` is as they typed
    it, empty once they are erased.
    """

    session: UUID
    commission: UUID
    by: UUID
    name: str
    at: datetime
    is_open: bool = False
    """Whether somebody can still decide there."""
