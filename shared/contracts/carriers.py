"""Who carries a parcel, and what the tracking numbers look like. Their names are in `shared.web.labels`.

A new carrier is a member and a row here, and a label there.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from types import MappingProxyType


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
