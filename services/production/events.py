"""Kafka in: whose commissions they are, and which their customers took back."""

from collections.abc import Sequence

from services.production.actions import photos
from services.production.actions import promises as actions
from services.production.settings import Settings
from shared.contracts.commissions import CommissionSubmitted, CommissionWithdrawn
from shared.contracts.fact import Topic
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel


def inboxes(_kernel: Kernel[Settings]) -> Sequence[Inbox]:
    async def commission_withdrawn(tx: Tx, withdrawn: CommissionWithdrawn, _record: Record) -> None:
        await actions.hear_of_withdrawal(tx, withdrawn)

    async def commission_submitted(tx: Tx, submitted: CommissionSubmitted, _record: Record) -> None:
        await photos.hear_of_customer(tx, submitted)

    handlers = {CommissionSubmitted: commission_submitted, CommissionWithdrawn: commission_withdrawn}
    return [Inbox(name="commissions", topics=[Topic.COMMISSIONS], handlers=handlers)]
