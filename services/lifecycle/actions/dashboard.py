"""Reads for the ops dashboard."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from services.lifecycle import store
from services.lifecycle.actions.temporal_gateway import NoWorkflowError, TemporalGateway
from services.lifecycle.domain.account import (
    CommissionAccount,
    Gates,
    GateStatus,
    PromiseChange,
    account_of,
    gates_of,
    promise_changes,
)
from services.lifecycle.domain.audit import AuditEntry, people_of
from services.lifecycle.domain.dashboard import (
    CommissionCounts,
    CommissionFilter,
    CommissionRow,
    DashboardSection,
    FactLog,
    OfferingTitles,
    RecordedFact,
    Risk,
)
from services.lifecycle.domain.delivery import WorkflowRecord
from services.lifecycle.domain.papers import OmittedMail, Printable, omitted_mails, papers_of
from services.lifecycle.domain.people import KnownPerson
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.workflow.state import CommissionState
from shared.auth.roles import Caller, Role
from shared.contracts.briefs import BriefAnswer
from shared.contracts.production import PromiseBooked
from shared.i18n import SOURCE
from shared.kernel.problems import not_found
from shared.offerings.key import OfferingKey
from shared.offerings.model import Offering
from shared.offerings.store import kept
from shared.postgres.database import Tx
from shared.temporal.client import TemporalAwayError

DASHBOARD: Final = "ops"
"""The key that is touched whenever any commission changes: it wakes the live dashboard."""


@dataclass(frozen=True)
class CommissionSummary:
    """A commission with its offering's title, and its risk now.

    `customer` is None until their record is here. `made` and `answers` name the piece, by `named`.
    """

    commission: CommissionRow
    offering: str
    risk: Risk
    customer: KnownPerson | None = None
    made: Offering | None = None
    answers: Sequence[BriefAnswer] = ()

    @property
    def section(self) -> DashboardSection:
        return self.commission.section(self.risk)

    @property
    def rank(self) -> int:
        """Its order within its section: late before escalated."""
        return list(Risk).index(self.risk)


@dataclass(frozen=True)
class CommissionDetail:
    """One commission with all that is known of it, and the names that its offering has for what it is made of."""

    summary: CommissionSummary
    log: FactLog
    account: CommissionAccount
    promise_changes: Sequence[PromiseChange]
    gates: Gates
    audit: Sequence[AuditEntry]
    titles: OfferingTitles
    people: Mapping[UUID, KnownPerson]
    """Whom the audit entries name."""

    @property
    def id(self) -> UUID:
        return self.summary.commission.commission

    @property
    def has_piece(self) -> bool:
        """Whether the bench has a piece of it."""
        return any(isinstance(fact, PromiseBooked) for fact in self.log.facts)

    @property
    def papers(self) -> Sequence[Printable]:
        return papers_of(self.id, self.log.facts)

    @property
    def omitted_mails(self) -> Sequence[OmittedMail]:
        """What mails would have said to a customer without an address, newest first."""
        return omitted_mails(self.log.facts)

    @property
    def has_workflow(self) -> bool:
        """Whether there is a workflow that can answer."""
        return not (self.summary.commission.ended or self.log.lost_at)


async def read_commissions(
    tx: Tx,
    caller: Caller,
    filters: CommissionFilter,
    *,
    after: tuple[datetime, UUID] | None,
    at_most: int,
    now: datetime,
    soon: timedelta,
    language: str,
) -> Sequence[CommissionSummary]:
    """Commissions of these kinds; what needs attention first comes first. Their offerings' titles are in this language.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    offerings = []
    if filters.search:
        known = await read_offerings(tx, caller, language)
        offerings = [name for name, title in known.items() if filters.search.matches(name, title)]
    found = await store.commissions(
        tx, filters, offerings=offerings, now=now, soon=now + soon, after=after, at_most=at_most
    )
    return await _summaries(tx, found, now, soon, language)


async def read_offerings(tx: Tx, caller: Caller, language: str) -> Mapping[str, str]:
    """The offerings that there are commissions of, each with what it is called in this language.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    found = {key: await kept(tx, key) for key in await store.offerings(tx)}
    return {
        f"{key.craft}/{key.offering}": offering.in_language(language).title if offering else key.offering
        for key, offering in found.items()
    }


async def read_commission(
    tx: Tx, caller: Caller, commission: UUID, *, now: datetime, soon: timedelta, language: str = SOURCE
) -> CommissionSummary:
    """One commission, with its offering's title in this language.

    Raises:
        Problem: not-found, for all but ops and for an unknown commission.
    """
    (found,) = await read_commissions_of(tx, caller, [commission], now=now, soon=soon, language=language)
    return found


async def read_commissions_of(
    tx: Tx, caller: Caller, commissions: Sequence[UUID], *, now: datetime, soon: timedelta, language: str = SOURCE
) -> Sequence[CommissionSummary]:
    """These commissions, in this order; as many queries as for one.

    Raises:
        Problem: not-found, for all but ops and where one of them is unknown.
    """
    _only_ops(caller)
    found = await store.commissions_of(tx, commissions)
    if set(commissions) - found.keys():
        raise not_found(OpsReason.UNKNOWN_COMMISSION)
    return await _summaries(tx, [found[each] for each in commissions], now, soon, language)


async def read_known_commissions(
    tx: Tx, caller: Caller, commissions: Sequence[UUID], *, now: datetime, soon: timedelta, language: str = SOURCE
) -> Mapping[UUID, CommissionSummary]:
    """Those of these that are known here: of another one, something may have come first.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    found = await store.commissions_of(tx, commissions)
    summaries = await _summaries(tx, list(found.values()), now, soon, language)
    return {each.commission.commission: each for each in summaries}


