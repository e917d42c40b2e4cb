"""Which Chromium `make test` takes: the one that is there, else Playwright's own, else one by apt-get."""

import subprocess
import sys
from collections.abc import Callable, Sequence

import pytest

from deploy import test_run
from deploy.local.refusal import Refusal

Runs = Callable[..., subprocess.CompletedProcess[str]]


class Machine:
    """A machine with these programs; what was run on it. `fails` are the programs and modules that fail."""

    def __init__(self, programs: Sequence[str], fails: Sequence[str], *, root: bool) -> None:
        self.programs = programs
        self.fails = fails
        self.root = root
        self.ran: list[str] = []

    def which(self, name: str) -> str | None:
        return f"/usr/bin/{name}" if name in self.programs else None

    def run(self, command: Sequence[str], **_: object) -> subprocess.CompletedProcess[str]:
        what = "playwright" if command[0] == sys.executable else command[0].removeprefix("/usr/bin/")
        self.ran.append(what)
        return subprocess.CompletedProcess(command, int(what in self.fails), "", "")


@pytest.fixture
def on(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Machine]:
    def machine(*programs: str, fails: Sequence[str] = (), root: bool = False) -> Machine:
        made = Machine(programs, fails, root=root)
        monkeypatch.delenv("BROWSER", raising=False)
        monkeypatch.setattr("shutil.which", made.which)
        monkeypatch.setattr("subprocess.run", made.run)
        monkeypatch.setattr("os.geteuid", lambda: 0 if root else 1000)
        return made

    return machine


@pytest.mark.parametrize("name", ["chromium", "chromium-browser", "google-chrome"])
def test_the_one_that_is_there_is_taken(on: Callable[..., Machine], name: str) -> None:
    machine = on(name, "apt-get")

    test_run.require_chromium()

    assert machine.ran == []


def test_an_ordinary_user_gets_playwrights_own_and_is_not_asked_for_root(on: Callable[..., Machine]) -> None:
    machine = on("apt-get")

    test_run.require_chromium()

    assert set(machine.ran) == {"playwright"}


def test_where_playwrights_own_does_not_start_apt_get_installs_one(on: Callable[..., Machine]) -> None:
    machine = on("apt-get", fails=["playwright"], root=True)

    test_run.require_chromium()

    assert machine.ran == ["playwright", "apt-get", "apt-get"]


def test_webkit_is_installed_for_root_alone(on: Callable[..., Machine]) -> None:
    ordinary = on("apt-get")
    test_run.offer_webkit()
    assert ordinary.ran == []

    root = on("apt-get", root=True)
    test_run.offer_webkit()
    assert root.ran == ["apt-get", "apt-get"]

    has_it = on("apt-get", "WebKitWebDriver", "Xvfb", root=True)
    test_run.offer_webkit()
    assert has_it.ran == []


def test_who_can_have_none_is_told_every_way(on: Callable[..., Machine]) -> None:
    on("apt-get", fails=["playwright"])

    with pytest.raises(Refusal, match=r"Playwright could not download its own.*BROWSER=none"):
        test_run.require_chromium()
