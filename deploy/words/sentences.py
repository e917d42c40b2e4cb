"""Sentences for people that no catalogue reaches: in logic, and in templates beside the marked messages.

A literal of four words or more is a sentence, unless it is a docstring, goes to a log, describes a metric, a setting or
a route to programmers, or is the message of an error of our own that no person is shown.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from jinja2 import Environment

from deploy.checks import ROOT
from shared.i18n.templates import EXTENSIONS

PENDING: tuple[str, ...] = ()
"""Where sentences still wait for their catalogue. A package leaves this list once it is done, and never comes back."""

NOT_FOR_PEOPLE = "# not for people: "
"""Ends a line whose sentence no person reads on a page, in a mail or in an answer; the reason follows."""

FOR_PROGRAMMERS = {"shared/contracts/compatibility.py": "`make schemas` prints it"}

WORDS = 4
_WORD = re.compile(r"[A-Za-z][a-z'’]+|\bI\b|\ba\b")  # noqa: RUF001 (the apostrophe that people type)
_SENTENCE = re.compile(r"(?:[A-Za-z’'(\"]+[,;:.!?)\"]*\s+){3,}[A-Za-z’'(\"]+")  # noqa: RUF001 (likewise)
_NO_PROSE = re.compile(
    r"^\s*(default-src|SELECT|INSERT|UPDATE|DELETE|WITH|CREATE|SET|ALTER|LISTEN|NOTIFY|LOCK|GRANT|REVOKE|DROP)\b"
)
_MARKS = frozenset({"N_", "n_", "c_", "_", "gettext", "ngettext", "pgettext", "npgettext"})
_LOGS = frozenset({"debug", "info", "warning", "error", "critical", "exception", "log", "warn"})
_DOCUMENTATION = frozenset({"description", "summary", "help", "responses", "title", "reason", "deprecated"})
_METRICS = frozenset({"counter", "gauge", "seconds", "histogram", "state"})
_ERRORS = re.compile(r"(Error|Exception|Warning|AssertionError)$")


def findings(root: Path = ROOT, pending: tuple[str, ...] = PENDING) -> list[str]:
    """One line for each sentence that is out of place, but for the packages that are not done yet."""
    return [each for each in (*_in_code(root), *_in_templates(root)) if not each.startswith(pending)]


def _in_code(root: Path) -> Iterator[str]:
    for path in sorted([*(root / "services").rglob("*.py"), *(root / "shared").rglob("*.py")]):
        name, source = str(path.relative_to(root)), path.read_text(encoding="utf-8")
        if name in FOR_PROGRAMMERS:
            continue
        lines = source.splitlines()
        for line, text in _Sentences(ast.parse(source)):
            if NOT_FOR_PEOPLE not in lines[line - 1]:
                yield (
                    f"{name}:{line}: a sentence outside the catalogues: {text[:70]!r}. "
                    "Give back a code, and put its words into labels.py."
                )


class _Sentences(ast.NodeVisitor):
    """The sentences of one module, each with its line."""

    def __init__(self, tree: ast.Module) -> None:
        self._found: list[tuple[int, str]] = []
        self.visit(tree)

    def __iter__(self) -> Iterator[tuple[int, str]]:
        return iter(self._found)

    def visit_Expr(self, node: ast.Expr) -> None:
        if not isinstance(node.value, ast.Constant):  # a docstring, or a sentence below what it describes
            self.generic_visit(node)

    def visit_Raise(self, node: ast.Raise) -> None:
        if not (isinstance(node.exc, ast.Call) and _ERRORS.search(_name(node.exc.func))):
            self.generic_visit(node)

    def visit_Assert(self, node: ast.Assert) -> None:
        self.visit(node.test)

    def visit_Call(self, node: ast.Call) -> None:
        name = _name(node.func)
        if name in _MARKS | _LOGS or name in _METRICS or _ERRORS.search(name):
            return
        self.visit(node.func)
        for argument in node.args:
            self.visit(argument)
        for keyword in node.keywords:
            if keyword.arg not in _DOCUMENTATION:
                self.visit(keyword.value)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self._judge(node.lineno, node.value)

    def visit_JoinedStr(self, node: ast.JoinedStr) -> None:
        self._judge(node.lineno, "".join(_literal(part) for part in node.values))

    def _judge(self, line: int, text: str) -> None:
        if not _NO_PROSE.match(text) and len(_WORD.findall(text)) >= WORDS and _SENTENCE.search(text):
            self._found.append((line, text))


def _literal(part: ast.expr) -> str:
    return part.value if isinstance(part, ast.Constant) and isinstance(part.value, str) else "x"


def _name(function: ast.expr) -> str:
    """The last name of what is called: `log.info` is `info`."""
    match function:
        case ast.Attribute(attr=name) | ast.Name(id=name):
            return name
        case _:
            return ""


# Templates.

_TAG = re.compile(r"<(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>", re.DOTALL)
_HIDDEN = re.compile(r"<!--.*?-->|<(style|script|svg)\b.*?</\1>", re.DOTALL)
_TEXT_ATTRIBUTE = re.compile(
    r"\b(?:alt|title|placeholder|aria-label|data-label|value)=\"([^\"{}]*[A-Za-z]{2,}[^\"{}]*)\""
)
_LETTERS = re.compile(r"[A-Za-z]{2,}")
_VALUE_OF_CODE = re.compile(r"^[a-z0-9_./:-]*$")
_ATTRIBUTES = re.compile(r"^[\s\"]*(?:(?:[a-z-]+=\"[^\"]*\"?|required|checked|selected|hidden|disabled|open)[\s\"]*)+$")
"""A piece of a tag that a macro puts together."""
_ENTITY = re.compile(r"&[a-z]+;|&#\d+;")


def _in_templates(root: Path) -> Iterator[str]:
    environment = Environment(extensions=EXTENSIONS, autoescape=True)
    folders = [*(root / "services").rglob("templates"), *(root / "shared").rglob("templates")]
    for path in sorted(file for folder in folders for file in folder.rglob("*") if file.is_file()):
        for line, text in _unmarked(environment, path):
            yield (
                f"{path.relative_to(root)}:{line}: words outside the catalogues: {text[:70]!r}. "
                'Put them into {% trans %} or {{ _("…") }}.'
            )


def _unmarked(environment: Environment, path: Path) -> Iterator[tuple[int, str]]:
    """The words that a template says by itself, with their lines."""
    marked = False
    whole, lines = "", list[int]()
    for line, kind, value in environment.lex(path.read_text(encoding="utf-8")):
        if kind == "name" and value == "trans":
            marked = True
        elif kind == "name" and value == "endtrans":
            marked = False
        if kind == "data" and not marked:
            whole += value
            lines += [line + value[:position].count("\n") for position in range(len(value))]
        elif kind in {"variable_begin", "block_begin"}:
            whole += "\x00"  # keeps apart what a variable or a block stands between
            lines.append(line)
    hidden = _HIDDEN.sub(lambda found: " " * len(found[0]), whole)
    for found in _TEXT_ATTRIBUTE.finditer(hidden):
        if not _VALUE_OF_CODE.match(found[1].strip("\x00")):
            yield lines[found.start(1)], found[1]
    spoken = _TAG.sub(lambda found: " " * len(found[0]), hidden)
    for found in re.finditer(r"[^\x00\n]+", spoken):
        text = _ENTITY.sub("", found[0]).strip()
        if _LETTERS.search(text) and not _ATTRIBUTES.match(text):
            yield lines[found.start()], text
