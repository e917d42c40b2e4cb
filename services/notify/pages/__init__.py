"""HTTP in, for people: `/mails/{commission}`, the log of mails, for ops."""

from pathlib import Path

from services.notify.pages.mails import router

__all__ = ["TEMPLATES", "router"]

TEMPLATES = Path(__file__).parent / "templates"
