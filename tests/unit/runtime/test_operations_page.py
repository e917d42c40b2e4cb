"""`docs/operations.md` is what people run the studio by, so it says what the code does."""

import re
from pathlib import Path

import pytest

from shared.runtime.settings import ProcessRole, ServiceSettings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations.md").read_text()
ROWS = dict(re.findall(r"^\| `TOUCHMARK_(\w+)` \| ([^|]+) \|", PAGE, re.MULTILINE))
IN_WORDS = {"": "empty", frozenset(ProcessRole): "all"}


def test_every_setting_is_listed_once_and_nothing_else_is() -> None:
    assert set(ROWS) == {name.upper() for name in ServiceSettings.model_fields}


@pytest.mark.parametrize("name", [name for name in ServiceSettings.model_fields if name != "instance"])
def test_a_setting_is_listed_with_its_default(name: str) -> None:
    field = ServiceSettings.model_fields[name]
    default = "required" if field.is_required() else IN_WORDS.get(field.default, f"`{field.default}`")

    assert ROWS[name.upper()].removesuffix(".0") == default.replace(".0`", "`")


def test_every_metric_is_listed_and_nothing_else_is() -> None:
    modules = [path for package in ("shared", "services") for path in (ROOT / package).rglob("*.py")]
    declared = [
        name
        for path in modules
        if path.name != "metrics.py"
        for name in re.findall(r'METRICS\.(?:counter|gauge|seconds)\(\s*"(\w+)"', path.read_text())
    ]

    assert set(re.findall(r"`(touchmark_\w+)`", PAGE)) == set(declared)
    assert len(declared) == len(set(declared)), "a metric is declared once"
