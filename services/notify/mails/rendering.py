"""Writes a mail in the language of its reader: one template per intent, laid out twice, as text and as HTML."""

import textwrap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from urllib.parse import urljoin
from uuid import UUID

from jinja2 import Environment, PackageLoader, Template
from stdnum import iso11649

from services.notify.domain.mails import DailyItem, OutgoingMail
from services.notify.domain.person_mails import PERSON_MAILS, WITH_A_LINK
from services.notify.mails.links import path
from services.notify.mails.piece import describe, gate_title
from shared.auth.mail_secrets import MailSecrets
from shared.contracts.carriers import CARRIERS, CarrierCode
from shared.contracts.notifications import INTENTS, Intent
from shared.i18n import Reader, Readers
from shared.i18n.templates import environment
from shared.kernel.clock import system_clock
from shared.offerings.model import Offering
from shared.web.labels import STUDIO_PAGES
from shared.web.qr import qr_picture
from shared.web.studio_pages import FootLink
from shared.web.tracking import tracking_page

MARK = "mark@touchmark"
"""The content id of the mark in the HTML (RFC 2392)."""

TRANSFER_CODE = "transfer@touchmark"
"""Likewise of the QR code of a transfer."""

_WIDTH = 72
_NO_BREAK = "\xa0"
_WITH_A_RIGHT = frozenset({*WITH_A_LINK, Intent.CONFIRMATION_ASKED, Intent.CONFIRMATION_REMINDER})
_LOCALES = Path(__file__).parents[1] / "locales"
_LOADER = PackageLoader("services.notify", "mails/templates")


@dataclass(frozen=True)
class MailText:
    """The words of one mail, in `language` (ISO 639): the same ones in `text` and in `html`.

    `code` is a picture that the HTML shows: the QR code of a transfer, as PNG.
    """

    language: str
    subject: str
    text: str
    html: str
    code: bytes | None = None


@dataclass(frozen=True)
class Quotation:
    """What somebody wrote, one line each, under a heading."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class MailWords:
    """What a mail says, before it is laid out. `elsewhere` are pages of others: what the link says, and its address."""

    subject: str
    opening: list[str]
    quotations: list[Quotation]
    body: list[str]
    details: list[tuple[str, str]]
    elsewhere: list[tuple[str, str]]
    link_text: str


def readers(*, zone: str, language: str) -> Readers:
    """The readers of mails: in the studio's zone, and in its language where a person's is not known."""
    return Readers(zone=zone, default=language, locales=[_LOCALES])


class Writer:
    """Writes the mails of one studio. The same mail gives the same text each time."""

    def __init__(
        self,
        studio: str,
        public_url: str,
        *,
        secrets: MailSecrets,
        readers: Readers,
        foot: Sequence[FootLink] = (),
    ) -> None:
        """`studio` is its name, `public_url` where its pages are.

        `secrets` makes the links and codes of rights that are used once. `foot` are the studio's own pages, which every
        mail ends with.
        """
        self._foot = foot
        self._studio = one_line(studio)
        self._public_url = public_url.rstrip("/")
        self._secrets = secrets
        self._readers = readers

    def write(self, outgoing: OutgoingMail, offering: Offering | None = None) -> MailText:
        """The mail in the language of the person who reads it, in the studio's where that is not known.

        `offering` is that of the mail's brief: without it, the mail does not name the piece.
        """
        reader = self._readers.of(outgoing.language)
        known = self._known(outgoing, offering, reader)
        name = "daily" if outgoing.items else outgoing.intent.value
        words = _fill(_plain(reader).get_template(f"{name}.jinja"), known)
        context = {
            **vars(words),
            "name": one_line(outgoing.name),
            "studio": self._studio,
            "link": self._link(outgoing),
            "mark": MARK,
            "code": TRANSFER_CODE if (code := _transfer_code(outgoing)) else None,
            "attached": [f"{each.file_name}.pdf" for each in outgoing.attached],
            "foot": self._foot_of(reader),
            "piece": describe(outgoing.brief, offering, reader) if outgoing.brief and offering else None,
        }
        text = _plain(reader).get_template("layout.txt").render(context, wrap=_wrap, columns=_columns)
        html = _html(reader).get_template("layout.html").render(context)
        return MailText(reader.language, words.subject, text, html, qr_picture(code) if code else None)

    def _foot_of(self, reader: Reader) -> Sequence[tuple[str, str]]:
        """What the studio's own pages are called, and where they are."""
        here = f"{self._public_url}/"
        return [(reader.label(STUDIO_PAGES[each.page]), urljoin(here, each.href)) for each in self._foot]

    def _link(self, outgoing: OutgoingMail) -> str:
        """The address of the page that the mail leads to, with the right's secret where it holds one."""
        address, right = self._public_url + path(outgoing), _right_of(outgoing)
        return f"{address}?link={self._secrets.link(right)}" if right else address

    def _known(self, outgoing: OutgoingMail, offering: Offering | None, reader: Reader) -> dict[str, object]:
        """What a template may say; what is not known is the empty text. No amount is due where `nothing` says so."""
        details = outgoing.details
        nothing = details.amount is not None and not details.amount.minor
        return {
            "studio": self._studio,
            "addressee": outgoing.addressee.value,
            "submitted_on": _unbroken(reader.short_day(outgoing.submitted_at)) if outgoing.submitted_at else "",
            "needed_by": _unbroken(reader.short_day(outgoing.needed_by)) if outgoing.needed_by else "",
            "ready_by": _unbroken(reader.day(details.ready_by)) if details.ready_by else "",
            "too_late": _is_too_late(outgoing),
            "day": _unbroken(reader.day(details.day)) if details.day else "",
            "amount": reader.money(details.amount) if details.amount and not nothing else "",
            "nothing": nothing,
            "account": None if nothing or outgoing.transfer is None else outgoing.transfer.account,
            "reference": iso11649.format(outgoing.transfer.reference) if outgoing.transfer else "",
            "left": reader.money(details.left) if details.left and details.left.minor > 0 else "",
            "reason": details.reason or "",
            "code": one_line(details.code or ""),
            "carrier": _carrier(details.carrier, reader),
            "tracking_page": tracking_page(details.carrier, details.code) or "",
            "one_time_code": _grouped(self._secrets.code(right)) if (right := _right_of(outgoing)) else "",
            "good_until": reader.moment(outgoing.good_until) if outgoing.good_until else "",
            "happened_at": reader.moment(outgoing.happened_at) if outgoing.happened_at else "",
            "gate": gate_title(outgoing.gate, offering, reader) if offering else "",
            "failed": outgoing.failed,
            "items": [_told(item, reader) for item in outgoing.items],
            "question": outgoing.question,
            "answer": outgoing.answer,
        }


