"""One connection to the mail server, and what its answers mean for a mail."""

import asyncio
from contextlib import suppress
from email.message import EmailMessage

import aiosmtplib

from services.notify.domain.mails import AttemptOutcome, AttemptResult, result_of_reply
from services.notify.settings import NotifySettings, SmtpSecurity
from shared.runtime.logs import get_logger

log = get_logger(__name__)

_CLOSING = 421  # RFC 5321, section 4.2.3: the server closes this connection, whatever the mail is
_QUIT_WITHIN = 2.0  # seconds


class SmtpConnection:
    """Opened by the first mail, kept while there are more to send. It sends one mail at a time."""

    def __init__(self, settings: NotifySettings) -> None:
        self._settings = settings
        self._client: aiosmtplib.SMTP | None = None

    async def send(self, message: EmailMessage) -> AttemptResult:
        """Send one mail to the server, within the time limit. Never raises for what the server or the network does."""
        try:
            async with asyncio.timeout(self._settings.mail_time_limit):
                client = await self._connected()
                return await _hand_over(client, message)
        except (TimeoutError, OSError, aiosmtplib.SMTPException) as error:
            code = getattr(error, "code", None)
            log.warning("mail_server_unreachable", reason=type(error).__name__, smtp_code=code)
            self.abort()
            return AttemptResult(AttemptOutcome.UNREACHABLE, code)

    async def quit(self) -> None:
        """End the session with QUIT; the next mail opens a new connection."""
        client, self._client = self._client, None
        if client is None:
            return
        with suppress(TimeoutError, OSError, aiosmtplib.SMTPException):
            async with asyncio.timeout(_QUIT_WITHIN):
                await client.quit()
        client.close()

    def abort(self) -> None:
        """Close the connection without QUIT."""
        client, self._client = self._client, None
        if client is not None:
            client.close()

    async def _connected(self) -> aiosmtplib.SMTP:
        if self._client is None or not self._client.is_connected:
            client = _client(self._settings)
            self._client = client
            await client.connect()
        return self._client


def _client(settings: NotifySettings) -> aiosmtplib.SMTP:
    password = settings.smtp_password
    return aiosmtplib.SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        use_tls=settings.smtp_security is SmtpSecurity.TLS,
        start_tls=settings.smtp_upgrade,
        username=settings.smtp_user,
        password=password.get_secret_value() if password else None,
        local_hostname=settings.mail_from.rpartition("@")[2],
        timeout=settings.mail_time_limit,
    )


async def _hand_over(client: aiosmtplib.SMTP, message: EmailMessage) -> AttemptResult:
    """What the server answered about this mail.

    Raises:
        aiosmtplib.SMTPException: the answer is about us or the connection, not about the mail.
    """
    try:
        await client.send_message(message)
    except aiosmtplib.SMTPRecipientsRefused as refused:
        error = refused.recipients[0]
        if error.code == _CLOSING:
            raise error from refused
        return result_of_reply(error.code)
    except aiosmtplib.SMTPDataError as error:
        if error.code == _CLOSING:
            raise
        return result_of_reply(error.code)
    except (aiosmtplib.SMTPNotSupported, ValueError):
        return AttemptResult(AttemptOutcome.UNWRITABLE)  # an address outside ASCII, and a server that cannot take it
    return AttemptResult(AttemptOutcome.ACCEPTED)
