"""A quote that is answered on the studio's tablet is the customer's answer, and names who stood by."""

from uuid import UUID

from services.quotes.actions import acceptance
from services.quotes.actions.acceptance import QuoteAcceptance
from services.quotes.labels import LABELS
from services.quotes.labels.wording import contract_words
from shared.auth.roles import Caller, Role
from shared.contracts.quotes import DeclineReason
from shared.kernel.ids import new_id
from tests.support.quotes import Quotes
from tests.support.words import reader

OPS = new_id()


def on_the_tablet(customer: UUID, commission: UUID) -> Caller:
    return Caller(customer, Role.CUSTOMER, new_id(), witness=OPS, commission=commission)


async def named_in(quotes: Quotes, commission: UUID, fact: str) -> list[object]:
    """Whom the facts of this name say it was by."""
    return [about["by"] for name, about in await quotes.facts(commission) if name == fact]


async def test_an_acceptance_on_the_tablet_names_who_stood_by(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()
    given = QuoteAcceptance(1, "en", contract_words(reader(LABELS, "en")), quotes.papers)

    for _ in range(2):
        async with quotes.database.transaction() as tx:
            await acceptance.accept(tx, on_the_tablet(customer, commission), commission, given, quotes.context)

    assert await named_in(quotes, commission, "QuoteAccepted") == [str(OPS)]


async def test_a_decline_on_the_tablet_names_who_stood_by(quotes: Quotes) -> None:
    customer, commission = await quotes.sent()

    async with quotes.database.transaction() as tx:
        await acceptance.decline(
            tx,
            on_the_tablet(customer, commission),
            commission,
            1,
            reason=DeclineReason.PRICE,
            words="",
            context=quotes.context,
        )

    assert await named_in(quotes, commission, "QuoteDeclined") == [str(OPS)]


async def test_an_acceptance_elsewhere_names_nobody_of_the_studio(quotes: Quotes) -> None:
    _, commission = await quotes.accepted()

    assert await named_in(quotes, commission, "QuoteAccepted") == [None]
