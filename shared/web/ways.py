"""Ways through the studio's pages that more than one service shows."""

import re

_OF_A_COMMISSION = re.compile(r"/(?:commissions|quotes)/([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![0-9a-f-])")


def way_in(target: str) -> str | None:
    """Where the customer of the commission that this path is about signs in by mail; None if it is about none."""
    found = _OF_A_COMMISSION.match(target)
    return f"/commissions/{found[1]}/sign-in" if found else None
