"""The checks of `make check`: each a command, what it guards, and the remedy when it complains."""

import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Check:
    """One command. `guards` says which rule it holds; `remedy` is what to do when it fails."""

    name: str
    guards: str
    command: tuple[str, ...]
    remedy: str


PACKAGES = ("services", "shared", "deploy")

CHECKS = (
    Check(
        "ruff",
        "style, and mistakes that have a name",
        ("ruff", "check", "."),
        "`make format` mends most of it; what stays is shown with its rule (`ruff rule CODE` explains).",
    ),
    Check(
        "format",
        "one way to lay out code",
        ("ruff", "format", "--check", "."),
        "`make format`.",
    ),
    Check(
        "mypy",
        "types, strictly, tests included",
        ("mypy",),
        "Give the value its type; a `# type: ignore[code]` needs its code and its reason.",
    ),
    Check(
        "replayed",
        "no clock, chance, I/O or state in what Temporal replays",
        (sys.executable, "-m", "deploy.checks.replayed"),
        "Take it in as an input of the workflow or of a command, or ask `workflow` for it: `now`, `random`, `uuid4`.",
    ),
    Check(
        "import-linter",
        "who may import whom: services, rooms, layers",
        ("lint-imports", "--no-logo"),
        "The contracts, and what to do instead, are in pyproject.toml under [tool.importlinter].",
    ),
    Check(
        "deptry",
        "what ships declares what it imports",
        ("deptry", "services", "shared", "--ignore", "DEP002"),
        "Add the package to [project.dependencies] and run `make lock`, or do without it.",
    ),
    Check(
        "deptry-unused",
        "nothing is declared that nobody imports",
        ("deptry", *PACKAGES, "tests", "--ignore", "DEP004"),
        "Remove the package from pyproject.toml and run `make lock`.",
    ),
    Check(
        "squawk",
        "migrations do not lock a living table, nor break the release before",
        (sys.executable, "-m", "deploy.checks.migrations"),
        "Follow the advice, or write beside the statement `-- squawk-ignore RULE` and the reason.",
    ),
    Check(
        "words",
        "no sentence in logic, and every message in every language",
        (sys.executable, "-m", "deploy.words", "check"),
        "`make words` brings the catalogues up to date; then translate what is missing.",
    ),
    Check(
        "repository",
        "the rules that are ours: rooms, names, lengths, locks, changelog",
        (sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests/unit/repository"),
        "Each failed test says what is wrong and where.",
    ),
)
