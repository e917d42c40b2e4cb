"""What the check of replayed code refuses, and that it looks at all that is replayed."""

from pathlib import Path

import pytest

from deploy.checks import ROOT
from deploy.checks.replayed import findings, replayed

STEPS = "services/lifecycle/workflow/steps.py"
CONTRACT = "shared/contracts/things.py"


def tree(root: Path, **files: str) -> Path:
    """A workflow whose steps import a contract."""
    for name, text in {STEPS: "from shared.contracts.things import Thing\n", CONTRACT: "", **files}.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_text(text)
    return root


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("from datetime import datetime\n\ndef f():\n    return datetime.now()\n", "4: calls datetime.now"),
        ("import random\n", "1: imports random"),
        ("import os.path\n", "1: imports os.path"),
        ("from zoneinfo import ZoneInfo\n", "1: imports zoneinfo.ZoneInfo"),
        ("from functools import cache\n", "1: imports functools.cache"),
        ("def f():\n    return open('x')\n", "2: calls open"),
        ("from uuid import uuid4\n\nID = uuid4()\n", "3: calls uuid4"),
        ("SEEN = {}\n", "1: a module's name is bound"),
        ("SEEN: list[int] = []\n", "1: a module's name is bound"),
        ("def f():\n    global seen\n    seen = 1\n", "2: state of the module: seen"),
    ],
)
def test_what_a_replay_could_answer_differently_is_refused(tmp_path: Path, text: str, said: str) -> None:
    (found,) = findings(tree(tmp_path, **{CONTRACT: text}))

    assert found.startswith(f"{CONTRACT}:{said}")


def test_the_workflows_own_modules_are_looked_at_too(tmp_path: Path) -> None:
    assert findings(tree(tmp_path, **{STEPS: "import time\n"})) == [f"{STEPS}:1: imports time"]


def test_what_is_pure_is_not(tmp_path: Path) -> None:
    pure = "from functools import partial\nfrom typing import Final\n\nORDER: Final = {1: 2}\n__all__ = ['ORDER']\n"

    assert findings(tree(tmp_path, **{CONTRACT: pure})) == []


def test_a_module_that_nobody_replays_may_look_at_a_clock(tmp_path: Path) -> None:
    assert findings(tree(tmp_path, **{"shared/contracts/others.py": "import time\n"})) == []


def test_the_workflow_and_its_contracts_are_looked_at() -> None:
    found = {str(path.relative_to(ROOT)) for path in replayed(ROOT)}

    assert {"services/lifecycle/workflow/deadlines.py", "shared/contracts/quotes.py", "shared/kernel/money.py"} <= found
    assert "shared/kernel/ids.py" not in found
