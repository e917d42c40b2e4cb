"""The words of a mail, and the message made of them. Neither is stored: a mail is written when it is sent."""

from services.notify.mails.message import Sender, UnwritableAddressError, compose
from services.notify.mails.rendering import MailText, Studio, Writer, readers

__all__ = ["MailText", "Sender", "Studio", "UnwritableAddressError", "Writer", "compose", "readers"]
