"""Commissions as the API shows them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions.commissions import Listed
from services.intake.actions.commissions import Page as Found
from services.intake.domain.approvals import ApprovalState
from services.intake.domain.asked import Deed
from services.intake.domain.commissions import State
from services.intake.domain.timeline import Chapter, Mark
from shared.contracts.commissions import WithdrawalReason
from shared.contracts.lifecycle import Holder, Outcome
from shared.kernel.money import Money


class Shown(BaseModel):
    model_config = ConfigDict(from_attributes=True)


class StandingRead(Shown):
    """Where it stands, whose move it is, since when and until when."""

    headline: str
    words: str
    holder: Holder
    since: datetime
    due: datetime | None
    on_its_way: bool = Field(description="Other services have not told of it yet.")
    ended: bool
    paused: bool = Field(description="The studio has stopped the clock.")


class StepRead(Shown):
    what: str
    said: str
    state: Mark
    at: datetime | None
    chapter: Chapter
    amount: Money | None
    words: str = Field(description="Somebody's own words.")
    by: str = Field(description="Whose words these are.")
    photo: str = Field(description="The address of a photo, with the sign-in of the caller; empty if there is none.")
    alt: str
    quiet: bool = Field(description="Told in passing.")


class AskRead(Shown):
    """What the customer is to do now. `until` is an instant, or a day in the studio's zone."""

    deed: Deed
    title: str
    words: str
    action: str
    address: str = Field(description="The page on which it is done.")
    until: datetime | date | None
    amount: Money | None


class PromisedRead(Shown):
    """By which day the piece is ready, in the studio's zone; `before` is the day that held until it moved."""

    ready_by: date
    begins_on: date | None
    held_until: datetime | None
    before: date | None
    why: str
    late: bool
    made_at: datetime | None


class ApprovalRead(Shown):
    """A gate that was put before the customer to sign off, and what came of it."""

    approval: UUID
    commission: UUID
    gate: str
    brief_version: int
    state: ApprovalState
    asked_at: datetime
    due: datetime | None
    ended_at: datetime | None


class PaperRead(Shown):
    title: str
    address: str
    note: str
    at: datetime
    amount: Money | None


class CommissionRead(Shown):
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

    wish: str
    standing: StandingRead
    asked: AskRead | None


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
    promised: PromisedRead | None
    papers: list[PaperRead]
    approvals: list[ApprovalRead]
    brief: BriefRead | None


class TimelineRead(BaseModel):
    """What happened, what happens now, and what is still ahead."""

    standing: StandingRead
    steps: list[StepRead]


def listed_as(each: Listed) -> CommissionListed:
    """One line of the list."""
    shown = CommissionRead.model_validate(each.commission)
    return CommissionListed(
        **shown.model_dump(),
        wish=each.wish,
        standing=StandingRead.model_validate(each.standing),
        asked=AskRead.model_validate(each.asked) if each.asked else None,
    )


def detail(found: Found) -> CommissionDetail:
    """All of its page but the story."""
    return CommissionDetail(
        **CommissionRead.model_validate(found.commission).model_dump(),
        wish=found.wish,
        standing=StandingRead.model_validate(found.standing),
        asked=AskRead.model_validate(found.asked) if found.asked else None,
        promised=PromisedRead.model_validate(found.promised) if found.promised else None,
        papers=[PaperRead.model_validate(paper) for paper in found.papers],
        approvals=[ApprovalRead.model_validate(each) for each in found.life.approvals],
        brief=_brief(found),
    )


def timeline_of(found: Found) -> TimelineRead:
    """Its story."""
    steps = [StepRead.model_validate(step) for step in found.steps]
    return TimelineRead(standing=StandingRead.model_validate(found.standing), steps=steps)


def _brief(found: Found) -> BriefRead | None:
    if found.brief is None:
        return None
    answers = [
        AnswerRead(field=each.field, label=found.label(each.field), value=each.value, shown=each.shown)
        for each in found.brief.answers
    ]
    return BriefRead(written_at=found.brief.written_at, answers=answers, images=list(found.brief.images))
