"""Measures the shape of a tree: names, sentences in logic, sizes, and how many files a typical change opens.

`python -m deploy.checks.shape [ROOT …]` prints a column for each tree (this one, unless others are named). Two commits
are compared by two worktrees:

    git worktree add /tmp/before 13dfe09
    python -m deploy.checks.shape /tmp/before .
"""

import ast
import re
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from statistics import median, quantiles

from deploy.checks import ROOT
from deploy.words import sentences

PACKAGES = ("services", "shared", "deploy")
EDGE = re.compile(r"/(locales|templates|static|schemas|migrations)/|\.md$|^tests/|^docs/|^changelog")
CHANGES: Mapping[str, str] = {
    "a new carrier": r"\bfedex\b",
    "the words of a mishap": r"Mishap\.PIECE_DAMAGED: ",
    "a new mail": r"Intent\.CERTIFICATE_READY\b|^    CERTIFICATE_READY\b",
    "a price line's rule": r"\bcommodity\b",
}
"""A change, and the mark of one that is there already: a file that has the mark is opened for the next one."""


def column(root: Path) -> dict[str, str]:
    """The figures of one tree, by name."""
    files = [path for package in PACKAGES for path in sorted((root / package).rglob("*.py"))]
    trees = {path: ast.parse(path.read_text(encoding="utf-8")) for path in files}
    lengths = [len(path.read_text(encoding="utf-8").splitlines()) for path in files]
    functions = [length for tree in trees.values() for length in _functions(tree)]
    repeated = {name: len(where) for name, where in repeated_names(root).items()}
    return {
        "files": str(len(files)),
        "lines a file (median / p90)": _spread([length for length in lengths if length > 1]),
        "functions": str(len(functions)),
        "lines a function (median / p90)": _spread(functions),
        "class names that occur more than once": str(len(repeated)),
        "the most frequent of them": ", ".join(f"{name} {count}" for name, count in Counter(repeated).most_common(4)),
        "sentences in logic": str(len([each for each in sentences.findings(root, pending=()) if _logic(each)])),
        "words outside the catalogues": str(len(sentences.findings(root, pending=()))),
        **{f"files for {change}": str(len(list(_opened(root, mark)))) for change, mark in CHANGES.items()},
    }


def repeated_names(root: Path) -> Mapping[str, Sequence[str]]:
    """The class names that occur more than once, with the files that they occur in. Private ones may."""
    found: dict[str, list[str]] = {}
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*.py")):
            for name in _classes(ast.parse(path.read_text(encoding="utf-8"))):
                found.setdefault(name, []).append(str(path.relative_to(root)))
    return {name: where for name, where in found.items() if len(where) > 1 and not name.startswith("_")}


def _classes(tree: ast.Module) -> Iterator[str]:
    yield from (node.name for node in ast.walk(tree) if isinstance(node, ast.ClassDef))


def _functions(tree: ast.Module) -> Iterator[int]:
    for node in ast.walk(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield (node.end_lineno or node.lineno) - node.lineno + 1


def _spread(lengths: Sequence[int]) -> str:
    return f"{median(lengths):.0f} / {quantiles(lengths, n=10)[8]:.0f}"


def _logic(finding: str) -> bool:
    """Whether a sentence is where none may be: not on a page, in an API, in a mail or on a paper."""
    edge = r"^(shared/(web|i18n)/|services/[a-z]+/(pages|api|labels|letters|mails|documents)[/.])"
    return not re.match(edge, finding) and finding.partition(":")[0].endswith(".py")


def _opened(root: Path, mark: str) -> Iterator[Path]:
    """The files besides catalogues, templates, schemas and tests that have to be opened for one more of its kind."""
    for package in PACKAGES:
        for path in sorted((root / package).rglob("*")):
            name = str(path.relative_to(root))
            read = path.suffix in {".py", ".sql", ".toml", ".words"} and not EDGE.search(f"/{name}")
            if read and re.search(mark, path.read_text(encoding="utf-8"), re.MULTILINE):
                yield path


def main(roots: Sequence[Path]) -> int:
    columns = [column(root.resolve()) for root in roots]
    width = max(map(len, columns[0]))
    for name in columns[0]:
        print(f"{name:<{width}}  " + "  ".join(f"{each[name]:>44}" for each in columns))
    return 0


if __name__ == "__main__":
    sys.exit(main([Path(each) for each in sys.argv[1:]] or [ROOT]))
