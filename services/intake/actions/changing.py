"""Changing what is wished, until the quote is sent: a new version of the brief, and the versions that there were."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from services.intake import store
from services.intake.actions import pictures, records
from services.intake.domain import changing
from services.intake.domain.approvals import ApprovalReason, ApprovalState
from services.intake.domain.briefs import Brief, NewBrief, Proposal, needed_by, typed_again
from services.intake.domain.changing import ChangedBrief, WrittenVersion
from services.intake.domain.commissions import Commission, check_confirmed
from services.intake.domain.pictures import StoredPicture, no_such_picture, slots
from services.intake.domain.proposals import published
from services.intake.domain.record import CommissionRecord
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefWritten
from shared.contracts.commissions import BriefChanged
from shared.contracts.quotes import QuoteAccepted
from shared.kernel.calendar import day_of
from shared.kernel.problems import NotYet, not_found
from shared.offerings import OfferingDocument
from shared.outbox import publish
from shared.postgres.database import Tx
from shared.web.idempotency import Answer, RequestKey, once

_CREATED = 201


@dataclass(frozen=True)
class ChangeSheet:
    """The form of a commission that is to be changed, with the version in force."""

    record: CommissionRecord
    document: OfferingDocument
    brief: Brief

    @property
    def commission(self) -> Commission:
        return self.record.commission

    def read(self, typed: Mapping[str, str], today: date, zone: ZoneInfo) -> NewBrief:
        """What is typed instead. Raises `validation-failed` with each field, named as its input is."""
        earlier = [day_of(at, zone) for at in (self.brief.written_at, self.commission.submitted_at)]
        return changing.read_change(self.document, typed, self.brief, today, earlier)

    @property
    def typed(self) -> Mapping[str, str]:
        """The version in force as it would be typed, with its pictures, by the names of the form's inputs."""
        form = self.document.offering.form
        kept = {slot.kept: str(image) for slot, image in zip(slots(form), self.brief.images, strict=False)}
        return {**typed_again(form, self.brief.answers), **kept, "brief_version": str(self.brief.version)}


@dataclass(frozen=True)
class BriefHistory:
    """Every version of a brief, the newest first, which is in force."""

    record: CommissionRecord
    versions: tuple[WrittenVersion, ...]

    def in_language(self, language: str) -> "BriefHistory":
        """The same, with the offering in the words of this language."""
        return replace(self, record=self.record.in_language(language))


async def read(tx: Tx, caller: Caller, commission: UUID) -> ChangeSheet:
    """What is to be changed, by its customer or the studio.

    Raises:
        NotYet: the offering's document comes with a newer release.
        Problem: not-found; conflict, while it is not confirmed.
    """
    record = await records.load(tx, caller, commission)
    check_confirmed(record.commission)
    return await _sheet(tx, record)


async def history(tx: Tx, caller: Caller, commission: UUID) -> BriefHistory:
    """Every version of the brief, for whoever may see the commission. Raises `not-found`."""
    record = await records.load(tx, caller, commission)
    return BriefHistory(record, changing.versions(await store.briefs(tx, commission)))


async def change(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    request: RequestKey,
    given: ChangedBrief,
    *,
    new: Sequence[StoredPicture] = (),
    now: datetime,
) -> Answer:
    """Write the next version of the brief, which is in force at once, and publish it. `new` are pictures that came.

    Raises:
        Problem: not-found; idempotency-key-reused; conflict, if a quote was sent, it has ended, somebody was quicker or
            nothing differs; validation-failed if a kept picture is gone.
    """

    async def act() -> Answer:
        found = await store.lock_commission(tx, commission)
        if found is None or (caller.role is not Role.OPS and found.customer != caller.person):
            raise not_found()
        record = await records.load_whole(tx, found)
        changing.check_may_change(record, given.version)
        before = (await _sheet(tx, record)).brief
        for picture in new:
            await pictures.keep(tx, picture, now)
        images = await pictured(tx, caller, found, given, new)
        changing.check_differs(before, given.brief.answers, images)
        brief = Brief(before.version + 1, given.brief.answers, now, images, given.way)
        await store.add_brief(tx, commission, brief, given.brief.needed_by)
        tx.touch(commission)
        changed = BriefChanged(
            at=now,
            commission=commission,
            brief_version=brief.version,
            needed_by=given.brief.needed_by,
            by=caller.ops or caller.witness,
            way=given.way,
        )
        await publish(tx, [brief_written(found, brief), changed])
        return Answer(_CREATED, {"brief_version": brief.version})

    return await once(tx, request, act)


async def settle(tx: Tx, accepted: QuoteAccepted) -> None:
    """What was accepted is in force: a change that quotes had not heard of yet gives way to what was quoted.

    One more version says so, since the numbers only grow. A spelling that was corrected at a gate since then stays.
    """
    found = await store.lock_commission(tx, accepted.commission)
    if found is None:
        return
    record = await records.load_whole(tx, found)
    quoted = await store.brief(tx, found, record.quoted_brief)
    newest = await store.brief(tx, found)
    signed = any(each.state is ApprovalState.GIVEN for each in record.approvals)
    if quoted is None or newest is None or signed or newest.version <= quoted.version:
        return
    if (newest.answers, newest.images) == (quoted.answers, quoted.images):
        return
    brief = replace(quoted, version=newest.version + 1, written_at=accepted.at)
    form = record.offering.form if record.offering else None
    await store.add_brief(tx, found.commission, brief, needed_by(form, brief.answers) if form else found.needed_by)
    await publish(tx, [brief_written(found, brief)])


def brief_written(commission: Commission, brief: Brief, proposal: Proposal | None = None) -> BriefWritten:
    """The fact that this version of the brief is in force, and which change of it is proposed, if one is."""
    return BriefWritten(
        at=brief.written_at,
        commission=commission.commission,
        brief_version=brief.version,
        craft=commission.craft,
        offering=commission.offering,
        offering_version=commission.offering_version,
        offering_sha256=commission.offering_sha256,
        answers=brief.answers,
        images=brief.images,
        proposal=published(proposal),
    )


async def _sheet(tx: Tx, record: CommissionRecord) -> ChangeSheet:
    document = await records.document_of(tx, record.commission)
    brief = await store.brief(tx, record.commission)
    if document is None or brief is None:
        raise NotYet(ApprovalReason.OFFERING_MISSING, retry_after=10)
    return ChangeSheet(record, document, brief)


async def pictured(
    tx: Tx, caller: Caller, found: Commission, given: ChangedBrief, new: Sequence[StoredPicture]
) -> tuple[UUID, ...]:
    """The pictures of what is wished now, the commission's own from now on."""
    wanted = tuple(dict.fromkeys((*given.kept.values(), *(picture.image for picture in new))))
    own = await store.attach_references(tx, wanted, sender=caller.person, commission=found)
    if missing := [field for field, image in given.kept.items() if image not in own]:
        raise no_such_picture(*missing)
    return wanted
