"""Dates, times and money as a reader in the studio's zone expects them (CLDR, by Babel)."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from babel.dates import format_date, format_datetime, format_timedelta
from babel.numbers import format_currency, get_currency_precision
from markupsafe import Markup

from shared.kernel.money import Money


@dataclass(frozen=True)
class Wording:
    """How this studio writes dates, times and money: a CLDR locale and an IANA zone."""

    zone: ZoneInfo
    locale: str = "en_GB"

    def day(self, value: date) -> str:
        """A day as in "Monday, 31 May 2027"; an instant's day is that of the zone."""
        return format_date(self._here(value), "EEEE, d MMMM y", locale=self.locale)

    def short_day(self, value: date) -> str:
        """A day as in "31 May 2027"."""
        return format_date(self._here(value), "d MMMM y", locale=self.locale)

    def moment(self, value: datetime) -> str:
        """An instant as in "31 May 2027, 14:05"."""
        return format_datetime(value, "d MMMM y, HH:mm", tzinfo=self.zone, locale=self.locale)

    def until(self, value: date) -> Markup:
        """A deadline that is not to be overstepped: where it is a midnight, the last day that still counts."""
        if isinstance(value, datetime) and value.astimezone(self.zone).time() == time.min:
            return self.time_tag(value.astimezone(self.zone).date() - timedelta(days=1))
        return self.time_tag(value)

    def ago(self, value: datetime, now: datetime) -> str:
        """How long ago, or how far ahead, as in "3 hours ago" or "in 2 days"."""
        if abs(value - now) < timedelta(seconds=45):
            return "just now"
        return format_timedelta(
            value - now, granularity="minute", add_direction=True, threshold=1.2, locale=self.locale
        )

    def time_tag(self, value: date) -> Markup:
        """A `time` element: words for people, RFC 3339 for programs."""
        if isinstance(value, datetime):
            machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
            return Markup('<time datetime="{}">{}</time>').format(machine, self.moment(value))
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), self.short_day(value))

    def money(self, value: Money) -> str:
        """An amount as in "€1,250.00", with as many decimals as its currency has."""
        decimals = get_currency_precision(value.currency)
        return format_currency(Decimal(value.minor).scaleb(-decimals), value.currency, locale=self.locale)

    def _here(self, value: date) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value
