"""Commissions as the API shows them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions.commissions import CommissionSummary
from services.intake.actions.commissions import Page as Found
from services.intake.domain.approvals import ApprovalState
from services.intake.domain.commissions import State
from services.intake.domain.next_action import CustomerAction
from services.intake.domain.timeline import Chapter, EntryState
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.lifecycle import Holder, Outcome
from shared.kernel.money import Money


class ReadModel(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StatusRead(ReadModel):
    """Where it stands, whose move it is, since when and until when."""

    headline: str
    words: str
    holder: Holder
    since: datetime
    due: datetime | None
    on_its_way: bool = Field(description="Other services have not told of it yet.")
    ended: bool
    paused: bool = Field(description="The studio has stopped the clock.")


class TimelineEntryRead(ReadModel):
    what: str
    said: str
    state: EntryState
    at: datetime | None
    chapter: Chapter
    amount: Money | None
    words: str = Field(description="Somebody's own words.")
    by: str = Field(description="Whose words these are.")
    photo: str = Field(description="The address of a photo, with the sign-in of the caller; empty if there is none.")
    alt: str
    quiet: bool = Field(description="Told in passing.")


class NextActionRead(ReadModel):
    """What the customer is to do now. `until` is an instant, or a day in the studio's zone."""

    kind: CustomerAction
    title: str
    words: str
    action: str
    address: str = Field(description="The page on which it is done.")
    until: datetime | date | None
    amount: Money | None


class PromiseRead(ReadModel):
    """By which day the piece is ready, in the studio's zone; `before` is the day that held until it moved."""

    ready_by: date
    begins_on: date | None
    held_until: datetime | None
    before: date | None
    why: str
    late: bool
    made_at: datetime | None


class ApprovalRead(ReadModel):
    """A gate that was put before the customer to sign off, and what came of it."""

    approval: UUID
    commission: UUID
    gate: str
    brief_version: int
    state: ApprovalState
    asked_at: datetime
    due: datetime | None
    ended_at: datetime | None


class DocumentLinkRead(ReadModel):
    title: str
    address: str
    note: str
    at: datetime
    amount: Money | None


class CommissionRead(ReadModel):
    """`needed_by` is a day in the studio's zone."""

    commission: UUID
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    brief_version: int
    state: State
    needed_by: date | None
    submitted_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: WithdrawalReason | None
    closed_at: datetime | None
    outcome: Outcome | None
    receipt_confirmed_at: datetime | None


class CommissionListed(CommissionRead):
    """`asked` is what its customer is to do now, if anything; `wish` is what was chosen, in a line for people."""

    summary: str
    status: StatusRead
    next_action: NextActionRead | None


class AnswerRead(BaseModel):
    """`value` is what rules and prices compute with, `shown` is for people."""

    field: str
    label: str
    value: str | int | bool
    shown: str


class BriefRead(BaseModel):
    written_at: datetime
    answers: list[AnswerRead]
    images: list[UUID]


class CommissionDetail(CommissionListed):
    promise: PromiseRead | None
    documents: list[DocumentLinkRead]
    approvals: list[ApprovalRead]
    brief: BriefRead | None


class TimelineRead(BaseModel):
    """What happened, what happens now, and what is still ahead."""

    status: StatusRead
    entries: list[TimelineEntryRead]


def summary_read(each: CommissionSummary) -> CommissionListed:
    """One line of the list."""
    shown = CommissionRead.model_validate(each.commission)
    return CommissionListed(
        **shown.model_dump(),
        summary=each.summary,
        status=StatusRead.model_validate(each.status),
        next_action=NextActionRead.model_validate(each.next_action) if each.next_action else None,
    )


def detail_read(found: Found) -> CommissionDetail:
    """All of its page but the story."""
    return CommissionDetail(
        **CommissionRead.model_validate(found.commission).model_dump(),
        summary=found.summary,
        status=StatusRead.model_validate(found.status),
        next_action=NextActionRead.model_validate(found.next_action) if found.next_action else None,
        promise=PromiseRead.model_validate(found.promise) if found.promise else None,
        documents=[DocumentLinkRead.model_validate(paper) for paper in found.documents],
        approvals=[ApprovalRead.model_validate(each) for each in found.record.approvals],
        brief=_brief(found),
    )


def timeline_read(found: Found) -> TimelineRead:
    """Its story."""
    entries = [TimelineEntryRead.model_validate(entry) for entry in found.entries]
    return TimelineRead(status=StatusRead.model_validate(found.status), entries=entries)


def _brief(found: Found) -> BriefRead | None:
    if found.brief is None:
        return None
    answers = [
        AnswerRead(field=each.field, label=found.label(each.field), value=each.value, shown=each.shown)
        for each in found.brief.answers
    ]
    return BriefRead(written_at=found.brief.written_at, answers=answers, images=list(found.brief.images))
