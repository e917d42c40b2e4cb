"""Change orders: what the studio offers of what was accepted, and what the customer says to it."""

from datetime import date
from typing import Annotated, Self
from uuid import UUID

from fastapi import APIRouter
from pydantic import AwareDatetime, Field

from services.quotes.actions import change_drafting, change_orders
from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.actions.change_drafting import ChangeOrderDraft
from services.quotes.actions.change_orders import ChangeOrderView
from services.quotes.actions.context import QuotesContext
from services.quotes.api.schemas import QuoteRead
from services.quotes.api.studio import ChangedAnswerRead
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.domain.change_orders import ChangeOrder, ChangeOrderState
from services.quotes.labels.wording import QuoteWording, contract_words
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import ChangeOrderEnd, ChangeRefusal
from shared.i18n import Reader
from shared.kernel.money import Currency, Money
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line, Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Ops = Annotated[Caller, Allow(Role.OPS, of="commission")]
Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Somebody = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
StageName = Annotated[str, Line(40)]
SunkTitle = Annotated[str, Line(120, 0)]
SunkReason = Annotated[str, Prose(1000, 0)]


class ChangeOrderCreate(Body):
    """What is offered for a proposal: the first step that it changes, and what is sunk, without VAT, with its name."""

    proposal: UUID
    from_stage: StageName
    sunk_minor: Annotated[int, Field(ge=0, le=LARGEST_MINOR, description="In minor units of the currency.")] = 0
    currency: Currency = "EUR"
    sunk_title: SunkTitle = ""
    sunk_reason: SunkReason = ""
    until: AwareDatetime | None = Field(default=None, description="The last moment to agree, if sooner than usual.")


class ChangeOrderAnswer(Body):
    """Which change order is meant."""

    change_order: UUID


class ChangeOrderAgree(ChangeOrderAnswer):
    """Your yes, with obligation to pay what it adds."""


class ChangeOrderRead(ResponseModel):
    """A change of what was accepted: what differs, in words, and the price and the day before and after."""

    change_order: UUID
    number: int
    state: ChangeOrderState
    answers: list[ChangedAnswerRead]
    before: QuoteRead
    after: QuoteRead
    difference: Money
    ready_by: date | None
    ready_by_before: date | None
    valid_until: AwareDatetime
    signed_again: list[str] = Field(description="Gates that the piece had passed, and that are signed off again.")
    end_reason: ChangeOrderEnd | None
    refusal: ChangeRefusal | None

    @classmethod
    def of(cls, order: ChangeOrder, found: ChangeOrderView, wording: QuoteWording) -> Self:
        changed = found.changed or found.accepted
        return cls(
            **{name: getattr(order, name) for name in ("change_order", "number", "state", "ready_by_before")},
            **{name: getattr(order, name) for name in ("valid_until", "end_reason", "refusal")},
            answers=[ChangedAnswerRead.of(each, wording) for each in found.answers],
            before=QuoteRead.of(found.accepted, wording),
            after=QuoteRead.of(changed, wording),
            difference=changed.price.total.less(found.accepted.price.total),
            ready_by=changed.ready_by,
            signed_again=list(order.gates),
        )


class ChangeOrdersRead(ResponseModel):
    """The newest change order, if there is one; for ops the proposal that none is offered for yet."""

    change_order: ChangeOrderRead | None
    proposal: UUID | None


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["change orders"])
    reading = _Reading(kernel)

    @api.get("/commissions/{commission}/change-order")
    async def read(commission: UUID, caller: Somebody, reader: CurrentReader) -> ChangeOrdersRead:
        """The newest change order of a commission."""
        return await reading.read(caller, commission, reader)

    @api.post("/commissions/{commission}/change-order", responses=problems(ProblemType.CONFLICT))
    async def ask(
        commission: UUID, caller: Ops, reader: CurrentReader, given: JsonBody[ChangeOrderCreate]
    ) -> ChangeOrdersRead:
        """Offer a change as soon as the bench has said by which day. Asking twice for one proposal is asking once."""
        sunk = Money(minor=given.sunk_minor, currency=given.currency) if given.sunk_minor else None
        asked = ChangeOrderDraft(
            given.proposal, given.from_stage, sunk, given.sunk_title, given.sunk_reason, given.until
        )
        async with kernel.database.transaction() as tx:
            await change_drafting.ask_to_offer(tx, caller, commission, asked, QuotesContext.of(kernel))
        return await reading.read(caller, commission, reader)

    @api.post("/commissions/{commission}/change-order/agree", responses=problems(ProblemType.CONFLICT))
    async def agree(
        commission: UUID, caller: Customer, reader: CurrentReader, given: JsonBody[ChangeOrderAgree]
    ) -> ChangeOrdersRead:
        """Agree to it, with obligation to pay. It counts once the bench has applied it; twice is the same as once."""
        async with kernel.database.transaction() as tx:
            yes = QuoteAcceptance(0, reader.language, contract_words(reader), papers_of(kernel.settings))
            await change_orders.agree(tx, caller, commission, given.change_order, yes, context=QuotesContext.of(kernel))
        return await reading.read(caller, commission, reader)

    @api.post("/commissions/{commission}/change-order/decline", responses=problems(ProblemType.CONFLICT))
    async def decline(
        commission: UUID, caller: Customer, reader: CurrentReader, given: JsonBody[ChangeOrderAnswer]
    ) -> ChangeOrdersRead:
        """Leave everything as it was agreed. Twice is the same as once."""
        async with kernel.database.transaction() as tx:
            await change_orders.decline(tx, caller, commission, given.change_order, QuotesContext.of(kernel))
        return await reading.read(caller, commission, reader)

    @api.post("/commissions/{commission}/change-order/withdraw", responses=problems(ProblemType.CONFLICT))
    async def withdraw(
        commission: UUID, caller: Ops, reader: CurrentReader, given: JsonBody[ChangeOrderAnswer]
    ) -> ChangeOrdersRead:
        """Take it back while nobody has agreed. Twice is the same as once."""
        async with kernel.database.transaction() as tx:
            await change_orders.withdraw(tx, caller, commission, given.change_order, QuotesContext.of(kernel))
        return await reading.read(caller, commission, reader)

    return api


class _Reading:
    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel

    async def read(self, caller: Caller, commission: UUID, reader: Reader) -> ChangeOrdersRead:
        async with self._kernel.database.transaction() as tx:
            found = await change_orders.read(tx, caller, commission)
        if found is None:
            return ChangeOrdersRead(change_order=None, proposal=None)
        wording = QuoteWording(reader, found.offering)
        order = ChangeOrderRead.of(found.order, found, wording) if found.order else None
        waits = found.proposal.proposal if found.proposal and found.may_be_offered else None
        return ChangeOrdersRead(change_order=order, proposal=waits)
