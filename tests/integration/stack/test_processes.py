"""Starting programs, distinguishing them from others with the same number, and ending all that they started."""

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from deploy.local.processes import Identity, Launch, SystemAccount, last_lines, spawn, stop_tree
from deploy.local.refusal import Refusal
from tests.support.waiting import until

# A program that starts another, and so on, so many deep; one of them in a session of its own. All live until ended.
_FAMILY = """
import subprocess, sys, time
depth, alone = int(sys.argv[1]), int(sys.argv[2])
if depth:
    command = [sys.executable, "-c", {program!r}, str(depth - 1), str(alone)]
    subprocess.Popen(command, start_new_session=depth == alone)
print("ready", depth, flush=True)
time.sleep(300)
"""
_STUBBORN = (
    "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); print('ready', flush=True); time.sleep(300)"
)


def _family_program() -> str:
    innermost = _FAMILY.format(program="")
    middle = _FAMILY.format(program=innermost)
    return _FAMILY.format(program=middle)


async def _start(folder: Path, *arguments: str, lines: int = 1) -> Identity:
    log = folder / "log"
    process = spawn(Launch((sys.executable, "-c", *arguments), cwd=folder), log)
    await until("all are ready", lambda: last_lines(log, 9).count("ready") == lines)
    return Identity.of(process.pid)


async def test_a_program_is_stopped_with_its_children_and_theirs(tmp_path: Path) -> None:
    identity = await _start(tmp_path, _family_program(), "2", "1", lines=3)
    family = [process for process in [identity.find()] if process]
    family += family[0].children(recursive=True)

    stop_tree(identity)

    assert len(family) == 3
    assert [process for process in family if process.is_running()] == []


async def test_children_of_a_program_that_was_killed_are_found_by_its_session(tmp_path: Path) -> None:
    identity = await _start(tmp_path, _family_program(), "1", "0", lines=2)
    parent = identity.find()
    assert parent is not None
    (child,) = parent.children()
    parent.kill()
    parent.wait()

    stop_tree(identity)

    assert not child.is_running()


async def test_a_program_that_does_not_listen_is_killed_after_its_limit(tmp_path: Path) -> None:
    identity = await _start(tmp_path, _STUBBORN)

    stop_tree(identity, how=signal.SIGTERM, limit=0.2)

    assert identity.find() is None


async def test_a_later_process_with_the_same_number_is_left_alone(tmp_path: Path) -> None:
    living = await _start(tmp_path, _STUBBORN)
    earlier = replace(living, started=living.started - 60)

    stop_tree(earlier)

    assert earlier.find() is None
    assert living.find() is not None
    stop_tree(living, how=signal.SIGKILL)


async def test_what_a_program_must_not_know_is_withheld(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TOUCHMARK_POSTGRES_DSN", "postgresql://postgres:secret@localhost/postgres")
    show = "import os; print(os.environ.get('TOUCHMARK_POSTGRES_DSN'), os.environ['GIVEN'])"
    launch = Launch((sys.executable, "-c", show), tmp_path, {"GIVEN": "given"}, frozenset({"TOUCHMARK_POSTGRES_DSN"}))

    spawn(launch, tmp_path / "log").wait(30)

    assert last_lines(tmp_path / "log") == "None given"


def test_a_missing_program_is_a_refusal(tmp_path: Path) -> None:
    with pytest.raises(Refusal, match=r"is missing\. Run `make install`"):
        spawn(Launch(("no-such-program",), cwd=tmp_path), tmp_path / "log")


def test_a_missing_program_is_missing_though_a_folder_on_the_path_may_not_be_entered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    locked = tmp_path / "locked"
    locked.mkdir(mode=0o000)
    monkeypatch.setenv("PATH", f"{locked}{os.pathsep}{os.environ['PATH']}")
    account = SystemAccount.named("nobody") if os.geteuid() == 0 else SystemAccount()  # root may go everywhere

    with pytest.raises(Refusal, match=r"is missing\. Run `make install`"):
        spawn(Launch(("no-such-program",), cwd=tmp_path, account=account), tmp_path / "log")


def test_a_process_that_is_gone_is_not_found(tmp_path: Path) -> None:
    process = spawn(Launch((sys.executable, "-c", ""), cwd=tmp_path), tmp_path / "log")
    identity = Identity(process.pid, psutil.Process(process.pid).create_time())
    process.wait(30)

    assert identity.find() is None


def test_a_program_that_may_not_be_run_is_a_refusal(tmp_path: Path) -> None:
    program = tmp_path / "program"
    program.touch(mode=0o644)

    with pytest.raises(Refusal, match="cannot be started"):
        spawn(Launch((str(program),), cwd=tmp_path), tmp_path / "log")


def test_an_account_that_is_missing_is_a_refusal() -> None:
    with pytest.raises(Refusal, match="no user whom-nobody-added on this machine"):
        SystemAccount.named("whom-nobody-added")
