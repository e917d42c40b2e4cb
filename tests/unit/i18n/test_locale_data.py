"""A service's process keeps of Babel's data what its readers say, and says the same with it."""

import re
import subprocess
import sys

# In processes of their own: Babel's data are the same for all of a process.
_SAID = """
import sys
from datetime import UTC, datetime, timedelta
from decimal import Decimal

from babel import localedata
from babel.dates import format_skeleton
from shared.i18n import Readers
from shared.i18n.locale_data import forget_unsaid
from shared.kernel.money import Money

if "lean" in sys.argv:
    forget_unsaid()
now = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
for zone in ("Europe/Berlin", "Europe/London", "America/New_York", "America/Havana", "Asia/Tokyo", "UTC"):
    for reader in Readers(zone=zone).all():
        print(reader.moment(now), reader.clock(now + timedelta(days=200)))
for reader in Readers(zone="Europe/Berlin").all():
    print(reader.name, reader.day(now), reader.short_day(now), reader.moment(now), reader.clock(now))
    for hours in (0.01, 0.1, 5, 30, 200, 2000, 20000):
        for span in (timedelta(hours=hours), timedelta(hours=-hours)):
            print(reader.span(span), reader.ago(now + span, now))
    for currency in ("EUR", "USD", "GBP", "JPY", "CHF", "PLN"):
        print(reader.money(Money(minor=123456, currency=currency)))
    print(reader.number(Decimal("1234.50")), reader.percent(35))
    print(reader.listed(["a", "b", "c"]))
    print(format_skeleton("yMMMd", now, locale=reader.locale), dict(reader.locale.days["stand-alone"]["wide"]))
print(sorted(localedata.load("de").get("territories", {}))[:3], file=sys.stderr)
"""


def said(*arguments: str) -> tuple[str, str]:
    """What the readers of every language say; and the first countries that German has names for."""
    done = subprocess.run([sys.executable, "-c", _SAID, *arguments], capture_output=True, text=True, check=True)  # noqa: S603
    return done.stdout, done.stderr.strip()


def test_readers_say_the_same_with_what_is_kept() -> None:
    whole, countries = said()

    assert countries == "['001', '002', '003']"
    assert said("lean") == (whole, "[]")
    assert "Deutsch" in whole
    assert {"10:30\N{NO-BREAK SPACE}CET", "10:30\N{NO-BREAK SPACE}MEZ"} <= set(re.findall(r"10:30\s\w+", whole))
