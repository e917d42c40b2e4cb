"""Jinja templates in one language: `{% trans %}`, `_()`, and filters for codes, dates, amounts and lists."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from jinja2 import BaseLoader, Environment, StrictUndefined

from shared.i18n.reader import Reader
from shared.kernel.clock import Clock

EXTENSIONS = ("jinja2.ext.i18n",)


def environment(reader: Reader, loader: BaseLoader, clock: Clock, *, autoescape: bool = True) -> Environment:
    """Templates that are rendered for this reader; `autoescape` off is for plain text and for formats of their own."""
    made = Environment(
        loader=loader,
        autoescape=autoescape,  # noqa: S701 (off for text that is no HTML only)
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=EXTENSIONS,
    )
    made.policies["ext.i18n.trimmed"] = True
    made.install_gettext_callables(  # type: ignore[attr-defined]  # the extension adds it
        reader.gettext, reader.ngettext, newstyle=True, pgettext=reader.pgettext, npgettext=reader.npgettext
    )
    made.filters.update(_filters(reader, clock))
    made.globals["reader"] = reader
    return made


def _filters(reader: Reader, clock: Clock) -> Mapping[str, Callable[..., Any]]:
    def ago(value: datetime) -> str:
        return reader.ago(value, clock())

    return {
        "label": reader.label,
        "remedy": reader.remedy,
        "day": reader.day,
        "short_day": reader.short_day,
        "moment": reader.moment,
        "clock": reader.clock,
        "when": reader.time_tag,
        "until": reader.until,
        "ago": ago,
        "span": reader.span,
        "money": reader.money,
        "number": reader.number,
        "percent": reader.percent,
        "listed": reader.listed,
    }
