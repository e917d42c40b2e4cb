"""Somebody leaves: what is erased, what has to end before, and what the law makes the studio keep."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum, auto
from uuid import UUID

from services.intake.domain.commissions import Commission
from services.intake.domain.documents import DocumentCode, DocumentLink, documents
from services.intake.domain.people import Person
from services.intake.domain.promise import current_promise
from services.intake.domain.record import CommissionRecord
from shared.contracts.notifications import LAST_MAILS, MailFailed, MailOmitted, MailSent
from shared.contracts.payments import InvoiceIssued
from shared.contracts.people import Role
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.retention import kept_until


class LeavingReason(StrEnum):
    """Why somebody is not erased."""

    UNKNOWN = auto()
    CONFIRMED_ELSEWHERE = auto()
    LAST_OF_THE_STUDIO = auto()
    NOT_SURE = auto()


class Leaves(StrEnum):
    """What happens to a commission when its customer leaves."""

    CANCELLED_FIRST = auto()
    """A request without a contract: it is cancelled, then erased."""
    AT_ITS_END = auto()
    """A contract that is being carried out: nothing is erased before its end."""
    AFTER_LAST_MAIL = auto()
    """It has just ended: its last mail is still on its way."""
    AT_ONCE = auto()
    """It has ended."""


_WAITED_FOR = frozenset({Leaves.AT_ITS_END, Leaves.AFTER_LAST_MAIL})


@dataclass(frozen=True)
class Erasure:
    """That somebody is to be erased, and what came of it; the numbers are of what was erased."""

    person: UUID
    role: Role
    asked_by: UUID
    asked_at: datetime
    erased_at: datetime | None = None
    commissions: int = 0
    texts: int = 0
    pictures: int = 0

    @property
    def by_themselves(self) -> bool:
        return self.asked_by == self.person


@dataclass(frozen=True)
class KeptInvoice:
    """An invoice that the studio has to keep, sealed, until the end of this day."""

    number: str
    until: date


@dataclass(frozen=True)
class LeavingCommission:
    """A commission of somebody who leaves; `ready_by` is the day by which its piece is promised, while it is open."""

    commission: Commission
    leaves: Leaves
    ready_by: date | None
    invoices: tuple[KeptInvoice, ...]
    papers: tuple[DocumentLink, ...] = ()


@dataclass(frozen=True)
class ErasurePreview:
    """What happens if this person is erased now. `pieces` is how many a maker still has to make."""

    person: Person
    commissions: tuple[LeavingCommission, ...]
    pieces: int
    erasure: Erasure | None

    @property
    def waits(self) -> bool:
        """Whether something has to end before."""
        return self.pieces > 0 or any(each.leaves in _WAITED_FOR for each in self.commissions)

    @property
    def not_before(self) -> date | None:
        """The last of the days that are promised; the erasure comes some days after it. None where none is known."""
        days = [each.ready_by for each in self.commissions if each.leaves is Leaves.AT_ITS_END and each.ready_by]
        return max(days, default=None)

    @property
    def papers(self) -> Sequence[DocumentLink]:
        return [paper for each in self.commissions for paper in each.papers]

    @property
    def has_archived_papers(self) -> bool:
        """Whether quotes has an archive of them."""
        return any(each.code is not DocumentCode.CERTIFICATE for each in self.papers)

    @property
    def has_certificates(self) -> bool:
        """Whether production has an archive of them."""
        return any(each.code is DocumentCode.CERTIFICATE for each in self.papers)

    @property
    def invoices(self) -> Sequence[KeptInvoice]:
        return [invoice for each in self.commissions for invoice in each.invoices]


def leaving(record: CommissionRecord, country: str, *, ended_before: datetime) -> LeavingCommission:
    """What happens to a commission; `country` is the studio's, whose law says what is kept.

    The last mail of one that ended before `ended_before` is not waited for any longer.
    """
    found = record.commission
    if found.closed_at is not None:
        waits = found.closed_at > ended_before and not _last_mail_ended(record)
        leaves = Leaves.AFTER_LAST_MAIL if waits else Leaves.AT_ONCE
    else:
        leaves = Leaves.AT_ITS_END if record.accepted else Leaves.CANCELLED_FIRST
    promise = current_promise(record)
    return LeavingCommission(
        found,
        leaves,
        promise.ready_by if promise and leaves is Leaves.AT_ITS_END else None,
        tuple(KeptInvoice(each.number, kept_until(country, each.at.date())) for each in record.all(InvoiceIssued)),
        documents(record),
    )


def _last_mail_ended(record: CommissionRecord) -> bool:
    """Whether it was sent, or never will be: it failed, they have no e-mail address, or it is too old."""
    outcome, customer = record.commission.outcome, record.commission.customer
    last = LAST_MAILS[outcome] if outcome else None
    mails: list[MailSent | MailFailed | MailOmitted] = [
        *record.all(MailSent),
        *record.all(MailFailed),
        *record.all(MailOmitted),
    ]
    return any(mail.intent is last and mail.person == customer for mail in mails)


def check_may_leave(person: Person, *, others_of_the_studio: int) -> None:
    """Raises `conflict` for the last person of the studio: nobody could let anybody in any more."""
    if person.role is Role.OPS and others_of_the_studio == 0:
        raise Problem(ProblemType.CONFLICT, LeavingReason.LAST_OF_THE_STUDIO)
