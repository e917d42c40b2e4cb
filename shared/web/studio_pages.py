"""The studio's own pages, which every page's foot leads to: imprint, privacy, terms, contact.

Each is a setting: an address of the studio's own site (`https://…`, `mailto:…`), or a file of plain text or simple
Markdown, which intake serves. Of `imprint.md` the German text is `imprint.de.md` beside it, where there is one.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Final, Protocol

from markupsafe import Markup, escape

_LARGEST: Final = 400_000  # bytes
_ADDRESS: Final = re.compile(r"(?:https?://|mailto:|tel:)\S+", re.IGNORECASE)
_LINK: Final = re.compile(
    r"\[([^\]\n]+)\]\(((?:https?://|mailto:|tel:|/)[^)\s]*)\)|(https?://[^\s<>()]+[^\s<>().,;:!?])"
)
_BOLD: Final = re.compile(r"\*\*([^*\n]+)\*\*")
_HEADING: Final = re.compile(r"(#{1,3})\s+(.+)")
_ITEM: Final = re.compile(r"[-*]\s+(.+)")


class StudioPage(StrEnum):
    """A page that a studio has to have, or should."""

    IMPRINT = "imprint"
    PRIVACY = "privacy"
    TERMS = "terms"
    CONTACT = "contact"

    @property
    def variable(self) -> str:
        """The setting's name in the environment."""
        return f"TOUCHMARK_{self.value.upper()}"


class HasStudioPages(Protocol):
    """The settings that name them; empty is a page that there is none of."""

    @property
    def imprint(self) -> str: ...
    @property
    def privacy(self) -> str: ...
    @property
    def terms(self) -> str: ...
    @property
    def contact(self) -> str: ...


@dataclass(frozen=True)
class FootLink:
    """Where the foot of a page leads for one of them."""

    page: StudioPage
    href: str


@dataclass(frozen=True)
class StudioText:
    """A text as it is shown: its first heading, if it begins with one, and the rest."""

    title: str
    body: Markup


def places(settings: HasStudioPages) -> Mapping[StudioPage, str]:
    """What the settings say of each page that they say something of."""
    found = {page: str(getattr(settings, page.value)).strip() for page in StudioPage}
    return {page: place for page, place in found.items() if place}


def foot_links(settings: HasStudioPages) -> Sequence[FootLink]:
    """The links of the foot, in their order."""
    return [
        FootLink(page, place if _ADDRESS.fullmatch(place) else f"/{page.value}")
        for page, place in places(settings).items()
    ]


def missing(settings: HasStudioPages) -> Sequence[StudioPage]:
    """The pages that no setting names."""
    return [page for page in StudioPage if page not in places(settings)]


def unreadable(settings: HasStudioPages) -> Sequence[StudioPage]:
    """The pages whose file cannot be read on this machine."""
    files = {page: place for page, place in places(settings).items() if not _ADDRESS.fullmatch(place)}
    return [page for page, place in files.items() if not any(file.is_file() for file in _files(place, "en"))]


def read_text(settings: HasStudioPages, page: StudioPage, language: str) -> StudioText | None:
    """The text of a page in this language, or in whatever there is; None where no file says it."""
    place = places(settings).get(page)
    if place is None or _ADDRESS.fullmatch(place):
        return None
    for file in _files(place, language):
        try:
            with file.open("rb") as opened:
                return _shown(opened.read(_LARGEST).decode("utf-8", "replace"))
        except OSError:
            continue
    return None


def _files(place: str, language: str) -> Iterator[Path]:
    """The file of this language, the one without a language, then that of any other."""
    named = Path(place)
    yield named.with_suffix(f".{language}{named.suffix}")
    yield named
    yield from sorted(named.parent.glob(f"{named.stem}.*{named.suffix}"))


def _shown(text: str) -> StudioText:
    lines = text.lstrip("\ufeff").strip().splitlines()
    title = ""
    if lines and (first := _HEADING.fullmatch(lines[0].strip())):
        title, lines = first[2], lines[1:]
    blocks = re.split(r"\n\s*\n", "\n".join(line.rstrip() for line in lines).strip())
    return StudioText(title, Markup("\n").join(map(_block, filter(None, blocks))))


def _block(block: str) -> Markup:
    """Headings, a list, or a paragraph whose lines stay lines: an address is written so."""
    lines = block.split("\n")
    if heading := _HEADING.fullmatch(lines[0].strip()):
        rest = "\n".join(lines[1:]).strip()
        level = max(2, len(heading[1]))
        head = Markup("<h{0}>{1}</h{0}>").format(level, _inline(heading[2]))
        return head + (_block(rest) if rest else Markup())
    items = [_ITEM.fullmatch(line.strip()) for line in lines]
    if all(items):
        listed = Markup().join(Markup("<li>{}</li>").format(_inline(item[1])) for item in items if item)
        return Markup("<ul>{}</ul>").format(listed)
    return Markup("<p>{}</p>").format(Markup("<br>\n").join(_inline(line.strip()) for line in lines))


def _inline(line: str) -> Markup:
    """Links and bold words; everything else is text."""
    written, at = Markup(), 0
    for found in _LINK.finditer(line):
        words, href = (found[1], found[2]) if found[1] else (found[3], found[3])
        written += _bold(line[at : found.start()]) + Markup('<a href="{}">{}</a>').format(href, words)
        at = found.end()
    return written + _bold(line[at:])


def _bold(text: str) -> Markup:
    return Markup(_BOLD.sub(r"<strong>\1</strong>", str(escape(text))))  # noqa: S704 (it was escaped)
