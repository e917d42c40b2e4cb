"""Changing what is wished until the quote is sent: who may, when, and from which version on."""

from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from enum import StrEnum, auto
from uuid import UUID

from services.intake.domain.briefs import Brief, NewBrief, read_brief, typed_again
from services.intake.domain.commissions import Commission, CommissionReason, State, check_confirmed
from services.intake.domain.record import CommissionRecord
from shared.contracts.briefs import BriefAnswer
from shared.contracts.commissions import EntryWay
from shared.contracts.people import Role
from shared.contracts.quotes import QuoteAccepted, QuoteDeclined, QuoteDrafted, QuoteExpired, QuoteSent
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings import OfferingDocument
from shared.offerings.changes import AnswerChange, changed_answers
from shared.offerings.form import DateField

MOST_VERSIONS = 30
"""So many versions a brief may have: each is worked out by quotes, and read by somebody."""


class ChangeReason(StrEnum):
    """Why a request cannot be changed as somebody wishes."""

    QUOTED = auto()
    DECIDED = auto()
    STALE = auto()
    UNCHANGED = auto()
    TOO_OFTEN = auto()
    WAY_MISSING = auto()
    VERSION_MISSING = auto()


@dataclass(frozen=True)
class ChangedBrief:
    """What is wished instead: the form once more, over the version that somebody looked at.

    `kept` are the pictures that stay or waited for this form, by the input that named them. `way` is how the wish
    reached the studio, where that enters it.
    """

    version: int
    brief: NewBrief
    kept: Mapping[str, UUID]
    way: EntryWay | None = None


@dataclass(frozen=True)
class WrittenVersion:
    """One version of a brief, and what of it differs from the version before; pictures are counted."""

    brief: Brief
    changes: tuple[AnswerChange, ...] = ()
    pictures_before: int = 0
    pictures_changed: bool = False
    first: bool = False


def may_change(record: CommissionRecord) -> bool:
    """Whether the request can be changed by a new version of its brief: no quote for this one was sent."""
    open_now = record.commission.state is State.OPEN and record.outcome is None and record.refusal is None
    return open_now and not _is_decided(record) and not is_offered(record)


def may_refuse(record: CommissionRecord) -> bool:
    """Whether the studio can still say that it does not take the request: no quote was sent."""
    return may_change(record) and record.last(QuoteSent) is None


def is_offered(record: CommissionRecord) -> bool:
    """Whether the customer has a quote for what is wished now, and has not answered: a change has to be proposed."""
    sent = record.last(QuoteSent)
    if sent is None or _is_decided(record):
        return False
    drafts = (each for each in record.all(QuoteDrafted) if each.quote_version == sent.quote_version)
    return all(each.brief_version >= record.commission.brief_version for each in drafts)


def _is_decided(record: CommissionRecord) -> bool:
    return any(record.last(kind) for kind in (QuoteAccepted, QuoteDeclined, QuoteExpired))


def check_may_change(record: CommissionRecord, version: int) -> None:
    """Let pass who changes the version in force, while that is possible.

    Raises:
        Problem: conflict, with the reason.
    """
    commission = record.commission
    check_confirmed(commission)
    if commission.state is not State.OPEN or record.outcome is not None or record.refusal is not None:
        raise Problem(ProblemType.CONFLICT, CommissionReason.ENDED)
    if not may_change(record):
        page = "change" if is_offered(record) else "messages"
        reason = ChangeReason.QUOTED if is_offered(record) else ChangeReason.DECIDED
        raise Problem(ProblemType.CONFLICT, Phrase(reason, address=f"/commissions/{commission.commission}/{page}"))
    check_version(commission, version)


def check_version(commission: Commission, version: int) -> None:
    """Raises `conflict` for whoever looked at another version than the newest, and where there are very many."""
    if version != commission.brief_version:
        raise Problem(ProblemType.CONFLICT, Phrase(ChangeReason.STALE, version=commission.brief_version))
    if version >= MOST_VERSIONS:
        raise Problem(ProblemType.CONFLICT, Phrase(ChangeReason.TOO_OFTEN, count=MOST_VERSIONS))


def check_differs(before: Brief, answers: tuple[BriefAnswer, ...], images: tuple[UUID, ...]) -> None:
    """Raises `conflict` where the form says what the version in force says already."""
    if before.answers == answers and before.images == images:
        raise Problem(ProblemType.CONFLICT, Phrase(ChangeReason.UNCHANGED, version=before.version))


def way_of(role: Role, way: EntryWay | None) -> EntryWay | None:
    """How a change reached whoever enters it. Raises `validation-failed` where the studio does not say."""
    if role is not Role.OPS:
        return None
    if way is None:
        raise invalid(FieldProblem("/way", ChangeReason.WAY_MISSING))
    return way


def read_change(
    document: OfferingDocument, typed: Mapping[str, str], before: Brief, today: date, earlier: Sequence[date]
) -> NewBrief:
    """The brief in what was typed. Days that stay as they were may be measured from one of the `earlier` days.

    Raises `validation-failed` with each field, named as its input is.
    """
    days = (today, *earlier) if _same_days(document, typed, before) else (today,)
    for day in days[:-1]:
        with suppress(Problem):
            return read_brief(document, typed, day)
    return read_brief(document, typed, days[-1])


def versions(briefs: tuple[Brief, ...]) -> tuple[WrittenVersion, ...]:
    """Each version with what differs from the one before it, the newest first."""
    found = []
    for before, brief in zip((None, *briefs), briefs, strict=False):
        if before is None:
            found.append(WrittenVersion(brief, first=True))
            continue
        changes = changed_answers(before.answers, brief.answers)
        pictured = before.images != brief.images
        found.append(WrittenVersion(brief, changes, len(before.images), pictured))
    return tuple(reversed(found))


def _same_days(document: OfferingDocument, typed: Mapping[str, str], before: Brief) -> bool:
    form = document.offering.form
    was = typed_again(form, before.answers)
    days = (field.name for field in form.questions if isinstance(field, DateField))
    return all(typed.get(name, "").strip() == was.get(name, "") for name in days)
