"""What a file that everybody gets may not contain."""

import re
from pathlib import Path

# Written in two halves, so that this file does not find itself.
REGISTRIES = [
    "pypi" + ".org",
    "python" + "hosted.org",
    "registry." + "npmjs.org",
    "registry.yarn" + "pkg.com",
    "repo1." + "maven.org",
    "repo.maven." + "apache.org",
    "proxy." + "golang.org",
]
MACHINE_PATH = re.compile(
    r"(?<![\w.$}/-])/(?:" + "|".join(["ro" + "ot", "ho" + "me", "Us" + "ers", "wo" + "rk"]) + r")/[\w.]"
)
BINARY = {".png", ".jpg", ".jpeg", ".webp", ".woff2", ".ico", ".pdf"}


def _lines(tracked: list[Path], root: Path) -> list[tuple[str, str]]:
    return [
        (f"{path.relative_to(root)}:{number}", line)
        for path in tracked
        if path.suffix not in BINARY
        for number, line in enumerate(path.read_text(errors="replace").splitlines(), 1)
    ]


def test_no_file_names_a_package_registry(tracked: list[Path], root: Path) -> None:
    """A mirror serves as well: the addresses belong to the machine's own settings, not to the lock."""
    named = [where for where, line in _lines(tracked, root) if any(host in line for host in REGISTRIES)]

    assert named == []


def test_no_file_names_a_path_of_one_machine(tracked: list[Path], root: Path) -> None:
    named = [f"{where}: {line.strip()}" for where, line in _lines(tracked, root) if MACHINE_PATH.search(line)]

    assert named == []


def test_no_file_is_left_in_conflict(tracked: list[Path], root: Path) -> None:
    torn = [where for where, line in _lines(tracked, root) if line.startswith(("<" * 7 + " ", ">" * 7 + " "))]

    assert torn == []
