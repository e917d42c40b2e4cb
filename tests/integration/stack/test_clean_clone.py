"""A clean clone, in a folder that only its owner may enter, with next to nothing in the environment: `make demo` works.

It is installed once, by the user who runs the tests. Where that is root, an ordinary user has it after that.
"""

import os
import re
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import psutil
import pytest

from deploy.local.engines import jars
from deploy.local.processes import OURSELVES, SystemAccount
from deploy.local.settings import ROOT
from tests.support.stack import Stack

pytestmark = pytest.mark.timeout(600)

_UV = Path(sys.executable).with_name("uv")
_ROOT = os.geteuid() == 0
# How one gets at packages from here: all that is kept of the environment.
_OF_REGISTRIES = re.compile(r"(?i)(pip|uv|npm_config)_.*|.*_proxy|.*_(cert|certs|cert_file|cert_dir|ca_bundle)")
# What a container engine leaves to root by default: nothing that lets a process keep more than its user has.
_CONTAINER = (
    *("chown", "dac_override", "fowner", "fsetid", "kill", "setgid", "setuid", "setpcap", "net_bind_service"),
    *("net_raw", "sys_chroot", "mknod", "audit_write", "setfcap"),
)
_ORDINARY = SystemAccount.named("nobody") if _ROOT else OURSELVES


@dataclass(frozen=True)
class Clone:
    """A clone below a folder for its owner alone, and the stack that it starts, on ports that are free."""

    private: Path
    stack: Stack
    environment: Mapping[str, str]
    account: SystemAccount = OURSELVES

    @property
    def folder(self) -> Path:
        return self.stack.home.parent

    def do(self, *command: str) -> str:
        """Run a command there that has to succeed; what it printed."""
        done = _run(*command, cwd=self.folder, environment=self.environment, account=self.account)
        assert done.returncode == 0, f"{command}: {done.stdout}{done.stderr}"
        return done.stdout

    def given_to(self, account: SystemAccount) -> "Clone":
        """Its folders belong to somebody else now. Its files do not: the packages' are links into uv's cache."""
        for folder in (self.private, *(path for path in self.private.rglob("*") if path.is_dir())):
            os.chown(folder, *account.owner)
        return replace(self, account=account)

    def postgres(self) -> psutil.Process:
        identity = self.stack.state.programs["postgres"].identity
        assert identity
        return psutil.Process(identity.pid)


@pytest.fixture(scope="module")
def installed() -> Iterator[Clone]:
    # Not below pytest's own folder: only who runs the tests may enter that one.
    private = Path(tempfile.mkdtemp(prefix="touchmark Größe "))
    stack = Stack.somewhere(private / "Jürgens Küche" / ".touchmark")
    clone = Clone(private, stack, _environment(private, stack))
    try:
        shutil.copytree(jars.cache() / "jars", private / "cache" / "jars")
        for file in _tracked():
            (clone.folder / file).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(ROOT / file, clone.folder / file)
        clone.do("make", "install")
        yield clone
    finally:
        shutil.rmtree(private)


@pytest.fixture
def clone(installed: Clone) -> Iterator[Clone]:
    """With a stack and data that end with the test."""
    try:
        yield installed
    finally:
        installed.do(".venv/bin/touchmark", "reset", "--yes")


def test_the_demo_is_played_with_no_more_than_a_container_leaves_to_root(clone: Clone) -> None:
    as_there = ("setpriv", "--inh-caps=-all", f"--bounding-set=-all,+{',+'.join(_CONTAINER)}") if _ROOT else ()

    played = clone.do(*as_there, "make", "demo")
    stopped = clone.do(*as_there, "make", "down")

    assert "CertificateIssued" in played
    assert stopped.startswith("Stopped")


@pytest.mark.skipif(not _ROOT, reason="the other test of this file is an ordinary user's then")
def test_the_stack_of_an_ordinary_user_comes_up_from_the_users_own_files(clone: Clone) -> None:
    if not _is_for(_ORDINARY, clone.environment["PYTHON"]):
        pytest.skip("only root may run the one Python that is new enough")
    theirs = clone.given_to(_ORDINARY)

    theirs.do("make", "up")

    assert theirs.postgres().uids().real == _ORDINARY.user
    assert theirs.postgres().exe().startswith(str(theirs.folder))


def _environment(private: Path, stack: Stack) -> dict[str, str]:
    of_registries = {name: value for name, value in os.environ.items() if _OF_REGISTRIES.fullmatch(name)}
    ports = {"TOUCHMARK_PORT_BASE": str(stack.port_base), "TOUCHMARK_EDGE_PORT": str(stack.settings.edge_port)}
    here = {"PATH": os.defpath, "HOME": str(private), "TOUCHMARK_CACHE": str(private / "cache"), "PYTHON": _python()}
    return {**of_registries, **ports, **here, "UV_CACHE_DIR": _run(_UV, "cache", "dir").stdout.strip()}


def _python() -> str:
    """One that everybody may run, or else the one that runs this."""
    ours = str(Path(sys.executable).resolve())
    everybodys = shutil.which("python3", path=os.defpath)
    return everybodys if everybodys and _is_for(_ORDINARY, everybodys) and not _is_for(_ORDINARY, ours) else ours


def _is_for(account: SystemAccount, python: str) -> bool:
    new_enough = "import ensurepip, sys; sys.exit(sys.version_info < (3, 11))"
    try:
        return _run(python, "-c", new_enough, cwd=Path("/"), account=account).returncode == 0
    except PermissionError:
        return False


def _tracked() -> list[str]:
    """What git tracks or would track, as it is in the working tree."""
    listed = _run("git", "ls-files", "-z", "--cached", "--others", "--exclude-standard").stdout
    return [name for name in listed.split("\0") if (ROOT / name).is_file()]


def _run(
    *command: str | Path,
    cwd: Path = ROOT,
    environment: Mapping[str, str] | None = None,
    account: SystemAccount = OURSELVES,
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(  # noqa: S603 (our own commands)
        command,
        cwd=cwd,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        user=account.user,
        group=account.group,
        extra_groups=account.extra_groups,
    )
