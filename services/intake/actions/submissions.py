"""Submitting: one commit, with every engine away. A request of somebody without an account is confirmed later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from services.intake import store
from services.intake.domain import confirmations, one_time
from services.intake.domain.briefs import NewBrief
from services.intake.domain.commissions import Commission, CommissionReason
from services.intake.domain.confirmations import ConfirmationReason, OpenLimits, Waiting
from services.intake.domain.entering import EnteredFor, no_customer, too_many_unpaid
from services.intake.domain.one_time import COUNTED_FOR, OneTimeRight, Purpose
from services.intake.domain.pictures import StoredPicture, no_such_picture
from services.intake.settings import IntakeSettings
from shared.auth.mail_secrets import MailSecrets
from shared.auth.roles import Caller
from shared.contracts.briefs import BriefAnswer, BriefWritten
from shared.contracts.commissions import CommissionConfirmed, ConfirmationAsked
from shared.contracts.fact import Fact
from shared.kernel.ids import Ids
from shared.kernel.problems import Problem, ProblemType
from shared.outbox.publishing import encode
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, settle

_CREATED = 201


@dataclass(frozen=True)
class ConfirmationRules:
    """What holds for requests that wait for their confirmation, by the settings."""

    secrets: MailSecrets
    limits: OpenLimits
    waiting: Waiting

    @classmethod
    def of(cls, settings: IntakeSettings) -> "ConfirmationRules":
        return cls(
            MailSecrets(settings.mail_secret.get_secret_value()),
            OpenLimits(settings.open_unconfirmed, settings.open_unpaid, settings.mails_a_day),
            Waiting(timedelta(hours=settings.confirm_remind_hours), timedelta(hours=settings.confirm_within_hours)),
        )

    def right(self, id: UUID, commission: UUID, *, submitted_at: datetime, now: datetime) -> OneTimeRight:  # noqa: A002
        """A right to confirm, whose secrets notify makes of its id. It ends with the request."""
        return one_time.make(
            id,
            Purpose.CONFIRMATION,
            commission,
            secret=self.secrets.link(id),
            code=self.secrets.code(id),
            now=now,
            expires_at=confirmations.until(submitted_at, self.waiting),
        )


@dataclass(frozen=True)
class NewRequest:
    """A form that was found good: what is asked for, the pictures that came with it, and those that waited.

    `kept` is by the input that named the picture; `delivery_country` is an ISO 3166 code.
    """

    brief: NewBrief
    delivery_country: str
    pictures: Sequence[StoredPicture] = ()
    kept: Mapping[str, UUID] | None = None


async def submit(
    tx: Tx,
    rules: ConfirmationRules,
    request: RequestKey,
    caller: Caller,
    new: NewRequest,
    *,
    entered: EnteredFor | None = None,
    new_id: Ids,
    now: datetime,
) -> Answer:
    """Accept a commission: one statement, or two where the request came before.

    An account's is confirmed at once, and what the studio has `entered` for somebody. Somebody else's waits until
    whoever reads the mailbox confirms it.

    The transaction is to be a `statement()`, unless it is entered.

    Raises:
        Problem: idempotency-key-reused; validation-failed if a kept picture is gone; not-signed-in if the person is;
            conflict and too-many-requests for one request too many; conflict for who joined an account meanwhile.
    """
    key, kept = new.brief.document.key, dict(new.kept or {})
    customer = entered.customer if entered else caller.person
    asked = Commission(
        commission=new_id(),
        customer=customer,
        craft=key.craft,
        offering=key.offering,
        offering_version=key.version,
        offering_sha256=new.brief.document.sha256,
        brief_version=1,
        needed_by=new.brief.needed_by,
        delivery_country=new.delivery_country,
        submitted_at=now,
        sent_by=customer,
        entered_by=entered.by if entered else None,
        entered_way=entered.way if entered else None,
    )
    images = (*kept.values(), *(picture.image for picture in new.pictures))
    right = rules.right(new_id(), asked.commission, submitted_at=now, now=now)
    asking = ConfirmationAsked(at=now, commission=asked.commission, person=customer, right=right.id)
    answer = Answer(_CREATED, {"commission": str(asked.commission)})
    accepted = await store.submit(
        tx,
        request,
        asked,
        new.brief,
        sender=caller.person,
        pictures=new.pictures,
        kept=list(kept.values()),
        answer=answer,
        right=right,
        limits=rules.limits,
        confirmed_facts=encode(tx, confirmed_facts(asked, customer, new.brief.answers, images, now)),
        asking_facts=encode(tx, [asking]),
    )
    if accepted:
        return answer
    if entered:
        raise await _not_entered(tx, entered, caller, kept, limits=rules.limits, now=now)
    return await _answered_before(tx, request, caller, kept, limits=rules.limits, now=now)


async def sent_before(tx: Tx, request: RequestKey) -> Answer | None:
    """What this key was answered, for whatever request."""
    found = await store.answered(tx, request)
    if found is None:
        return None
    same = RequestKey(request.scope, request.key, found.request_hash)
    return settle(same, found.request_hash, found.status, found.answer)


async def confirmed_elsewhere(tx: Tx, caller: Caller) -> UUID | None:
    """What the caller sent, where it was confirmed in another browser: they are not let in here before they show so."""
    return await store.confirmed_of(tx, caller.person)


def confirmed_facts(
    asked: Commission, customer: UUID, answers: tuple[BriefAnswer, ...], images: tuple[UUID, ...], now: datetime
) -> list[Fact]:
    """The facts with which a request's life begins: whose it is, and what is wished."""
    return [
        CommissionConfirmed(
            at=now,
            commission=asked.commission,
            customer=customer,
            craft=asked.craft,
            offering=asked.offering,
            offering_version=asked.offering_version,
            offering_sha256=asked.offering_sha256,
            brief_version=asked.brief_version,
            needed_by=asked.needed_by,
            recipient=asked.recipient,
            delivery_country=asked.delivery_country,
            by=asked.entered_by,
            way=asked.entered_way,
        ),
        BriefWritten(
            at=asked.submitted_at,
            commission=asked.commission,
            brief_version=asked.brief_version,
            craft=asked.craft,
            offering=asked.offering,
            offering_version=asked.offering_version,
            offering_sha256=asked.offering_sha256,
            answers=answers,
            images=images,
        ),
    ]


