"""Commissions as the API shows them."""

from datetime import date, datetime
from uuid import UUID

from pydantic import BaseModel, Field

from services.intake.actions.changing import BriefHistory
from services.intake.actions.commissions import CommissionPage, ListedCommission
from services.intake.domain.approvals import ApprovalState
from services.intake.domain.briefs import Brief
from services.intake.domain.commissions import State
from services.intake.domain.documents import DocumentCode, DocumentLink
from services.intake.domain.next_action import CustomerAction, NextAction
from services.intake.domain.promise import CurrentPromise
from services.intake.domain.timeline import Author, Chapter, EntryCode, EntryState, Status, StatusCode, TimelineEntry
from services.intake.labels import CommissionWords
from shared.contracts.commissions import EntryWay, WithdrawalReason
from shared.contracts.lifecycle import Holder, Outcome
from shared.contracts.production import Replanned
from shared.i18n import Reader
from shared.kernel.money import Money
from shared.offerings.changes import AnswerChange
from shared.web.responses import BriefAnswerRead, ResponseModel


class StatusRead(ResponseModel):
    """What happens now, whom it waits for, since when and until when."""

    code: StatusCode
    headline: str
    text: str
    holder: Holder
    since: datetime
    due: datetime | None
    on_its_way: bool = Field(description="Other services have published nothing about it yet.")
    ended: bool
    paused: bool = Field(description="The studio has paused it: no deadline runs.")
    tracking_page: str | None = Field(description="Where the carrier shows the parcel, if it has such a page.")


class TimelineEntryRead(ResponseModel):
    code: EntryCode
    title: str
    text: str
    state: EntryState
    at: datetime | None
    chapter: Chapter
    amount: Money | None
    words: str = Field(description="What somebody wrote.")
    author: Author | None = Field(description="Who wrote it.")
    photo: str = Field(description="The address of a photo, with the sign-in of the caller; empty if there is none.")
    alt: str
    quiet: bool = Field(description="Shown in small print.")
    tracking_page: str | None = Field(description="Where the carrier shows the parcel, if it has such a page.")


class NextActionRead(ResponseModel):
    """What the customer is to do now. `until` is an instant, or a day in the studio's zone."""

    kind: CustomerAction
    title: str
    text: str
    button: str
    address: str = Field(description="The page on which it is done.")
    until: datetime | date | None
    amount: Money | None


class CurrentPromiseRead(ResponseModel):
    """By which day the piece is ready, in the studio's zone; `before` is the day that applied until it moved."""

    ready_by: date
    begins_on: date | None
    held_until: datetime | None
    before: date | None
    reason: Replanned | None
    why: str
    late: bool
    made_at: datetime | None


class ApprovalRead(ResponseModel):
    """A gate that was put before the customer to sign off, and what came of it."""

    approval: UUID
    commission: UUID
    gate: str
    brief_version: int
    state: ApprovalState
    asked_at: datetime
    ended_at: datetime | None


class DocumentLinkRead(ResponseModel):
    code: DocumentCode
    title: str
    address: str
    number: str
    paid: bool
    at: datetime
    amount: Money | None


class CommissionRead(ResponseModel):
    """`needed_by` is a day in the studio's zone."""

    commission: UUID
    craft: str
    offering: str
    offering_version: int
    offering_sha256: str
    brief_version: int
    state: State
    needed_by: date | None
    recipient: UUID | None
    delivery_country: str
    submitted_at: datetime
    withdrawn_at: datetime | None
    withdrawal_reason: WithdrawalReason | None
    closed_at: datetime | None
    outcome: Outcome | None
    receipt_confirmed_at: datetime | None


class ListedCommissionRead(CommissionRead):
    """`next_action` is what its customer is to do now, if anything; `summary` is what was chosen, in a line."""

    summary: str
    status: StatusRead
    next_action: NextActionRead | None


class BriefRead(BaseModel):
    """The brief as it is in force, or as it was; `way` is how it reached the studio, where that wrote it."""

    version: int
    written_at: datetime
    way: EntryWay | None
    answers: list[BriefAnswerRead]
    images: list[UUID]


class AnswerChangeRead(BaseModel):
    """A field that is answered otherwise than before, in words; null where it was or is not answered."""

    field: str
    label: str
    before: str | None
    after: str | None


class BriefVersionRead(BriefRead):
    """With what differs from the version before."""

    changes: list[AnswerChangeRead]
    images_changed: bool


class CommissionPageRead(ListedCommissionRead):
    promise: CurrentPromiseRead | None
    documents: list[DocumentLinkRead]
    approvals: list[ApprovalRead]
    brief: BriefRead | None
    may_change: bool = Field(description="Whether the brief can still be changed by a new version.")
    may_propose: bool = Field(description="Whether a change can be proposed, since a quote is offered.")


class TimelineRead(BaseModel):
    """What happened, what happens now, and what is still ahead."""

    status: StatusRead
    entries: list[TimelineEntryRead]


