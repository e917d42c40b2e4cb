"""What each role of a process runs. A role's module, and the libraries behind it, are loaded where the role runs."""

from collections.abc import Iterable, Sequence
from importlib import import_module
from typing import Any, Protocol, cast

from shared.runtime.service import Kernel, Loop, ProcessRole, Service


class _RoleModule(Protocol):
    def parts(self, service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]: ...


def load(roles: Iterable[ProcessRole]) -> None:
    """Import the roles' modules: seconds of work that would hold up the event loop once the process listens."""
    for role in set(roles):
        import_module(f"{__name__}.{role.value}")


def parts_of(role: ProcessRole, service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    """The parts that a role keeps running; those of `web` beside its pages, since the process listens in any case."""
    module = cast("_RoleModule", import_module(f"{__name__}.{role.value}"))
    return module.parts(service, kernel)
