"""People as lifecycle's pages name them."""

from dataclasses import dataclass
from uuid import UUID


@dataclass(frozen=True)
class KnownPerson:
    """Somebody whose record is here; name and address are None once they were erased."""

    person: UUID
    name: str | None
    email: str | None

    @property
    def erased(self) -> bool:
        return self.name is None
