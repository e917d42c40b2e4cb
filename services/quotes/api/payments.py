"""Money: what is asked for, what came in, and what goes back."""

from datetime import date, datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from services.quotes.actions import drafting, names, payments
from services.quotes.actions.context import QuotesContext
from services.quotes.actions.payments import PaymentCreate
from services.quotes.api.schemas import NamedRead, PaymentRead, RefundRead, named_read
from services.quotes.api.studio import KEYED, Ops
from services.quotes.documents import papers_of
from services.quotes.domain.amounts import LARGEST_MINOR
from services.quotes.labels.names import NameWording
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.contracts.payments import InvoiceKind, PaymentMethod, RefundReason, ReversalReason
from shared.kernel.money import Currency, Money
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.idempotency import Answer, IdempotencyKey, once
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.pagination import AskedPage, Page, Position, paged


class OpenInvoiceRead(NamedRead):
    """An invoice that waits for money; `left` is what the commission still has to pay in all."""

    invoice: UUID
    number: str
    commission: UUID
    kind: InvoiceKind
    total: Money
    left: Money
    issued_on: date
    due_on: date | None
    last_day: date | None
    reference: str


class OpenRefundRead(NamedRead):
    """A refund that waits to be transferred."""

    refund: UUID
    commission: UUID
    amount: Money
    reason: RefundReason
    due_at: datetime


class ReferencedCommissionRead(BaseModel):
    commission: UUID


class PaymentBody(Body):
    """What the bank statement says."""

    minor: Annotated[int, Field(gt=0, le=LARGEST_MINOR, description="In minor units of the currency.")]
    currency: Currency
    received_on: date
    bank_reference: Annotated[str, Line(140)] | None = Field(
        default=None,
        description="The bank's own id of the transfer, which makes it happen once. Only letters and digits count.",
    )
    method: PaymentMethod = PaymentMethod.BANK_TRANSFER
    differs: bool = Field(
        default=False,
        description="It is right, though it is not what is due. Without it the answer is `amount-differs`.",
    )


class PaymentReverse(Body):
    reason: ReversalReason


class ReversalPreviewRead(BaseModel):
    """What a reversal would change: nothing where the payment is reversed already."""

    payment: PaymentRead
    left: Money = Field(description="What is to be paid then.")
    reopened: list[UUID] = Field(description="The invoices that are open again.")
    withdrawn: list[RefundRead] = Field(description="The refunds that are not owed any more.")
    owed: list[RefundRead] = Field(description="What of them still is.")


class RefundPay(Body):
    paid_on: date


def router(kernel: Kernel[QuotesSettings]) -> APIRouter:
    api = APIRouter(tags=["money"])

    def context() -> QuotesContext:
        return QuotesContext.of(kernel)

    @api.post(
        "/commissions/{commission}/payments", status_code=201, responses=KEYED | problems(ProblemType.AMOUNT_DIFFERS)
    )
    async def receive(commission: UUID, caller: Ops, key: IdempotencyKey, given: JsonBody[PaymentBody]) -> PaymentRead:
        """Mark money as received. What exceeds everything that was asked for goes back."""
        received = PaymentCreate(
            Money(minor=given.minor, currency=given.currency),
            given.received_on,
            given.bank_reference,
            given.method,
            confirmed=given.differs,
        )
        async with kernel.database.transaction() as tx:

            async def act() -> Answer:
                papers = papers_of(kernel.settings)
                payment = await payments.receive_payment(
                    tx, caller, commission, received, context=context(), wording=papers
                )
                return Answer(201, PaymentRead.model_validate(payment).model_dump(mode="json"))

            return PaymentRead.model_validate((await once(tx, key.of(given), act)).body)

    @api.get("/payments/{payment}/reversal")
    async def preview(payment: UUID, caller: Annotated[Caller, Allow(Role.OPS, of="payment")]) -> ReversalPreviewRead:
        """What would follow if this payment were reversed now."""
        async with kernel.database.transaction() as tx:
            found = await payments.read_reversal(tx, caller, payment, context())
        return ReversalPreviewRead(
            payment=PaymentRead.model_validate(found.payment),
            left=found.left,
            reopened=[each.invoice for each in found.change.invoices_reopened],
            withdrawn=[RefundRead.model_validate(each) for each in found.change.refunds_withdrawn],
            owed=[RefundRead.model_validate(each) for each in found.change.refunds],
        )

    @api.post("/payments/{payment}/reverse")
    async def reverse(
        payment: UUID, caller: Annotated[Caller, Allow(Role.OPS, of="payment")], given: JsonBody[PaymentReverse]
    ) -> PaymentRead:
        """Mark a payment as not counting. Its invoices are open again, and a refund that it caused is withdrawn.

        Doing so twice is the same as once.
        """
        async with kernel.database.transaction() as tx:
            found = await payments.reverse_payment(tx, caller, payment, given.reason, context())
        return PaymentRead.model_validate(found)

    @api.get("/references")
    async def by_reference(
        caller: Annotated[Caller, Allow(Role.OPS)],
        reference: Annotated[str, Query(max_length=140, description="What a transfer says, however it is spaced.")],
    ) -> ReferencedCommissionRead:
        """The commission that a transfer's reference names."""
        async with kernel.database.transaction() as tx:
            return ReferencedCommissionRead(commission=await payments.find_commission(tx, caller, reference))

    @api.get("/invoices")
    async def invoices(
        paging: AskedPage, caller: Annotated[Caller, Allow(Role.OPS)], reader: CurrentReader
    ) -> Page[OpenInvoiceRead]:
        """The invoices that wait for money, newest first."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await payments.open_invoices(tx, caller, before=before, at_most=paging.fetch)
            known = await names.read_names(tx, caller, found)
            wording = NameWording(reader, await drafting.offerings_of(tx, found), known)
        items = [(Position(each.issued_at, each.invoice), named_read(OpenInvoiceRead, each, wording)) for each in found]
        return paged(items, paging)

    @api.get("/refunds")
    async def refunds(caller: Annotated[Caller, Allow(Role.OPS)], reader: CurrentReader) -> list[OpenRefundRead]:
        """The refunds that wait to be transferred, the oldest first, a hundred at most."""
        async with kernel.database.transaction() as tx:
            found = await payments.open_refunds(tx, caller)
            known = await names.read_names(tx, caller, found)
            wording = NameWording(reader, await drafting.offerings_of(tx, found), known)
        return [named_read(OpenRefundRead, each, wording) for each in found]

    @api.post("/refunds/{refund}/paid")
    async def paid(
        refund: UUID, caller: Annotated[Caller, Allow(Role.OPS, of="refund")], given: JsonBody[RefundPay]
    ) -> RefundRead:
        """Mark a refund as transferred. Doing so twice is the same as once."""
        async with kernel.database.transaction() as tx:
            found = await payments.pay_refund(tx, caller, refund, given.paid_on, context())
        return RefundRead.model_validate(found)

    return api
