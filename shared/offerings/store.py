"""The documents that a service keeps, so that a commission stays on the version of its craft that it started with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any

from shared.offerings.document import OfferingDocument, read
from shared.offerings.model import Offering
from shared.postgres.database import Tx
from shared.postgres.queries import load

_QUERIES: Any = load(Path(__file__).with_name("queries.sql"))


class OfferingChangedError(RuntimeError):
    """A craft's file was changed without a new version, and commissions may stand on the old content."""


async def record(tx: Tx, documents: Iterable[OfferingDocument]) -> None:
    """Keep these documents; called at every start, before any role.

    Raises:
        OfferingChangedError: another content is kept under the same version.
    """
    for document in documents:
        known = _QUERIES.digests(tx.connection, craft=document.name, version=document.version)
        if {row["sha256"] async for row in known} - {document.sha256}:
            raise OfferingChangedError(
                f"{document.name} version {document.version} was changed after it was first used here. "
                f"Raise `version` in shared/offerings/{document.name}.toml, or put the file back as it was."
            )
        await _QUERIES.keep(
            tx.connection,
            craft=document.name,
            version=document.version,
            sha256=document.sha256,
            document=document.canonical,
        )


async def kept(tx: Tx, craft: str, version: int) -> Offering | None:
    """The craft as it is kept here under this version, or None: then it is on its way with a newer release."""
    row = await _QUERIES.document(tx.connection, craft=craft, version=version)
    return read(row["document"]) if row else None


async def kept_exactly(tx: Tx, craft: str, version: int, sha256: str) -> Offering | None:
    """The same, if its content is the one that this digest names."""
    row = await _QUERIES.document(tx.connection, craft=craft, version=version)
    return read(row["document"]) if row and row["sha256"] == sha256 else None
