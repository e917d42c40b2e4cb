"""What happens to a commission while its customer looks on."""

from uuid import UUID

from shared.postgres.database import Database
from tests.support.intake import Program
from tests.support.intake_facts import CommissionFacts


def token_of(customer: Program) -> str:
    """The sign-in token of somebody who has joined at the API."""
    return customer.http.headers["Authorization"].removeprefix("Bearer ")


def facts_of(database: Database, customer: Program, commission: UUID) -> CommissionFacts:
    """What the other services tell of this customer's commission."""
    assert customer.person
    return CommissionFacts(database, commission, customer.person)


async def tell(database: Database, customer: Program, commission: UUID) -> None:
    """Everything that happens until the quote is on the studio's desk."""
    await facts_of(database, customer, commission).until_desk()
