"""Temporal in: the life cycle wants a quote drafted, sent, extended, ended, a balance asked for, an end settled."""

import asyncio
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any
from zoneinfo import ZoneInfo

from services.quotes.actions import (
    amending,
    attachments,
    change_orders,
    drafting,
    invoices,
    leaving,
    sending,
    validity,
    withdrawals,
)
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import papers_of, set_paper
from services.quotes.domain.documents import PaperToAttach
from services.quotes.settings import QuotesSettings
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import (
    ChangeOrderEnding,
    CountChangeOrder,
    DraftQuote,
    EndChangeOrder,
    ExpireQuote,
    ExtendedQuote,
    ExtendQuote,
    IssueBalance,
    IssuedInvoice,
    KeepDraft,
    OfferChangeOrder,
    OfferedChangeOrder,
    QuoteDraft,
    QuoteEnding,
    RefundWithdrawal,
    SendQuote,
    SentQuote,
    SettleCancellation,
    Settlement,
)
from shared.kernel.problems import Problem
from shared.postgres.database import Committed, Tx
from shared.runtime.logs import get_logger
from shared.runtime.service import Kernel, Loop
from shared.temporal.activities import activity

log = get_logger(__name__)

_LOOK_EVERY = 3600.0  # seconds
_LOOK_FOR_PAPERS_EVERY = 2.0  # seconds between two looks when nobody in this process has issued one


def activities(kernel: Kernel[QuotesSettings]) -> Sequence[Callable[..., Any]]:
    def context() -> QuotesContext:
        return QuotesContext.of(kernel)

    papers = papers_of(kernel.settings)

    async def draft_quote(tx: Tx, command: DraftQuote) -> QuoteDraft:
        return await drafting.draft_quote(
            tx,
            command,
            new_id=kernel.ids,
            at=kernel.clock(),
            vat=context().vat_rules,
            rounding=kernel.settings.vat_rounding,
        )

    async def send_quote(tx: Tx, command: SendQuote) -> SentQuote:
        return await sending.send_quote(tx, command, context())

    async def expire_quote(tx: Tx, command: ExpireQuote) -> QuoteEnding:
        return await validity.expire_quote(tx, command, at=kernel.clock())

    async def extend_quote(tx: Tx, command: ExtendQuote) -> ExtendedQuote:
        return await validity.extend_quote(tx, command)

    async def issue_balance(tx: Tx, command: IssueBalance) -> IssuedInvoice:
        return await invoices.issue_balance(tx, command, context(), papers)

    async def settle_cancellation(tx: Tx, command: SettleCancellation) -> Settlement:
        return await invoices.settle_cancellation(tx, command, context(), papers)

    async def refund_withdrawal(tx: Tx, command: RefundWithdrawal) -> Done:
        return await withdrawals.refund_withdrawal(tx, command, context(), papers)

    return [
        *_of_change_orders(kernel),
        activity(kernel, DraftQuote, draft_quote),
        activity(kernel, RefundWithdrawal, refund_withdrawal),
        activity(kernel, SendQuote, send_quote),
        activity(kernel, KeepDraft, sending.keep_draft),
        activity(kernel, ExpireQuote, expire_quote),
        activity(kernel, ExtendQuote, extend_quote),
        activity(kernel, IssueBalance, issue_balance),
        activity(kernel, SettleCancellation, settle_cancellation),
    ]


def _of_change_orders(kernel: Kernel[QuotesSettings]) -> Sequence[Callable[..., Any]]:
    papers = papers_of(kernel.settings)

    async def offer_change(tx: Tx, command: OfferChangeOrder) -> OfferedChangeOrder:
        return await change_orders.offer(tx, command, QuotesContext.of(kernel))

    async def end_change(tx: Tx, command: EndChangeOrder) -> ChangeOrderEnding:
        return await change_orders.end(tx, command, QuotesContext.of(kernel))

    async def count_change(tx: Tx, command: CountChangeOrder) -> Done:
        return await amending.count(tx, command, QuotesContext.of(kernel), papers)

    return [
        activity(kernel, OfferChangeOrder, offer_change),
        activity(kernel, EndChangeOrder, end_change),
        activity(kernel, CountChangeOrder, count_change),
    ]


def loops(kernel: Kernel[QuotesSettings]) -> Sequence[Loop]:
    zone = ZoneInfo(kernel.settings.studio_zone)

    async def erase_released() -> None:
        while True:
            now = kernel.clock()
            async with kernel.database.transaction() as tx:
                await leaving.erase_released(tx, now.astimezone(zone).date(), now)
            await asyncio.sleep(_LOOK_EVERY)

    publisher = PaperPublisher(kernel)
    return [Loop("sealed contracts", erase_released), Loop("papers for mails", publisher.run)]


class PaperPublisher:
    """Sets what was issued as PDF, one paper after the other, and publishes it for its mail."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel
        self._woken = asyncio.Event()
        kernel.database.on_commit(self._wake)

    async def run(self) -> None:
        """Publish until cancelled."""
        while True:
            self._woken.clear()
            async with self._kernel.database.transaction() as tx:
                paper = await attachments.take_next(tx, self._kernel.clock())
            if paper is not None:
                await self._publish(paper)
                continue
            with suppress(TimeoutError):
                async with asyncio.timeout(_LOOK_FOR_PAPERS_EVERY):
                    await self._woken.wait()

    async def _publish(self, paper: PaperToAttach) -> None:
        try:
            made = await set_paper(paper)
        except Problem as problem:
            log.warning("paper_not_set", paper=str(paper.paper), reason=str(problem))
            return
        async with self._kernel.database.transaction() as tx:
            await attachments.publish_paper(tx, paper, made.content, self._kernel.clock())

    def _wake(self, committed: Committed) -> None:
        if attachments.WANTED in committed.touched:
            self._woken.set()
