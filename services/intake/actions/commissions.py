"""Commissions: asked for, looked at, taken back, received, closed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import lives
from services.intake.domain import commissions, timeline
from services.intake.domain.asked import Ask, asked
from services.intake.domain.briefs import Brief, Wish, in_a_line
from services.intake.domain.commissions import Commission
from services.intake.domain.life import Life
from services.intake.domain.papers import Paper, papers
from services.intake.domain.pictures import StoredPicture, gone
from services.intake.domain.promise import Promised, promised
from services.intake.domain.texts import Text
from services.intake.domain.timeline import Standing, Step
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commands.command import Done
from shared.contracts.commands.intake import CloseCommission
from shared.contracts.commissions import CommissionSubmitted, CommissionWithdrawn, ReceiptConfirmed, WithdrawalReason
from shared.contracts.fact import CommissionFact
from shared.contracts.texts import Subject
from shared.kernel.problems import Problem, ProblemType, not_found
from shared.offerings.model import Offering
from shared.outbox import publish
from shared.outbox.publishing import encode
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, settle

_CREATED = 201


@dataclass(frozen=True)
class Page:
    """Everything that a commission's page shows. `steps` tell its story, `asked` is what its customer is to do now."""

    life: Life
    brief: Brief | None
    standing: Standing
    steps: tuple[Step, ...]
    asked: Ask | None
    promised: Promised | None
    papers: tuple[Paper, ...]

    @property
    def commission(self) -> Commission:
        return self.life.commission

    @property
    def offering(self) -> Offering | None:
        """None if its document is not kept here."""
        return self.life.offering

    @property
    def wish(self) -> str:
        """What was chosen, in a line."""
        return in_a_line(self.offering, self.brief.answers if self.brief else ())

    @property
    def messages(self) -> tuple[Text, ...]:
        """Oldest first."""
        return tuple(text for text in self.life.texts.values() if text.subject is Subject.MESSAGE)

    def label(self, field: str) -> str:
        """What the form calls this field; its name, where the offering's document is not here."""
        found = self.offering.form.field(field) if self.offering else None
        return found.label if found else field


@dataclass(frozen=True)
class Listed:
    """One line of a customer's list. `wish` tells two pieces of one offering apart."""

    life: Life
    wish: str
    standing: Standing
    asked: Ask | None

    @property
    def commission(self) -> Commission:
        return self.life.commission

    @property
    def offering(self) -> Offering | None:
        return self.life.offering


async def submit(
    tx: Tx,
    request: RequestKey,
    commission: UUID,
    caller: Caller,
    wish: Wish,
    *,
    pictures: Sequence[StoredPicture] = (),
    kept: Mapping[str, UUID] | None = None,
    now: datetime,
) -> Answer:
    """Accept a commission under this id: one statement, or two where the request came before.

    `pictures` come with the request, `kept` are pictures that wait, by the input that named them. The transaction is to
    be a `statement()`.

    Raises:
        Problem: idempotency-key-reused; validation-failed if a kept picture is gone; not-signed-in if the person is.
    """
    asked = Commission(
        commission=commission,
        customer=caller.person,
        craft=wish.document.key.craft,
        offering=wish.document.key.offering,
        offering_version=wish.document.key.version,
        offering_sha256=wish.document.sha256,
        brief_version=1,
        needed_by=wish.needed_by,
        submitted_at=now,
    )
    kept = kept or {}
    images = (*kept.values(), *(picture.image for picture in pictures))
    answer = Answer(_CREATED, {"commission": str(commission)})
    facts = encode(tx, [_submitted(asked), _written(asked, wish, images)])
    try:
        accepted = await store.submit(
            tx, request, asked, wish, pictures=pictures, kept=list(kept.values()), answer=answer, facts=facts
        )
    except store.UnknownPersonError as error:
        raise Problem(ProblemType.NOT_SIGNED_IN) from error
    return answer if accepted else await _answered_before(tx, request, caller, kept)


async def sent_before(tx: Tx, request: RequestKey) -> Answer | None:
    """What this key was answered, for whatever request."""
    found = await store.answered(tx, request)
    if found is None:
        return None
    same = RequestKey(request.scope, request.key, found.request_hash)
    return settle(same, found.request_hash, found.status, found.answer)


async def read(tx: Tx, caller: Caller, commission: UUID) -> Page:
    """A commission's page, for a maker without the money. Raises `not-found`, for what is somebody else's too."""
    life = await lives.life(tx, caller, commission)
    page = Page(
        life,
        await store.brief(tx, life.commission),
        timeline.standing(life),
        timeline.story(life),
        asked(life),
        promised(life),
        papers(life),
    )
    return _without_money(page) if caller.role is Role.MAKER else page


