"""Approvals: asked for by the life cycle, looked at, signed or refused by the customer."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID

from services.intake import store
from services.intake.actions import records
from services.intake.actions.changing import brief_written
from services.intake.domain import approvals
from services.intake.domain.approvals import Approval, ApprovalReason, ApprovalState, check_is_of_now
from services.intake.domain.briefs import Brief
from services.intake.domain.commissions import CommissionReason, State
from services.intake.domain.record import CommissionRecord
from services.intake.domain.signing import (
    Answers,
    CorrectableText,
    SignOffItem,
    check_all_ticked,
    correctable,
    corrected,
    sheet,
)
from services.intake.domain.texts import Text, to_fact
from shared.auth.roles import Caller
from shared.contracts.commands.intake import ApprovalAsking, AskApproval
from shared.contracts.commissions import ApprovalAsked, ApprovalGiven, ApprovalRefused
from shared.contracts.fact import Fact
from shared.contracts.texts import Subject
from shared.i18n import SOURCE
from shared.kernel.ids import Ids
from shared.kernel.problems import NotYet, Problem, ProblemType, not_found
from shared.offerings.making import Gate
from shared.outbox import publish
from shared.postgres.database import Tx


@dataclass(frozen=True)
class SignOffSheet:
    """What is to be signed, or was: `signed` thing by thing; `typed` is a correction that was not signed yet."""

    record: CommissionRecord
    approval: Approval
    gate: Gate
    signed: tuple[SignOffItem, ...]
    texts: tuple[CorrectableText, ...]
    brief: Brief
    answers: Answers
    typed: Mapping[str, str] = field(default_factory=dict)

    def in_language(self, language: str) -> "SignOffSheet":
        """The same, with the offering in the words of this language."""
        record = self.record.in_language(language)
        gate = record.gate(self.approval.gate)
        if record.offering is None or gate is None:
            return self
        labels = {each.field: record.offering.form.field(each.field) for each in self.texts}
        texts = tuple(
            replace(each, label=found.label) if (found := labels[each.field]) else each for each in self.texts
        )
        return replace(self, record=record, gate=gate, signed=sheet(record.offering, gate, self.answers), texts=texts)

    @property
    def is_corrected(self) -> bool:
        return self.answers != self.brief.answers

    @property
    def refusal(self) -> Text | None:
        """What the customer wrote who requested a change."""
        text = self.approval.text
        return self.record.texts.get(text) if text else None


@dataclass(frozen=True)
class Signature:
    """What the customer sends who signs.

    `brief_version` is the one they saw, `ticked` are the sign-offs they said yes to, `typed` a correction by field.
    """

    brief_version: int
    ticked: frozenset[str]
    typed: Mapping[str, str] = field(default_factory=dict)


async def ask(tx: Tx, command: AskApproval, *, new_id: Ids, now: datetime) -> ApprovalAsking:
    """Open an approval of a gate and publish it; a gate has one open approval at a time.

    Raises:
        NotYet: the offering's document comes with a newer release.
        Problem: not-found; conflict, if the commission has ended, or its offering has no such gate.
    """
    found = await store.lock_commission(tx, command.commission)
    if found is None:
        raise not_found(CommissionReason.UNKNOWN)
    every = await store.approvals(tx, [command.commission])
    if already := next((each for each in every if each.is_open and each.gate == command.gate), None):
        return ApprovalAsking(approval=already.approval)
    if found.state is not State.OPEN:
        raise Problem(ProblemType.CONFLICT, CommissionReason.ENDED)
    _check_gate(CommissionRecord(found, offering=await records.offering_of(tx, found)), command.gate)
    asked = Approval(new_id(), found.commission, command.gate, found.brief_version, ApprovalState.OPEN, now)
    await store.add_approval(tx, asked)
    tx.touch(found.commission)
    requested = ApprovalAsked(
        at=now,
        commission=found.commission,
        approval=asked.approval,
        gate=asked.gate,
        brief_version=asked.brief_version,
    )
    await publish(tx, [requested])
    return ApprovalAsking(approval=asked.approval)


async def read(tx: Tx, caller: Caller, commission: UUID, approval: UUID) -> SignOffSheet:
    """What is to be signed, or was. Raises `not-found`; NotYet where the offering's document is not here."""
    return await _sheet(tx, await records.load(tx, caller, commission), approval)


