"""Every change is described in the changelog: scriv's fragments in changelog.d/."""

import re
from pathlib import Path
from typing import Any

FRAGMENT = re.compile(r"^\d{8}_[a-z0-9_-]+\.md$")


def _fragments(root: Path) -> list[Path]:
    return sorted(path for path in (root / "changelog.d").glob("*.md") if path.name != "README.md")


def test_there_is_a_fragment_or_a_release(root: Path, project: dict[str, Any]) -> None:
    released = project["project"]["version"] in (root / "CHANGELOG.md").read_text()

    assert _fragments(root) or released


def test_fragments_are_named_by_day_and_subject(root: Path) -> None:
    assert [path.name for path in _fragments(root) if not FRAGMENT.match(path.name)] == []


def test_fragments_say_something_under_a_known_heading(root: Path, project: dict[str, Any]) -> None:
    headings = {f"### {category}" for category in project["tool"]["scriv"]["categories"]}
    wrong = []
    for path in _fragments(root):
        text = path.read_text()
        found = {line.strip() for line in text.splitlines() if line.startswith("#")}
        if not found or not found <= headings or not re.search(r"^- \S", text, re.MULTILINE):
            wrong.append(path.name)

    assert wrong == []
