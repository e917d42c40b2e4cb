"""Refuses in replayed code what a replay could answer differently: clocks, random, I/O, and state of modules.

`python -m deploy.checks.replayed`. Replayed is all of `services/lifecycle/workflow`, with what it imports of ours.
These modules pass through Temporal's sandbox, which would otherwise catch some of this at run time, and cost more.
"""

import ast
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Final

from deploy.checks import ROOT

BEGINNING: Final = "services/lifecycle/workflow"
OURS: Final = ("services", "shared")
REFUSED_MODULES: Final = frozenset(
    {
        "aiokafka",
        "asyncpg",
        "functools",
        "getpass",
        "glob",
        "http",
        "httpx",
        "io",
        "locale",
        "logging",
        "multiprocessing",
        "os",
        "pathlib",
        "platform",
        "queue",
        "random",
        "requests",
        "secrets",
        "select",
        "shutil",
        "signal",
        "smtplib",
        "socket",
        "sqlite3",
        "ssl",
        "structlog",
        "subprocess",
        "sys",
        "tempfile",
        "threading",
        "time",
        "urllib",
        "uuid_utils",
        "weakref",
        "zoneinfo",
    }
)
ALLOWED_NAMES: Final = frozenset({"functools.partial", "functools.reduce"})
REFUSED_CALLS: Final = frozenset(
    {
        "breakpoint",
        "compile",
        "eval",
        "exec",
        "input",
        "open",
        "print",
        "date.today",
        "datetime.now",
        "datetime.today",
        "datetime.utcnow",
        "uuid.uuid1",
        "uuid.uuid4",
        "uuid1",
        "uuid4",
        "hash",
        "id",
        "asyncio.run",
        "asyncio.to_thread",
        "asyncio.get_event_loop",
        "asyncio.open_connection",
    }
)
_CHANGEABLE: Final = "a module's name is bound to something that can change: annotate it as Final"
_MUTABLE: Final = (ast.Dict, ast.List, ast.Set, ast.DictComp, ast.ListComp, ast.SetComp)


def findings(root: Path) -> list[str]:
    """What is wrong, each with its file and line."""
    return [f"{path.relative_to(root)}:{line}: {what}" for path in replayed(root) for line, what in _of_file(path)]


def replayed(root: Path) -> list[Path]:
    """The files of the workflow and, of ours, all that they import."""
    waiting, found = sorted((root / BEGINNING).glob("*.py")), set[Path]()
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [each for name in _imported(path) for each in _files(root, name)]
    return sorted(found)


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(_parsed(path)):
        match node:
            case ast.Import():
                yield from (each.name for each in node.names)
            case ast.ImportFrom(module=str(module)):
                yield module
                yield from (f"{module}.{each.name}" for each in node.names)
            case _:
                pass


def _files(root: Path, name: str) -> list[Path]:
    if name.partition(".")[0] not in OURS:
        return []
    path = root / name.replace(".", "/")
    return [each for each in (path.with_suffix(".py"), path / "__init__.py") if each.exists()]


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"))


def _of_file(path: Path) -> Iterator[tuple[int, str]]:
    tree = _parsed(path)
    for statement in tree.body:
        yield from _state(statement)
    for node in ast.walk(tree):
        yield from _use(node)


def _state(statement: ast.stmt) -> Iterator[tuple[int, str]]:
    """A name of the module that can change, and would differ from worker to worker."""
    can_change = isinstance(getattr(statement, "value", None), _MUTABLE)
    match statement:
        case ast.Assign() if can_change and not _exports(statement):
            yield statement.lineno, _CHANGEABLE
        case ast.AnnAssign(annotation=annotation) if can_change and "Final" not in ast.unparse(annotation):
            yield statement.lineno, _CHANGEABLE
        case _:
            pass


def _exports(statement: ast.Assign) -> bool:
    return [ast.unparse(each) for each in statement.targets] == ["__all__"]


def _use(node: ast.AST) -> Iterator[tuple[int, str]]:
    match node:
        case ast.Global(names=names):
            yield node.lineno, f"state of the module: {', '.join(names)}"
        case ast.Import(names=names):
            for each in names:
                if each.name.partition(".")[0] in REFUSED_MODULES:
                    yield node.lineno, f"imports {each.name}"
        case ast.ImportFrom(module=str(module), names=names) if module.partition(".")[0] in REFUSED_MODULES:
            for each in names:
                if f"{module}.{each.name}" not in ALLOWED_NAMES:
                    yield node.lineno, f"imports {module}.{each.name}"
        case ast.Call(func=called) if ast.unparse(called) in REFUSED_CALLS:
            yield node.lineno, f"calls {ast.unparse(called)}"
        case _:
            pass


def main() -> int:
    found = findings(ROOT)
    sys.stdout.writelines(f"{each}\n" for each in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