async def read_commission_detail(
    tx: Tx, caller: Caller, commission: UUID, *, now: datetime, soon: timedelta, language: str = SOURCE
) -> CommissionDetail:
    """One commission with all that is known of it, its offering's titles in this language.

    Raises:
        Problem: not-found, for all but ops and for an unknown commission.
    """
    (found,) = await read_commission_details(tx, caller, [commission], now=now, soon=soon, language=language)
    return found


async def read_commission_details(
    tx: Tx, caller: Caller, commissions: Sequence[UUID], *, now: datetime, soon: timedelta, language: str = SOURCE
) -> Sequence[CommissionDetail]:
    """The same of these commissions, in this order; as many queries as for one.

    Raises:
        Problem: not-found, for all but ops and where one of them is unknown.
    """
    found = await read_commissions_of(tx, caller, commissions, now=now, soon=soon, language=language)
    facts, workflows = await store.facts(tx, commissions), await store.workflows(tx, commissions)
    audit = await store.audit_entries_of(tx, commissions)
    people = await store.people(tx, people_of(audit))
    return [
        _detail(
            each,
            facts[each.commission.commission],
            workflows.get(each.commission.commission),
            [entry for entry in audit if entry.commission == each.commission.commission],
            people,
        )
        for each in found
    ]


def _detail(
    summary: CommissionSummary,
    recorded: Sequence[RecordedFact],
    workflow: WorkflowRecord | None,
    audit: Sequence[AuditEntry],
    people: Mapping[UUID, KnownPerson],
) -> CommissionDetail:
    offering = summary.made
    log = FactLog(summary.commission.commission, recorded, workflow.lost_at if workflow else None)
    facts = log.facts
    return CommissionDetail(
        summary=summary,
        log=log,
        account=account_of(facts),
        promise_changes=promise_changes(facts),
        gates=gates_of(facts, _planned(offering)),
        audit=audit,
        titles=titles_of(offering) if offering else OfferingTitles(),
        people=people,
    )


async def _offering_in(tx: Tx, key: OfferingKey, language: str) -> Offering | None:
    """An offering in this language; it is read from the database once a process."""
    stored = await kept(tx, key)
    return stored.in_language(language) if stored else None


async def counts(tx: Tx, caller: Caller, now: datetime, soon: timedelta) -> CommissionCounts:
    """How many commissions there are of each kind.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    return await store.counts(tx, now, now + soon)


def titles_of(offering: Offering) -> OfferingTitles:
    """The names of what it is made of, in the language in which it is given."""
    stages = {stage.id: stage.title for stage in offering.making.stages}
    gates = {gate.id: gate.title for gate in offering.gates}
    return OfferingTitles(stages | gates, {line.code: line.title for line in offering.pricing.lines})


async def dashboard_revision(tx: Tx, now: datetime, soon: timedelta) -> str:
    """A short text that changes whenever a commission does, and when one becomes late or is due soon."""
    return await store.dashboard_revision(tx, now, now + soon)


async def commission_revision(tx: Tx, commission: UUID, now: datetime) -> str:
    """The same for one commission."""
    return await store.commission_revision(tx, commission, now)


async def read_workflow_state(gateway: TemporalGateway, caller: Caller, commission: UUID) -> CommissionState | None:
    """The workflow's own state; None if it does not answer now, or is gone.

    Raises:
        Problem: not-found, for all but ops.
    """
    _only_ops(caller)
    try:
        return await gateway.state(commission)
    except (NoWorkflowError, TemporalAwayError):
        return None


def _only_ops(caller: Caller) -> None:
    if caller.role is not Role.OPS:
        raise not_found()


def _planned(offering: Offering | None) -> Sequence[GateStatus]:
    gates = offering.gates if offering else ()
    return [GateStatus(gate.id, gate.title, percent=int(gate.cancel_percent)) for gate in gates]


async def _summaries(
    tx: Tx, commissions: Sequence[CommissionRow], now: datetime, soon: timedelta, language: str
) -> Sequence[CommissionSummary]:
    """These with all that names them, in as many queries as for one."""
    offerings = {key: await _offering_in(tx, key, language) for key in {each.key for each in commissions} if key}
    people = await store.people(tx, {each.customer for each in commissions if each.customer})
    answers = await store.answers_of(tx, [each.commission for each in commissions])
    return [
        CommissionSummary(
            commission=each,
            offering=_title(each, offerings),
            risk=each.risk(now, soon),
            customer=people.get(each.customer) if each.customer else None,
            made=offerings.get(each.key) if each.key else None,
            answers=answers.get(each.commission, ()),
        )
        for each in commissions
    ]


def _title(commission: CommissionRow, offerings: Mapping[OfferingKey, Offering | None]) -> str:
    offering = offerings.get(commission.key) if commission.key else None
    return offering.title if offering else commission.offering or ""
