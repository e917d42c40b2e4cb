"""Writes the contracts' JSON Schemas, and refuses changes that break a reader: `python -m deploy.checks.schemas`.

A message that has to break is a new one, under a new name. Before the first release, while the version in
`pyproject.toml` is a development version (`.dev`), nobody reads an old form: then a break is named and written.
The documents are in `shared/contracts/schemas/`.
"""

import json
import sys
import tomllib
from collections.abc import Iterator, Mapping
from importlib import import_module
from pathlib import Path
from typing import Any

from deploy.checks import ROOT
from shared.contracts import export
from shared.contracts.compatibility import breaks_between

FOLDER = ROOT / "shared" / "contracts" / "schemas"

Schema = dict[str, Any]


def current() -> Mapping[str, Schema]:
    """As the classes are now: facts, commands, results, and what workflows are started and signalled with."""
    return {**export.schemas(), **dict(_workflows())}


def recorded(folder: Path = FOLDER) -> Mapping[str, Schema]:
    """As they were written last."""
    return {
        str(path.relative_to(folder)).removesuffix(".json"): json.loads(path.read_text())
        for path in folder.rglob("*.json")
    }


def released(project: Path = ROOT / "pyproject.toml") -> bool:
    """Whether somebody may run a release, so that its records and histories have to stay readable."""
    version: str = tomllib.loads(project.read_text())["project"]["version"]
    return ".dev" not in version


def write(schemas: Mapping[str, Schema], folder: Path = FOLDER) -> None:
    """Write these documents; the document of a message that is gone is deleted."""
    for gone in recorded(folder).keys() - schemas.keys():
        (folder / f"{gone}.json").unlink()
    for name, schema in schemas.items():
        path = folder / f"{name}.json"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps(schema, indent=2, sort_keys=True, ensure_ascii=False) + "\n")


def _workflows() -> Iterator[tuple[str, Schema]]:
    for path in sorted(ROOT.glob("services/*/workflow/*.py")):
        module = import_module(f"services.{path.parents[1].name}.workflow.{path.stem}")
        for kind in vars(module).values():
            if getattr(kind, "__module__", None) == module.__name__:
                yield from _messages(getattr(kind, "__temporal_workflow_definition", None))


def _messages(definition: Any) -> Iterator[tuple[str, Schema]]:
    """What one workflow takes and returns, from temporalio's own record of it."""
    if definition is None:
        return
    stem = f"workflows/{definition.name}"
    yield from _parameters(f"{stem}.run", definition.arg_types)
    yield f"{stem}.result", export.schema(definition.ret_type, f"{definition.name}.result")
    for name, signal in definition.signals.items():
        yield from _parameters(f"{stem}.signal.{name}", signal.arg_types)
    for name, update in definition.updates.items():
        yield from _parameters(f"{stem}.update.{name}", update.arg_types)


def _parameters(stem: str, kinds: list[type] | None) -> Iterator[tuple[str, Schema]]:
    for position, kind in enumerate(kinds or ()):
        yield f"{stem}.{position}", export.schema(kind, f"{Path(stem).name}.{position}")


def main() -> int:
    now = current()
    if broken := breaks_between(recorded(), now):
        print("\n".join(["These changes break who reads or writes the old form:", *broken]))
        if released():
            print("Add an optional field instead, or a new message under a new name.")
            return 1
        print("Written all the same: nothing is released yet.")
    write(now)
    print(f"{len(now)} schemas in {FOLDER.relative_to(ROOT)}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
