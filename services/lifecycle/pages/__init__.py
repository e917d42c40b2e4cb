"""HTTP in, for people: `/ops`, the dashboard from which ops see every commission."""

from pathlib import Path

from fastapi import APIRouter

from services.lifecycle.pages import assets, audit, bulk, charts, commission, dashboard, edge_access, operations, parked
from services.lifecycle.settings import Settings
from shared.runtime.service import Kernel

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"


def routers(kernel: Kernel[Settings]) -> list[APIRouter]:
    """`commission` comes before `operations`: `live` is none of these."""
    return [
        dashboard.router(kernel),
        commission.router(kernel),
        audit.router(kernel),
        charts.router(kernel),
        parked.router(kernel),
        bulk.router(kernel),
        operations.router(kernel),
        edge_access.router(),
        assets.router(),
    ]
