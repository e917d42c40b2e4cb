"""The caller of a request, and the one rule about what belongs to whom."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from shared.contracts.people import Role
from shared.kernel.problems import not_found
from shared.kernel.proof import Proof

__all__ = ["Caller", "Proof", "Role", "least_proof", "only_owner"]


@dataclass(frozen=True)
class Caller:
    """Somebody who is signed in: the person, in which role, by which session."""

    person: UUID
    role: Role
    session: UUID
    name: str = field(default="", compare=False)
    """Their name as it was when the token was made, cut to what a header of a page shows."""
    proof: Proof = Proof.ONE
    """How much they have proven of being this person."""
    witness: UUID | None = None
    """Who of the studio handed them the tablet on which they act: then about `commission` alone."""
    commission: UUID | None = None
    until: datetime | None = field(default=None, compare=False)
    """When the token is over by which they act."""

    def may_act_on(self, path: Mapping[str, str]) -> bool:
        """Whether a path with these parameters is about what they may act on: all is, but on the studio's tablet."""
        if self.commission is None:
            return True
        try:
            return UUID(path.get("commission", "")) == self.commission
        except ValueError:
            return False

    @property
    def ops(self) -> UUID | None:
        """The person, where they act as ops: what facts name for the audit log."""
        return self.person if self.role is Role.OPS else None


def least_proof(role: Role, *, ops_need_two: bool) -> Proof:
    """What somebody in this role has to have proven, where a route asks for nothing else."""
    return Proof.TWO if ops_need_two and role is Role.OPS else Proof.ONE


def only_owner(caller: Caller, owner: UUID | None) -> None:
    """Let the owner and ops pass; `owner` is None where the object does not exist.

    Raises:
        Problem: not-found, for what is missing and for what is somebody else's alike, so that ids cannot be probed.
    """
    if owner is None or (caller.role is not Role.OPS and caller.person != owner):
        raise not_found()
