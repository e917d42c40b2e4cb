"""How long the law makes a business keep its invoices and what belongs to them, by country (ISO 3166).

Full years after the year in which they were issued, as the tax laws of the countries have them; a studio asks its tax
adviser whether more is wanted of it.
"""

from collections.abc import Mapping
from datetime import date
from typing import Final

YEARS: Final[Mapping[str, int]] = {
    "AT": 7,  # § 132 BAO
    "BE": 10,
    "CH": 10,  # Art. 958f OR
    "CZ": 10,
    "DE": 8,  # § 147 AO, § 14b UStG, since 2025
    "DK": 5,
    "ES": 6,
    "FI": 6,
    "FR": 10,
    "GB": 6,
    "IE": 6,
    "IT": 10,
    "LU": 10,
    "NL": 7,
    "NO": 5,
    "PL": 5,
    "PT": 10,
    "SE": 7,
    "US": 7,
}
LONGEST: Final = 10
"""For a country that is not in the table."""


def kept_until(country: str, issued_on: date) -> date:
    """The last day on which what was issued on this day has to be kept."""
    return date(issued_on.year + YEARS.get(country, LONGEST), 12, 31)
