"""Where in a TOML file a key is, which the standard library's parser does not report."""

import re
from collections.abc import Iterator, Sequence

Path = tuple[str | int, ...]

_ARRAY = re.compile(r"^\s*\[\[([^\]]+)\]\]")
_TABLE = re.compile(r"^\s*\[([^\[\]]+)\]")
_KEY = re.compile(r"""^\s*([A-Za-z0-9_.-]+|"[^"]*")\s*=""")


def line_of(text: str, path: Sequence[str | int]) -> int:
    """The line, from 1, of the key at `path`, or of the nearest part of it that the file has."""
    lines = dict(_lines(text))
    for length in range(len(path), 0, -1):
        if found := lines.get(tuple(path[:length])):
            return found
    return 1


def _lines(text: str) -> Iterator[tuple[Path, int]]:
    table: Path = ()
    counts: dict[Path, int] = {}
    inside_text = False
    for number, line in enumerate(text.splitlines(), start=1):
        was_inside = inside_text
        if (line.count('"""') + line.count("'''")) % 2:
            inside_text = not inside_text
        if was_inside:
            continue
        if found := _ARRAY.match(line):
            array = _resolved(found[1], counts)
            counts[array] = counts.get(array, -1) + 1
            table = (*array, counts[array])
            yield table, number
        elif found := _TABLE.match(line):
            table = _resolved(found[1], counts)
            yield table, number
        elif found := _KEY.match(line):
            yield (*table, *_parts(found[1])), number


def _parts(dotted: str) -> Path:
    return tuple(part.strip().strip('"') for part in dotted.split("."))


def _resolved(dotted: str, counts: dict[Path, int]) -> Path:
    """The path of a table's header: a part that names an array of tables means its newest entry."""
    path: Path = ()
    parts = _parts(dotted)
    for index, part in enumerate(parts):
        path = (*path, part)
        if path in counts and index < len(parts) - 1:
            path = (*path, counts[path])
    return path
