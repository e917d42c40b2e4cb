"""Runs every check and says which failed and what to do: `python -m deploy.checks [NAME ...]`."""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from deploy.checks import CHECKS, ROOT, Check

FAILED = 1
NOT_UNDERSTOOD = 2


@dataclass(frozen=True)
class CheckRun:
    check: Check
    code: int
    seconds: float
    output: str


def carry_out(check: Check) -> CheckRun:
    """Runs one check from the repository's root, with the programs that are installed beside this Python."""
    started = time.monotonic()
    tools = str(Path(sys.executable).parent)
    done = subprocess.run(  # noqa: S603 - our own list of commands
        check.command,
        cwd=ROOT,
        env={**os.environ, "PATH": tools + os.pathsep + os.environ.get("PATH", "")},
        capture_output=True,
        text=True,
        check=False,
    )
    return CheckRun(check, done.returncode, time.monotonic() - started, (done.stdout + done.stderr).strip())


def show(outcome: CheckRun) -> None:
    mark = "ok    " if outcome.code == 0 else "FAILED"
    print(f"{mark}  {outcome.check.name:<14} {outcome.seconds:5.1f} s  {outcome.check.guards}", flush=True)


def explain(outcome: CheckRun) -> None:
    print(f"\n--- {outcome.check.name}: {' '.join(outcome.check.command)}\n{outcome.output}")
    print(f"\n    Remedy: {outcome.check.remedy}")


def main(names: list[str]) -> int:
    """Returns 0 if all is well, 1 if a check failed, 2 if a name is not a check's."""
    unknown = set(names) - {check.name for check in CHECKS}
    if unknown:
        print(f"There is no check {', '.join(sorted(unknown))}; there are {', '.join(c.name for c in CHECKS)}.")
        return NOT_UNDERSTOOD
    chosen = [check for check in CHECKS if not names or check.name in names]
    outcomes = []
    with ThreadPoolExecutor(max_workers=2) as pool:
        for outcome in pool.map(carry_out, chosen):
            show(outcome)
            outcomes.append(outcome)
    failed = [outcome for outcome in outcomes if outcome.code]
    for outcome in failed:
        explain(outcome)
    print(f"\n{len(chosen) - len(failed)} of {len(chosen)} checks passed.")
    return FAILED if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
