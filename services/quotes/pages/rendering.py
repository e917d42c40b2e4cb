"""What the pages of quotes have in common: quote_pages a quote to whoever asks, and what was typed once more."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.quotes.actions import acceptance, drafting
from services.quotes.actions.context import Context
from services.quotes.documents import DocumentWriter
from services.quotes.domain.amounts import AmountRefusedError
from services.quotes.domain.references import grouped_reference
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.kernel.text import TextRefusedError, line, prose
from shared.runtime.service import Kernel
from shared.web.forms import Form
from shared.web.templates import Templates, templates_of

LARGEST_VERSION = 100_000
_DIGITS = len(str(LARGEST_VERSION))


class QuotePages:
    """A quote as its page shows it: the desk to ops, the offer to its customer."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel

    async def values(self, caller: Caller, commission: UUID) -> dict[str, Any]:
        """What the templates need. Raises `not-found`."""
        kernel = self._kernel
        about = {"commission": commission, "now": kernel.clock(), "refusal": None}
        about |= {"grouped": grouped_reference, "until": DocumentWriter(kernel.settings.studio_zone).until}
        async with kernel.database.transaction() as tx:
            if caller.role is Role.OPS:
                found = await drafting.read_studio_quote(tx, caller, commission, self.context())
                return {**about, "desk": found, "account": found.account, "seller": None}
            offered = await acceptance.read_customer_quote(tx, caller, commission, self.context())
        return {**about, "offered": offered, "account": offered.account, "seller": offered.seller}

    async def page(
        self, request: Request, caller: Caller, commission: UUID, refusal: Problem | None = None
    ) -> HTMLResponse:
        """The page; with a refusal, it says on top why what was asked for did not happen."""
        values = {**await self.values(caller, commission), "refusal": refusal}
        name = "studio_quote.html" if caller.role is Role.OPS else "customer_quote.html"
        return templates_of(request).page(request, name, values, status=refusal.type.status if refusal else 200)

    async def fragment(self, templates: Templates, caller: Caller, commission: UUID) -> str:
        """What of it changes by itself."""
        name = "_studio_quote.html" if caller.role is Role.OPS else "_customer_quote.html"
        return templates.fragment(name, **await self.values(caller, commission))

    def context(self) -> Context:
        return Context.of(self._kernel)


def version_field(form: Form) -> int:
    """The version that the page showed when the form was sent. Raises a Problem where it is none."""
    typed = form.value("version")
    if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS and 0 < int(typed) <= LARGEST_VERSION:
        return int(typed)
    remedy = "Load the page again, and send it from there."
    raise invalid(FieldProblem(field="version", message="It is not clear which version is meant.", remedy=remedy))


def words_field(form: Form, field: str, *, longest: int, shortest: int = 1) -> str:
    """Text of several lines from this field. Raises a Problem that names it."""
    try:
        return prose(form.value(field), longest=longest, shortest=shortest)
    except TextRefusedError as error:
        raise field_refused(field, error) from error


def line_field(form: Form, field: str, *, longest: int, shortest: int = 1) -> str:
    """One line of text from this field. Raises a Problem that names it."""
    try:
        return line(form.value(field), longest=longest, shortest=shortest)
    except TextRefusedError as error:
        raise field_refused(field, error) from error


def field_refused(field: str, error: TextRefusedError | AmountRefusedError) -> Problem:
    """What was typed into this field cannot be taken."""
    return invalid(FieldProblem(field=field, message=error.message, remedy=error.remedy))
