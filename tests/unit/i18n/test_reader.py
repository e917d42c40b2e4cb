"""What a reader makes of codes, dates and amounts, in each language."""

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from enum import StrEnum, auto
from pathlib import Path

import pytest

from shared.i18n import N_, Label, Labels, Reader, Readers, c_, n_
from shared.i18n.negotiation import preferred
from shared.kernel.money import Money
from shared.kernel.phrases import Param, Phrase


class Reason(StrEnum):
    LATE = auto()
    LINES = auto()
    OPEN = auto()
    SHARE = auto()


class Other(StrEnum):
    GONE = auto()


REASONS = {
    Reason.LATE: Label(N_("It is ready by %(day)s."), N_("Ask the studio.")),
    Reason.LINES: Label(n_("%(count)s line", "%(count)s lines")),
    Reason.OPEN: Label(c_("of a quote", "open")),
    Reason.SHARE: Label(N_("You owe %(percent)s%% of it.")),
}
CATALOG = """\
msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=(n != 1);\\n"

msgid "It is ready by %(day)s."
msgstr "Es ist am %(day)s fertig."

msgid "%(count)s line"
msgid_plural "%(count)s lines"
msgstr[0] "eine Zeile"
msgstr[1] "%(count)s Zeilen"

msgctxt "of a quote"
msgid "open"
msgstr "gültig"
"""
LATE = datetime(2027, 5, 31, 22, 30, tzinfo=UTC)


@pytest.fixture
def readers(tmp_path: Path) -> Readers:
    (tmp_path / "de.po").write_text(CATALOG)
    return Readers(zone="Europe/Berlin", labels=Labels(REASONS), locales=[tmp_path])


@pytest.fixture
def german(readers: Readers) -> Reader:
    return readers.of("de")


@pytest.fixture
def english(readers: Readers) -> Reader:
    return readers.of("en")


def test_a_phrase_is_said_with_its_parameters_as_the_language_writes_them(english: Reader, german: Reader) -> None:
    phrase = Phrase(Reason.LATE, day=date(2027, 5, 31))

    assert english.label(phrase) == "It is ready by 31 May 2027."
    assert german.label(phrase) == "Es ist am 31. Mai 2027 fertig."


def test_the_remedy_is_in_english_where_a_catalogue_lacks_it(german: Reader) -> None:
    assert german.remedy(Reason.LATE) == "Ask the studio."


@pytest.mark.parametrize(("count", "said"), [(1, "eine Zeile"), (3, "3 Zeilen")])
def test_the_count_decides_about_the_plural(german: Reader, count: int, said: str) -> None:
    assert german.label(Phrase(Reason.LINES, count=count)) == said


def test_a_context_is_never_shown(english: Reader, german: Reader) -> None:
    assert (english.label(Reason.OPEN), german.label(Reason.OPEN)) == ("open", "gültig")


def test_a_percent_sign_is_one_sign(english: Reader) -> None:
    assert english.label(Phrase(Reason.SHARE, percent=35)) == "You owe 35% of it."


def test_text_that_somebody_typed_is_passed_on(german: Reader) -> None:
    assert german.label("100 % Ada") == "100 % Ada"


def test_a_code_without_a_label_is_still_answered(english: Reader) -> None:
    assert english.label(Other.GONE) == "gone"


def test_a_parameter_that_is_not_given_is_no_reason_to_answer_nothing(english: Reader) -> None:
    assert english.label(Reason.LATE) == "It is ready by …."


@pytest.mark.parametrize(
    ("value", "in_english", "in_german"),
    [
        (Decimal("1250.50"), "1,250.50", "1.250,50"),
        (Money(minor=128050, currency="EUR"), "€1,280.50", "1.280,50\xa0€"),
        (LATE, "1 June 2027, 00:30\N{NO-BREAK SPACE}CEST", "1. Juni 2027, 00:30\N{NO-BREAK SPACE}MESZ"),
        (timedelta(days=3), "3 days", "3 Tage"),
        (["paper", "wood", "glue"], "paper, wood and glue", "paper, wood und glue"),
        (2027, "2027", "2027"),
        (Phrase(Reason.LINES, count=2), "2 lines", "2 Zeilen"),
    ],
)
def test_parameters_are_written_as_the_language_does(
    english: Reader, german: Reader, value: Param, in_english: str, in_german: str
) -> None:
    assert (english.written(value), german.written(value)) == (in_english, in_german)


def test_a_language_that_there_is_none_of_is_the_studios(tmp_path: Path) -> None:
    readers = Readers(zone="UTC", default="de", locales=[tmp_path])

    assert readers.of("tlh").language == "de"
    assert readers.of(None).language == "de"


@pytest.mark.parametrize(
    ("table", "wrong"),
    [
        ({Reason.LATE: Label(N_("Late"))}, "no label for LINES, OPEN, SHARE"),
        ({Reason.LATE: Label(N_("Late")), Other.GONE: Label(N_("Gone"))}, "of one enum"),
    ],
)
def test_a_table_has_a_label_for_each_member_of_one_enum(table: dict[object, Label], wrong: str) -> None:
    with pytest.raises(ValueError, match=wrong):
        Labels(table)


@pytest.mark.parametrize(
    ("header", "language"),
    [
        ("de-AT,de;q=0.9,en;q=0.5", "de"),
        ("en;q=0.4, de;q=0.5", "de"),
        ("fr, en;q=0.1", "en"),
        ("fr", None),
        ("de;q=0", None),
        ("", None),
        (";;;,,q=,de;q=x", None),
        ("de;q=" + "9" * 10_000, "de"),
    ],
)
def test_the_browser_says_what_it_wants(header: str, language: str | None) -> None:
    assert preferred(header, ["en", "de"]) == language
