"""Temporal in: the life cycle wants a quote drafted, sent, extended, ended, a balance asked for, an end settled."""

import asyncio
from collections.abc import Callable, Sequence
from typing import Any
from zoneinfo import ZoneInfo

from services.quotes.actions import drafting, invoices, leaving, sending, validity, withdrawals
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import papers_of
from services.quotes.settings import QuotesSettings
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import (
    DraftQuote,
    ExpireQuote,
    ExtendedQuote,
    ExtendQuote,
    IssueBalance,
    IssuedInvoice,
    KeepDraft,
    QuoteDraft,
    QuoteEnding,
    RefundWithdrawal,
    SendQuote,
    SentQuote,
    SettleCancellation,
    Settlement,
)
from shared.postgres.database import Tx
from shared.runtime.service import Kernel, Loop
from shared.temporal.activities import activity

_LOOK_EVERY = 3600.0  # seconds


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
        activity(kernel, DraftQuote, draft_quote),
        activity(kernel, RefundWithdrawal, refund_withdrawal),
        activity(kernel, SendQuote, send_quote),
        activity(kernel, KeepDraft, sending.keep_draft),
        activity(kernel, ExpireQuote, expire_quote),
        activity(kernel, ExtendQuote, extend_quote),
        activity(kernel, IssueBalance, issue_balance),
        activity(kernel, SettleCancellation, settle_cancellation),
    ]


def loops(kernel: Kernel[QuotesSettings]) -> Sequence[Loop]:
    zone = ZoneInfo(kernel.settings.studio_zone)

    async def erase_released() -> None:
        while True:
            now = kernel.clock()
            async with kernel.database.transaction() as tx:
                await leaving.erase_released(tx, now.astimezone(zone).date(), now)
            await asyncio.sleep(_LOOK_EVERY)

    return [Loop("sealed contracts", erase_released)]
