"""Writes a letter: one template of words per intent, laid out twice, as text and as HTML."""

import textwrap
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from services.notify.domain import Posting

SUBJECT_AT_MOST = 60
"""Characters; more is cut off in most lists of mails."""

_WIDTH = 72
_LOCALE = "en_GB"

_templates = Environment(
    loader=PackageLoader("services.notify", "letters/templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Studio:
    """Who writes. `zone` is the studio's time zone; `public_url` is where its pages are, without a slash at the end."""

    name: str
    zone: ZoneInfo
    public_url: str


@dataclass(frozen=True)
class Letter:
    """The words of one mail: the same ones in `text` and in `html`."""

    subject: str
    text: str
    html: str


def write(posting: Posting, studio: Studio) -> Letter:
    """The letter of this intent to this person. The same posting gives the same letter."""
    words = _templates.get_template(f"{posting.intent.value}.words")
    known = {
        "name": one_line(posting.name),
        "studio": one_line(studio.name),
        "requested_on": _day(posting.requested_at and posting.requested_at.astimezone(studio.zone).date()),
        "needed_by": _day(posting.needed_by),
    }
    subject = one_line(_block(words, "subject", known))
    parts = {
        "subject": subject,
        "greeting": f"Dear {known['name']}," if known["name"] else "Good day,",
        "paragraphs": [one_line(part) for part in _block(words, "body", known).split("\n\n") if part.strip()],
        "link_text": one_line(_block(words, "link", known)),
        "link": f"{studio.public_url.rstrip('/')}/commissions/{posting.commission}",
        "studio": known["studio"],
    }
    text = _templates.get_template("letter.txt").render(parts, wrap=_wrapped)
    return Letter(subject, text, _templates.get_template("letter.html").render(parts))


def one_line(text: str) -> str:
    """Text that somebody typed, fit for one line: no line ends, no control characters, no doubled spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _block(words: Template, name: str, known: dict[str, str]) -> str:
    return "".join(words.blocks[name](words.new_context(known)))


def _day(day: date | datetime | None) -> str:
    return format_date(day, "d MMMM y", locale=_LOCALE) if day else ""


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, _WIDTH, break_long_words=False, break_on_hyphens=False)