def summary_read(each: ListedCommission, reader: Reader) -> ListedCommissionRead:
    """One line of the list."""
    words = CommissionWords(reader, each.record)
    return ListedCommissionRead(
        **CommissionRead.model_validate(each.commission).model_dump(),
        summary=words.answers(each.chosen),
        status=_status(each.status, words),
        next_action=_next_action(each.next_action, words),
    )


def detail_read(found: CommissionPage, reader: Reader) -> CommissionPageRead:
    """All of its page but the timeline."""
    words = CommissionWords(reader, found.record)
    return CommissionPageRead(
        **CommissionRead.model_validate(found.commission).model_dump(),
        summary=words.answers(found.chosen),
        status=_status(found.status, words),
        next_action=_next_action(found.next_action, words),
        promise=_promise(found.promise, words),
        documents=[_document(each, reader) for each in found.documents],
        approvals=[ApprovalRead.model_validate(each) for each in found.record.approvals],
        brief=_brief(found.in_language(reader.language), words),
        may_change=found.may_change,
        may_propose=found.may_propose,
    )


def timeline_read(found: CommissionPage, reader: Reader) -> TimelineRead:
    """Its timeline."""
    words = CommissionWords(reader, found.record)
    return TimelineRead(status=_status(found.status, words), entries=[_entry(each, words) for each in found.entries])


def _status(found: Status, words: CommissionWords) -> StatusRead:
    return StatusRead(
        code=found.code,
        headline=words.headline(found),
        text=words.status_text(found),
        holder=found.holder,
        since=found.since,
        due=found.due,
        on_its_way=found.on_its_way,
        ended=found.ended,
        paused=found.paused,
        tracking_page=_tracking_page(found, words),
    )


def _entry(found: TimelineEntry, words: CommissionWords) -> TimelineEntryRead:
    return TimelineEntryRead(
        code=found.code,
        title=words.title(found),
        text=words.text(found),
        state=found.state,
        at=found.at,
        chapter=found.chapter,
        amount=found.amount,
        words=words.quotation(found.quotation),
        author=found.author if found.quotation else None,
        photo=found.photo,
        alt=words.photo_alt(found) if found.photo else "",
        quiet=found.quiet,
        tracking_page=_tracking_page(found, words),
    )


def _tracking_page(found: Status | TimelineEntry, words: CommissionWords) -> str | None:
    followed = words.tracking(found)
    return followed[1] if followed else None


def _next_action(found: NextAction | None, words: CommissionWords) -> NextActionRead | None:
    if found is None:
        return None
    return NextActionRead(
        kind=found.kind,
        title=words.action_title(found),
        text=words.action_text(found),
        button=words.action_button(found),
        address=found.address,
        until=found.until,
        amount=found.amount,
    )


def _promise(found: CurrentPromise | None, words: CommissionWords) -> CurrentPromiseRead | None:
    if found is None:
        return None
    return CurrentPromiseRead(
        ready_by=found.ready_by,
        begins_on=found.begins_on,
        held_until=found.held_until,
        before=found.before,
        reason=found.reason,
        why=words.replanned(found.reason),
        late=found.late,
        made_at=found.made_at,
    )


def _document(found: DocumentLink, reader: Reader) -> DocumentLinkRead:
    return DocumentLinkRead(
        code=found.code,
        title=reader.label(found.code),
        address=found.address,
        number=found.number,
        paid=found.paid,
        at=found.at,
        amount=found.amount,
    )


def _brief(found: CommissionPage, words: CommissionWords) -> BriefRead | None:
    if found.brief is None:
        return None
    return brief_read(found.brief, words)


def brief_read(brief: Brief, words: CommissionWords) -> BriefRead:
    """One version."""
    return BriefRead(
        version=brief.version,
        written_at=brief.written_at,
        way=brief.way,
        answers=answers_read(brief, words),
        images=list(brief.images),
    )


def history_read(found: BriefHistory, reader: Reader) -> list[BriefVersionRead]:
    """Every version, the newest first."""
    words = CommissionWords(reader, found.in_language(reader.language).record)
    return [
        BriefVersionRead(
            **brief_read(each.brief, words).model_dump(),
            changes=[change_read(one, words) for one in each.changes],
            images_changed=each.pictures_changed,
        )
        for each in found.versions
    ]


def change_read(found: AnswerChange, words: CommissionWords) -> AnswerChangeRead:
    return AnswerChangeRead(
        field=found.field,
        label=words.field(found.field),
        before=words.answer(found.before) if found.before else None,
        after=words.answer(found.after) if found.after else None,
    )


def answers_read(brief: Brief, words: CommissionWords) -> list[BriefAnswerRead]:
    """What was answered, each with what the form calls it."""
    return [
        BriefAnswerRead(field=each.field, label=words.field(each.field), value=each.value, shown=words.answer(each))
        for each in brief.answers
    ]
