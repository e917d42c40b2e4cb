"""The words of a mail, and the message made of them. Neither is stored: a mail is written when it is sent."""

from services.notify.mails.message import MailSender, UnwritableAddressError, compose
from services.notify.mails.rendering import MailText, Writer, readers

__all__ = ["MailSender", "MailText", "UnwritableAddressError", "Writer", "compose", "readers"]
