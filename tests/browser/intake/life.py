"""What happens to a commission while its customer looks on."""

from uuid import UUID

from services.intake.actions import approvals
from shared.contracts.commands.intake import AskApproval
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.postgres.database import Database
from shared.temporal.activities import once
from tests.support.intake import Program
from tests.support.intake_facts import Told


def token_of(customer: Program) -> str:
    """The sign-in token of somebody who has joined at the API."""
    return customer.http.headers["Authorization"].removeprefix("Bearer ")


def told_of(database: Database, customer: Program, commission: UUID) -> Told:
    """What the other services tell of this customer's commission."""
    assert customer.person
    return Told(database, commission, customer.person)


async def tell(database: Database, customer: Program, commission: UUID) -> None:
    """Everything that is told until the quote is on the studio's desk."""
    await told_of(database, customer, commission).until_desk()


async def ask_approval(database: Database, commission: UUID, gate: str) -> UUID:
    """The life cycle's command, as its activity carries it out; the approval."""
    asked = await once(
        database,
        AskApproval(id=new_id(), commission=commission, gate=gate),
        lambda tx, command: approvals.ask(tx, command, new_id=new_id, now=system_clock()),
        system_clock(),
    )
    return asked.approval
