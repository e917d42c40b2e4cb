"""The rules of the studio's zone, read from this machine's time zone database for workflows that start now."""

from datetime import date
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo

from services.lifecycle.workflow.zone import ZoneOffset, ZoneRules
from shared.kernel.calendar import offsets_of

_YEARS: Final = 6
"""A commission that lives for longer takes the last offset for good: an hour, for half of the year."""


@cache
def zone_rules(name: str, year: int) -> ZoneRules:
    """From the year before this one on."""
    offsets = offsets_of(ZoneInfo(name), date(year - 1, 1, 1), _YEARS)
    return ZoneRules(offsets=tuple(ZoneOffset(since=since, ahead=ahead) for since, ahead in offsets))
