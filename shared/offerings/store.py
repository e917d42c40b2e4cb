"""The documents that a service keeps, so that a commission stays on the version that it started with."""

from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from shared.i18n.catalogs import languages
from shared.offerings.catalogue import catalogue
from shared.offerings.document import OfferingDocument
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering, read
from shared.postgres.database import Tx
from shared.postgres.queries import load
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.service import Kernel

log = get_logger(__name__)

_UNTRANSLATED = METRICS.gauge(
    "touchmark_offering_untranslated",
    "1 where an offering is shown in English, since it has no words in this language.",
    ("craft", "offering", "language"),
)
_QUERIES = load(Path(__file__).with_name("queries.sql"))


class OfferingChangedError(RuntimeError):
    """An offering's file was changed without a new version, and commissions may have begun with the old content."""


async def keep_catalogue(kernel: Kernel[Any]) -> None:
    """Keep the documents of this release, before any role starts: a commission stays on the version it started with.

    One that has no words in a language that pages offer is reported: in that language it is shown in English.

    Raises:
        OfferingChangedError: another content is kept under the same version.
    """
    report_untranslated(catalogue())
    async with kernel.database.transaction() as tx:
        await record(tx, catalogue())


def report_untranslated(documents: Iterable[OfferingDocument]) -> None:
    """Log and count each language of the pages that one of these documents has no words in."""
    for document in documents:
        craft, offering, version = document.key
        for language in document.missing(languages()):
            log.warning("offering_untranslated", craft=craft, offering=offering, version=version, language=language)
            _UNTRANSLATED.labels(craft, offering, language).set(1)


async def record(tx: Tx, documents: Iterable[OfferingDocument]) -> None:
    """Keep these documents.

    Raises:
        OfferingChangedError: another content is kept under the same version.
    """
    for document in documents:
        key = document.key._asdict()
        known = set(await _QUERIES.digests.column(tx, str, **key))
        if known - {document.sha256}:
            raise OfferingChangedError(
                f"{document.key} was changed after it was first used here. Raise `version` in "
                f"shared/offerings/{document.key.craft}/{document.key.offering}.toml, or put the file back as it was."
            )
        await _QUERIES.keep.run(tx, **key, sha256=document.sha256, document=document.canonical)


async def kept(tx: Tx, key: OfferingKey) -> Offering | None:
    """The offering as it is kept here in this version, or None: then it is on its way with a newer release."""
    found = await _found(tx, key)
    return found.offering if found else None


async def kept_exactly(tx: Tx, key: OfferingKey, sha256: str) -> Offering | None:
    """The same, if its content is the one that this digest names."""
    found = await kept_document(tx, key, sha256)
    return found.offering if found else None


async def kept_document(tx: Tx, key: OfferingKey, sha256: str) -> OfferingDocument | None:
    """The same, as a document."""
    found = await _found(tx, key)
    return found if found and found.sha256 == sha256 else None


async def _found(tx: Tx, key: OfferingKey) -> OfferingDocument | None:
    """The document of this version. It never changes, so that it is read from the database once a process."""
    if key not in _CACHE:
        row = await _QUERIES.document.row_or_none(tx, tuple[str, str], **key._asdict())
        if row is None:
            return None
        document, sha256 = row
        if len(_CACHE) >= _MOST_CACHED:
            _CACHE.clear()
        _CACHE[key] = OfferingDocument(read(document), document, sha256)
    return _CACHE[key]


_MOST_CACHED: Final = 256
_CACHE: Final[dict[OfferingKey, OfferingDocument]] = {}
