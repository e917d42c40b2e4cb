"""Writes a mail: one template of words per intent, laid out twice, as text and as HTML."""

import textwrap
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from babel.dates import format_date
from jinja2 import Environment, PackageLoader, StrictUndefined, Template, select_autoescape

from services.notify.domain import Addressee, OutgoingMail
from services.notify.mails.links import path
from shared.auth.tokens import MailedLink, Signer
from shared.contracts.notifications import Intent
from shared.web.dates import Wording

SUBJECT_AT_MOST = 60
"""Characters; more is cut off in most lists of mails."""

_WIDTH = 72
_LOCALE = "en_GB"

_templates = Environment(
    loader=PackageLoader("services.notify", "mails/templates"),
    autoescape=select_autoescape(["html"]),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Studio:
    """Who writes. `zone` is the studio's time zone; `public_url` is where its pages are, without a slash at the end.

    `signer` makes the links by which a customer signs in.
    """

    name: str
    zone: ZoneInfo
    public_url: str
    signer: Signer


@dataclass(frozen=True)
class MailText:
    """The words of one mail: the same ones in `text` and in `html`."""

    subject: str
    text: str
    html: str


def write(outgoing: OutgoingMail, studio: Studio) -> MailText:
    """The text of this mail. The same mail gives the same text each time."""
    words = _templates.get_template(f"{outgoing.intent.value}.words")
    known = _known(outgoing, studio)
    name = known["name"]
    parts = {
        "subject": one_line(_block(words, "subject", known)),
        "greeting": f"Dear {name}," if name else "Good day,",
        "paragraphs": [one_line(part) for part in _block(words, "body", known).split("\n\n") if part.strip()],
        "particulars": _particulars(_block(words, "particulars", known)),
        "link_text": one_line(_block(words, "link", known)),
        "link": _link(outgoing, studio),
        "studio": known["studio"],
    }
    text = _templates.get_template("layout.txt").render(parts, wrap=_wrapped, column=_column)
    return MailText(str(parts["subject"]), text, _templates.get_template("layout.html").render(parts))


def _known(outgoing: OutgoingMail, studio: Studio) -> dict[str, str]:
    """What a template may say; what is not known is the empty text. An amount of zero is no amount, but `nothing`."""
    details, wording = outgoing.details, Wording(studio.zone, _LOCALE)
    nothing = details.amount is not None and not details.amount.minor
    return {
        "name": one_line(outgoing.name),
        "studio": one_line(studio.name),
        "addressee": outgoing.addressee.value,
        "submitted_on": wording.short_day(outgoing.submitted_at) if outgoing.submitted_at else "",
        "needed_by": wording.short_day(outgoing.needed_by) if outgoing.needed_by else "",
        "day": format_date(details.day, "EEEE d MMMM y", locale=_LOCALE) if details.day else "",
        "amount": wording.money(details.amount) if details.amount and not nothing else "",
        "nothing": "yes" if nothing else "",
        "code": one_line(details.code or ""),
    }


def _link(outgoing: OutgoingMail, studio: Studio) -> str:
    """The address of the page that the mail leads to; a sign-in link holds what it signs in with."""
    address = studio.public_url.rstrip("/") + path(outgoing)
    if outgoing.intent is not Intent.SIGN_IN_ASKED or outgoing.addressee is not Addressee.CUSTOMER:
        return address
    granted = MailedLink(outgoing.mail, outgoing.person, outgoing.commission)
    return f"{address}?pass={studio.signer.link(granted, outgoing.dated)}"


def one_line(text: str) -> str:
    """Text that somebody typed, fit for one line: no line ends, no control characters, no doubled spaces."""
    return " ".join("".join(c if c.isprintable() else " " for c in text).split())


def _block(words: Template, name: str, known: dict[str, str]) -> str:
    return "".join(words.blocks[name](words.new_context(known))) if name in words.blocks else ""


def _particulars(block: str) -> list[tuple[str, str]]:
    """The lines `Label: value` of a mail, without those whose value is not known."""
    lines = [line.partition(":") for line in block.splitlines()]
    return [(label.strip(), value.strip()) for label, _, value in lines if value.strip()]


def _wrapped(paragraph: str) -> str:
    return textwrap.fill(paragraph, _WIDTH, break_on_hyphens=False)


def _column(particulars: list[tuple[str, str]]) -> str:
    """Particulars as plain text, the values below one another."""
    wide = max(len(label) for label, _ in particulars) + 2
    return "\n".join(
        textwrap.fill(
            value,
            _WIDTH,
            initial_indent=f"  {label:<{wide}}",
            subsequent_indent=" " * (wide + 2),
            break_on_hyphens=False,
        )
        for label, value in particulars
    )
