"""Commissions: submitted, read, withdrawn, received, closed."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import changing, proposals, records
from services.intake.domain import commissions, timeline
from services.intake.domain.briefs import Brief, chosen
from services.intake.domain.changing import may_change, may_refuse
from services.intake.domain.commissions import Commission, CommissionReason
from services.intake.domain.documents import DocumentLink, documents
from services.intake.domain.next_action import NextAction, next_action
from services.intake.domain.promise import CurrentPromise, current_promise
from services.intake.domain.proposals import may_propose
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text
from services.intake.domain.timeline import Status, TimelineEntry
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commissions import CommissionWithdrawn, ReceiptConfirmed, WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.production import PromiseBooked
from shared.contracts.quotes import QuoteAccepted
from shared.contracts.texts import Subject
from shared.kernel.problems import not_found
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.postgres.database import Tx

_CREATED = 201


@dataclass(frozen=True)
class CommissionPage:
    """Everything that a commission's page shows. `entries` are its timeline; `unread` counts messages."""

    record: CommissionRecord
    brief: Brief | None
    status: Status
    entries: tuple[TimelineEntry, ...]
    next_action: NextAction | None
    promise: CurrentPromise | None
    documents: tuple[DocumentLink, ...]
    unread: int = 0

    def in_language(self, language: str) -> "CommissionPage":
        """The same, with the offering in the words of this language."""
        return replace(self, record=self.record.in_language(language))

    @property
    def commission(self) -> Commission:
        return self.record.commission

    @property
    def offering(self) -> Offering | None:
        """None if its document is not kept here."""
        return self.record.offering

    @property
    def may_change(self) -> bool:
        """Whether what is wished can still be changed by a new version of the brief."""
        return may_change(self.record)

    @property
    def may_refuse(self) -> bool:
        """Whether the studio can still say that it does not take the request."""
        return may_refuse(self.record)

    @property
    def may_propose(self) -> bool:
        """Whether a change can be proposed, since a quote is offered."""
        return may_propose(self.record)

    @property
    def chosen(self) -> tuple[BriefAnswer, ...]:
        """What was chosen from the form's options."""
        return chosen(self.offering, self.brief.answers if self.brief else ())

    @property
    def messages(self) -> tuple[Text, ...]:
        """Oldest first."""
        return tuple(text for text in self.record.texts.values() if text.subject is Subject.MESSAGE)


@dataclass(frozen=True)
class ListedCommission:
    """One line of a customer's list. What was `chosen` distinguishes two pieces of one offering."""

    record: CommissionRecord
    chosen: tuple[BriefAnswer, ...]
    status: Status
    next_action: NextAction | None

    @property
    def commission(self) -> Commission:
        return self.record.commission

    @property
    def offering(self) -> Offering | None:
        return self.record.offering


async def read(tx: Tx, caller: Caller, commission: UUID) -> CommissionPage:
    """A commission's page, for a maker without the money. Raises `not-found`, for what is somebody else's too."""
    briefs = await store.briefs(tx, commission)
    record = replace(await records.load(tx, caller, commission), briefs=briefs)
    page = CommissionPage(
        record,
        briefs[-1] if briefs else None,
        timeline.current_status(record),
        timeline.build_timeline(record),
        next_action(record),
        current_promise(record),
        documents(record),
        await store.unread(tx, commission, caller.person),
    )
    return _without_money(page) if caller.role is Role.MAKER else page


def _without_money(page: CommissionPage) -> CommissionPage:
    return replace(
        page,
        entries=tuple(replace(entry, amount=None) for entry in page.entries),
        next_action=replace(page.next_action, amount=None) if page.next_action else None,
        documents=tuple(each for each in page.documents if each.amount is None),
    )


async def listed(
    tx: Tx, caller: Caller, *, before: tuple[datetime, UUID] | None, at_most: int
) -> tuple[ListedCommission, ...]:
    """The caller's own commissions, newest first; `before` is the place of the last one read."""
    found = await store.commissions(tx, caller.person, before=before, at_most=at_most)
    answers = await store.newest_answers(tx, [each.commission for each in found])
    return tuple(
        ListedCommission(
            record,
            chosen(record.offering, answers[record.commission.commission]),
            timeline.current_status(record),
            next_action(record),
        )
        for record in await records.of_list(tx, found)
    )


async def page_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever the commission's page does."""
    return await store.revision(tx, commission)


async def withdraw(tx: Tx, caller: Caller, commission: UUID, reason: WithdrawalReason, now: datetime) -> Commission:
    """Cancel the caller's request and publish it; one that is cancelled already stays as it is.

    Raises:
        Problem: not-found; conflict, if it has ended, or a quote is accepted.
    """
    record = await records.load_own(tx, caller, commission)
    found = record.commission
    withdrawn = commissions.withdraw(found, reason, now, accepted=record.accepted is not None)
    if withdrawn is not found:
        await store.save_state(tx, withdrawn)
        tx.touch(commission)
        fact = CommissionWithdrawn(
            at=now, commission=commission, customer=found.customer, reason=reason, by=caller.witness
        )
        await publish(tx, [fact])
    return withdrawn


async def confirm_receipt(tx: Tx, caller: Caller, commission: UUID, now: datetime) -> Commission:
    """Record that the customer has the piece, and publish it once: one that is collected is signed for on the tablet.

    Raises:
        Problem: not-found; conflict, before the carrier has the parcel, or after the end.
    """
    record = await records.load_own(tx, caller, commission)
    found = record.commission
    here = record.can_be_collected
    received = commissions.confirm_receipt(
        found, now, handed_over=record.handed_over or here, unsigned=here and caller.witness is None
    )
    if received is not found:
        await store.confirm_receipt(tx, commission, now)
        tx.touch(commission)
        fact = ReceiptConfirmed(at=now, commission=commission, customer=found.customer, by=caller.witness)
        await publish(tx, [fact])
    return received


async def close(tx: Tx, command: CloseCommission, now: datetime) -> Done:
    """Close the commission's page: it stays readable, nothing can be asked of it any more. Raises `not-found`."""
    found = await store.lock_commission(tx, command.commission)
    if found is None:
        raise not_found(CommissionReason.UNKNOWN)
    closed = commissions.close(found, command.outcome, now)
    if closed is not found:
        await store.save_state(tx, closed)
        await store.end_what_is_open(tx, found.commission, now)
        await proposals.overtake(tx, found.commission, now)
        tx.touch(command.commission)
    return Done()


async def apply_facts(tx: Tx, facts: Sequence[tuple[CommissionFact, int]]) -> None:
    """Record facts of other services, each with its version."""
    await store.add_facts(tx, facts)
    if booked := [fact for fact, _ in facts if isinstance(fact, PromiseBooked)]:
        await store.book_commissions(tx, [each.commission for each in booked], booked[-1].at)
    for fact, _ in facts:
        if isinstance(fact, QuoteAccepted):
            await changing.settle(tx, fact)
            await proposals.overtake(tx, fact.commission, fact.at)
        tx.touch(fact.commission)
