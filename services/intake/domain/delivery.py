"""How a piece comes to its customer: by parcel to an address, or they collect it at the studio."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum, auto
from types import MappingProxyType
from typing import Final
from uuid import UUID

from shared.contracts.commissions import DeliveryWay
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, invalid

# What postcodes look like, by country, with an example each (Universal Postal Union, "Addressing the world").
_POSTCODES: Final[Mapping[str, tuple[str, str]]] = MappingProxyType(
    {
        **dict.fromkeys(("DE", "FR", "IT", "ES", "FI", "EE", "HR", "MC", "SM", "VA"), (r"\d{5}", "10115")),
        **dict.fromkeys(("AT", "BE", "BG", "CH", "CY", "DK", "HU", "LI", "LU", "NO", "SI"), (r"\d{4}", "1010")),
        **dict.fromkeys(("CZ", "GR", "SE", "SK"), (r"\d{3} ?\d{2}", "110 00")),
        "GB": (r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}", "SW1A 1AA"),
        "IE": (r"[A-Z]\d[\dW] ?[A-Z\d]{4}", "D02 X285"),
        "LT": (r"(?:LT-)?\d{5}", "01103"),
        "LV": (r"(?:LV-)?\d{4}", "1010"),
        "MT": (r"[A-Z]{3} ?\d{2,4}", "VLT 1117"),
        "NL": (r"\d{4} ?[A-Z]{2}", "1012 JS"),
        "PL": (r"\d{2}-\d{3}", "00-001"),
        "PT": (r"\d{4}-\d{3}", "1000-001"),
        "RO": (r"\d{6}", "010011"),
        "US": (r"\d{5}(?:-\d{4})?", "10001"),
        "CA": (r"[A-Z]\d[A-Z] ?\d[A-Z]\d", "K1A 0B1"),
        "AU": (r"\d{4}", "2000"),
        "JP": (r"\d{3}-?\d{4}", "100-0001"),
    }
)
_ANY_POSTCODE = r"[0-9A-Z][0-9A-Z -]{0,10}"
_PHONE = r"\+?[0-9][0-9 ()/.-]{4,24}"


class DeliveryReason(StrEnum):
    """Why an address cannot be taken, or not changed any more."""

    WAY_MISSING = auto()
    NAME_MISSING = auto()
    STREET_MISSING = auto()
    CITY_MISSING = auto()
    NOT_A_POSTCODE = auto()
    NOT_A_PHONE = auto()
    NOT_ACCEPTED = auto()
    PACKED = auto()
    SENT = auto()
    OVER = auto()
    NOT_SENT = auto()
    ARRIVED = auto()


@dataclass(frozen=True)
class Address:
    """Where a parcel goes in the commission's country; `extra` is what the street needs besides, as a floor."""

    name: str
    street: str
    postcode: str
    city: str
    extra: str = ""
    phone: str = ""


@dataclass(frozen=True)
class ChosenDelivery:
    """As chosen last; `number` counts the choices. `address` is None for a pickup, and once it was erased."""

    commission: UUID
    number: int
    way: DeliveryWay
    recipient: UUID | None
    address: Address | None
    chosen_at: datetime
    missed_at: datetime | None = None
    """When it was said that the parcel has not come."""


def read_address(typed: Address, country: str) -> Address:
    """The address as the carrier wants it. Raises `validation-failed`, with every field that needs another look."""
    problems = [
        FieldProblem(name, reason)
        for name, reason in (
            ("name", DeliveryReason.NAME_MISSING),
            ("street", DeliveryReason.STREET_MISSING),
            ("city", DeliveryReason.CITY_MISSING),
        )
        if not getattr(typed, name)
    ]
    postcode = " ".join(typed.postcode.split()).upper()
    pattern, example = _POSTCODES.get(country, (_ANY_POSTCODE, ""))
    if not re.fullmatch(pattern, postcode, re.ASCII) and (postcode or example):
        problems.append(FieldProblem("postcode", Phrase(DeliveryReason.NOT_A_POSTCODE, example=example or "10115")))
    if typed.phone and not re.fullmatch(_PHONE, typed.phone, re.ASCII):
        problems.append(FieldProblem("phone", DeliveryReason.NOT_A_PHONE))
    if problems:
        raise invalid(*problems)
    return Address(typed.name, typed.street, postcode, typed.city, typed.extra, typed.phone)
