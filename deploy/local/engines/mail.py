"""The mail sink: receives every mail that the stack sends, and shows it to the person who runs the stack."""

import signal
import smtplib
import sys
from dataclasses import dataclass
from pathlib import Path

from deploy.local.engines.edge import EDGE_VARIABLE
from deploy.local.ports import LOOPBACK, ok
from deploy.local.processes import Launch

ROOT = Path(__file__).parents[3]
_FINE = 250  # RFC 5321, section 4.2.3


@dataclass(frozen=True)
class MailSink:
    """`root` gets one `.eml` file a mail; `page_port` serves them below `/mail`, where the edge puts it.

    `token` is what it knows the edge by, which asks who may see them; it is served to nobody else. It keeps the newest
    mails, for some days, and none of whom the lists in `erased_keys` name; it looks each `sweep_every` seconds.
    """

    root: Path
    port: int
    page_port: int
    token: str = ""
    most: int = 1000
    days: float = 7
    erased_keys: Path | None = None
    sweep_every: float = 60
    name: str = "mail"
    stop_signal: signal.Signals = signal.SIGTERM

    @property
    def address(self) -> str:
        return f"{LOOPBACK}:{self.port}"

    def prepare(self) -> None:
        """Make its folder."""
        self.root.mkdir(parents=True, exist_ok=True)

    def launch(self) -> Launch:
        argv = [sys.executable, "-m", "deploy.local.mail_sink", str(self.root), str(self.port), str(self.page_port)]
        argv += ["--most", str(self.most), "--days", str(self.days), "--sweep-every", str(self.sweep_every)]
        if self.erased_keys:
            argv += ["--erased-keys", str(self.erased_keys)]
        return Launch(tuple(argv), cwd=ROOT, environment={EDGE_VARIABLE: self.token})

    def answers(self) -> bool:
        return ok(f"{LOOPBACK}:{self.page_port}", "/mail-health") and self._speaks()

    def _speaks(self) -> bool:
        try:
            with smtplib.SMTP(LOOPBACK, self.port, timeout=2) as client:
                return client.noop()[0] == _FINE
        except (OSError, smtplib.SMTPException):
            return False
