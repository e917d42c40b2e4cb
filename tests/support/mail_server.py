"""A real SMTP server whose answers a test decides, and which remembers what it took.

Cleared, `speaking` makes it fall silent in the middle of a mail.
"""

import asyncio
import email
import email.policy
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from email.message import EmailMessage

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

from shared.runtime.server import listen

ACCEPTED = "250 OK"


@dataclass
class MailServer:
    """`mails` are those it accepted, in order. Answers are scripted by recipient, for RCPT and for the end of DATA."""

    port: int
    mails: list[EmailMessage] = field(default_factory=list)
    attempts: int = 0
    password: bytes | None = None
    """What a client has to sign in with, if anything."""
    speaking: asyncio.Event = field(default_factory=asyncio.Event)
    _to_rcpt: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _to_data: dict[str, deque[str]] = field(default_factory=lambda: defaultdict(deque))
    _server: asyncio.Server | None = None

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    def answer_recipient(self, recipient: str, answers: Iterable[str]) -> None:
        """Answer RCPT for this recipient so, one after the other; then accept."""
        self._to_rcpt[recipient].extend(answers)

    def answer_data(self, recipient: str, answers: Iterable[str]) -> None:
        """Answer the end of DATA for mails to this recipient so, one after the other; then accept."""
        self._to_data[recipient].extend(answers)

    def to(self, recipient: str) -> list[EmailMessage]:
        """The mails it accepted for this recipient."""
        return [mail for mail in self.mails if mail["To"].addresses[0].addr_spec == recipient]

    async def open(self) -> None:
        loop = asyncio.get_running_loop()
        self._server = await loop.create_server(self._session, "127.0.0.1", self.port)

    async def shut(self) -> None:
        """Refuse new connections."""
        if self._server:
            self._server.close()

    def _session(self) -> SMTP:
        return SMTP(
            self,
            hostname="mail.test",
            auth_required=self.password is not None,
            auth_require_tls=False,
            authenticator=self._authenticate,
        )

    def _authenticate(
        self, _server: SMTP, _session: Session, _envelope: Envelope, _mechanism: str, given: LoginPassword
    ) -> AuthResult:
        return AuthResult(success=given.password == self.password, handled=False)

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _server: SMTP, _session: Session, envelope: Envelope, address: str, _options: list[str]
    ) -> str:
        self.attempts += 1
        await self.speaking.wait()
        answers = self._to_rcpt[address]
        answer = answers.popleft() if answers else ACCEPTED
        if answer.startswith("2"):
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _server: SMTP, _session: Session, envelope: Envelope) -> str:  # noqa: N802
        answers = self._to_data[envelope.rcpt_tos[0]]
        answer = answers.popleft() if answers else ACCEPTED
        if answer.startswith("2"):
            assert isinstance(envelope.content, bytes)
            self.mails.append(email.message_from_bytes(envelope.content, policy=email.policy.default))
        return answer


@asynccontextmanager
async def mail_server() -> AsyncIterator[MailServer]:
    """A mail server on a free port, open; shut at the end."""
    reserved = listen("127.0.0.1", 0)
    server = MailServer(reserved.getsockname()[1])
    reserved.close()
    server.speaking.set()
    await server.open()
    try:
        yield server
    finally:
        await server.shut()
