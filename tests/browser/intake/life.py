"""What happens to a commission while its customer looks on."""

from datetime import date, timedelta
from uuid import UUID

from shared.contracts.lifecycle import Holder, Stage, StageEntered
from shared.contracts.notifications import Intent, MailSent
from shared.contracts.production import PromiseHeld
from shared.contracts.quotes import QuoteDrafted
from shared.kernel.clock import system_clock
from shared.kernel.ids import new_id
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.intake import Program, hear


def token_of(customer: Program) -> str:
    """The sign-in token of somebody who has joined at the API."""
    return customer.http.headers["Authorization"].removeprefix("Bearer ")


async def tell(database: Database, commission: UUID) -> None:
    """Everything that is told until the quote is on the studio's desk."""
    at = system_clock()

    def entered(stage: Stage, due: timedelta | None = None) -> StageEntered:
        until = at + due if due else None
        return StageEntered(at=at, commission=commission, stage=stage, holder=Holder.STUDIO, since=at, due=until)

    stages = [entered(Stage.PROMISING), entered(Stage.QUOTING), entered(Stage.DESK, timedelta(days=14))]
    held = PromiseHeld(
        at=at,
        commission=commission,
        promise=new_id(),
        maker=new_id(),
        ready_by=date(2027, 1, 29),
        held_until=at + timedelta(days=14),
    )
    drafted = QuoteDrafted(
        at=at,
        commission=commission,
        quote=new_id(),
        quote_version=1,
        brief_version=1,
        total=Money(minor=98_000, currency="EUR"),
    )
    mail = MailSent(at=at, commission=commission, mail=new_id(), person=new_id(), intent=Intent.REQUEST_RECEIVED)
    await hear(database, *stages)
    for fact in (held, drafted, mail):
        await hear(database, fact)
