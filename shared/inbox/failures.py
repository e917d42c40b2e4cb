"""Which failures trying again may cure. All others are the record's own fault, or ours, and park it."""

from shared.inbox.inbox import Transient
from shared.kernel.problems import NotYet
from shared.postgres.transient import TRANSIENT


def is_transient(error: BaseException) -> bool:
    """Whether it may work later. Of several at once, one is enough: the others show again when that one is over."""
    if isinstance(error, BaseExceptionGroup):
        return any(is_transient(one) for one in error.exceptions)
    return isinstance(error, (Transient, NotYet, *TRANSIENT))
