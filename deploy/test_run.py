"""`make test`: the checks, then every test, then the counts. `python -m deploy.test_run [pytest's arguments]`.

Chromium is needed for the tests of pages. Where it is missing, apt-get installs it, if that is here and allowed; else
nothing is run and the exit code is 1. `BROWSER=none` leaves those tests out, and they are counted as skipped.
"""

import os
import shutil
import subprocess
import sys
import xml.etree.ElementTree as ET
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from deploy.checks import CHECKS, ROOT
from deploy.checks.__main__ import main as run_checks
from deploy.local.refusal import Refusal

_WITHOUT_BROWSER = "or set BROWSER=none to leave the tests of pages out."
# A file's tests share what they started, so they stay together; two at once, since most of them wait for something. In
# the order of tests/conftest.py, which has the long ones first, so that nobody waits for the last of them.
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", "2", "--dist", "loadfile", "--no-loadscope-reorder")


@dataclass(frozen=True)
class Counts:
    """What became of the tests."""

    passed: int
    failed: int
    skipped: int

    @classmethod
    def read(cls, report: Path) -> Self:
        """From pytest's JUnit report; a run that did not get as far as writing one has failed."""
        if not report.exists():
            return cls(0, 1, 0)
        suites = ET.parse(report).getroot().iter("testsuite")  # noqa: S314 (pytest's own, just written)
        passed = failed = skipped = 0
        for suite in suites:
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            left_out = int(suite.get("skipped", 0))
            passed += int(suite.get("tests", 0)) - bad - left_out
            failed, skipped = failed + bad, skipped + left_out
        return cls(passed, failed, skipped)

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def require_chromium() -> None:
    """Install Chromium if it is missing.

    Raises:
        Refusal: it is missing, and cannot be installed from here.
    """
    if os.environ.get("BROWSER") == "none" or shutil.which("chromium"):
        return
    apt = shutil.which("apt-get")
    if apt is None:
        raise Refusal(f"Chromium is missing, and there is no apt-get here: install it, {_WITHOUT_BROWSER}")
    as_root = _as_root()
    print("Installing Chromium …", flush=True)
    for what in (("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", "chromium")):
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        done = subprocess.run([*as_root, apt, *what], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
        if done.returncode:
            raise Refusal(
                f"apt-get could not install chromium ({done.stderr.strip()[-300:]}): see to it, {_WITHOUT_BROWSER}"
            )


def _as_root() -> Sequence[str]:
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return (sudo, "-n")
    raise Refusal(f"Chromium is missing: apt-get install chromium, as root, {_WITHOUT_BROWSER}")


def main(arguments: Sequence[str]) -> int:
    """Run everything; 0 if all of it passed."""
    try:
        require_chromium()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    # The repository's own rules are tests as well: they run once, with the others.
    checked = run_checks([check.name for check in CHECKS if check.name != "repository"])
    sys.stdout.flush()
    with TemporaryDirectory(prefix="touchmark-report-") as folder:
        report = Path(folder) / "report.xml"
        tested = subprocess.run([*_PYTEST, f"--junitxml={report}", *arguments], cwd=ROOT, check=False).returncode  # noqa: S603
        counts = Counts.read(report)
    if checked:
        sys.stdout.write("A check failed: see above.\n")
    sys.stdout.write(f"{counts}\n")
    return 1 if checked or tested or counts.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
