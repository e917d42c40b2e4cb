"""Temporal in: the life cycle wants a quote drafted or ended."""

from collections.abc import Callable, Sequence
from typing import Any

from services.quotes import actions
from services.quotes.settings import Settings
from shared.contracts.commands.quotes import DraftQuote, ExpireQuote, QuoteDraft, QuoteEnding
from shared.postgres.database import Tx
from shared.runtime.service import Kernel
from shared.temporal.activities import activity


def activities(kernel: Kernel[Settings]) -> Sequence[Callable[..., Any]]:
    async def draft_quote(tx: Tx, command: DraftQuote) -> QuoteDraft:
        return await actions.draft_quote(
            tx, command, new_id=kernel.ids, at=kernel.clock(), vat_percent=kernel.settings.vat_percent
        )

    async def expire_quote(tx: Tx, command: ExpireQuote) -> QuoteEnding:
        return await actions.expire_quote(tx, command, at=kernel.clock())

    return [activity(kernel, DraftQuote, draft_quote), activity(kernel, ExpireQuote, expire_quote)]
