"""The lock: hashed requirement files, one per group, that hold what pyproject.toml declares."""

import re
from pathlib import Path
from typing import Any

PIN = re.compile(r"^(?P<name>[A-Za-z0-9._-]+)(?:\[[^\]]*\])?==\S+")
NAME = re.compile(r"^[A-Za-z0-9._-]+")


def _canonical(name: str) -> str:
    return re.sub(r"[-_.]+", "-", name).lower()


def _logical_lines(path: Path) -> list[str]:
    return [
        line for line in path.read_text().replace("\\\n", " ").splitlines() if line.strip() and not line.startswith("#")
    ]


def _declared(requirements: list[str]) -> set[str]:
    return {_canonical(match[0]) for text in requirements if (match := NAME.match(text))}


def test_every_requirement_is_pinned_and_hashed(root: Path) -> None:
    loose = [
        f"{path.name}: {line}"
        for path in (root / "requirements").glob("*.txt")
        for line in _logical_lines(path)
        if not PIN.match(line) or "--hash=sha256:" not in line
    ]

    assert loose == []


def test_the_lock_holds_all_that_is_declared(root: Path, project: dict[str, Any]) -> None:
    declared = {"runtime": project["project"]["dependencies"], **project["dependency-groups"]}
    missing = {}
    for group, requirements in declared.items():
        lines = _logical_lines(root / "requirements" / f"{group}.txt")
        locked = {_canonical(match["name"]) for line in lines if (match := PIN.match(line))}
        missing[group] = _declared(requirements) - locked

    assert missing == {group: set() for group in declared}, "run `make lock`"


def test_one_package_has_one_version_in_all_groups(root: Path) -> None:
    versions: dict[str, set[str]] = {}
    for path in (root / "requirements").glob("*.txt"):
        for line in _logical_lines(path):
            pin, _, marker = line.partition(" --hash")[0].partition(";")
            name, _, version = pin.strip().partition("==")
            if not marker.strip():
                versions.setdefault(_canonical(name.partition("[")[0]), set()).add(version)

    assert {name: found for name, found in versions.items() if len(found) > 1} == {}
