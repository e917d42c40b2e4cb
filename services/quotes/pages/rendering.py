"""What the pages of quotes have in common: the values of their templates, and the page of a quote."""

from typing import Any
from uuid import UUID

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.quotes.actions import acceptance, drafting
from services.quotes.actions.context import QuotesContext
from services.quotes.domain.account import Account, Seller
from services.quotes.domain.amounts import typed_example
from services.quotes.domain.epc import epc_data
from services.quotes.domain.quote import Quote
from services.quotes.domain.references import grouped_reference
from services.quotes.domain.work import PlannedWork, planned_work
from services.quotes.labels.wording import QuoteWording
from services.quotes.settings import QuotesSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem
from shared.offerings.model import Offering
from shared.runtime.service import Kernel
from shared.web.labels import ERASED, NO_NAME
from shared.web.language import reader_of
from shared.web.layouts import layout_picture
from shared.web.qr import qr
from shared.web.templates import templates_of


def _code(seller: Seller | None, account: Account | None) -> Markup | None:
    """The QR code by which a banking app fills in the transfer of what is left to be paid."""
    data = epc_data(seller, account.left, account.reference) if seller and account else None
    return qr(data) if data else None


class QuotePages:
    """A quote as its page shows it: the draft to ops, the offer to its customer."""

    def __init__(self, kernel: Kernel[QuotesSettings]) -> None:
        self._kernel = kernel

    async def values(self, caller: Caller, commission: UUID, reader: Reader) -> dict[str, Any]:
        """What the templates need. Raises `not-found`."""
        kernel = self._kernel
        about = {
            "commission": commission,
            "now": kernel.clock(),
            "refusal": None,
            "grouped": grouped_reference,
            "drawn": layout_picture,
            "erased": ERASED,
            "no_name": NO_NAME,
        }
        async with kernel.database.transaction() as tx:
            if caller.role is Role.OPS:
                overview = await drafting.read_studio_quote(tx, caller, commission, self.context())
                wording = QuoteWording(reader, overview.offering)
                example = typed_example(overview.quote.price.total.currency) if overview.quote else ""
                shown = {"overview": overview, "wording": wording, "account": overview.account, "example": example}
                return {**about, **shown, "seller": None, "work": self._work(overview.quote, overview.offering)}
            offered = await acceptance.read_customer_quote(tx, caller, commission, self.context())
        wording = QuoteWording(reader, offered.offering)
        shown = {"offered": offered, "wording": wording, "account": offered.account, "seller": offered.seller}
        shown |= {"work": self._work(offered.quote, offered.offering), "workshop": kernel.settings.workshop_place}
        return {**about, **shown, "code": _code(offered.seller, offered.account)}

    def _work(self, quote: Quote | None, offering: Offering | None) -> PlannedWork | None:
        return (
            planned_work(quote.price, offering, self._kernel.settings.maker_pay_minor) if quote and offering else None
        )

    async def page(
        self, request: Request, caller: Caller, commission: UUID, refusal: Problem | None = None
    ) -> HTMLResponse:
        """The page; with a refusal, it says on top why what was asked for did not happen."""
        values = {**await self.values(caller, commission, reader_of(request.scope)), "refusal": refusal}
        name = "studio_quote.html" if caller.role is Role.OPS else "customer_quote.html"
        return templates_of(request).page(request, name, values, status=refusal.type.status if refusal else 200)

    async def fragment(self, request: Request, caller: Caller, commission: UUID) -> str:
        """What of it changes by itself."""
        name = "_studio_quote.html" if caller.role is Role.OPS else "_customer_quote.html"
        reader = reader_of(request.scope)
        return templates_of(request).fragment(name, reader, **await self.values(caller, commission, reader))

    def context(self) -> QuotesContext:
        return QuotesContext.of(self._kernel)
