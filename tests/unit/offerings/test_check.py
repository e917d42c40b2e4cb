"""`touchmark offerings check`, and what it says of a file that is wrong."""

from pathlib import Path

import pytest
from structlog.testing import capture_logs

from deploy.cli.offerings import app
from shared.offerings.document import OfferingFileError, parse
from shared.offerings.labels import mistake_line
from shared.offerings.places import line_of
from shared.offerings.store import report_untranslated
from shared.runtime.metrics import METRICS
from tests.support.words import ENGLISH

RING = Path(__file__).parents[3] / "shared" / "offerings" / "jewellery" / "engraved-ring.toml"
TEXT = RING.read_text()
WORDS = {language: RING.with_suffix(f".{language}.toml").read_text() for language in ("en", "de")}


def said_of(text: str, **words: str) -> tuple[str, ...]:
    with pytest.raises(OfferingFileError) as caught:
        parse(text, WORDS | words, file="ring.toml")
    return tuple(mistake_line(mistake, ENGLISH) for mistake in caught.value.mistakes)


def written(folder: Path, text: str = TEXT, *, name: str = "engraved-ring") -> Path:
    """The ring's files in this folder; the numbers' file is the one that is checked."""
    folder.mkdir(parents=True, exist_ok=True)
    for language, words in WORDS.items():
        (folder / f"{name}.{language}.toml").write_text(words)
    file = folder / f"{name}.toml"
    file.write_text(text)
    return file


def line_with(text: str, words: str) -> int:
    return next(number for number, line in enumerate(text.splitlines(), start=1) if words in line)


def check(*files: Path) -> int:
    """The exit code of the command."""
    with pytest.raises(SystemExit) as ended:
        app(["check", *map(str, files)])
    return int(ended.value.code or 0)


def test_every_craft_that_ships_is_in_order(capsys: pytest.CaptureFixture[str]) -> None:
    assert check() == 0

    assert (
        "jewellery/engraved-ring version 1 is in order, with 8 fields, 6 price lines, 8 steps, 3 gates"
        in capsys.readouterr().out
    )


