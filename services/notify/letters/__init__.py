"""The words of a mail, and the mail made of them. Nothing here is stored: a letter is written when it is sent."""

from services.notify.letters.envelope import Sender, UnwritableAddressError, compose
from services.notify.letters.words import Letter, Studio, write

__all__ = ["Letter", "Sender", "Studio", "UnwritableAddressError", "compose", "write"]
