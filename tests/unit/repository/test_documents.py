"""What the documents name is there: links, paths, make targets, commands, facts."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from deploy.cli.main import _COMMANDS
from shared.contracts.registry import COMMANDS, FACTS

LINK = re.compile(r"\]\((?!https?:|#)([^)#\s]+)")
CODE = re.compile(r"`([^`\n]+)`")
FENCE = re.compile(r"^```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
TOP = ("services/", "shared/", "deploy/", "tests/", "docs/", "requirements/", "changelog.d/")
MESSAGE = re.compile(r"\b(?:[A-Z][a-z]+){2,}\b")
# Named in the flow, and neither a fact nor a command: results, and words of others.
ELSEWHERE = {"HoldOutcome", "PreviewedPromise", "QuoteDraft", "NotYet", "PostgreSQL"}


@pytest.fixture(scope="module")
def documents(tracked: list[Path], root: Path) -> list[Path]:
    own = [path for path in tracked if path.suffix == ".md" and path.parent != root / "changelog.d"]
    return [path for path in own if path.relative_to(root).parts[0] != "services"]


def _prose(path: Path) -> str:
    return FENCE.sub("", path.read_text())


def _code(path: Path) -> Iterator[str]:
    yield from CODE.findall(_prose(path))
    for language, block in FENCE.findall(path.read_text()):
        if language == "sh":
            yield from block.splitlines()


def test_every_link_leads_somewhere(documents: list[Path], root: Path) -> None:
    dead = [
        f"{path.relative_to(root)}: {target}"
        for path in documents
        for target in LINK.findall(_prose(path))
        if not (path.parent / target).exists()
    ]

    assert dead == []


def test_every_path_that_is_named_is_there(documents: list[Path], root: Path) -> None:
    dead = [
        f"{path.relative_to(root)}: {named}"
        for path in documents
        for code in CODE.findall(_prose(path))
        if (named := code.split(":")[0].strip()).startswith(TOP) and not _exists(root, named)
    ]

    assert dead == []


def _exists(root: Path, named: str) -> bool:
    """A placeholder in angle brackets, an ellipsis or a star stands for any name."""
    if re.search(r"[<…]", named):
        named = re.sub(r"<[^>]*>|…", "*", named)
    return any(root.glob(named.rstrip("/"))) if "*" in named else (root / named).exists()


def test_every_target_that_is_named_is_in_the_makefile(documents: list[Path], root: Path) -> None:
    targets = set(re.findall(r"^([a-z-]+):", (root / "Makefile").read_text(), re.MULTILINE))
    named = {target for path in documents for code in _code(path) for target in re.findall(r"\bmake ([a-z-]+)", code)}

    assert named - targets == set()


def test_every_command_that_is_named_is_one(documents: list[Path]) -> None:
    named = {
        command
        for path in documents
        for code in _code(path)
        for command in re.findall(r"(?:^|[\s/])touchmark ([a-z][a-z-]*)", code)
    }

    assert named - set(_COMMANDS) == set()


def test_the_flow_names_real_facts_and_commands(root: Path) -> None:
    text = (root / "docs" / "how-a-commission-flows.md").read_text()
    known = {fact.__name__ for fact in FACTS.values()} | {command.__name__ for command in COMMANDS.values()}

    named = {word for word in MESSAGE.findall(text) if word not in ELSEWHERE}
    assert named - known == set()
    assert known - named == set(), "the flow leaves something out"


def test_a_decision_is_one_or_two_sentences_with_context_and_consequences(root: Path) -> None:
    wrong = []
    for number, path in enumerate(sorted((root / "docs" / "decisions").glob("0*.md")), 1):
        title, *parts = re.split(r"^## ", path.read_text(), flags=re.MULTILINE)
        headings = [part.partition("\n")[0] for part in parts]
        decision = parts[0].partition("\n")[2].strip()
        sentences = len(re.findall(r"[.!?](?=\s|$)", decision))
        fits = path.name.startswith(f"{number:04d}-") and title.startswith(f"# {number:04d}. ")
        if not fits or headings != ["Decision", "Context", "Consequences"] or sentences not in {1, 2}:
            wrong.append(path.name)

    assert wrong == []


def test_every_decision_is_listed(root: Path) -> None:
    folder = root / "docs" / "decisions"
    listed = set(LINK.findall((folder / "README.md").read_text()))

    assert {path.name for path in folder.glob("0*.md")} == listed
