"""What the bench knows of a commission's customer, and no more than it needs: a name, and where the parcel goes."""

from dataclasses import dataclass

from services.production.domain.deliveries import PieceDelivery
from shared.contracts.briefs import BriefAnswer
from shared.kernel.search import first_name


@dataclass(frozen=True)
class BenchNames:
    """`name` is None until it is here, and once it was erased; `country` is an ISO 3166 code.

    `nameless`: it is known who the customer is, but nothing of them is here.
    """

    name: str | None = None
    erased: bool = False
    nameless: bool = False
    country: str | None = None
    delivery: PieceDelivery | None = None
    answers: tuple[BriefAnswer, ...] = ()

    @property
    def first_name(self) -> str:
        """What makers call the customer; empty where the name is not here."""
        return first_name(self.name or "")
