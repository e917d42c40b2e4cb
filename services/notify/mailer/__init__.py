"""The door out: takes mails that are due, hands each to the mail server, writes down what came of it."""

from services.notify.mailer.loops import loops

__all__ = ["loops"]
