"""Which version of an engine wrote a data folder: an older one must not open what a newer one wrote."""

from pathlib import Path

from deploy.local.refusal import Refusal
from deploy.local.words import _


def claim(root: Path, engine: str, version: str) -> None:
    """Write down that this version uses the folder from now on.

    Raises:
        Refusal: a newer version used it before.
    """
    stamp = root / "version"
    if stamp.exists() and _parts(before := stamp.read_text().strip()) > _parts(version):
        raise Refusal(
            _(
                "%(folder)s has the data of %(engine)s %(before)s; this is version %(version)s. Run `make "
                "install` for the newer version, or delete the data with `touchmark reset --yes`.",
                folder=root,
                engine=engine,
                before=before,
                version=version,
            )
        )
    root.mkdir(parents=True, exist_ok=True)
    stamp.write_text(f"{version}\n")


def _parts(version: str) -> list[int]:
    return [int(part) for part in version.split(".")]
