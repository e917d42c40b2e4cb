"""squawk on every migration's way up: `python -m deploy.checks.migrations`.

The way down drops what the way up made, by its nature; nobody takes it on a living database.
"""

import subprocess
import sys
from pathlib import Path

from deploy.checks import ROOT

PLACES = ("shared/postgres/migrations", "services/*/sql/migrations")


def migrations() -> list[Path]:
    return sorted(path for place in PLACES for path in ROOT.glob(f"{place}/*.sql"))


def way_up(text: str) -> str:
    """The part that dbmate runs forward, with the same line numbers."""
    return text.partition("-- migrate:down")[0]


def complaints(path: Path) -> str:
    """What squawk says about one migration; empty if nothing."""
    name = str(path.relative_to(ROOT))
    command = [
        str(Path(sys.executable).with_name("squawk")),
        *("--config", ".squawk.toml", "--reporter", "gcc", "--stdin-filepath", name),
    ]
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=ROOT, input=way_up(path.read_text()), capture_output=True, text=True, check=False
    )
    return (done.stdout + done.stderr) if done.returncode else ""


def main() -> int:
    found = [said for path in migrations() if (said := complaints(path))]
    print("\n".join(found) or f"{len(migrations())} migrations are safe to run")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
