"""What pages and the API call a commission: whose it is, and what is made."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from services.quotes.domain.names import CommissionNames, OfCommission
from shared.i18n import Reader
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.spoken import named
from shared.web.labels import ERASED, NO_NAME

_UNKNOWN = CommissionNames()


@dataclass(frozen=True)
class NameWording:
    """Names for one reader; `offerings` and `names` are those of what is named, as far as they are here."""

    reader: Reader
    offerings: Mapping[OfferingKey, Offering]
    names: Mapping[UUID, CommissionNames]

    def of(self, commission: UUID) -> CommissionNames:
        return self.names.get(commission, _UNKNOWN)

    def who(self, commission: UUID) -> str:
        """The customer's name, or why there is none; empty until it is known who the customer is."""
        found = self.of(commission)
        if found.customer_erased or found.customer_nameless:
            return self.reader.label(ERASED if found.customer_erased else NO_NAME)
        return found.customer_name or ""

    def piece(self, made: OfCommission) -> str:
        """What is made, in one line; empty where its offering is not here."""
        offering = self.offerings.get(OfferingKey.of(made))
        return named(offering, self.of(made.commission).answers, self.reader) if offering else ""
