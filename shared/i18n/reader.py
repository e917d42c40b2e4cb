"""A reader: a person's language with its CLDR locale, and the studio's zone. All words for people come through one."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import Enum
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast
from zoneinfo import ZoneInfo

import structlog
from babel import Locale
from babel.dates import (
    format_date,
    format_datetime,
    format_time,
    format_timedelta,
    get_timezone_gmt,
    get_timezone_name,
)
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal, format_percent
from babel.support import NullTranslations
from markupsafe import Markup

from shared.i18n.catalogs import SOURCE, Catalogs
from shared.i18n.labels import N_, Label, Labels, Message, Plural, without_context
from shared.kernel.calendar import last_day
from shared.kernel.money import Money, minor_digits
from shared.kernel.phrases import Param, Phrase

_LOCALES: Final[Mapping[str, str]] = {SOURCE: "en_GB"}
"""The CLDR locale of a language where it is not the language's own."""

_DAY_AND_TIME: Final[Mapping[str, str]] = {SOURCE: "d MMMM y, HH:mm"}
_LONG_DAY: Final[Mapping[str, str]] = {SOURCE: "EEEE, d MMMM y"}
_SHORT_DAY: Final[Mapping[str, str]] = {SOURCE: "d MMMM y"}
_NO_BREAK: Final = "\N{NO-BREAK SPACE}"
_SHORT_NAME: Final = 5
"""Letters: what is longer is a zone's whole name, which Babel gives where a language has no short one."""
_JUST_NOW: Final = N_("just now")

Labelled = Label | Phrase | Enum | str | None

_log = structlog.get_logger(__name__)


class Reader:
    """Puts codes, dates, amounts and lists into the words of one language."""

    def __init__(self, language: str, zone: ZoneInfo, labels: Labels, translations: NullTranslations) -> None:
        self.language = language
        self.zone = zone
        self.locale = locale_of(language)
        self._labels = labels
        self._translations = translations

    # Words.

    def gettext(self, message: str) -> str:
        return without_context(self._translations.ugettext(message))

    def ngettext(self, one: str, several: str, count: int) -> str:
        return without_context(self._translations.ungettext(one, several, count))

    def pgettext(self, context: str, message: str) -> str:
        return self.gettext(f"{context}\x04{message}")

    def npgettext(self, context: str, one: str, several: str, count: int) -> str:
        return self.ngettext(f"{context}\x04{one}", several, count)

    def label(self, said: Labelled, /, **params: Param) -> str:
        """What a code or a phrase means; empty for nothing. Text that somebody typed is passed on as it is."""
        if said is None:
            return ""
        if isinstance(said, str) and not isinstance(said, Enum):
            return said
        label, given = self._labelled(said, params)
        return self.message(label.message, **given) if label else _as_text(said)

    def remedy(self, said: Labelled, /, **params: Param) -> str:
        """What to do about it; empty where its label says nothing."""
        if said is None or (isinstance(said, str) and not isinstance(said, Enum)):
            return ""
        label, given = self._labelled(said, params)
        return self.message(label.remedy, **given) if label else ""

    def message(self, message: Message, /, **params: Param) -> str:
        """A marked message in this language, with its parameters as this language writes them."""
        if not message:
            return ""
        if isinstance(message, Plural):
            count = params.get("count", 0)
            template = self.ngettext(message.one, message.several, count if isinstance(count, int) else 0)
        else:
            template = self.gettext(message)
        return template % _Given(self, template, params)

    def written(self, value: Param) -> str:
        """A parameter as this language writes it; whole numbers in plain digits: they may be years or versions."""
        for kind, write in self._writers:
            if isinstance(value, kind):
                return write(value)
        return self.listed([self.written(each) for each in cast("Sequence[Param]", value)])

    @cached_property
    def _writers(self) -> Sequence[tuple[type, Callable[[Any], str]]]:
        """How each kind of parameter is written. The first that fits counts: a code is text too, an instant a day."""
        return (
            (Enum, self.label),
            (Phrase, self.label),
            (str, str),
            (Money, self.money),
            (datetime, self.moment),
            (date, self.short_day),
            (timedelta, self.span),
            (Decimal, self.number),
            (int, str),
        )

    # Dates and times, in the studio's zone. An hour is never written without its zone.

    def day(self, value: date) -> str:
        """A day as in "Monday, 31 May 2027"; an instant's day is that of the zone."""
        return format_date(self._here(value), _LONG_DAY.get(self.language, "full"), locale=self.locale)

    def short_day(self, value: date) -> str:
        """A day as in "31 May 2027"."""
        return format_date(self._here(value), _SHORT_DAY.get(self.language, "long"), locale=self.locale)

    def moment(self, value: datetime) -> str:
        """An instant as in "31 May 2027, 14:05 CEST": whoever reads it may be in another zone. No line ends between."""
        here = value.astimezone(self.zone)
        if own := _DAY_AND_TIME.get(self.language):
            return f"{format_datetime(here, own, locale=self.locale)}{_NO_BREAK}{self._zone_name(here)}"
        return f"{self.short_day(here)}, {self.clock(here)}"

    def clock(self, value: datetime) -> str:
        """The time of day as in "14:05 CEST"."""
        here = value.astimezone(self.zone)
        return f"{format_time(here, 'HH:mm', locale=self.locale)}{_NO_BREAK}{self._zone_name(here)}"

    def until(self, value: date) -> Markup:
        """A deadline that must not be passed: at the end of a day that day, else the instant with its zone."""
        if not isinstance(value, datetime):
            return self.time_tag(value)
        last = last_day(value, self.zone)
        return self.time_tag(last or value)

    def ago(self, value: datetime, now: datetime) -> str:
        """How long ago, or how far ahead, as in "3 hours ago" or "in 2 days"."""
        if abs(value - now) < timedelta(seconds=45):
            return self.gettext(_JUST_NOW)
        return format_timedelta(
            value - now, granularity="minute", add_direction=True, threshold=1.2, locale=self.locale
        )

    def span(self, value: timedelta) -> str:
        """A length of time as in "3 days"."""
        return format_timedelta(value, threshold=1.2, locale=self.locale)

    def time_tag(self, value: date) -> Markup:
        """A `time` element: words for people, RFC 3339 for programs."""
        if isinstance(value, datetime):
            return _time(value, self.moment(value))
        return Markup('<time datetime="{}">{}</time>').format(value.isoformat(), self.short_day(value))

    # Amounts and lists.

    def money(self, value: Money) -> str:
        """An amount as in "€1,250.00", with as many decimals as its currency has."""
        return written_money(value, self.locale)

    def number(self, value: Decimal | int) -> str:
        """A number as in "1,250.5"; as many decimals as the value has."""
        decimals = max(-int(Decimal(value).as_tuple().exponent), 0)
        return format_decimal(value, f"#,##0.{'0' * decimals}" if decimals else "#,##0", locale=self.locale)

    def percent(self, value: int) -> str:
        """Whole percent as in "35%"."""
        return format_percent(Decimal(value) / 100, locale=self.locale)

    def listed(self, items: Sequence[str]) -> str:
        """A list as in "paper, wood and glue"."""
        return format_list(list(items), locale=self.locale) if items else ""

    @cached_property
    def name(self) -> str:
        """The language's name in the language itself, as in "Deutsch"."""
        return (Locale(self.locale.language).get_display_name() or self.language).capitalize()

    def _zone_name(self, here: datetime) -> str:
        """As this language writes it shortly, "CEST"; where it has no short name, how far from GMT: "GMT-05:00"."""
        name = get_timezone_name(here, "short", locale=self.locale)
        return name if name.isalpha() and len(name) <= _SHORT_NAME else get_timezone_gmt(here, locale=self.locale)

    def _here(self, value: date) -> date:
        return value.astimezone(self.zone).date() if isinstance(value, datetime) else value

    def _labelled(
        self, said: Label | Phrase | Enum, params: Mapping[str, Param]
    ) -> tuple[Label | None, Mapping[str, Param]]:
        if isinstance(said, Label):
            return said, params
        if isinstance(said, Phrase):
            return self._label_of(said.code), {**said.params, **params}
        return self._label_of(said), params

    def _label_of(self, code: Enum) -> Label | None:
        label = self._labels.get(code)
        if label is None:
            _log.error("label_missing", code=f"{type(code).__name__}.{code.name}")
        return label


