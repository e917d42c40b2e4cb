"""HTTP in, for people: `/quotes`, and `/quotes/{commission}` with a draft's lines beside its brief, for ops."""

from pathlib import Path

from services.quotes.pages.quotes import router

__all__ = ["TEMPLATES", "router"]

TEMPLATES = Path(__file__).parent / "templates"
