"""A domain is plain rules: the clock, ids and chance come in as arguments."""

import ast
from pathlib import Path

import pytest

NOT_HERE = {"new_id", "system_clock", "uuid1", "uuid4", "uuid7", "random", "secrets", "open", "environ", "sleep"}
NOT_ASKED = {"now", "today", "utcnow", "time", "monotonic"}
CLOCKS = {"datetime", "date", "time"}


@pytest.fixture(scope="module")
def domains(services: list[Path]) -> list[Path]:
    return [path for service in services for path in (*service.glob("domain.py"), *service.glob("domain/**/*.py"))]


def test_a_domain_takes_clock_ids_and_chance_as_arguments(domains: list[Path], root: Path) -> None:
    found = [
        f"{path.relative_to(root)}:{node.lineno}: {ast.unparse(node)}"
        for path in domains
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Name | ast.Attribute) and _reaches_out(node)
    ]

    assert found == []


def _reaches_out(node: ast.Name | ast.Attribute) -> bool:
    if isinstance(node, ast.Name):
        return node.id in NOT_HERE
    return node.attr in NOT_ASKED and isinstance(node.value, ast.Name) and node.value.id in CLOCKS
