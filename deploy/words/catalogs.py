"""Reads, brings up to date, and judges the catalogues of one package."""

import re
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po, write_po

from deploy.words.extraction import Package

MOST_NAMED = 20
"""So many missing messages of one catalogue are named one by one."""

_PLACEHOLDER = re.compile(r"%\(([a-z_0-9]+)\)[a-z]")
_CHANGING = tuple(
    f'"{name}'.encode()
    for name in (
        "POT-Creation-Date",
        "PO-Revision-Date",
        "Last-Translator",
        "Language-Team",
        "Generated-By",
        "Report-Msgid",
    )
)
_BARE_PERCENT = re.compile(r"%(?!%|\([a-z_0-9]+\)s)")


def read(path: Path, language: str) -> Catalog:
    """The catalogue in this file; an empty one where there is none yet."""
    if not path.is_file():
        return Catalog(locale=language, project="Touchmark", charset="utf-8", fuzzy=False)
    with path.open("rb") as file:
        return read_po(file, locale=language)


def update(package: Package, language: str) -> None:
    """Add what is new, drop what is unused, keep every translation."""
    path = package.catalog_of(language)
    template, catalog = package.messages(), read(path, language)
    if not len(template) and not path.is_file():
        return
    catalog.update(template, no_fuzzy_matching=True)
    catalog.obsolete.clear()
    catalog.fuzzy, catalog.project, catalog.version = False, "Touchmark", "0"
    catalog.header_comment = f"# {catalog.locale.english_name if catalog.locale else language}: {package.name}"
    path.parent.mkdir(exist_ok=True)
    written = BytesIO()
    write_po(written, catalog, width=120, sort_by_file=True, omit_header=False, include_lineno=False)
    path.write_bytes(_without_dates(written.getvalue()))


def findings(package: Package, language: str) -> Iterator[str]:
    """What is wrong with this package's words in this language: one line each, with the remedy."""
    template = package.messages()
    catalog = read(package.catalog_of(language), language)
    where = f"{package.name}/locales/{language}.po"
    wanted = {(_text(each.id), each.context) for each in template if each.id}
    messages = [each for each in template if each.id]
    missing = [each for each in messages if _is_missing(each, catalog)]
    yield from (f"{where}: {finding}" for finding in _named(missing, len(messages)))
    for message in messages:
        yield from (f"{where}: {finding}" for finding in _judged(message, catalog))
    for message in catalog:
        if message.id and (_text(message.id), message.context) not in wanted:
            yield f"{where}: unused: {_text(message.id)!r}. Run `make words`."


def _is_missing(wanted: Message, catalog: Catalog) -> bool:
    translated = catalog.get(_first(wanted.id), wanted.context)
    return translated is None or not all(_forms(translated.string))


def _named(missing: list[Message], all_messages: int) -> Iterator[str]:
    """Each missing message by its name; of a catalogue that has only begun, how many there are."""
    if len(missing) > MOST_NAMED:
        yield (
            f"missing: {len(missing)} of {all_messages} messages, such as {_text(missing[0].id)!r}. "
            'Run `make words` and translate each msgid that has msgstr "".'
        )
        return
    for message in missing:
        yield f"missing: {_text(message.id)!r}. Run `make words` and translate it."


def _judged(wanted: Message, catalog: Catalog) -> Iterator[str]:
    text = _text(wanted.id)
    for form in _forms(wanted.id):
        if _BARE_PERCENT.search(form):
            yield f"{form!r} has a bare percent sign. Write %% for a percent sign, %(name)s for a parameter."
    translated = catalog.get(_first(wanted.id), wanted.context)
    if translated is None or _is_missing(wanted, catalog):
        return
    if translated.fuzzy:
        yield f"marked as uncertain (fuzzy): {text!r}. Check it and take the mark away."
    allowed = {name for form in _forms(wanted.id) for name in _PLACEHOLDER.findall(form)}
    for form in _forms(translated.string):
        given = set(_PLACEHOLDER.findall(form))
        if given - allowed or (allowed - given) - {"count"}:
            yield f"{text!r} has the placeholders {sorted(allowed)}, its translation has {sorted(given)}."
        if _BARE_PERCENT.search(form):
            yield f"the translation of {text!r} has a bare percent sign. Write %%."


def _forms(text: object) -> tuple[str, ...]:
    return tuple(map(str, text)) if isinstance(text, tuple | list) else (str(text or ""),)


def _first(text: object) -> str:
    return _forms(text)[0]


def _text(text: object) -> str:
    return " / ".join(_forms(text))


def _without_dates(written: bytes) -> bytes:
    """Without the lines of the head that change with each run."""
    return b"".join(line for line in written.splitlines(keepends=True) if not line.startswith(_CHANGING))
