"""People as lifecycle's pages name them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whose record is here; name and address are None once they were erased.

    The address is None too of a customer who has none: the studio prints, and phones.
    """

    person: UUID
    name: str | None
    email: str | None

    @property
    def erased(self) -> bool:
        return self.name is None

    @property
    def without_email(self) -> bool:
        return self.name is not None and self.email is None