async def preview(tx: Tx, caller: Caller, commission: UUID, approval: UUID, typed: Mapping[str, str]) -> SignOffSheet:
    """What would be signed with this correction, to be looked at once more.

    Raises:
        Problem: not-found; conflict, if it is decided; validation-failed, if the correction cannot be taken.
    """
    record = await records.load_own(tx, caller, commission)
    found = await _sheet(tx, record, approval)
    approvals.check_open(found.approval)
    return _with_correction(found, typed)


async def sign(
    tx: Tx,
    caller: Caller,
    commission: UUID,
    approval: UUID,
    signature: Signature,
    *,
    now: datetime,
    language: str = SOURCE,
) -> Approval:
    """Sign a gate off, with the customer's correction of the brief, and publish it; twice is the same as once.

    Raises:
        Problem: not-found; conflict, if it was refused or the brief has changed; validation-failed, which names in
            this language what is not ticked.
    """
    record = await records.load_own(tx, caller, commission)
    found = _with_correction(await _sheet(tx, record, approval), signature.typed)
    if found.approval.is_open:
        check_is_of_now(found.approval, signature.brief_version, record.commission.brief_version)
        check_all_ticked(found.in_language(language).signed, signature.ticked)
    version = found.brief.version + found.is_corrected
    given = approvals.give(found.approval, version, now)
    if given is found.approval:
        return given
    facts: list[Fact] = []
    if found.is_corrected:
        brief = replace(found.brief, version=version, answers=found.answers, written_at=now, way=None)
        await store.add_brief(tx, commission, brief, record.commission.needed_by)
        facts.append(brief_written(record.commission, brief, record.open_proposal))
    await store.save_approval(tx, given)
    tx.touch(commission)
    signed = ApprovalGiven(
        at=now,
        commission=commission,
        approval=approval,
        gate=given.gate,
        brief_version=given.brief_version,
        by=caller.witness,
    )
    await publish(tx, [*facts, signed])
    return given


async def refuse(
    tx: Tx, caller: Caller, commission: UUID, approval: UUID, words: str, *, new_id: Ids, now: datetime
) -> Approval:
    """Request a change and publish it; twice is the same as once, with the first words.

    Raises:
        Problem: not-found; conflict, if it is signed or has ended.
    """
    record = await records.load_own(tx, caller, commission)
    found = _of(record, approval)
    text = Text(new_id(), commission, caller.person, caller.role, Subject.REASON, words, now)
    refused = approvals.refuse(found, text.text, now)
    if refused is not found:
        await store.keep_text(tx, text)
        await store.save_approval(tx, refused)
        tx.touch(commission)
        fact = ApprovalRefused(
            at=now, commission=commission, approval=approval, gate=found.gate, text=text.text, by=caller.witness
        )
        await publish(tx, [to_fact(text), fact])
    return refused


def _of(record: CommissionRecord, approval: UUID) -> Approval:
    found = next((each for each in record.approvals if each.approval == approval), None)
    if found is None:
        raise not_found()
    return found


async def _sheet(tx: Tx, record: CommissionRecord, approval: UUID) -> SignOffSheet:
    """The newest brief while it is to be signed; the one that was signed after that."""
    found = _of(record, approval)
    gate = record.gate(found.gate)
    version = record.commission.brief_version if found.is_open else found.brief_version
    brief = await store.brief(tx, record.commission, version)
    quoted = await store.brief(tx, record.commission, record.quoted_brief)
    if record.offering is None or gate is None or brief is None or quoted is None:
        raise NotYet(ApprovalReason.OFFERING_MISSING, retry_after=10)
    texts = correctable(record.offering, gate, brief.answers, quoted.answers)
    return SignOffSheet(record, found, gate, sheet(record.offering, gate, brief.answers), texts, brief, brief.answers)


def _with_correction(found: SignOffSheet, typed: Mapping[str, str]) -> SignOffSheet:
    """The same sheet, as it would be with this correction."""
    offering = found.record.offering
    if not typed or offering is None:
        return found
    answers = corrected(offering, found.texts, found.answers, typed)
    return SignOffSheet(
        found.record,
        found.approval,
        found.gate,
        sheet(offering, found.gate, answers),
        found.texts,
        found.brief,
        answers,
        typed,
    )


def _check_gate(record: CommissionRecord, gate: str) -> None:
    if record.offering is None:
        raise NotYet(ApprovalReason.OFFERING_MISSING, retry_after=10)
    if record.gate(gate) is None:
        raise Problem(ProblemType.CONFLICT, ApprovalReason.NO_GATE)
