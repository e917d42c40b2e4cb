"""The contracts as they were checked in, against the classes as they are."""

import copy
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from deploy.checks import schemas as checked
from shared.contracts.compatibility import breaks_between

Schema = dict[str, Any]


@pytest.fixture(scope="module")
def recorded() -> dict[str, Schema]:
    return dict(checked.recorded())


def test_no_contract_breaks_who_reads_the_old_form(recorded: dict[str, Schema]) -> None:
    assert breaks_between(recorded, checked.current()) == []


def test_the_checked_in_schemas_are_those_of_the_classes(recorded: dict[str, Schema]) -> None:
    assert recorded == checked.current(), "run `make schemas`"


def test_facts_commands_results_and_workflow_inputs_are_all_guarded(recorded: dict[str, Schema]) -> None:
    assert {name.split("/")[0] for name in recorded} == {"facts", "commands", "workflows"}
    assert {"commands/quotes.DraftQuote", "commands/quotes.DraftQuote.result"} <= recorded.keys()
    assert "workflows/Commission.run.0" in recorded


def _objects(schema: Schema) -> Iterator[Schema]:
    """The message itself and every class within it."""
    yield schema
    yield from (definition for definition in schema.get("$defs", {}).values() if "properties" in definition)


def test_losing_any_field_of_any_contract_is_found(recorded: dict[str, Schema]) -> None:
    unnoticed = []
    for name, schema in recorded.items():
        for index, one in enumerate(_objects(schema)):
            for field in one.get("properties", {}):
                maimed = copy.deepcopy(schema)
                del list(_objects(maimed))[index]["properties"][field]
                if not breaks_between({name: schema}, {name: maimed}):
                    unnoticed.append(f"{name}: {field}")

    assert unnoticed == []


def test_requiring_more_of_any_contract_is_found(recorded: dict[str, Schema]) -> None:
    unnoticed = []
    for name, schema in recorded.items():
        for index, _ in enumerate(_objects(schema)):
            maimed = copy.deepcopy(schema)
            one = list(_objects(maimed))[index]
            one.setdefault("properties", {})["more"] = {"type": "string"}
            one["required"] = [*one.get("required", []), "more"]
            if not breaks_between({name: schema}, {name: maimed}):
                unnoticed.append(f"{name}: {index}")

    assert unnoticed == []


def test_writing_refuses_to_overwrite_a_form_that_somebody_still_reads(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    old = checked.current()["facts/touchmark.quotes.QuoteDrafted"]
    old["properties"]["colour"] = {"type": "string"}
    checked.write({"facts/touchmark.quotes.QuoteDrafted": old}, tmp_path)
    monkeypatch.setattr(checked, "recorded", lambda: checked_in(tmp_path))
    monkeypatch.setattr(checked, "released", lambda: True)

    refused = checked.main()

    assert refused == 1
    assert "/colour: the field is gone" in capsys.readouterr().out
    assert checked_in(tmp_path)["facts/touchmark.quotes.QuoteDrafted"] == old


def test_a_message_that_is_gone_has_no_document_any_more(tmp_path: Path) -> None:
    known = checked.current()
    checked.write({**known, "facts/touchmark.quotes.QuoteForgotten": {"type": "object"}}, tmp_path)

    checked.write(known, tmp_path)

    assert checked_in(tmp_path) == known


@pytest.mark.parametrize(("version", "released"), [("0.1.0.dev0", False), ("0.1.0", True), ("1.4.2", True)])
def test_forms_may_break_until_the_first_release_only(tmp_path: Path, version: str, released: bool) -> None:  # noqa: FBT001 (a row of the table)
    project = tmp_path / "pyproject.toml"
    project.write_text(f'[project]\nname = "touchmark"\nversion = "{version}"\n')

    assert checked.released(project) is released


def checked_in(folder: Path) -> dict[str, Schema]:
    return {
        str(path.relative_to(folder)).removesuffix(".json"): json.loads(path.read_text())
        for path in folder.rglob("*.json")
    }
