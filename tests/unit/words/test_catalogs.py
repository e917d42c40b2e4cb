"""The check that judges catalogues: nothing missing, nothing unused, the same placeholders."""

from pathlib import Path

import pytest

from deploy.words import catalogs
from deploy.words.extraction import Package

CODE = """\
from shared.i18n import N_, n_
TITLE = N_("Your quote")
DAY = N_("We hold the hours until %(day)s.")
LINES = n_("%(count)s line", "%(count)s lines")
"""
PAGE = '{% trans day=day | day %}Ready by {{ day }}.{% endtrans %} {{ _("Accept") }}'
WORDS = {
    "Your quote": "Ihr Angebot",
    "We hold the hours until %(day)s.": "Wir halten die Zeit bis %(day)s frei.",
    "Ready by %(day)s.": "Fertig am %(day)s.",
    "Accept": "Annehmen",
}


@pytest.fixture
def package(tmp_path: Path) -> Package:
    """A package with words in code and in a template, and a catalogue that has all of them."""
    (tmp_path / "labels.py").write_text(CODE)
    (tmp_path / "pages" / "templates").mkdir(parents=True)
    (tmp_path / "pages" / "templates" / "offer.html").write_text(PAGE)
    made = Package("services/quotes", tmp_path)
    made.locales.mkdir()
    made.catalog_of("de").touch()
    catalogs.update(made, "de")
    for message, translation in WORDS.items():
        _translate(made, message, translation)
    _translate_forms(made, ["eine Zeile", "%(count)s Zeilen"])
    return made


def _translate(package: Package, message: str, translation: str) -> None:
    path = package.catalog_of("de")
    text = path.read_text()
    before = f'msgid "{message}"\nmsgstr "'
    start = text.index(before) + len(before)
    path.write_text(text[:start] + translation + text[text.index('"', start) :])


def _translate_forms(package: Package, translations: list[str]) -> None:
    path = package.catalog_of("de")
    text = path.read_text()
    for number, translation in enumerate(translations):
        text = text.replace(f'msgstr[{number}] ""', f'msgstr[{number}] "{translation}"')
    path.write_text(text)


def test_a_complete_catalogue_has_no_findings(package: Package) -> None:
    assert list(catalogs.findings(package, "de")) == []


def test_a_missing_message_is_found(package: Package) -> None:
    (package.root / "labels.py").write_text(CODE + 'MORE = N_("Your answer")\n')

    (found,) = catalogs.findings(package, "de")

    assert found.startswith("services/quotes/locales/de.po: missing: 'Your answer'")


def test_a_message_without_its_translation_is_missing_too(package: Package) -> None:
    _translate(package, "Accept", "")

    (found,) = catalogs.findings(package, "de")

    assert "missing: 'Accept'" in found


def test_a_catalogue_that_has_only_begun_is_one_finding(package: Package) -> None:
    many = catalogs.MOST_NAMED + 1
    (package.root / "labels.py").write_text(CODE + "".join(f'N_("Answer {number}")\n' for number in range(many)))

    (found,) = catalogs.findings(package, "de")

    assert found.startswith(
        f"services/quotes/locales/de.po: missing: {many} of {many + 5} messages, such as 'Answer 0'."
    )


def test_an_unused_message_is_found(package: Package) -> None:
    (package.root / "pages" / "templates" / "offer.html").write_text(PAGE.replace('{{ _("Accept") }}', ""))

    (found,) = catalogs.findings(package, "de")

    assert "unused: 'Accept'" in found


@pytest.mark.parametrize("translation", ["Fertig.", "Fertig am %(tag)s.", "Fertig am %(day)s, %(hour)s."])
def test_another_placeholder_is_found(package: Package, translation: str) -> None:
    _translate(package, "Ready by %(day)s.", translation)

    (found,) = catalogs.findings(package, "de")

    assert "placeholders" in found


def test_a_bare_percent_sign_is_found(package: Package) -> None:
    (package.root / "labels.py").write_text(CODE + 'MORE = N_("35% are due")\n')
    catalogs.update(package, "de")
    _translate(package, "35% are due", "35%% sind fällig")

    assert any("bare percent sign" in found for found in catalogs.findings(package, "de"))


def test_updating_keeps_translations_and_drops_what_is_unused(package: Package) -> None:
    (package.root / "labels.py").write_text(CODE.replace("Your quote", "Your offer"))

    catalogs.update(package, "de")

    text = package.catalog_of("de").read_text()
    assert 'msgstr "Annehmen"' in text
    assert "Ihr Angebot" not in text
    assert 'msgid "Your offer"' in text
