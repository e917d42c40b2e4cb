"""Makes a message of a mail's text: headers that nobody can inject into, and the same bytes each time."""

from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from functools import cache
from pathlib import Path
from typing import Final

import idna

from services.notify.domain.mails import OutgoingMail, message_id
from services.notify.mails.addresses import POLICY
from services.notify.mails.rendering import MARK, TRANSFER_CODE, MailText, one_line

READER: Final = "Touchmark-Reader"
"""The header that names by id who reads a mail: so what a mail server keeps of somebody who was erased is found."""


class UnwritableAddressError(ValueError):
    """No mail can be addressed to this: it is no address of RFC 5322, or its domain cannot be written in ASCII."""


@dataclass(frozen=True)
class MailSender:
    """Who the mail comes from: the studio's name and its bare address."""

    name: str
    address: str


def compose(text: MailText, outgoing: OutgoingMail, sender: MailSender) -> EmailMessage:
    """The mail, ready to be sent. Its Message-ID, date and bytes follow from `outgoing` alone.

    Raises:
        UnwritableAddressError: the person's address is not one that a mail can be sent to.
    """
    message = EmailMessage(policy=POLICY)
    message["From"] = Address(display_name=one_line(sender.name), addr_spec=sender.address)
    message["To"] = recipient(outgoing)
    message["Subject"] = text.subject
    message["Date"] = format_datetime(outgoing.dated)
    message["Message-ID"] = message_id(outgoing.mail, sender.address)
    message[READER] = str(outgoing.person)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's holiday notice answers it
    message.set_content(text.text, cte="quoted-printable")
    message.add_alternative(text.html, subtype="html", cte="quoted-printable")
    message.set_boundary(f"={outgoing.mail}=")
    message["Content-Language"] = text.language  # set last: a header Content-… moves into the first part
    _attach_pictures(message, text, f"={outgoing.mail}=mark=")
    _attach_papers(message, outgoing, f"={outgoing.mail}=papers=")
    return message


def recipient(outgoing: OutgoingMail) -> Address:
    """The person as a mail's `To`.

    Raises:
        UnwritableAddressError: the person's address is not one that a mail can be sent to.
    """
    local, at, host = outgoing.email.rpartition("@")
    if not (local and at and host) or not outgoing.email.isprintable() or set(outgoing.email) & set(' <>,;"\\'):
        raise UnwritableAddressError
    try:
        return Address(one_line(outgoing.name), addr_spec=f"{local}@{idna.encode(host, uts46=True).decode()}")
    except (MessageError, UnicodeError, ValueError, IndexError) as error:
        raise UnwritableAddressError from error


def _attach_pictures(message: EmailMessage, text: MailText, boundary: str) -> None:
    """Put pictures beside the HTML that shows them (RFC 2387): mail programs load none from a server unasked."""
    if html := message.get_body(("html",)):
        html.add_related(mark(), "image", "png", cid=f"<{MARK}>", disposition="inline", filename="mark.png")
        if text.code:
            html.add_related(
                text.code, "image", "png", cid=f"<{TRANSFER_CODE}>", disposition="inline", filename="transfer.png"
            )
        html.set_boundary(boundary)


def _attach_papers(message: EmailMessage, outgoing: OutgoingMail, boundary: str) -> None:
    for paper in outgoing.attached:
        message.add_attachment(paper.pdf, "application", "pdf", filename=f"{paper.file_name}.pdf")
    if outgoing.attached:
        message.set_boundary(boundary)


@cache
def mark() -> bytes:
    """Touchmark's mark as PNG, 144 pixels square: sharp at 36 on a dense screen."""
    return Path(__file__).with_name("mark.png").read_bytes()
