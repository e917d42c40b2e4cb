"""Whatever can happen to a commission has words in the ops room."""

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from services.lifecycle.domain.account import GateState
from services.lifecycle.domain.audit import AuditAction, AuditOutcome
from services.lifecycle.domain.charts import ClockHolder
from services.lifecycle.domain.dashboard import CommissionFilter, RecordedFact, Risk, Search, Section
from services.lifecycle.domain.operations import Operation
from services.lifecycle.domain.timeline import EntryKind, HistoryStep, StepState, TimelineEntry
from services.lifecycle.pages import naming
from services.lifecycle.pages.wording import Words
from shared.contracts.fact import Topic
from shared.contracts.lifecycle import Escalation, Holder, Outcome, Phase
from shared.contracts.notifications import Intent
from shared.contracts.payments import InvoiceKind, RefundReason
from shared.contracts.production import Mishap, Replanned
from shared.contracts.registry import COMMANDS, FACTS
from shared.web.dates import Wording

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
WORDS = Words(Wording(ZoneInfo("Europe/Berlin")), {"bend": "Bend and solder", "cut": "Cutting the wire"})
NAMED: list[tuple[Mapping[Any, Any], type[StrEnum]]] = [
    (naming.PHASES, Phase),
    (naming.HOLDERS, Holder),
    (naming.MOVES, Holder),
    (naming.OUTCOMES, Outcome),
    (naming.ESCALATIONS, Escalation),
    (naming.RISKS, Risk),
    (naming.RISK_CHOICES, Risk),
    (naming.SECTIONS, Section),
    (naming.KINDS, EntryKind),
    (naming.MAILS, Intent),
    (naming.GATES, GateState),
    (naming.INVOICES, InvoiceKind),
    (naming.REFUNDS, RefundReason),
    (naming.REPLANNED, Replanned),
    (naming.MISHAPS, Mishap),
    (naming.OPERATIONS, Operation),
    (naming.DID, AuditAction),
    (naming.AUDIT_OUTCOMES, AuditOutcome),
    (naming.HOLDER_TIMES, ClockHolder),
]
COMPACTED = {Topic.BRIEFS, Topic.PEOPLE, Topic.TEXTS}


@pytest.mark.parametrize(("words", "kind"), NAMED, ids=lambda each: getattr(each, "__name__", ""))
def test_every_member_has_words(words: Mapping[Any, Any], kind: Iterable[StrEnum]) -> None:
    assert set(words) == set(kind)


def test_every_fact_that_the_room_hears_has_a_sentence() -> None:
    told = {fact.__name__ for fact in FACTS.values() if fact.topic not in COMPACTED}

    assert told == set(naming.FACTS)


def test_every_command_has_words() -> None:
    assert set(COMMANDS) == set(naming.COMMANDS)


def said(name: str, topic: str = "touchmark.production", **detail: Any) -> str:
    return WORDS.fact(RecordedFact(topic, 1, f"{topic}.{name}", NOW, detail))


@pytest.mark.parametrize(
    ("name", "detail", "words"),
    [
        ("StageBegun", {"stage": "bend"}, "Work began: Bend and solder"),
        ("StageBegun", {"stage": "glaze"}, "Work began: glaze"),
        (
            "MishapReported",
            {"kind": "tool_broken", "stage": "bend"},
            "Something went wrong at the bench: a tool broke, Bend and solder",
        ),
        ("PaymentReceived", {"amount": {"minor": 51_380, "currency": "EUR"}}, "A payment came in: €513.80"),
        (
            "InvoiceIssued",
            {"kind": "deposit", "total": {"minor": 100, "currency": "EUR"}},
            "An invoice was issued: deposit, €1.00",
        ),
        ("MailFailed", {"intent": "quote_ready"}, "A mail could not be delivered: the quote is ready"),
        (
            "CommissionEscalated",
            {"reason": "maker_silent", "phase": "making"},
            "Ops should look: the maker does not answer",
        ),
        ("PhaseEntered", {"phase": "making", "holder": "maker"}, "At the bench: the maker's move"),
        ("PhaseEntered", {"phase": "making", "holder": "maker", "paused": True}, "At the bench, paused"),
        ("PhaseEntered", {"phase": "ended", "holder": "process"}, "Being undone: goes by itself"),
        ("CommissionEnded", {"outcome": "expired"}, "Ended: the quote expired"),
        ("SomethingNew", {}, "SomethingNew"),
        ("MailSent", {"intent": "something_new"}, "A mail was sent"),
    ],
)
def test_a_fact_is_told_in_plain_words(name: str, detail: dict[str, Any], words: str) -> None:
    assert said(name, **detail) == words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (HistoryStep(EntryKind.COMMAND, "quotes.DraftQuote", NOW, StepState.DONE), "done"),
        (HistoryStep(EntryKind.COMMAND, "quotes.DraftQuote", NOW, StepState.DONE, attempts=3), "done, at the 3rd try"),
        (
            HistoryStep(EntryKind.COMMAND, "quotes.DraftQuote", NOW, StepState.REFUSED, problem="conflict"),
            "refused as conflict",
        ),
        (HistoryStep(EntryKind.COMMAND, "quotes.DraftQuote", NOW, attempts=11), "under way, at the 11th try"),
        (HistoryStep(EntryKind.TIMER, "Timer", NOW, StepState.DONE), "fired"),
        (HistoryStep(EntryKind.TIMER, "Timer", NOW, StepState.CANCELLED), "was stopped: something came first"),
    ],
)
def test_what_became_of_a_command_or_a_timer_is_said(step: HistoryStep, words: str) -> None:
    assert WORDS.came_of(step) == words


def test_a_timer_says_how_long_it_runs() -> None:
    assert WORDS.step(HistoryStep(EntryKind.TIMER, "Timer", NOW, due=NOW + timedelta(days=14))) == "A timer of 2 weeks"


def test_a_line_that_wants_a_look_says_so_by_its_tone() -> None:
    refused = HistoryStep(EntryKind.COMMAND, "quotes.DraftQuote", NOW, StepState.REFUSED)

    assert WORDS.tone(TimelineEntry(EntryKind.COMMAND, NOW, refused.name, refused)) == "wrong"


@pytest.mark.parametrize(
    ("typed", "ending"),
    [
        ("…dd146301", "dd146301"),
        ("DD14 ", "dd14"),
        ("01a21111-7ed6-71bf-a944-3fd049a4204f", "01a211117ed671bfa9443fd049a4204f"),
        ("abc", None),
        ("ring", None),
        ("%", None),
    ],
)
def test_the_end_of_a_number_is_told_from_a_name(typed: str, ending: str | None) -> None:
    assert Search(typed).ending == ending


def test_a_craft_is_found_by_part_of_its_name() -> None:
    assert Search("engraved").matches("jewellery", "The engraved ring")
    assert Search("JEWEL").matches("jewellery", "The engraved ring")
    assert not Search("en").matches("jewellery", "The engraved ring")


def test_asking_for_nothing_is_asking_for_all() -> None:
    assert CommissionFilter().all
    assert not CommissionFilter(search=Search("x")).all
