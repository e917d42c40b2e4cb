"""Where a parcel is followed."""

from urllib.parse import quote

from shared.contracts.carriers import CARRIERS


def tracking_page(carrier: str | None, number: str | None) -> str | None:
    """Where the carrier shows where this parcel is; None where it has no such page, or is not known here."""
    found = CARRIERS.get(carrier or "")
    if not number or found is None or found.page is None:
        return None
    return found.page.format(number=quote(number, safe=""))
