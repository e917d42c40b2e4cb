"""Reads of what commissions are called, and of those that a search finds; for ops."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from services.quotes.domain.names import MOST_FOUND, CommissionNames, OfCommission
from services.quotes.store import names as store
from shared.auth.roles import Caller, Role
from shared.kernel.problems import not_found
from shared.kernel.search import CommissionSearch
from shared.postgres.database import Tx


async def read_names(tx: Tx, caller: Caller, of: Iterable[OfCommission]) -> Mapping[UUID, CommissionNames]:
    """What the commissions of these are called. Raises `not-found`, for all but ops."""
    return await names_of(tx, caller, [each.commission for each in of])


async def names_of(tx: Tx, caller: Caller, commissions: Sequence[UUID]) -> Mapping[UUID, CommissionNames]:
    """What these commissions are called. Raises `not-found`, for all but ops."""
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.names(tx, list(dict.fromkeys(commissions)))


async def find_commissions(tx: Tx, caller: Caller, search: CommissionSearch) -> Sequence[UUID]:
    """The commissions that a search finds: `MOST_FOUND` at most, and one more where there are more of them.

    Raises:
        Problem: not-found, for all but ops.
    """
    if caller.role is not Role.OPS:
        raise not_found()
    return await store.commissions_found(tx, search, MOST_FOUND + 1)
