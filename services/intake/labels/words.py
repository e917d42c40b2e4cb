"""A commission in the words of one reader: its codes by the labels, its stages and gates by its offering."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property

from services.intake.domain.next_action import NextAction
from services.intake.domain.record import CommissionRecord
from services.intake.domain.texts import Text
from services.intake.domain.timeline import EntryCode, Status, TimelineEntry, current_status
from services.intake.labels import status as words
from services.intake.labels import timeline
from shared.contracts.briefs import BriefAnswer
from shared.contracts.carriers import CARRIERS, CarrierCode
from shared.contracts.commissions import ClaimKind
from shared.contracts.lifecycle import Escalation, Holder
from shared.contracts.notifications import Intent
from shared.contracts.production import Mishap, Replanned
from shared.i18n import N_, Reader
from shared.kernel.phrases import Param
from shared.offerings.model import Offering
from shared.offerings.spoken import spoken
from shared.web.tracking import tracking_page


@dataclass(frozen=True)
class CommissionWords:
    """What its page and its API say; both say the same."""

    reader: Reader
    record: CommissionRecord

    @property
    def offering(self) -> Offering | None:
        """The offering in the reader's language; None if its document is unknown here."""
        return self._record.offering

    @cached_property
    def _record(self) -> CommissionRecord:
        return self.record.in_language(self.reader.language)

    def headline(self, status: Status) -> str:
        return self.reader.label(status.code)

    def status_text(self, status: Status) -> str:
        """What the status means; a stage that rests says why, by the offering."""
        if isinstance(after := status.params.get("waiting_after"), str):
            stage = self._record.stage(after)
            if stage and stage.wait:
                return stage.wait.why
        return self.reader.label(words.TEXTS[status.code], **self._given(status.params))

    def tracking(self, of: Status | TimelineEntry) -> tuple[str, str] | None:
        """Where the carrier shows the parcel: what the link says, and its address; None where there is no such page."""
        carrier, number = of.params.get("carrier"), of.params.get("tracking")
        if not isinstance(carrier, str) or not isinstance(number, str):
            return None
        address = tracking_page(carrier, number)
        return (
            (self.reader.message(words.FOLLOW_IT, carrier=self._named("carrier", carrier)), address)
            if address
            else None
        )

    def waiting_for(self, status: Status, *, customer: bool) -> str:
        """Whom the commission waits for, as its customer or somebody else reads it."""
        if status.paused:
            return self.reader.gettext(N_("Paused"))
        if status.holder is Holder.CUSTOMER and not customer:
            return self.reader.gettext(N_("The customer"))
        return self.reader.label(words.HOLDERS[status.holder])

    def title(self, entry: TimelineEntry) -> str:
        if entry.code is EntryCode.NOW:
            return self.headline(current_status(self.record))
        return self.reader.label(entry.code, **self._given(entry.params))

    def text(self, entry: TimelineEntry) -> str:
        """What there is to say besides the title; empty where there is nothing."""
        match entry.params.get("kind"), entry.params.get("intent"), entry.params.get("reason"):
            case _, _, _ if isinstance(claimed := entry.params.get("claim_kind"), ClaimKind):
                return self.reader.label(claimed)
            case Mishap() as kind, _, _:
                return self.reader.label(timeline.MISHAPS[kind])
            case _, Intent() as intent, _:
                return self.reader.label(intent)
            case _, _, Escalation() as reason:
                return self.reader.label(timeline.ESCALATIONS[reason])
            case _:
                label = timeline.TEXTS.get(entry.code)
                return self.reader.label(label, **self._given(entry.params)) if label else ""

    def photo_alt(self, entry: TimelineEntry) -> str:
        return self.reader.message(N_("Your piece at the bench: %(stage)s"), **self._given(entry.params))

    def quotation(self, text: Text | None) -> str:
        """What somebody wrote, or that it was erased."""
        if text is None:
            return ""
        return self.reader.gettext(N_("This text was erased.")) if text.body is None else text.body

    def author(self, entry: TimelineEntry) -> str:
        return self.reader.label(entry.author) if entry.author and entry.quotation else ""

    def action_title(self, action: NextAction) -> str:
        return self.reader.label(action.kind, gate=self.gate(action.gate))

    def action_text(self, action: NextAction) -> str:
        """What the action means; a sign-off says why, by the offering."""
        gate = self._record.gate(action.gate) if action.gate else None
        return gate.why if gate else self.reader.label(words.ACTION_TEXTS[action.kind])

    def action_button(self, action: NextAction) -> str:
        return self.reader.label(words.BUTTONS[action.kind])

    def field(self, name: str) -> str:
        """What the form calls this field; its name, where the offering's document is not here."""
        found = self.record.offering.form.field(name) if self.record.offering else None
        return found.label if found else name

    def answer(self, answer: BriefAnswer) -> str:
        return spoken(self.record.offering, answer, self.reader)

    def answers(self, answers: Iterable[BriefAnswer]) -> str:
        """Several answers in a line: "18 ct yellow gold (750), Satin, Wedding"."""
        return ", ".join(map(self.answer, answers))

    def replanned(self, reason: Replanned | None) -> str:
        """Why the day moved."""
        return self.reader.label(timeline.REPLANNED[reason]) if reason else ""

    def stage(self, stage: str) -> str:
        return self._record.stage_title(stage)

    def gate(self, gate: str) -> str:
        return self._record.gate_title(gate) if gate else ""

    def _given(self, params: Mapping[str, Param]) -> Mapping[str, Param]:
        """The parameters with ids and codes in words, and days with their weekday."""
        return {name: self._worded(name, value) for name, value in params.items()}

    def _worded(self, name: str, value: Param) -> Param:
        if isinstance(value, Replanned):
            return self.replanned(value)
        if isinstance(value, date) and not isinstance(value, datetime):
            return self.reader.day(value)
        if name == "percent" and isinstance(value, int):
            return self.reader.percent(value)
        return self._named(name, value) if type(value) is str else value

    def _named(self, name: str, value: str) -> str:
        """An id of the offering, or of a carrier, by its name."""
        match name:
            case "stage":
                return self.stage(value)
            case "gate":
                return self.gate(value)
            case "carrier":
                known = value in CARRIERS and value != CarrierCode.OTHER
                return self.reader.label(CarrierCode(value) if known else words.ANY_CARRIER)
            case _:
                return value