def _without_money(page: Page) -> Page:
    return replace(
        page,
        steps=tuple(replace(step, amount=None) for step in page.steps),
        asked=replace(page.asked, amount=None) if page.asked else None,
        papers=tuple(paper for paper in page.papers if paper.amount is None),
    )


async def listed(tx: Tx, caller: Caller, *, before: tuple[datetime, UUID] | None, at_most: int) -> tuple[Listed, ...]:
    """The caller's own commissions, newest first; `before` is the place of the last one read."""
    found = await store.commissions(tx, caller.person, before=before, at_most=at_most)
    ids = [each.commission for each in found]
    told, answers = await store.told(tx, ids), await store.newest_answers(tx, ids)
    whole = [await lives.whole(tx, each, told[each.commission]) for each in found]
    return tuple(
        Listed(
            life, in_a_line(life.offering, answers[life.commission.commission]), timeline.standing(life), asked(life)
        )
        for life in whole
    )


async def page_revision(tx: Tx, commission: UUID) -> str:
    """A short text that changes whenever the commission's page does."""
    return await store.revision(tx, commission)


async def withdraw(tx: Tx, caller: Caller, commission: UUID, reason: WithdrawalReason, now: datetime) -> Commission:
    """Take the caller's commission back, and tell; one that was taken back before stays as it is.

    Raises:
        Problem: not-found; conflict, if it has ended otherwise, or a quote is accepted.
    """
    life = await lives.own_life(tx, caller, commission)
    found = life.commission
    withdrawn = commissions.withdraw(found, reason, now, accepted=life.accepted is not None)
    if withdrawn is not found:
        await store.save_state(tx, withdrawn)
        tx.touch(commission)
        await publish(tx, [CommissionWithdrawn(at=now, commission=commission, customer=found.customer, reason=reason)])
    return withdrawn


async def confirm_receipt(tx: Tx, caller: Caller, commission: UUID, now: datetime) -> Commission:
    """The customer says that the parcel has arrived, and it is told; said twice, it is told once.

    Raises:
        Problem: not-found; conflict, before the carrier has the parcel, or after the end.
    """
    life = await lives.own_life(tx, caller, commission)
    found = life.commission
    received = commissions.confirm_receipt(found, now, handed_over=life.handed_over)
    if received is not found:
        await store.confirm_receipt(tx, commission, now)
        tx.touch(commission)
        await publish(tx, [ReceiptConfirmed(at=now, commission=commission, customer=found.customer)])
    return received


async def close(tx: Tx, command: CloseCommission, now: datetime) -> Done:
    """Close the commission's page: it stays readable, nothing can be asked of it any more. Raises `not-found`."""
    found = await store.lock_commission(tx, command.commission)
    if found is None:
        raise not_found("There is no such commission here.")
    closed = commissions.close(found, command.outcome, now)
    if closed is not found:
        await store.save_state(tx, closed)
        await store.end_what_is_open(tx, found.commission, now)
        tx.touch(command.commission)
    return Done()


async def hear(tx: Tx, told: Sequence[tuple[CommissionFact, int]]) -> None:
    """Write down what other services told, each fact with its version."""
    await store.tell(tx, told)
    for fact, _ in told:
        tx.touch(fact.commission)


async def _answered_before(tx: Tx, request: RequestKey, caller: Caller, kept: Mapping[str, UUID]) -> Answer:
    found = await store.answered(tx, request)
    if found is None:
        waiting = await store.waiting_images(tx, list(kept.values()), caller.person)
        raise gone(*(field for field, image in kept.items() if image not in waiting))
    before = settle(request, found.request_hash, found.status, found.answer)
    if before is None:
        raise Problem(ProblemType.CONFLICT, "The first of these requests has not been answered yet.")
    return before


def _submitted(asked: Commission) -> CommissionSubmitted:
    return CommissionSubmitted(
        at=asked.submitted_at,
        commission=asked.commission,
        customer=asked.customer,
        craft=asked.craft,
        offering=asked.offering,
        offering_version=asked.offering_version,
        offering_sha256=asked.offering_sha256,
        brief_version=asked.brief_version,
        needed_by=asked.needed_by,
    )


def _written(asked: Commission, wish: Wish, images: tuple[UUID, ...]) -> BriefWritten:
    return BriefWritten(
        at=asked.submitted_at,
        commission=asked.commission,
        customer=asked.customer,
        brief_version=asked.brief_version,
        craft=asked.craft,
        offering=asked.offering,
        offering_version=asked.offering_version,
        offering_sha256=asked.offering_sha256,
        answers=wish.answers,
        images=images,
    )
