"""The caller of a request, and the one rule about what belongs to whom."""

from dataclasses import dataclass, field
from uuid import UUID

from shared.contracts.people import Role
from shared.kernel.problems import not_found

__all__ = ["Caller", "Role", "only_owner"]


@dataclass(frozen=True)
class Caller:
    """Somebody who is signed in: the person, in which role, by which session."""

    person: UUID
    role: Role
    session: UUID
    name: str = field(default="", compare=False)
    """Their name as it was when the token was made, cut to what a header of a page shows."""

    @property
    def ops(self) -> UUID | None:
        """The person, where they act as ops: what facts name for the audit log."""
        return self.person if self.role is Role.OPS else None


def only_owner(caller: Caller, owner: UUID | None) -> None:
    """Let the owner and ops pass; `owner` is None where the object does not exist.

    Raises:
        Problem: not-found, for what is missing and for what is somebody else's alike, so that ids cannot be probed.
    """
    if owner is None or (caller.role is not Role.OPS and caller.person != owner):
        raise not_found()