def test_a_mistake_is_shown_with_its_line_its_place_and_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path, TEXT.replace("hands_on_hours = 1.75", "hand_on_hours = 1.75"))

    assert check(file) == 1

    said = capsys.readouterr().err.splitlines()
    stage, key = line_with(TEXT, 'id = "engrave"') - 1, line_with(TEXT, "hands_on_hours = 1.75")
    assert said == [
        f"{file}:{stage}: making.stages[5] (engrave).hands_on_hours is missing. Add `hands_on_hours = …`.",
        f"{file}:{key}: making.stages[5] (engrave).hand_on_hours is unknown. Did you mean `hands_on_hours`?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        (
            'before = "engrave"',
            'before = "engraving"',
            "gates[2] (engraving).before",
            "“engraving”, which does not exist",
        ),
        ('skills = ["hand_engraver"]', 'skills = ["wizard"]', "making.stages[5] (engrave).skills", "“wizard”"),
        ('measures = ["wire_length"]', 'measures = ["width"]', "measures.width.title", "is missing"),
        ("hammered = 5500", "hamered = 5500", "pricing.lines[2] (finish).amounts_minor", "entry for hammered"),
        ('kind = "date"', 'kind = "day"', "form.fields[5] (needed_by)", "an unknown kind: “day”. Choose one of"),
        ("min_mm = 44", "min_mm = 84", "form.fields[0] (size)", "min_mm must be below max_mm"),
        ("min_mm = 44", 'min_mm = "wide"', "form.fields[0] (size).min_mm", "decimal"),
        (
            'room = "engraving_room"',
            'room = "rom"',
            "form.fields[3] (engraving).rule.room",
            "“rom”, which does not exist",
        ),
        (
            'room = "engraving_room"',
            'room = "weight"',
            "(engraving).rule.room",
            "“weight”, which is in g and not in mm",
        ),
        ('commodity = "silver"', 'commodity = "tin"', "silver_925.commodity", "Choose one of gold, silver, platinum."),
        ('stages = ["prepare"', 'stages = ["dream"', "lines[1] (bench).stages", "“dream”, which does not exist"),
        (
            'measure = "letters"',
            'measure = "words"',
            "pricing.lines[3] (engraving).measure",
            "“words”, which does not exist",
        ),
        ('code = "finish"', 'code = "bench"', "pricing.lines[2] (bench)", "has “bench” twice"),
        ('measure = "weight"', 'measure = "width"', "pricing.lines[0] (metal).measure", "Name a measure in g."),
        ('weight = { unit = "g"', 'weight = { unit = "kg"', "(metal).measure", "which is in kg and not in g."),
        ('measure = "letters"', 'measure = "width"', "(engraving).measure", "Name a measure in g, h, letter."),
        ('field = "size" }', 'field = "metal" }', "measures.circumference.field", "not a required measure"),
        (
            'unit = "mm", field = "size"',
            'unit = "g", field = "size"',
            "circumference.unit",
            "not the unit of its field",
        ),
        ('unit = "mm", value = 4.0', 'unit = "ell", value = 4.0', "measures.width.unit", 'there is no unit "ell"'),
        ("value = 4.0 }", 'value = 4.0, field = "size" }', "measures.width", "exactly one of value, field and formula"),
        ("circumference - kept_free", "circumference - weight", "engraving_room.formula", "adds what cannot be added"),
        ("circumference - kept_free", "circumference * kept_free", "engraving_room.formula", "does not come to mm"),
        ("circumference - kept_free", "circumference - engraving_room", "formula", "goes in a circle"),
        (
            "circumference - kept_free",
            "circumference - free",
            "engraving_room.formula",
            'no measure that there is: "free"',
        ),
        ("circumference - kept_free", "__import__(kept_free)", "engraving_room", "names no rule that there is"),
        ("circumference - kept_free", "circumference.real", "engraving_room", "names, figures, + - * / and brackets"),
        ("circumference - kept_free", "circumference -", "engraving_room", "is no formula"),
        ("domed_band_weight(circumference, ", "domed_band_weight(", "measures.weight", "it takes circumference (mm)"),
        ("platinum_950 = 20.1", "tin = 7", "measures.density.values", "has no entry for platinum_950"),
        ('when = { finish = ["hammered"] }', 'when = { finish = ["wild"] }', "variation[1] (hammering).when", "“wild”"),
        ('measure = "circumference", plus', 'measure = "girth", plus', "quality.checks[0] (size).tolerance", "“girth”"),
        (
            "nominal = 0,",
            'nominal = 0, measure = "width",',
            "(roundness).tolerance",
            "exactly one of measure and nominal",
        ),
        (
            'kind = "letters", field = "engraving"',
            'kind = "letters", field = "size"',
            "sign_offs[0] (words).shows",
            "“size”",
        ),
        ('name = "reference"', 'name = "why"', "form", "used twice: why"),
        ('name = "why"', 'name = "Why this"', "(Why this).name", "lower-case letters"),
        ('name = "why"', 'name = "why"\nlabel = "Why"', "form.fields[6] (why).label", "Move it to the words files"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_wrong(old: str, new: str, place: str, words: str) -> None:
    assert TEXT.count(old) >= 1

    said = said_of(TEXT.replace(old, new, 1))

    assert any(place in line and words in line for line in said), said


@pytest.mark.parametrize(
    ("language", "old", "new", "place", "words"),
    [
        ("en", 'title = "Ask for a ring"\n', "", "ring.en.toml:", "form.title is missing. Add `title = …`."),
        ("de", 'title = "Einen Ring anfragen"\n', "", "ring.de.toml:11: form.title", "In English: “Ask for a ring”"),
        ("de", "[form.fields.size]", "[form.fields.girth]", "ring.de.toml:16: form.fields.girth", "does not exist"),
        ("de", "{width} breit", "breit", "ring.de.toml:5: summary", "Use {thickness}, {width}."),
        ("en", "{loss}", "{lost}", "pricing.lines.metal.detail", "names {lost}, which is not known there."),
        ("de", "{loss}", "8 %", "pricing.lines.metal.detail", "Use {day}, {index}, {loss}, {option}, {weight}."),
        ("en", "{width} wide", "{weight} wide", "ring.en.toml:5: summary", "names {weight}, which is not the same"),
        (
            "de",
            'label = "Metall"',
            'label = "Metall"\nkind = "choice"',
            "form.fields.metal.kind",
            "is not used",
        ),
        ("de", 'label = "Anlass"', 'label = "Anlass"\nhelp = "Wofür?"', "occasion.help", "is missing in English"),
    ],
)
def test_words_are_missed_and_refused_where_they_are(language: str, old: str, new: str, place: str, words: str) -> None:
    assert WORDS[language].count(old) >= 1

    said = said_of(TEXT, **{language: WORDS[language].replace(old, new, 1)})

    assert any(place in line and words in line for line in said), said


@pytest.mark.parametrize("key", ["words = 1", "words.en.title = 'A ring'"])
def test_a_key_that_would_be_lost_among_the_words_is_refused(key: str) -> None:
    said = said_of(f"{key}\n{TEXT}")

    assert said[0] == "ring.toml:1: words is unknown. Remove it, or move it to where it belongs."


def test_an_offering_has_so_many_measures_and_no_more() -> None:
    added = "".join(f"[measures.odd_{n}]\nunit = 'mm'\nvalue = 1\n" for n in range(200))

    (said,) = said_of(f"{TEXT}\n{added}")

    assert "measures is not valid" in said
    assert "at most 200 items" in said


def test_a_language_without_words_is_named(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = written(tmp_path / "jewellery")
    file.with_suffix(".de.toml").unlink()

    assert check(file) == 0

    assert capsys.readouterr().err == (
        f"{file}: in the language “de” it is shown in English. "
        f"Copy {file.with_suffix('.en.toml')} to {file.with_suffix('.de.toml')} and translate it.\n"
    )


def test_a_service_reports_the_languages_that_an_offering_has_no_words_in() -> None:
    whole = parse(TEXT, WORDS, file="ring.toml")
    english = parse(
        TEXT.replace('name = "engraved-ring"', 'name = "other-ring"'), {"en": WORDS["en"]}, file="ring.toml"
    )

    with capture_logs() as logged:
        report_untranslated([whole, english])

    found = {"craft": "jewellery", "offering": "other-ring", "language": "de"}
    assert logged == [{"event": "offering_untranslated", "log_level": "warning", "version": 1} | found]
    assert METRICS.registry.get_sample_value("touchmark_offering_untranslated", found) == 1
    assert "engraved-ring" not in METRICS.render().decode()


def test_what_is_no_toml_is_said_with_its_line() -> None:
    (said,) = said_of('craft = "jewellery"\nversion = one\n')

    assert "ring.toml: This is not TOML" in said
    assert "line 2" in said


@pytest.mark.parametrize("figure", ["9" * 5000, "1e99999999999999999999", "[" * 3000 + "]" * 3000])
def test_figures_that_nobody_can_read_are_refused(figure: str) -> None:
    (said,) = said_of(f"odd = {figure}\n{TEXT}")

    assert "ring.toml: This is not TOML" in said


def test_a_time_of_day_is_refused_like_any_key_that_is_not_known() -> None:
    assert any("odd" in line for line in said_of(f"odd = 10:00:00\n{TEXT}"))


def test_words_that_are_no_text_are_refused() -> None:
    said = said_of(TEXT, en=WORDS["en"].replace("title = ", "title = 5\nsummary_of = ", 1))

    assert any("title is not used" in line for line in said), said


@pytest.mark.parametrize("measure", ["formula = '1e999999 * 1e999999'", "formula = '1e30'", "value = 1e30"])
def test_a_measure_that_is_too_large_is_refused(measure: str) -> None:
    said = said_of(f"{TEXT}\n[measures.odd]\nunit = 'times'\n{measure}\n")

    assert any("measures.odd" in line and "cannot be calculated" in line for line in said), said


def test_a_file_that_is_missing_or_not_text_is_reported(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, picture = tmp_path / "missing.toml", tmp_path / "picture.toml"
    picture.write_bytes(b"\xff\xfe")

    assert check(missing, picture) == 1

    said = capsys.readouterr().err
    assert "No such file or directory. Name a file that exists" in said
    assert "this is not UTF-8" in said


@pytest.mark.parametrize(
    ("craft", "name", "word"), [("jewellery", "rings", "file"), ("rings", "engraved-ring", "folder")]
)
def test_an_offering_is_named_as_its_folder_and_its_file(
    craft: str, name: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = written(tmp_path / craft, name=name)

    assert check(file) == 1
    assert f"It must be the name of the {word}: “rings”." in capsys.readouterr().err


def test_the_help_has_an_example(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        app(["check", "--help"])

    assert "touchmark offerings check shared/offerings/jewellery/engraved-ring.toml" in capsys.readouterr().out


def test_lines_are_found_behind_texts_of_several_lines() -> None:
    text = 'a = """\n[not.a.table]\nb = 1\n"""\n[real]\nb = 2\n[[list]]\nc = 3\n[[list]]\nc = 4\n[list.inner]\nd = 5\n'

    assert line_of(text, ["real", "b"]) == 6
    assert line_of(text, ["list", 1, "c"]) == 10
    assert line_of(text, ["list", 1, "inner", "d"]) == 12
    assert line_of(text, ["list", 0, "missing"]) == 7
    assert line_of(text, ["nowhere"]) == 1
