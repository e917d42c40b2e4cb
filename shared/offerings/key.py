"""What names one version of an offering, in every fact, table and answer: its craft, its name and the version."""

from typing import NamedTuple, Protocol, Self


class RefersToOffering(Protocol):
    """Anything that says by which version of which offering it is made."""

    @property
    def craft(self) -> str: ...

    @property
    def offering(self) -> str: ...

    @property
    def offering_version(self) -> int: ...


class OfferingKey(NamedTuple):
    """One version of one offering."""

    craft: str
    offering: str
    version: int

    @classmethod
    def of(cls, made: RefersToOffering) -> Self:
        """The offering that a piece, a brief, a promise or a quote refers to."""
        return cls(made.craft, made.offering, made.offering_version)

    def __str__(self) -> str:
        return f"{self.craft}/{self.offering} version {self.version}"