def _is_too_late(outgoing: OutgoingMail) -> bool:
    """Whether the piece is promised for a day after the one that it is needed by."""
    promised, needed = outgoing.details.ready_by, outgoing.needed_by
    return promised is not None and needed is not None and promised > needed


def _transfer_code(outgoing: OutgoingMail) -> str | None:
    """What the QR code of a transfer says, where something is to be paid by one."""
    amount = outgoing.details.amount
    return outgoing.transfer.code(amount) if outgoing.transfer and amount else None


def _right_of(outgoing: OutgoingMail) -> UUID | None:
    """The right whose link and code a mail holds."""
    return outgoing.details.about if outgoing.intent in _WITH_A_RIGHT else None


def _carrier(carrier: str | None, reader: Reader) -> str:
    """Who carries the parcel; nothing where they have no name here."""
    if carrier is None or carrier not in CARRIERS or carrier == CarrierCode.OTHER:
        return ""
    return reader.label(CarrierCode(carrier))


def _grouped(code: str) -> str:
    """A code as people read it aloud: two groups of four."""
    half = len(code) // 2
    return f"{code[:half]}{_NO_BREAK}{code[half:]}"


def _told(item: DailyItem, reader: Reader) -> tuple[str, str]:
    """One thing of a daily mail: what, and about which commission, if about any, when."""
    when = reader.moment(item.happened_at)
    if item.failed:
        where = item.failed.service
    else:
        where = "" if item.intent in PERSON_MAILS else f"…{item.commission.hex[-6:]}"
    return reader.label(INTENTS[item.intent]), f"{where}, {when}" if where else when


@cache
def _plain(reader: Reader) -> Environment:
    return environment(reader, _LOADER, system_clock, autoescape=False)


@cache
def _html(reader: Reader) -> Environment:
    return environment(reader, _LOADER, system_clock)


def _fill(template: Template, known: Mapping[str, object]) -> MailWords:
    """Render the blocks of a mail's template. Each line of `opening` and `body` is a paragraph."""
    details: list[tuple[str, str]] = []
    elsewhere: list[tuple[str, str]] = []
    quotations: list[Quotation] = []

    def detail(label: str, value: str) -> str:
        if value:
            details.append((label, value))
        return ""

    def quotation(title: str, written: str) -> str:
        if lines := tuple(one_line(line) for line in written.splitlines()):
            quotations.append(Quotation(title, lines))
        return ""

    def outside(words: str, address: str) -> str:
        if address:
            elsewhere.append((words, address))
        return ""

    context = template.new_context({**known, "detail": detail, "outside": outside, "quotation": quotation})
    filled = {name: "".join(render(context)) for name, render in template.blocks.items()}
    return MailWords(
        subject=one_line(filled["subject"]),
        opening=_paragraphs(filled.get("opening", "")),
        quotations=quotations,
        body=_paragraphs(filled["body"]),
        details=details,
        elsewhere=elsewhere,
        link_text=one_line(filled["link"]),
    )


def _paragraphs(block: str) -> list[str]:
    return [paragraph for line in block.split("\n") if (paragraph := one_line(line))]


def one_line(text: str) -> str:
    """Text that somebody typed, fit for one line: no line ends, no control characters, no doubled spaces."""
    printable = "".join(c if c.isprintable() or c == _NO_BREAK else " " for c in text)
    return " ".join(part for part in printable.split(" ") if part.strip(_NO_BREAK))


def _unbroken(date: str) -> str:
    """A date that stays on one line: "31." at the end of one and "Mai" at the head of the next is hard to read."""
    return date.replace(" ", _NO_BREAK)


def _wrap(paragraph: str, indent: str = "") -> str:
    return textwrap.fill(paragraph, _WIDTH, initial_indent=indent, subsequent_indent=indent, break_on_hyphens=False)


def _columns(details: list[tuple[str, str]]) -> str:
    """Details as plain text, the values below one another."""
    wide = max(len(label) for label, _ in details) + 2
    return "\n".join(
        textwrap.fill(
            value,
            _WIDTH,
            initial_indent=f"  {label:<{wide}}",
            subsequent_indent=" " * (wide + 2),
            break_on_hyphens=False,
        )
        for label, value in details
    )
