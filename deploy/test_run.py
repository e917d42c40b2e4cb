"""`make test`: the checks, then every test, then times and counts. `python -m deploy.test_run [pytest's arguments]`.

Chromium is needed for the tests of pages: the one that is there, else Playwright's own, which it downloads for whoever
runs this, else one by apt-get, as root. Without any of them nothing is run and the exit code is 1. `BROWSER=none`
leaves those tests out: they count as skipped.

WebKit (Debian's WebKitGTK with its driver) plays some stories as Safari would. apt-get installs it for root; where that
cannot be, these stories are skipped, and counted.
"""

import os
import shutil
import subprocess
import sys
import time
import xml.etree.ElementTree as ET
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Self

from deploy.browsers import chromium
from deploy.checks import CHECKS, ROOT
from deploy.checks.__main__ import main as run_checks
from deploy.local.refusal import Refusal

_WITHOUT_BROWSER = "or set BROWSER=none to leave the tests of pages out."
_DOWNLOAD = 300
"""Seconds that Playwright may take for its browser."""
_AT_ONCE = 2
# A file's tests share what they started, so they stay together; two at once, since most of them wait for something. In
# the order of tests/conftest.py, which has the long ones first, so that no run ends by waiting for one of them.
_PYTEST = (sys.executable, "-m", "pytest", "-q", "-n", str(_AT_ONCE), "--dist", "loadfile", "--no-loadscope-reorder")

BUDGETS: Mapping[str, float] = {
    "checks": 1.0,
    "unit": 1.0,
    "workflow": 1.5,
    "integration": 7.0,
    "doors": 1.5,
    "stories": 2.5,
    "browser": 4.0,
    "attack": 0.75,
    "chaos": 3.0,
}
"""Minutes that each suite may take on a machine with two cores; a suite is a folder of `tests/`."""


@dataclass(frozen=True)
class Results:
    """What became of the tests; `seconds` are each suite's share of the run."""

    passed: int
    failed: int
    skipped: int
    seconds: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def read(cls, report: Path) -> Self:
        """From pytest's JUnit report; a run that did not get as far as writing one has failed."""
        if not report.exists():
            return cls(0, 1, 0)
        root = ET.parse(report).getroot()  # noqa: S314 (pytest's own, just written)
        passed = failed = skipped = 0
        for suite in root.iter("testsuite"):
            bad = int(suite.get("failures", 0)) + int(suite.get("errors", 0))
            left_out = int(suite.get("skipped", 0))
            passed += int(suite.get("tests", 0)) - bad - left_out
            failed, skipped = failed + bad, skipped + left_out
        return cls(passed, failed, skipped, _seconds(root))

    def __str__(self) -> str:
        return f"{self.passed} passed, {self.failed} failed, {self.skipped} skipped"


def _seconds(root: ET.Element) -> Mapping[str, float]:
    """By suite. Several tests run at once, so that the suites together take as long as the run."""
    taken: dict[str, float] = defaultdict(float)
    for case in root.iter("testcase"):
        suite = case.get("classname", "").removeprefix("tests.").partition(".")[0]
        taken[suite] += float(case.get("time", 0)) / _AT_ONCE
    return taken


def times(taken: Mapping[str, float]) -> Iterator[str]:
    """A line for each suite that ran, with its budget, and one that names those over it."""
    yield "suite         budget     took"
    for suite, budget in BUDGETS.items():
        if suite in taken:
            yield f"{suite:<12}{_minutes(60 * budget):>8}{_minutes(taken[suite]):>9}"
    yield f"{'all':<12}{_minutes(60 * sum(BUDGETS.values())):>8}{_minutes(sum(taken.values())):>9}"
    if over := [suite for suite, budget in BUDGETS.items() if taken.get(suite, 0) > 60 * budget]:
        yield f"Over budget: {', '.join(over)}."


def _minutes(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes}:{rest:02}"


def require_chromium() -> None:
    """Install Chromium if it is missing.

    Raises:
        Refusal: it is missing, and cannot be installed from here.
    """
    if os.environ.get("BROWSER") == "none" or chromium() or _playwrights_own():
        return
    apt = shutil.which("apt-get")
    if apt is None:
        raise Refusal(f"Chromium is missing, and there is no apt-get here: install it, {_WITHOUT_BROWSER}")
    as_root = _as_root()
    print("Installing Chromium by apt-get …", flush=True)
    if (said := _install([*as_root, apt], "chromium")) is not None:
        raise Refusal(f"apt-get could not install chromium ({said}): install it, {_WITHOUT_BROWSER}")


def offer_webkit() -> None:
    """Install WebKit if it is missing and apt-get may: no test fails for want of it."""
    apt = shutil.which("apt-get")
    if os.environ.get("BROWSER") == "none" or (shutil.which("WebKitWebDriver") and shutil.which("Xvfb")) or not apt:
        return
    if os.geteuid() == 0:
        print("Installing WebKit …", flush=True)
        if _install([apt], "webkit2gtk-driver", "xvfb") is not None:
            print("apt-get could not install WebKit: its stories are skipped.", flush=True)


def _playwrights_own() -> bool:
    """Whether Playwright's Chromium is there and starts; downloaded before, if it is not. It needs no root."""
    print("Chromium is missing: trying Playwright's own …", flush=True)
    launch = "from playwright.sync_api import sync_playwright as p\nwith p() as found: found.chromium.launch().close()"
    steps = ("-m", "playwright", "install", "chromium"), ("-c", launch)
    return all(_failure([sys.executable, *step]) is None for step in steps)


def _install(apt: Sequence[str], *packages: str) -> str | None:
    """Install these packages; what was said where that failed, else None."""
    steps = ("update", "-qq"), ("install", "-y", "-qq", "--no-install-recommends", *packages)
    return next((said for step in steps if (said := _failure([*apt, *step])) is not None), None)


def _failure(command: Sequence[str]) -> str | None:
    """Run this; the end of what it said where it failed, else None."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    try:
        done = subprocess.run(  # noqa: S603
            command, env=environment, capture_output=True, text=True, check=False, timeout=_DOWNLOAD
        )
    except (subprocess.TimeoutExpired, OSError) as error:
        return type(error).__name__
    return done.stderr.strip()[-300:] if done.returncode else None


def _as_root() -> Sequence[str]:
    if os.geteuid() == 0:
        return ()
    sudo = shutil.which("sudo")
    if sudo and subprocess.run([sudo, "-n", "true"], capture_output=True, check=False).returncode == 0:  # noqa: S603
        return (sudo, "-n")
    raise Refusal(
        "Chromium is missing, and Playwright could not download its own: "
        f"apt-get install chromium, as root, {_WITHOUT_BROWSER}"
    )


def main(arguments: Sequence[str]) -> int:
    """Run everything; 0 if all of it passed."""
    try:
        require_chromium()
        offer_webkit()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    began = time.monotonic()
    # The repository's own rules are tests as well: they run once, with the others.
    checked = run_checks([check.name for check in CHECKS if check.name != "repository"])
    checks = {"checks": time.monotonic() - began}
    sys.stdout.flush()
    with TemporaryDirectory(prefix="touchmark-report-") as folder:
        report = Path(folder) / "report.xml"
        tested = subprocess.run([*_PYTEST, f"--junitxml={report}", *arguments], cwd=ROOT, check=False).returncode  # noqa: S603
        results = Results.read(report)
    if checked:
        sys.stdout.write("A check failed: see above.\n")
    sys.stdout.write("\n".join([*times(checks | dict(results.seconds)), str(results), ""]))
    return 1 if checked or tested or results.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
