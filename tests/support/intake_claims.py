"""What the other services would tell about a commission whose piece has arrived, for tests of intake."""

from uuid import UUID

from shared.contracts.people import Role
from shared.contracts.quotes import ClaimAnswered, ClaimRemedy, QuoteAccepted
from shared.contracts.texts import Subject
from shared.kernel.money import Money
from shared.postgres.database import Database
from tests.support.intake import Program, photo
from tests.support.intake_facts import DEPOSIT, TOTAL, CommissionFacts

TIGHT, THIN = "It does not go over the knuckle.", "The shank is thinner than agreed."


async def until_arrived(record: CommissionFacts) -> CommissionFacts:
    """It was made, paid and sent, and is there."""
    await record.until_making()
    await record.finish()
    await record.send_parcel()
    await record.arrive()
    return record


async def answer_claim(record: CommissionFacts, claim: UUID, remedy: ClaimRemedy, amount: Money | None = None) -> None:
    """The studio's answer, with its reasons."""
    text = await record.write(Subject.ANSWER, "The shank is thinner than agreed.", Role.OPS)
    answered = ClaimAnswered(
        at=record.at(), commission=record.commission, claim=claim, remedy=remedy, text=text, amount=amount
    )
    await record.tell(answered)


async def preset(record: CommissionFacts) -> CommissionFacts:
    """An accepted piece of preset options: its customer may withdraw from the contract."""
    await record.until_offered()
    accepted = QuoteAccepted(
        at=record.at(),
        commission=record.commission,
        quote=record.quote,
        quote_version=1,
        total=TOTAL,
        deposit=DEPOSIT,
        withdrawal_days=14,
    )
    await record.tell(accepted)
    return record


async def afterwards(database: Database, customer: Program) -> tuple[UUID, UUID, UUID]:
    """A piece that has arrived; one of which two things were wrong, one of them answered; and one of preset options."""
    assert customer.person
    there, wrong, plain = [await customer.commission() for _ in range(3)]
    for commission in (there, wrong):
        await until_arrived(CommissionFacts(database, commission, customer.person))
    await preset(CommissionFacts(database, plain, customer.person))
    first = await customer.post(f"/commissions/{wrong}/claim", {"kind": "fault", "words": THIN})
    told = CommissionFacts(database, wrong, customer.person, version=100)
    await answer_claim(told, UUID(first.json()["claim"]), ClaimRemedy.REDUCTION, DEPOSIT)
    image = await customer.send_image(photo())
    await customer.post(f"/commissions/{wrong}/claim", {"kind": "fit", "words": TIGHT, "images": [image]})
    return there, wrong, plain
