"""Parcels: who carries them, and what their tracking numbers look like."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType

from services.production.domain.reasons import BenchInput
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid


class CarrierCode(StrEnum):
    """Who carries a parcel; `OTHER` includes delivery by hand."""

    POST = "post"
    DHL = "dhl"
    UPS = "ups"
    FEDEX = "fedex"
    OTHER = "other"


@dataclass(frozen=True)
class Carrier:
    """`pattern` is what a number looks like without its blanks, `example` one that fits; source: the carriers' help."""

    code: CarrierCode
    pattern: str
    example: str


CARRIERS: Mapping[str, Carrier] = MappingProxyType(
    {
        each.code.value: each
        for each in (
            # The Universal Postal Union's S10: two letters, nine digits, the country.
            Carrier(CarrierCode.POST, r"[A-Z]{2}\d{9}[A-Z]{2}", "RR123456785DE"),
            Carrier(CarrierCode.DHL, r"\d{10,20}|JJD\d{16,20}|[A-Z]{2}\d{9}DE", "00340434161094000000"),
            Carrier(CarrierCode.UPS, r"1Z[0-9A-Z]{16}", "1Z999AA10123456784"),
            Carrier(CarrierCode.FEDEX, r"\d{12}|\d{15}|\d{20}", "123456789012"),
            Carrier(CarrierCode.OTHER, r"[0-9A-Z./-]{3,40}", "A-1234"),
        )
    }
)


def read_tracking(carrier: str, typed: str) -> tuple[str, str]:
    """The carrier and its number, in capitals and without blanks. Raises `validation-failed`, by field."""
    found = CARRIERS.get(carrier)
    if found is None:
        raise invalid(FieldProblem("carrier", Phrase(BenchInput.CARRIER_UNKNOWN, known=list(CARRIERS))))
    number = "".join(typed.split()).upper()
    if not re.fullmatch(found.pattern, number, re.ASCII):
        wrong = Phrase(BenchInput.NOT_A_TRACKING_NUMBER, carrier=found.code, example=found.example)
        raise invalid(FieldProblem("tracking", wrong))
    return found.code.value, number
