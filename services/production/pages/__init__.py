"""HTTP in, for people: `/bench/promises`, what the bench has promised, for makers and ops."""

from pathlib import Path

from services.production.pages.promises import router

__all__ = ["TEMPLATES", "router"]

TEMPLATES = Path(__file__).parent / "templates"
