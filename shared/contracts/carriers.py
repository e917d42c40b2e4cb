"""Who carries a parcel: what the tracking numbers look like, and where one follows them. Names: `shared.web.labels`.

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
    DPD = "dpd"
    GLS = "gls"
    UPS = "ups"
    FEDEX = "fedex"
    OTHER = "other"


@dataclass(frozen=True)
class Carrier:
    """`pattern` is what a number looks like without its blanks, `example` one that fits; source: the carriers' help.

    `page` is the address at which the carrier shows where a parcel is, with `{number}` in it; None where there is no
    one address, as with the many posts of the world.
    """

    code: CarrierCode
    pattern: str
    example: str
    page: str | None = None


CARRIERS: Mapping[str, Carrier] = MappingProxyType(
    {
        each.code.value: each
        for each in (
            # The Universal Postal Union's S10: two letters, nine digits, the country.
            Carrier(CarrierCode.POST, r"[A-Z]{2}\d{9}[A-Z]{2}", "RR123456785DE"),
            Carrier(
                CarrierCode.DHL,
                r"\d{10,20}|JJD\d{16,20}|[A-Z]{2}\d{9}DE",
                "00340434161094000000",
                "https://www.dhl.de/de/privatkunden/pakete-empfangen/verfolgen.html?piececode={number}",
            ),
            # Fourteen digits, and on some labels a character that checks them.
            Carrier(
                CarrierCode.DPD,
                r"\d{14}[0-9A-Z]?",
                "09981122330100",
                "https://tracking.dpd.de/status/en_US/parcel/{number}",
            ),
            # The number of the parcel, or the shorter "track id" beside it.
            Carrier(
                CarrierCode.GLS,
                r"\d{11,14}|[0-9A-Z]{8}",
                "85012345678",
                "https://gls-group.com/DE/de/paketverfolgung?match={number}",
            ),
            Carrier(
                CarrierCode.UPS, r"1Z[0-9A-Z]{16}", "1Z999AA10123456784", "https://www.ups.com/track?tracknum={number}"
            ),
            Carrier(
                CarrierCode.FEDEX,
                r"\d{12}|\d{15}|\d{20}",
                "123456789012",
                "https://www.fedex.com/fedextrack/?trknbr={number}",
            ),
            Carrier(CarrierCode.OTHER, r"[0-9A-Z./-]{3,40}", "A-1234"),
        )
    }
)
