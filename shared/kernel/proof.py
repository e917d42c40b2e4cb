"""How much somebody has proven of being who they say: what a session, its token and a route name."""

from enum import StrEnum, auto


class Proof(StrEnum):
    """In this order: each is good for what the one before it is good for."""

    HALF = auto()
    """The first step of signing in, by somebody who has a second one. It is good for that second step alone."""
    ONE = auto()
    """One step, by somebody who has no second one."""
    TWO = auto()
    """Two steps; or a passkey, which is both: a device, and its owner's finger or code."""

    def meets(self, least: "Proof") -> bool:
        """Whether this is as much as is asked for."""
        order = tuple(Proof)
        return order.index(self) >= order.index(least)
