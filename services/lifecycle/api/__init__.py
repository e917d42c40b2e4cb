"""HTTP in, as JSON: all that the ops dashboard shows and does, for programs of ops."""

from collections.abc import Sequence

from fastapi import APIRouter

from services.lifecycle import actions
from services.lifecycle.api import charts, commissions, inbox, operations
from services.lifecycle.settings import LifecycleSettings
from shared.runtime.service import Kernel
from shared.web import failed_events


def routers(kernel: Kernel[LifecycleSettings]) -> Sequence[APIRouter]:
    """`operations` comes last: its paths take any word after a commission."""
    return [
        failed_events.api(kernel, actions.recording(kernel.clock)),
        *(part.router(kernel) for part in (commissions, charts, inbox, operations)),
    ]