async def _answered_before(
    tx: Tx, request: RequestKey, caller: Caller, kept: Mapping[str, UUID], *, limits: OpenLimits, now: datetime
) -> Answer:
    found = await store.answered(tx, request)
    if found is not None:
        before = settle(request, found.request_hash, found.status, found.answer)
        if before is None:
            raise Problem(ProblemType.CONFLICT, CommissionReason.ANSWER_PENDING)
        return before
    sender = await store.sender_limits(tx, caller.person, mails_since=now - COUNTED_FOR)
    if sender is None:
        person = await store.person(tx, caller.person)
        if person and person.account:
            raise Problem(ProblemType.CONFLICT, ConfirmationReason.CONFIRMED_ELSEWHERE)
        raise Problem(ProblemType.NOT_SIGNED_IN)
    confirmations.check_limits(sender, limits)
    waiting = await store.waiting_images(tx, list(kept.values()), caller.person)
    raise no_such_picture(*(field for field, image in kept.items() if image not in waiting))


async def _not_entered(
    tx: Tx, entered: EnteredFor, caller: Caller, kept: Mapping[str, UUID], *, limits: OpenLimits, now: datetime
) -> Problem:
    sender = await store.sender_limits(tx, entered.customer, mails_since=now - COUNTED_FOR)
    if sender is None:
        return no_customer()
    if sender.unpaid >= limits.unpaid:
        return too_many_unpaid(sender.unpaid)
    waiting = await store.waiting_images(tx, list(kept.values()), caller.person)
    return no_such_picture(*(field for field, image in kept.items() if image not in waiting))
