"""The words of a mail, and the message made of them. Neither is stored: a mail is written when it is sent."""

from services.notify.mails.message import Sender, UnwritableAddressError, compose
from services.notify.mails.rendering import MailText, Studio, write

__all__ = ["MailText", "Sender", "Studio", "UnwritableAddressError", "compose", "write"]
