"""HTTP in, for people: `/mails/{commission}`, the log of mails, for ops."""

from pathlib import Path

from services.notify.pages.mails import routers

__all__ = ["TEMPLATES", "routers"]

TEMPLATES = Path(__file__).parent / "templates"