def written_money(value: Money, locale: Locale) -> str:
    """An amount as this locale writes it, with the decimals that ISO 4217 gives its currency, not CLDR."""
    digits = minor_digits(value.currency)
    pattern = locale.currency_formats["standard"].pattern.replace(".00", f".{'0' * digits}" if digits else "")
    amount = Decimal(value.minor).scaleb(-digits)
    return format_currency(amount, value.currency, pattern, locale=locale, currency_digits=False)


def _time(value: datetime, words: str) -> Markup:
    machine = value.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")
    return Markup('<time datetime="{}">{}</time>').format(machine, words)


def locale_of(language: str) -> Locale:
    """The CLDR locale that a language is written in."""
    return Locale.parse(_LOCALES.get(language, language))


class _Given(dict[str, str]):
    """The parameters of one message. One that is not given is a fault of ours, but no reason to answer nothing."""

    def __init__(self, reader: Reader, template: str, params: Mapping[str, Param]) -> None:
        super().__init__({name: reader.written(value) for name, value in params.items()})
        self._template = template

    def __missing__(self, name: str) -> str:
        _log.error("label_parameter_missing", message=self._template, parameter=name)
        return "…"


def _as_text(said: Label | Phrase | Enum | str) -> str:
    """A code without a label, as well as can be: "not_yet" is "not yet"."""
    return str(said.value if isinstance(said, Enum) else said).replace("_", " ")


class Readers:
    """One reader for each language of a service: its labels, its catalogues, the studio's zone and language."""

    def __init__(
        self, *, zone: str, default: str = SOURCE, labels: Labels | None = None, locales: Sequence[Path] = ()
    ) -> None:
        """`default` is the studio's language; `locales` are folders of catalogues besides `shared/locales`."""
        self._zone = ZoneInfo(zone)
        self._labels = labels or Labels()
        self._catalogs = Catalogs(locales)
        self._readers: dict[str, Reader] = {}
        self.default = default if default in self.languages else SOURCE

    @property
    def languages(self) -> Sequence[str]:
        """What a person can choose from; ISO 639 codes."""
        return self._catalogs.languages

    def of(self, language: str | None) -> Reader:
        """The reader of this language; of the studio's where there is none such."""
        chosen = language if language is not None and language in self.languages else self.default
        if chosen not in self._readers:
            self._readers[chosen] = Reader(chosen, self._zone, self._labels, self._catalogs.read(chosen))
        return self._readers[chosen]

    def all(self) -> Sequence[Reader]:
        """Every language's reader, in the order in which a person chooses from them."""
        return [self.of(language) for language in self.languages]
