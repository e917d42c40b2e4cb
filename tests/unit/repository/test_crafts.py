"""No code names a craft: what is made is in the files of offerings, and in the named rules."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

from shared.offerings import Offering, catalogue
from shared.offerings.form import ChoiceField

_GENERAL = {"small", "large", "middle", "birth", "wedding"}
"""Options that mean something elsewhere as well."""


def test_no_code_names_a_craft(modules: list[Path], root: Path) -> None:
    words = {word for document in catalogue() for word in _words(document.offering)} - _GENERAL
    named = re.compile(rf"\b({'|'.join(sorted(map(re.escape, words)))})s?\b", re.IGNORECASE)

    found = [
        f"{path.relative_to(root)}:{line}: {said}"
        for path in modules
        if _is_code(path.relative_to(root).as_posix())
        for line, said in _said(ast.parse(path.read_text()))
        if named.search(said)
    ]

    assert found == []


def _is_code(name: str) -> bool:
    return name.startswith(("services/", "shared/")) and not name.startswith("shared/offerings/rules/")


def _words(offering: Offering) -> set[str]:
    """What this craft and its piece are called, its skills, and what can be chosen."""
    choices = (field for field in offering.form.fields if isinstance(field, ChoiceField))
    options = {option.id for field in choices for option in field.options}
    skills = {skill for stage in offering.making.stages for skill in stage.skills}
    return {offering.craft, offering.name, *offering.name.split("-")} | skills | options


def _said(module: ast.Module) -> Iterator[tuple[int, str]]:
    """Every name and every text of a module; what documents it may give an example."""
    documenting = {id(node.value) for node in ast.walk(module) if isinstance(node, ast.Expr)}
    for node in ast.walk(module):
        match node:
            case ast.Constant(value=str(text)) if id(node) not in documenting:
                yield node.lineno, text
            case ast.Name(id=name) | ast.Attribute(attr=name) | ast.arg(arg=name):
                yield node.lineno, name
            case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name) | ast.ClassDef(name=name):
                yield node.lineno, name
            case _:
                pass
