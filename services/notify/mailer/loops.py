"""The mailer's loops: some that deliver, each with its own connection, and one that looks after the queue."""

import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar
from zoneinfo import ZoneInfo

from services.notify import actions
from services.notify.actions import Held
from services.notify.domain import Attempt, Ending, Patience
from services.notify.letters import Sender, Studio, UnwritableAddressError, compose, write
from services.notify.mailer.line import Line
from services.notify.settings import Settings
from shared.auth.tokens import Signer
from shared.postgres.database import Committed, DatabaseUnavailableError
from shared.runtime import faults, tracing
from shared.runtime.backoff import Backoff
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.service import Kernel, Loop

log = get_logger(__name__)

T = TypeVar("T")

_LOOK_EVERY = 1.0
"""Seconds between two looks at the table when nobody in this process has asked for a mail."""
_TEND_EVERY = 5.0

_ATTEMPTS = METRICS.counter("touchmark_mail_attempts_total", "Attempts to deliver a mail.", ("intent", "ending"))
_SECONDS = METRICS.seconds("touchmark_mail_delivery_seconds", "How long the mail server took for a mail.", ("ending",))
_UNSENT = METRICS.gauge("touchmark_mails_unsent", "Mails that are neither sent nor given up.")
_NO_ADDRESS = METRICS.gauge("touchmark_mails_without_address", "Unsent mails whose person is not known yet.")
_OLDEST = METRICS.gauge("touchmark_mails_oldest_due_seconds", "Age of the oldest mail that is due now.")


def loops(kernel: Kernel[Settings]) -> Sequence[Loop]:
    """One delivering loop per connection: so many mails are in flight at most, the others lie in the table."""
    delivering = [Mailer(kernel) for _ in range(kernel.settings.mail_connections)]
    return [
        *(Loop(f"mailer {number}", mailer.run) for number, mailer in enumerate(delivering, 1)),
        Loop("mail queue", Tending(kernel).run),
    ]


def _studio(settings: Settings) -> Studio:
    """Raises ValueError if the key for sign-in links is none."""
    signer = Signer.read(settings.link_key.get_secret_value(), issuer=settings.public_url)
    return Studio(settings.studio_name, ZoneInfo(settings.studio_zone), settings.public_url, signer)


class Mailer:
    """Delivers one mail after the other. When it is cancelled, the mail in its hands is brought to its end first."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel
        self._line = Line(kernel.settings)
        self._patience = patience(kernel.settings)
        self._studio = _studio(kernel.settings)
        self._sender = Sender(kernel.settings.studio_name, kernel.settings.mail_from)
        self._woken = asyncio.Event()
        kernel.database.on_commit(self._hear)

    async def run(self) -> None:
        """Deliver until cancelled. The mail server away is waited for.

        Raises:
            DatabaseUnavailableError: the database is away; whoever runs this starts it again.
        """
        backoff = Backoff(first=0.5, longest=60)
        try:
            while True:
                self._woken.clear()
                held = await self._take()
                if held is None:
                    await self._rest()
                elif await _to_its_end(self._deliver(held)) is Ending.UNREACHABLE:
                    await asyncio.sleep(backoff.next())
                else:
                    backoff.reset()
        finally:
            self._line.cut()

    async def _take(self) -> Held | None:
        hold = timedelta(seconds=self._kernel.settings.mail_lease)
        async with self._kernel.database.transaction() as tx:
            return await actions.take_next(tx, lease=self._kernel.ids(), now=self._kernel.clock(), hold=hold)

    async def _deliver(self, held: Held) -> Ending:
        with tracing.bind(held.posting.traceparent):
            return await self._attempt(held)

    async def _attempt(self, held: Held) -> Ending:
        faults.reach("mailer.before_send")
        began = time.monotonic()
        attempt = await self._send(held)
        faults.reach("mailer.after_send")
        _SECONDS.labels(attempt.ending).observe(time.monotonic() - began)
        _ATTEMPTS.labels(held.posting.intent, attempt.ending).inc()
        await self._keep(held, attempt)
        return attempt.ending

    async def _send(self, held: Held) -> Attempt:
        try:
            message = compose(write(held.posting, self._studio), held.posting, self._sender)
        except UnwritableAddressError:
            return Attempt(Ending.UNWRITABLE)
        return await self._line.send(message)

    async def _keep(self, held: Held, attempt: Attempt) -> None:
        """Write the outcome down, and keep trying while the lease lasts: a forgotten one means the mail goes twice.

        Raises:
            TimeoutError: the database was away for as long as the lease; the mail is taken again.
        """
        backoff = Backoff(first=0.1, longest=5)
        async with asyncio.timeout(self._kernel.settings.mail_lease):
            while True:
                try:
                    return await self._settle(held, attempt)
                except DatabaseUnavailableError as error:
                    log.warning("mail_outcome_not_written", mail=str(held.posting.mail), reason=str(error))
                    await asyncio.sleep(backoff.next())

    async def _settle(self, held: Held, attempt: Attempt) -> None:
        async with self._kernel.database.transaction() as tx:
            state = await actions.settle(
                tx,
                held,
                attempt,
                patience=self._patience,
                now=self._kernel.clock(),
                jitter=random.random(),  # noqa: S311 (jitter, not a secret)
            )
        log.info(
            "mail_attempted",
            mail=str(held.posting.mail),
            commission=str(held.posting.commission),
            intent=held.posting.intent,
            attempt=held.posting.attempt,
            ending=attempt.ending,
            smtp_code=attempt.smtp_code,
            state=state or "lease_lost",
        )

    async def _rest(self) -> None:
        """Until a mail is asked for in this process, or it is time to look what others asked for."""
        # aiosmtplib waits by wait_for, which before Python 3.12 swallows a cancellation that comes with the answer.
        await _to_its_end(self._line.hang_up())
        with suppress(TimeoutError):
            async with asyncio.timeout(_LOOK_EVERY):  # wait_for would swallow a cancellation that comes with the waking
                await self._woken.wait()

    def _hear(self, committed: Committed) -> None:
        if actions.MAILS in committed.touched:
            self._woken.set()


class Tending:
    """Ends mails that can never be sent, and measures the queue."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel
        self._patience = patience(kernel.settings)

    async def run(self) -> None:
        """Tend until cancelled."""
        while True:
            now = self._kernel.clock()
            async with self._kernel.database.transaction() as tx:
                if ended := await actions.end_hopeless(tx, self._patience, now):
                    log.warning("mails_ended_unsent", mails=ended)
                queue = await actions.count_queue(tx, now)
            _UNSENT.set(queue.unsent)
            _NO_ADDRESS.set(queue.without_address)
            _OLDEST.set((now - queue.oldest).total_seconds() if queue.oldest else 0)
            await asyncio.sleep(_TEND_EVERY)


def patience(settings: Settings) -> Patience:
    return Patience(
        first=timedelta(seconds=settings.mail_first_wait),
        longest=timedelta(seconds=settings.mail_longest_wait),
        whole=timedelta(seconds=settings.mail_patience),
    )


async def _to_its_end(work: Coroutine[None, None, T]) -> T:
    """Wait for it, also when cancelled meanwhile: half a delivery would be sent again after its lease."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
