"""What the pages of quotes have in common: showing a quote to whoever asks, and what was typed once more."""

from typing import Any
from uuid import UUID

from starlette.requests import Request
from starlette.responses import HTMLResponse

from services.quotes.actions import desk, offers
from services.quotes.actions.accounts import Books
from services.quotes.actions.offers import Bench
from services.quotes.domain.typed import AmountRefusedError, shown_reference
from services.quotes.letters import Writer
from services.quotes.settings import Settings
from shared.auth.roles import Caller, Role
from shared.kernel.problems import FieldProblem, Problem, invalid
from shared.kernel.text import TextRefusedError, line, prose
from shared.runtime.service import Kernel
from shared.web.forms import Form
from shared.web.templates import Templates, templates_of

LARGEST_VERSION = 100_000
_DIGITS = len(str(LARGEST_VERSION))


class Showing:
    """A quote as its page shows it: the desk to ops, the offer to its customer."""

    def __init__(self, kernel: Kernel[Settings]) -> None:
        self._kernel = kernel

    async def context(self, caller: Caller, commission: UUID) -> dict[str, Any]:
        """What the templates need. Raises `not-found`."""
        kernel = self._kernel
        about = {"commission": commission, "now": kernel.clock(), "refusal": None}
        about |= {"grouped": shown_reference, "until": Writer(kernel.settings.studio_zone).until}
        async with kernel.database.transaction() as tx:
            if caller.role is Role.OPS:
                found = await desk.read_desk(tx, caller, commission, now=kernel.clock(), settings=kernel.settings)
                return {**about, "desk": found, "account": found.account, "seller": None}
            offered = await offers.read_offer(tx, caller, commission, kernel.settings)
        return {**about, "offered": offered, "account": offered.account, "seller": offered.seller}

    async def page(
        self, request: Request, caller: Caller, commission: UUID, refusal: Problem | None = None
    ) -> HTMLResponse:
        """The page; with a refusal, it says on top why what was asked for did not happen."""
        context = {**await self.context(caller, commission), "refusal": refusal}
        name = "quote.html" if caller.role is Role.OPS else "offer.html"
        return templates_of(request).page(request, name, context, status=refusal.type.status if refusal else 200)

    async def fragment(self, templates: Templates, caller: Caller, commission: UUID) -> str:
        """What of it changes by itself."""
        name = "desk.html" if caller.role is Role.OPS else "offered.html"
        return templates.fragment(name, **await self.context(caller, commission))

    def books(self) -> Books:
        return self.bench().books()

    def bench(self) -> Bench:
        return Bench(self._kernel.settings, self._kernel.ids, self._kernel.clock)


def typed_version(form: Form) -> int:
    """The version that the page showed when the form was sent. Raises a Problem where it is none."""
    typed = form.value("version")
    if typed.isascii() and typed.isdecimal() and len(typed) <= _DIGITS and 0 < int(typed) <= LARGEST_VERSION:
        return int(typed)
    remedy = "Load the page again, and send it from there."
    raise invalid(FieldProblem(field="version", message="It is not clear which version is meant.", remedy=remedy))


def typed_words(form: Form, field: str, *, longest: int, shortest: int = 1) -> str:
    """Text of several lines from this field. Raises a Problem that names it."""
    try:
        return prose(form.value(field), longest=longest, shortest=shortest)
    except TextRefusedError as error:
        raise refused(field, error) from error


def typed_line(form: Form, field: str, *, longest: int, shortest: int = 1) -> str:
    """One line of text from this field. Raises a Problem that names it."""
    try:
        return line(form.value(field), longest=longest, shortest=shortest)
    except TextRefusedError as error:
        raise refused(field, error) from error


def refused(field: str, error: TextRefusedError | AmountRefusedError) -> Problem:
    """What was typed into this field cannot be taken."""
    return invalid(FieldProblem(field=field, message=error.message, remedy=error.remedy))
