"""`touchmark offerings check`, and what it says of a file that is wrong."""

from pathlib import Path

import pytest

from deploy.cli.offerings import app
from shared.offerings.document import OfferingFileError, parse
from shared.offerings.places import line_of

RING = Path(__file__).parents[3] / "shared" / "offerings" / "jewellery" / "engraved-ring.toml"
TEXT = RING.read_text()


def said_of(text: str) -> tuple[str, ...]:
    with pytest.raises(OfferingFileError) as caught:
        parse(text, file="ring.toml")
    return caught.value.lines


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
        "jewellery/engraved-ring version 1 is in order: 8 fields, 6 price lines, 8 stages, 3 gates"
        in capsys.readouterr().out
    )


def test_a_mistake_is_told_with_its_line_its_place_and_its_remedy(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "jewellery.toml"
    file.write_text(TEXT.replace("hands_on_hours = 1.75", "hand_on_hours = 1.75"))

    assert check(file) == 1

    said = capsys.readouterr().err.splitlines()
    stage, key = line_with(TEXT, 'id = "engrave"') - 1, line_with(TEXT, "hands_on_hours = 1.75")
    assert said == [
        f"{file}:{stage}: making.stages[5] (engrave).hands_on_hours is missing. Add `hands_on_hours = …`.",
        f"{file}:{key}: making.stages[5] (engrave).hand_on_hours is not known here. Did you mean `hands_on_hours`?",
    ]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        ('before = "engrave"', 'before = "engraving"', "gates[2] (engraving).before", 'there is no "engraving"'),
        ("hammered = 5500", "hamered = 5500", "pricing.lines[2] (finish).amounts_minor", "about hammered"),
        ('kind = "date"', 'kind = "day"', "form.fields[5] (needed_by)", 'no kind there is: "day". Choose one of'),
        ("min_mm = 44", "min_mm = 84", "form.fields[0] (size)", "min_mm must be below max_mm"),
        ("min_mm = 44", 'min_mm = "wide"', "form.fields[0] (size).min_mm", "decimal"),
        ('around = "size"', 'around = "metal"', "form", "no required ring_size"),
        ('commodity = "silver"', 'commodity = "tin"', "silver_925.commodity", "There is gold, silver, platinum."),
        ('stages = ["prepare"', 'stages = ["dream"', "pricing.lines[1] (bench).stages", 'there is no "dream"'),
        ('field = "engraving"', 'field = "metal"', "pricing.lines[3] (engraving).field", "no text field"),
        ('code = "finish"', 'code = "metal"', "pricing.lines[2] (metal)", '"metal" is there twice'),
        ('size = "size"', 'size = "metal"', "weight.size", "Name the field that the weight is computed from."),
        (
            'nominal_field = "size"',
            'nominal_field = "metal"',
            "quality.checks[0] (size).tolerance",
            "no required measure",
        ),
        ("nominal = 4.0", 'nominal = 4.0, nominal_field = "size"', "(width).tolerance", "only one of nominal"),
        ('nominal_rule = "band_weight"', "nominal = 5.2", "(weight).tolerance", "percent are of a field or a rule"),
        ('nominal_rule = "band_weight"', 'nominal_rule = "by_eye"', "(weight).tolerance", "band_weight"),
        ('name = "why"', 'name = "size_system"', "form", "used twice: size_system"),
        ('name = "why"', 'name = "Why this"', "(Why this).name", "small letters"),
    ],
)
def test_what_is_wrong_is_said_where_it_is_wrong(old: str, new: str, place: str, words: str) -> None:
    assert TEXT.count(old) >= 1

    said = said_of(TEXT.replace(old, new, 1))

    assert any(place in line and words in line for line in said), said


def test_what_is_no_toml_is_said_with_its_line() -> None:
    (said,) = said_of('craft = "jewellery"\nversion = one\n')

    assert "ring.toml: this is not TOML" in said
    assert "line 2" in said


def test_a_file_that_is_not_there_or_not_text_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    missing, picture = tmp_path / "missing.toml", tmp_path / "picture.toml"
    picture.write_bytes(b"\xff\xfe")

    assert check(missing, picture) == 1

    said = capsys.readouterr().err
    assert "No such file or directory. Name a file that is there" in said
    assert "this is not UTF-8" in said


@pytest.mark.parametrize(
    ("craft", "name", "word"), [("jewellery", "rings", "file"), ("rings", "engraved-ring", "folder")]
)
def test_an_offering_is_named_as_its_folder_and_its_file(
    craft: str, name: str, word: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / craft / f"{name}.toml"
    file.parent.mkdir()
    file.write_text(TEXT)

    assert check(file) == 1
    assert f'Name it as the {word} is named: "rings".' in capsys.readouterr().err


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
