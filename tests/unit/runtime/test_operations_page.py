"""`docs/operations.md` is what people run the studio by, so it says what the code does."""

import re
from importlib import import_module
from pathlib import Path

import pytest
from pydantic import SecretStr
from pydantic.fields import FieldInfo

from deploy.local.plan import SERVICES
from shared.runtime.settings import ProcessRole, ServiceSettings

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs" / "operations.md").read_text()
OF_ALL = set(ServiceSettings.model_fields)
IN_WORDS: dict[object, str] = {"": "empty", frozenset(): "empty", frozenset(ProcessRole): "all", None: "none"}


def _settings(service: str) -> type[ServiceSettings]:
    found: type[ServiceSettings] = getattr(import_module(f"services.{service}.settings"), f"{service.title()}Settings")
    return found


def _rows(heading: str) -> dict[str, str]:
    """The settings under this heading, with their defaults."""
    section = PAGE.partition(f"\n### {heading}\n")[2].partition("\n### ")[0]
    return dict(re.findall(r"^\| `TOUCHMARK_(\w+)` \| ([^|]+) \|", section, re.MULTILINE))


def _default(field: FieldInfo) -> str:
    if field.is_required():
        return "required"
    if isinstance(field.default, tuple):
        return f"`{','.join(str(each) for each in field.default)}`"
    default = field.default.get_secret_value() if isinstance(field.default, SecretStr) else field.default
    said = str(default).lower() if isinstance(default, bool) else str(default)
    return IN_WORDS.get(default, f"`{said}`").replace(".0`", "`")


def test_every_setting_is_listed_once_and_nothing_else_is() -> None:
    listed = re.findall(r"^\| `TOUCHMARK_(\w+)` \|", PAGE, re.MULTILINE)

    own = [name for service in SERVICES for name in _settings(service).model_fields if name not in OF_ALL]
    assert sorted(listed) == sorted(name.upper() for name in [*OF_ALL, *own])


@pytest.mark.parametrize("name", sorted(OF_ALL - {"instance"}))
def test_a_setting_is_listed_with_its_default(name: str) -> None:
    assert _rows("Every service")[name.upper()] == _default(ServiceSettings.model_fields[name])


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_own_settings_are_listed_with_their_defaults(service: str) -> None:
    fields = _settings(service).model_fields

    own = {name.upper(): _default(field) for name, field in fields.items() if name not in OF_ALL}
    assert _rows(service) == own


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
