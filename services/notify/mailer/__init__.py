"""The door out: leases mails that are due, sends each to the mail server, records the result."""

from services.notify.mailer.loops import loops

__all__ = ["loops"]
