"""Forms with files, a few at a time: each may lie on the disk with sixteen mebibytes until it is answered."""

from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Final

from starlette.types import Scope

from shared.auth.roles import Caller, Role
from shared.kernel.problems import Problem, ProblemType
from shared.web.clients import client_of
from shared.web.reasons import RequestReason

MOST: Final = 12
"""Of one process. `docker-compose.yml` has room for as many in the container's temporary files."""
_MOST_OF_A_CLIENT: Final = 8
_MOST_OF_A_PERSON: Final = 4
_COME_BACK: Final = 5


class Uploads:
    """What comes in right now: so many in all, so many of a person, and of the customers behind one address."""

    def __init__(self) -> None:
        self._coming: Counter[Any] = Counter()

    @contextmanager
    def turn(self, scope: Scope) -> Iterator[None]:
        """Count one upload while the block runs.

        Raises:
            Problem: too-many-requests beyond the bounds.
        """
        bounds = self._bounds(scope)
        if any(self._coming[whose] >= most for whose, most in bounds.items()):
            raise Problem(ProblemType.TOO_MANY_REQUESTS, RequestReason.TOO_MANY_UPLOADS, retry_after=_COME_BACK)
        self._coming.update(bounds.keys())
        try:
            yield
        finally:
            self._coming.subtract(bounds.keys())
            self._coming += Counter()  # forgets whose nothing comes

    def _bounds(self, scope: Scope) -> dict[Any, int]:
        caller: Caller | None = scope.get("state", {}).get("caller")
        bounds: dict[Any, int] = {"all": MOST}
        if caller is not None:
            bounds[caller.person] = _MOST_OF_A_PERSON
        if caller is None or caller.role is Role.CUSTOMER:
            bounds["client", client_of(scope)] = _MOST_OF_A_CLIENT
        return bounds
