"""The mailer's loops: some that deliver, each with its own connection, and one that maintains the queue."""

import asyncio
import random
import time
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import TypeVar

from services.notify import actions
from services.notify.actions import LeasedMail, attachments
from services.notify.domain.mails import AttemptOutcome, AttemptResult, RetryPolicy, Waits
from services.notify.mailer.connection import SmtpConnection
from services.notify.mails import MailSender, UnwritableAddressError, Writer, compose, readers
from services.notify.settings import NotifySettings
from shared.auth.mail_secrets import MailSecrets
from shared.postgres.database import Committed, DatabaseUnavailableError
from shared.runtime import faults, tracing
from shared.runtime.backoff import Backoff
from shared.runtime.logs import get_logger
from shared.runtime.metrics import METRICS
from shared.runtime.service import Kernel, Loop
from shared.web.studio_pages import foot_links

log = get_logger(__name__)

T = TypeVar("T")

_POLL_EVERY = 1.0
"""Seconds between two looks at the table when nobody in this process has requested a mail."""
_MAINTAIN_EVERY = 5.0

_ATTEMPTS = METRICS.counter("touchmark_mail_attempts_total", "Attempts to deliver a mail.", ("intent", "outcome"))
_SECONDS = METRICS.seconds("touchmark_mail_delivery_seconds", "How long the mail server took for a mail.", ("outcome",))
_UNSENT = METRICS.gauge("touchmark_mails_unsent", "Mails that are neither sent nor given up.")
_NO_ADDRESS = METRICS.gauge("touchmark_mails_without_address", "Unsent mails whose person is not known yet.")
_OLDEST = METRICS.gauge("touchmark_mails_oldest_due_seconds", "Age of the oldest mail that is due now.")


def loops(kernel: Kernel[NotifySettings]) -> Sequence[Loop]:
    """One delivering loop per connection: so many mails are in flight at most, the others wait in the table."""
    mailers = [Mailer(kernel) for _ in range(kernel.settings.mail_connections)]
    return [
        *(Loop(f"mailer {number}", mailer.run) for number, mailer in enumerate(mailers, 1)),
        Loop("mail queue", QueueMaintenance(kernel).run),
    ]


def _writer(settings: NotifySettings) -> Writer:
    known = readers(zone=settings.studio_zone, language=settings.studio_language)
    secrets = MailSecrets(settings.mail_secret.get_secret_value())
    return Writer(
        settings.studio_name,
        settings.public_url,
        secrets=secrets,
        readers=known,
        foot=foot_links(settings),
    )


