"""HTTP in, for people: `/messages/{commission}`, the log of mails, for ops."""

from pathlib import Path

from services.notify.pages.messages import router

__all__ = ["TEMPLATES", "router"]

TEMPLATES = Path(__file__).parent / "templates"
