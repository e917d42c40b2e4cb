"""Drafts that the studio asked to send, in each state that its desk shows."""

from datetime import date, timedelta
from uuid import UUID

from shared.contracts.quotes import SendRefusal
from shared.kernel.ids import new_id
from tests.support.quotes import Quotes, brief


async def sendings(studio: Quotes) -> dict[str, UUID]:
    """Commissions by what has come of it: none is with its customer."""
    found = dict[str, UUID]()
    for state in ("being sent", "bench away", *SendRefusal):
        found[state] = commission = new_id()
        await studio.record_brief(brief(commission, at=studio.now))
        await studio.draft(commission, ready_by=date(2027, 1, 12))
        studio.now -= timedelta(minutes=state == "bench away")
        await studio.ask_to_send(commission)
        studio.now += timedelta(minutes=state == "bench away")
        if isinstance(state, SendRefusal):
            await studio.keep_draft(commission, state, date(2027, 1, 14))
    return found