class Mailer:
    """Delivers one mail after the other. When it is cancelled, it finishes the delivery that it has begun."""

    def __init__(self, kernel: Kernel[NotifySettings]) -> None:
        self._kernel = kernel
        self._connection = SmtpConnection(kernel.settings)
        self._policy = retry_policy(kernel.settings)
        self._writer = _writer(kernel.settings)
        self._sender = MailSender(kernel.settings.studio_name, kernel.settings.mail_from)
        self._woken = asyncio.Event()
        kernel.database.on_commit(self._wake)

    async def run(self) -> None:
        """Deliver until cancelled. While the mail server is away, wait for it.

        Raises:
            DatabaseUnavailableError: the database is away; the supervisor starts this again.
        """
        backoff = Backoff(first=0.5, longest=60)
        try:
            while True:
                self._woken.clear()
                leased = await self._lease()
                if leased is None:
                    await self._wait_for_work()
                elif await _uninterrupted(self._deliver(leased)) is AttemptOutcome.UNREACHABLE:
                    await asyncio.sleep(backoff.next())
                else:
                    backoff.reset()
        finally:
            self._connection.abort()

    async def _lease(self) -> LeasedMail | None:
        settings = self._kernel.settings
        async with self._kernel.database.transaction() as tx:
            return await actions.lease_next(
                tx,
                lease=self._kernel.ids(),
                now=self._kernel.clock(),
                duration=timedelta(seconds=settings.mail_lease),
                waits=Waits(
                    for_words=timedelta(seconds=settings.mail_complete_within),
                    for_facts=timedelta(seconds=settings.mail_facts_within),
                    in_order=timedelta(seconds=settings.mail_in_order_within),
                ),
                zone=settings.studio_zone,
            )

    async def _deliver(self, leased: LeasedMail) -> AttemptOutcome:
        with tracing.bind(leased.outgoing.traceparent):
            return await self._attempt(leased)

    async def _attempt(self, leased: LeasedMail) -> AttemptOutcome:
        faults.reach("mailer.before_send")
        began = time.monotonic()
        result = await self._send(leased)
        faults.reach("mailer.after_send")
        _SECONDS.labels(result.outcome).observe(time.monotonic() - began)
        _ATTEMPTS.labels(leased.outgoing.intent, result.outcome).inc()
        await self._record(leased, result)
        return result.outcome

    async def _send(self, leased: LeasedMail) -> AttemptResult:
        try:
            message = compose(self._writer.write(leased.outgoing, leased.offering), leased.outgoing, self._sender)
        except UnwritableAddressError:
            return AttemptResult(AttemptOutcome.UNWRITABLE)
        return await self._connection.send(message)

    async def _record(self, leased: LeasedMail, result: AttemptResult) -> None:
        """Record the result, and keep trying while the lease lasts: if it is lost, the mail is sent twice.

        Raises:
            TimeoutError: the database was away for as long as the lease; the mail is leased again.
        """
        backoff = Backoff(first=0.1, longest=5)
        async with asyncio.timeout(self._kernel.settings.mail_lease):
            while True:
                try:
                    return await self._record_once(leased, result)
                except DatabaseUnavailableError as error:
                    log.warning("mail_result_not_recorded", mail=str(leased.outgoing.mail), reason=str(error))
                    await asyncio.sleep(backoff.next())

    async def _record_once(self, leased: LeasedMail, result: AttemptResult) -> None:
        async with self._kernel.database.transaction() as tx:
            state = await actions.record_result(
                tx,
                leased,
                result,
                policy=self._policy,
                now=self._kernel.clock(),
                jitter=random.random(),  # noqa: S311 (jitter, not a secret)
            )
        log.info(
            "mail_attempted",
            mail=str(leased.outgoing.mail),
            commission=str(leased.outgoing.commission),
            intent=leased.outgoing.intent,
            attempt=leased.outgoing.attempt,
            outcome=result.outcome,
            smtp_code=result.smtp_code,
            state=state or "lease_lost",
        )

    async def _wait_for_work(self) -> None:
        """Until a mail is requested in this process, or it is time to look what others requested."""
        # aiosmtplib waits by wait_for, which before Python 3.12 swallows a cancellation that comes with the answer.
        await _uninterrupted(self._connection.quit())
        with suppress(TimeoutError):
            async with asyncio.timeout(_POLL_EVERY):  # wait_for would swallow a cancellation that comes with the waking
                await self._woken.wait()

    def _wake(self, committed: Committed) -> None:
        if actions.MAILS in committed.touched:
            self._woken.set()


class QueueMaintenance:
    """Ends mails that can never be sent, lets go of papers that none waits for, and measures the queue."""

    def __init__(self, kernel: Kernel[NotifySettings]) -> None:
        self._kernel = kernel
        self._policy = retry_policy(kernel.settings)
        tried_for = kernel.settings.mail_facts_within + kernel.settings.mail_give_up_after
        self._papers_for = timedelta(seconds=tried_for)

    async def run(self) -> None:
        """Maintain until cancelled."""
        while True:
            now = self._kernel.clock()
            async with self._kernel.database.transaction() as tx:
                await attachments.drop_papers(tx, now - self._papers_for)
                if closed := await actions.close_undeliverable(tx, self._policy, now):
                    log.warning("mails_ended_unsent", mails=closed)
                queue = await actions.count_queue(tx, now)
            _UNSENT.set(queue.unsent)
            _NO_ADDRESS.set(queue.without_address)
            _OLDEST.set((now - queue.oldest).total_seconds() if queue.oldest else 0)
            await asyncio.sleep(_MAINTAIN_EVERY)


def retry_policy(settings: NotifySettings) -> RetryPolicy:
    return RetryPolicy(
        first_wait=timedelta(seconds=settings.mail_first_wait),
        longest_wait=timedelta(seconds=settings.mail_longest_wait),
        give_up_after=timedelta(seconds=settings.mail_give_up_after),
    )


async def _uninterrupted(work: Coroutine[None, None, T]) -> T:
    """Wait for it, also when cancelled meanwhile: half a delivery would be sent again after its lease."""
    task = asyncio.create_task(work)
    try:
        return await asyncio.shield(task)
    except asyncio.CancelledError:
        await asyncio.wait({task})
        raise
