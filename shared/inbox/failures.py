"""Which failures a retry may cure. All others are caused by the record or by our code, and park it."""

from shared.inbox.inbox import Transient
from shared.kernel.problems import NotYet
from shared.postgres.transient import TRANSIENT


def is_transient(error: BaseException) -> bool:
    """Whether it may work later. Of an exception group one is enough: the others are raised again after that one."""
    if isinstance(error, BaseExceptionGroup):
        return any(is_transient(one) for one in error.exceptions)
    return isinstance(error, (Transient, NotYet, *TRANSIENT))
