"""SQL is named, explained, explicit, and used."""

import re
from dataclasses import dataclass
from pathlib import Path

import pytest

_NAME = re.compile(r"^-- name:\s*(?P<name>\w+)\s*(?:\(.*\))?\s*[$^!#*<]*\s*$")


@dataclass(frozen=True)
class Query:
    file: Path
    name: str
    sentence: str
    body: str

    def __str__(self) -> str:
        return f"{self.room.parent.name}/{self.room.name}: {self.name}"

    @property
    def room(self) -> Path:
        """The folder whose modules may use it."""
        return self.file.parent.parent if self.file.parent.name == "sql" else self.file.parent


def _queries(file: Path) -> list[Query]:
    found: list[Query] = []
    name, comments, body = "", list[str](), list[str]()
    for line in [*file.read_text().splitlines(), "-- name: the_end"]:
        if match := _NAME.match(line):
            if name:
                found.append(Query(file, name, " ".join(comments), "\n".join(body)))
            name, comments, body = match["name"], [], []
        elif line.startswith("--") and not body:
            comments.append(line.lstrip("- ").strip())
        elif line.strip():
            body.append(line)
    return found


@pytest.fixture(scope="module")
def queries(tracked: list[Path]) -> list[Query]:
    named = [path for path in tracked if path.suffix == ".sql" and "-- name:" in path.read_text()]
    return [query for path in named for query in _queries(path)]


def test_every_query_is_explained_in_a_sentence(queries: list[Query]) -> None:
    unexplained = [str(query) for query in queries if not re.search(r"\w+ \w+.*[.?]$", query.sentence)]

    assert unexplained == [], "write `-- A sentence.` below `-- name: …`"


def test_every_query_names_its_columns(queries: list[Query]) -> None:
    starred = [
        str(query) for query in queries if re.search(r"(?i)\b(select|returning)\s+(\w+\.)?\*|,\s*\w+\.\*", query.body)
    ]

    assert starred == []


def test_every_query_is_used_by_its_store(queries: list[Query]) -> None:
    asked = {room: _asked(room) for room in {query.room for query in queries}}
    unused = [str(query) for query in queries if query.name not in asked[query.room]]

    assert unused == [], "what is not used is deleted"


def _asked(room: Path) -> set[str]:
    """Every attribute that the room's modules name."""
    return {name for path in room.rglob("*.py") for name in re.findall(r"\.(\w+)", path.read_text())}


def test_a_query_has_its_name_once(queries: list[Query]) -> None:
    names = [str(query) for query in queries]

    assert sorted(names) == sorted(set(names))
