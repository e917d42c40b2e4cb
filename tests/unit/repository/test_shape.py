"""The figures that two trees are compared by."""

from pathlib import Path

from deploy.checks import shape

DOMAIN = '''\
"""A docstring."""


class Line:
    """One."""

    def total(self) -> str:
        return "This is what it costs."

    def count(self) -> int:
        return 1


class Carrier:
    FEDEX = "fedex"
'''


def test_a_tree_is_counted(tmp_path: Path) -> None:
    for name, text in {
        "services/quotes/domain": DOMAIN,
        "shared/web": "class Line:\n    pass\n",
    }.items():
        (tmp_path / name).mkdir(parents=True)
        (tmp_path / name / "line.py").write_text(text)

    counted = shape.column(tmp_path)

    assert counted["files"] == "2"
    assert counted["functions"] == "2"
    assert counted["class names that occur more than once"] == "1"
    assert counted["sentences in logic"] == "1"
    assert counted["files for a new carrier"] == "1"
