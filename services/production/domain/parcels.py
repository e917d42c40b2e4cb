"""Parcels: who carries them, and what their tracking numbers look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

from shared.kernel.problems import FieldProblem, invalid


@dataclass(frozen=True)
class Carrier:
    """`pattern` is what a number looks like without its blanks, `example` one that fits; source: the carriers' help."""

    name: str
    title: str
    pattern: str
    example: str


CARRIERS: Mapping[str, Carrier] = MappingProxyType(
    {
        each.name: each
        for each in (
            # The Universal Postal Union's S10: two letters, nine digits, the country.
            Carrier("post", "Registered post (UPU S10)", r"[A-Z]{2}\d{9}[A-Z]{2}", "RR123456785DE"),
            Carrier("dhl", "DHL Parcel", r"\d{10,20}|JJD\d{16,20}|[A-Z]{2}\d{9}DE", "00340434161094000000"),
            Carrier("ups", "UPS", r"1Z[0-9A-Z]{16}", "1Z999AA10123456784"),
            Carrier("fedex", "FedEx", r"\d{12}|\d{15}|\d{20}", "123456789012"),
            Carrier("other", "Another carrier, or by hand", r"[0-9A-Z./-]{3,40}", "A-1234"),
        )
    }
)


def read_tracking(carrier: str, typed: str) -> tuple[str, str]:
    """The carrier and its number, in capitals and without blanks. Raises `validation-failed`, by field."""
    found = CARRIERS.get(carrier)
    if found is None:
        known = ", ".join(CARRIERS)
        raise invalid(
            FieldProblem(field="carrier", message="There is no such carrier here.", remedy=f"Choose one of {known}.")
        )
    number = "".join(typed.split()).upper()
    if not re.fullmatch(found.pattern, number, re.ASCII):
        raise invalid(
            FieldProblem(
                field="tracking",
                message=f"This is not a tracking number of {found.title}.",
                remedy=f"Copy it from the label; it looks like {found.example}.",
            )
        )
    return found.name, number
