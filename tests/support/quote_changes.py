"""What tests do with change orders, as the doors of quotes would."""

from datetime import date, timedelta
from typing import Any
from uuid import UUID

from services.quotes.actions import amending, change_drafting, change_orders
from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.actions.change_drafting import ChangeOrderDraft
from services.quotes.domain.change_orders import ChangeOrder
from services.quotes.labels import LABELS
from services.quotes.labels.wording import contract_words
from shared.contracts.briefs import BriefProposal, BriefWritten
from shared.contracts.commands.command import Done
from shared.contracts.commands.quotes import (
    ChangeOrderEnding,
    CountChangeOrder,
    EndChangeOrder,
    OfferChangeOrder,
    OfferedChangeOrder,
)
from shared.contracts.people import Role
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Tx
from shared.temporal.activities import once
from tests.support.quote_money import OPS
from tests.support.quotes import Quotes, brief, customer_of
from tests.support.words import reader


class Changes:
    """The change orders of one commission that is being made: accepted, and its deposit paid."""

    def __init__(self, quotes: Quotes, customer: UUID, commission: UUID) -> None:
        self.quotes, self.customer, self.commission = quotes, customer, commission

    @classmethod
    async def making(cls, quotes: Quotes) -> "Changes":
        customer, commission = await quotes.accepted()
        account = await quotes.account(commission)
        await quotes.pay(commission, account.left.minor)
        return cls(quotes, customer, commission)

    async def propose(self, **changed: Any) -> UUID:
        """Something else is wished; nothing is, without any change."""
        written = brief(self.commission)
        proposal = BriefProposal(
            proposal=new_id(),
            number=1,
            answers=brief(self.commission, **changed).answers,
            by=Role.CUSTOMER,
            at=self.quotes.now,
        )
        await self.record(written.model_copy(update={"proposal": proposal if changed else None}))
        return proposal.proposal

    async def record(self, written: BriefWritten) -> None:
        await self.quotes.record_brief(written, self.customer)

    async def ask(self, proposal: UUID, sunk: int = 0) -> ChangeOrder:
        given = ChangeOrderDraft(
            proposal,
            "prepare",
            Money(minor=sunk, currency="EUR") if sunk else None,
            "Gold that is cut already" if sunk else "",
        )
        async with self.quotes.database.transaction() as tx:
            return await change_drafting.ask_to_offer(tx, OPS, self.commission, given, self.quotes.context)

    async def offer(self, order: ChangeOrder) -> bool:
        day = self.quotes.now.date() + timedelta(days=60)
        asked = OfferChangeOrder(
            id=new_id(),
            commission=self.commission,
            change_order=order.change_order,
            ready_by=day,
            before=day - timedelta(days=9),
            gates=("cut",),
        )

        async def action(tx: Tx, given: OfferChangeOrder) -> OfferedChangeOrder:
            return await change_orders.offer(tx, given, self.quotes.context)

        return (await once(self.quotes.database, asked, action, self.quotes.now)).offered

    async def offered(self, sunk: int = 0, **changed: Any) -> ChangeOrder:
        """One that is with the customer."""
        order = await self.ask(await self.propose(**changed), sunk)
        assert await self.offer(order)
        return order

    async def agree(self, order: ChangeOrder, language: str = "en") -> ChangeOrder:
        given = QuoteAcceptance(order.version, language, contract_words(reader(LABELS, language)), self.quotes.papers)
        async with self.quotes.database.transaction() as tx:
            return await change_orders.agree(
                tx,
                customer_of(self.customer),
                self.commission,
                order.change_order,
                given,
                context=self.quotes.context,
            )

    async def decline(self, order: ChangeOrder) -> ChangeOrder:
        async with self.quotes.database.transaction() as tx:
            return await change_orders.decline(
                tx, customer_of(self.customer), self.commission, order.change_order, self.quotes.context
            )

    async def withdraw(self, order: ChangeOrder) -> ChangeOrder:
        async with self.quotes.database.transaction() as tx:
            return await change_orders.withdraw(tx, OPS, self.commission, order.change_order, self.quotes.context)

    async def end(
        self, order: ChangeOrder, end: ChangeOrderEnd, refusal: ChangeRefusal | None = None
    ) -> ChangeOrderEnding:
        asked = EndChangeOrder(
            id=new_id(), commission=self.commission, change_order=order.change_order, end=end, refusal=refusal
        )

        async def action(tx: Tx, given: EndChangeOrder) -> ChangeOrderEnding:
            return await change_orders.end(tx, given, self.quotes.context)

        return await once(self.quotes.database, asked, action, self.quotes.now)

    async def count(self, order: ChangeOrder, day: date | None = None) -> None:
        asked = CountChangeOrder(
            id=new_id(),
            commission=self.commission,
            change_order=order.change_order,
            ready_by=day or self.quotes.now.date(),
            brief_version=2,
        )

        async def action(tx: Tx, given: CountChangeOrder) -> Done:
            return await amending.count(tx, given, self.quotes.context, self.quotes.papers)

        await once(self.quotes.database, asked, action, self.quotes.now)

    async def newest(self) -> ChangeOrder:
        async with self.quotes.database.transaction() as tx:
            found = await change_orders.read(tx, OPS, self.commission)
        assert found is not None
        assert found.order is not None
        return found.order
