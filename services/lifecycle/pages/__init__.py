"""HTTP in, for people: `/ops`, the dashboard from which ops see every commission."""

from collections.abc import Sequence
from pathlib import Path

from fastapi import APIRouter

from services.lifecycle import actions
from services.lifecycle.pages import audit, bulk, charts, commission, dashboard, edge_access, inbox, operations
from services.lifecycle.settings import LifecycleSettings
from shared.runtime.service import Kernel
from shared.web import failed_events
from shared.web.assets import OwnAssets

__all__ = ["ASSETS", "TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"
ASSETS = OwnAssets(Path(__file__).parent / "static", at="/ops/look")


def routers(kernel: Kernel[LifecycleSettings]) -> Sequence[APIRouter]:
    """`commission` comes before `operations`: `live` is none of these."""
    return [
        dashboard.router(kernel),
        commission.router(kernel),
        audit.router(kernel),
        charts.router(kernel),
        failed_events.page(kernel, actions.recording(kernel.clock)),
        inbox.router(kernel),
        bulk.router(kernel),
        operations.router(kernel),
        edge_access.router(),
    ]
