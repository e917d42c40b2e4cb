"""Kafka in: whose a commission is, what its customer wishes or claims, who people are, erased texts, and more time.

One inbox for each topic: a failure that pauses a partition of one holds up no other.
"""

from services.quotes.actions import accounts, claims, leaving, redrafting, withdrawals
from services.quotes.actions import briefs as wishes
from services.quotes.actions.context import QuotesContext
from services.quotes.documents import papers_of
from services.quotes.settings import QuotesSettings
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import ClaimMade, CommissionConfirmed, ContractWithdrawn
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import PhaseEntered
from shared.contracts.people import PersonRecorded
from shared.inbox import Inbox, Record
from shared.postgres.database import Tx
from shared.runtime.service import Kernel

commissions = Inbox("commissions", Topic.COMMISSIONS)
briefs = Inbox("briefs", Topic.BRIEFS)
people = Inbox("people", Topic.PEOPLE)
lifecycle = Inbox("clock", Topic.LIFECYCLE)
texts = Inbox("texts", Topic.TEXTS)


@commissions.handler
async def commission_confirmed(confirmed: CommissionConfirmed, tx: Tx) -> None:
    await wishes.record_customer(tx, confirmed)


@commissions.handler
async def claim_made(made: ClaimMade, tx: Tx) -> None:
    await claims.record_claim(tx, made)


@commissions.handler
async def contract_withdrawn(withdrawn: ContractWithdrawn, tx: Tx, kernel: Kernel[QuotesSettings]) -> None:
    await withdrawals.follow_withdrawal(tx, withdrawn, QuotesContext.of(kernel), papers_of(kernel.settings))


@briefs.handler
async def brief_written(brief: BriefWritten, tx: Tx, kernel: Kernel[QuotesSettings]) -> None:
    await redrafting.keep_brief(tx, brief, QuotesContext.of(kernel))


@briefs.tombstone
async def brief_erased(record: Record, tx: Tx, kernel: Kernel[QuotesSettings]) -> None:
    await wishes.erase_brief(tx, record.key, kernel.clock())


@people.handler
async def person_recorded(person: PersonRecorded, record: Record, tx: Tx) -> None:
    await wishes.record_person(tx, person, record.version)


@people.tombstone
async def person_erased(record: Record, tx: Tx, kernel: Kernel[QuotesSettings]) -> None:
    await leaving.erase_person(tx, record.key, kernel.clock(), country=kernel.settings.studio_country)


@lifecycle.handler
async def phase_entered(entered: PhaseEntered, tx: Tx, kernel: Kernel[QuotesSettings]) -> None:
    await accounts.extend_deadline(tx, entered, QuotesContext.of(kernel))


@texts.tombstone
async def text_erased(record: Record, tx: Tx) -> None:
    await wishes.erase_text(tx, record.key)
