"""A fault point does nothing, unless a test armed it."""

import os
import re
import signal
from pathlib import Path

import pytest

from shared.runtime import faults

ROOT = Path(__file__).parents[3]


@pytest.fixture
def killed(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """The signals that this process would have got."""
    signals: list[int] = []
    monkeypatch.setattr(faults, "_armed", {})
    monkeypatch.setattr(os, "kill", lambda _pid, number: signals.append(number))
    return signals


def test_a_point_that_is_not_armed_is_passed(killed: list[int]) -> None:
    faults.reach("relay.after_produce")

    assert killed == []


def test_an_armed_point_kills_once_and_leaves_its_marker(killed: list[int], tmp_path: Path) -> None:
    marker = tmp_path / "marker"
    faults.arm({"relay.after_produce": marker})

    faults.reach("relay.after_produce")
    faults.reach("relay.after_produce")

    assert killed == [signal.SIGKILL]
    assert marker.read_text() == f"relay.after_produce {os.getpid()}\n"


def test_a_point_that_does_not_exist_cannot_be_armed(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="no such fault point"):
        faults.arm({"after.lunch": tmp_path})


def test_every_point_that_can_be_armed_is_reached_somewhere_and_the_other_way_round() -> None:
    sources = [path for folder in ("shared", "services") for path in (ROOT / folder).rglob("*.py")]
    reached = {point for path in sources for point in re.findall(r'faults\.reach\("([\w.]+)"\)', path.read_text())}

    assert reached == faults.POINTS


def test_only_tests_arm_faults() -> None:
    sources = [path for folder in ("shared", "services", "deploy") for path in (ROOT / folder).rglob("*.py")]

    assert [path for path in sources if "faults.arm(" in path.read_text()] == []
