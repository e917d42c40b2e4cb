"""Whatever can happen to a commission has words on ops' pages, in every language."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from services.lifecycle.domain.audit import AuditAction, AuditEntry, AuditOutcome
from services.lifecycle.domain.dashboard import CommissionFilter, OfferingTitles, RecordedFact
from services.lifecycle.domain.reasons import OpsReason
from services.lifecycle.domain.search import Search
from services.lifecycle.domain.timeline import HistoryStep, OpsTimelineEntry, StepState, TimelineKind
from services.lifecycle.labels import COMMANDS, FACTS, LABELS, REASONS
from services.lifecycle.main import LOCALES
from services.lifecycle.pages.words import Words
from services.lifecycle.workflow.messages import OperationRefusal
from shared.contracts.commands.command import CommandFailure
from shared.contracts.fact import Topic
from shared.contracts.registry import COMMANDS as CONTRACTS
from shared.contracts.registry import FACTS as CONTRACT_FACTS
from shared.i18n import Reader, Readers
from shared.kernel.ids import new_id
from shared.kernel.problems import ProblemType
from shared.web.labels import LABELS as SHARED

NOW = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
TITLES = OfferingTitles({"bend": "Bend and solder", "cut": "Cutting the wire"}, {"engraving": "Engraving"})
READERS = Readers(zone="Europe/Berlin", labels=SHARED | LABELS, locales=[Path(LOCALES)])
WORDS = Words(READERS.of("en"), TITLES)
GERMAN = Words(READERS.of("de"), TITLES)
NOT_RECORDED = {Topic.ACCESS, Topic.BRIEFS, Topic.FAILURES, Topic.PEOPLE, Topic.SESSIONS, Topic.TEXTS, Topic.DOCUMENTS}
STEP = HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, StepState.DONE)


def test_every_fact_that_is_recorded_has_words() -> None:
    recorded = {fact.__name__ for fact in CONTRACT_FACTS.values() if fact.topic not in NOT_RECORDED}

    assert recorded == set(FACTS)


def test_every_command_has_words() -> None:
    assert set(CONTRACTS) == set(COMMANDS)


@pytest.mark.parametrize("reader", [READERS.of("en"), READERS.of("de")], ids=["en", "de"])
@pytest.mark.parametrize("refusal", OperationRefusal)
def test_every_refusal_says_why_and_what_to_do(reader: Reader, refusal: OperationRefusal) -> None:
    assert reader.label(refusal).endswith(".")
    assert reader.remedy(refusal).endswith(".")


def test_every_reason_has_words() -> None:
    assert set(REASONS) == set(OpsReason)


def test_a_refusal_that_this_release_does_not_know_has_words_too() -> None:
    assert WORDS.refusal("something_newer") == WORDS.refusal("unknown")


def said(name: str, topic: str = "touchmark.production", **detail: Any) -> str:
    return WORDS.fact(RecordedFact(topic, 1, f"{topic}.{name}", NOW, detail))


@pytest.mark.parametrize(
    ("name", "detail", "words"),
    [
        ("StageBegun", {"stage": "bend"}, "Work started: Bend and solder"),
        ("StageBegun", {"stage": "glaze"}, "Work started: glaze"),
        (
            "MishapReported",
            {"kind": "tool_broken", "stage": "bend"},
            "Mishap at the bench: Tool broken, Bend and solder",
        ),
        (
            "MishapUndone",
            {"kind": "tool_broken", "stage": "bend"},
            "Mishap undone: it was reported by mistake: Tool broken, Bend and solder",
        ),
        ("PaymentReceived", {"amount": {"minor": 51_380, "currency": "EUR"}}, "Payment received: €513.80"),
        (
            "InvoiceIssued",
            {"kind": "deposit", "total": {"minor": 100, "currency": "EUR"}},
            "Invoice issued: Deposit, €1.00",
        ),
        ("MailFailed", {"intent": "quote_ready"}, "Mail could not be delivered: Quote ready"),
        ("MailOmitted", {"intent": "quote_ready"}, "Not mailed: tell the customer: Quote ready"),
        (
            "CommissionEscalated",
            {"reason": "maker_silent", "phase": "making"},
            "Needs attention: The maker does not answer",
        ),
        ("PhaseEntered", {"phase": "making", "holder": "maker"}, "At the bench, waiting for: Maker"),
        ("PhaseEntered", {"phase": "making", "holder": "maker", "paused": True}, "At the bench, paused"),
        ("PhaseEntered", {"phase": "ended", "holder": "process"}, "Closing, automatic"),
        ("CommissionEnded", {"outcome": "expired"}, "Ended: quote expired"),
        ("SomethingNew", {}, "SomethingNew"),
        ("MailSent", {"intent": "something_new"}, "Mail sent"),
    ],
)
def test_a_fact_is_named_in_plain_words(name: str, detail: dict[str, Any], words: str) -> None:
    assert said(name, **detail) == words


@pytest.mark.parametrize(
    ("step", "words"),
    [
        (STEP, "done"),
        (HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, StepState.DONE, attempts=3), "done, 3 attempts"),
        (
            HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, StepState.REFUSED, problem="conflict"),
            "refused: it does not fit what has happened since",
        ),
        (HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, attempts=11), "in progress, 11 attempts"),
        (HistoryStep(TimelineKind.TIMER, "Timer", NOW, StepState.DONE), "fired"),
        (
            HistoryStep(TimelineKind.TIMER, "Timer", NOW, StepState.CANCELLED),
            "stopped, because something else happened first",
        ),
    ],
)
def test_what_became_of_a_command_or_a_timer_is_said(step: HistoryStep, words: str) -> None:
    assert WORDS.came_of(step) == words


REFUSED_WITH = [*(each.slug for each in ProblemType), *(each.value for each in CommandFailure)]


@pytest.mark.parametrize("words", [WORDS, GERMAN], ids=["en", "de"])
@pytest.mark.parametrize("code", REFUSED_WITH)
def test_every_code_that_a_refused_command_can_carry_has_words(words: Words, code: str) -> None:
    said = words.problem(code)

    assert said != words.problem("something-newer")
    assert code not in said


def test_a_refused_step_says_why_in_the_readers_language() -> None:
    refused = HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, StepState.REFUSED, problem="not-found")
    newer = replace(refused, problem="something-newer")

    assert WORDS.came_of(refused) == "refused: what it is about is missing"
    assert GERMAN.came_of(refused) == "abgelehnt: das, worum es geht, fehlt"
    assert WORDS.came_of(newer) == "refused: we do not know why"


def test_a_timer_says_how_long_it_runs() -> None:
    timer = HistoryStep(TimelineKind.TIMER, "Timer", NOW, due=NOW + timedelta(days=14))

    assert WORDS.step(timer) == "Timer of 2 weeks"


def test_an_entry_that_needs_attention_says_so_by_its_tone() -> None:
    refused = HistoryStep(TimelineKind.COMMAND, "quotes.DraftQuote", NOW, StepState.REFUSED)

    assert WORDS.tone(OpsTimelineEntry(TimelineKind.COMMAND, NOW, refused.name, refused)) == "wrong"


def test_the_details_of_a_fact_are_named_as_in_the_contract() -> None:
    details = WORDS.details({"quote_version": 2, "deposit": {"minor": 51_380, "currency": "EUR"}, "gates": ["cut"]})

    assert dict(details) == {
        "<code>quote_version</code>": "<code>2</code>",
        "<code>deposit</code>": "€513.80",
        "<code>gates</code>": "<code>cut</code>",
    }


def euros(minor: int) -> dict[str, Any]:
    return {"minor": minor, "currency": "EUR"}


def entry(action: AuditAction, **detail: Any) -> AuditEntry:
    return AuditEntry(new_id(), new_id(), action, new_id(), NOW, "x", detail, AuditOutcome.DONE)


@pytest.mark.parametrize(
    ("found", "english", "german"),
    [
        (entry(AuditAction.EXTEND, days=1), "Gave 1 more day", "1 Tag mehr Zeit gegeben"),
        (entry(AuditAction.EXTEND, days=7), "Gave 7 more days", "7 Tage mehr Zeit gegeben"),
        (entry(AuditAction.CANCEL, cause="studio"), "Cancelled by the studio", "Vom Atelier storniert"),
        (entry(AuditAction.PACK), "Packed the piece", "Stück verpackt"),
        (
            entry(AuditAction.RECORD_PAYMENT, payment=str(new_id()), amount=euros(51_380)),
            "Recorded a payment: €513.80",
            "Zahlung erfasst: 513,80\xa0€",
        ),
        (
            entry(
                AuditAction.CHANGE_PRICE,
                quote_version=2,
                total=euros(48_000),
                change={"line": "engraving", "before": euros(12_000), "amount": euros(9_500)},
            ),
            "Changed a price: Engraving, from €120.00 to €95.00, total €480.00",
            "Preis geändert: Engraving, von 120,00\xa0€ auf 95,00\xa0€, Gesamtbetrag 480,00\xa0€",
        ),
        (
            entry(
                AuditAction.RESTORE_PRICE,
                total=euros(1),
                change={"line": "minimum", "before": euros(2), "amount": euros(1)},
            ),
            "Restored a price: top-up to the minimum price, from €0.02 to €0.01, total €0.01",
            "Preis zurückgesetzt: Aufschlag bis zum Mindestpreis, von 0,02\xa0€ auf 0,01\xa0€, Gesamtbetrag 0,01\xa0€",
        ),
        (
            entry(AuditAction.INVITE, person=str(UUID(int=0xABCDEF)), role="maker"),
            "Sent an invitation: Maker, …abcdef",
            "Einladung gesendet: Werkbank, …abcdef",
        ),
        (
            entry(AuditAction.ANOTHER_MAKER, maker=str(UUID(int=0xABCDEF)), ready_by="2026-12-01", before="2026-11-30"),
            "Gave the piece to another maker: …abcdef",
            "Stück einer anderen Person übergeben: …abcdef",
        ),
        (
            entry(AuditAction.GO_THROUGH_GATE, gate="cut", cancel_percent=35),
            "Passed a gate, cannot be undone: Cutting the wire",
            "Freigabepunkt passiert, nicht mehr umkehrbar: Cutting the wire",
        ),
        (
            entry(AuditAction.REPORT_MISHAP, kind="tool_broken", stage="bend"),
            "Reported a mishap: Bend and solder, Tool broken",
            "Missgeschick gemeldet: Bend and solder, Werkzeug defekt",
        ),
        (
            entry(AuditAction.HAND_OVER, carrier="dhl", tracking="JJD01"),
            "Handed the parcel to the carrier: DHL, JJD01",
            "Paket dem Versanddienst übergeben: DHL, JJD01",
        ),
    ],
)
def test_what_ops_did_is_one_sentence_in_each_language(found: AuditEntry, english: str, german: str) -> None:
    assert (WORDS.did(found), GERMAN.did(found)) == (english, german)


def test_a_deadline_at_midnight_names_the_last_day_that_counts() -> None:
    midnight = datetime(2026, 12, 14, tzinfo=ZoneInfo("Europe/Berlin"))

    assert "until the end of 13 December 2026" in WORDS.due(midnight)
    assert ">13 Dec<" in WORDS.due_near(midnight, midnight)
    assert ">13 Dec 2026<" in WORDS.due_near(midnight, midnight - timedelta(days=300))
    assert "14 December 2026, 01:00\N{NO-BREAK SPACE}CET" in WORDS.due(midnight + timedelta(hours=1))


def test_a_short_number_has_one_length() -> None:
    assert len(WORDS.short(new_id())) == len("…dd1463")


@pytest.mark.parametrize(
    ("typed", "ending"),
    [
        ("…dd146301", "dd146301"),
        ("DD14 ", "dd14"),
        ("01a21111-7ed6-71bf-a944-3fd049a4204f", "01a211117ed671bfa9443fd049a4204f"),
        ("abc", None),
        ("…abc", "abc"),
        ("ring", None),
        ("%", None),
    ],
)
def test_the_end_of_a_number_is_distinguished_from_a_name(typed: str, ending: str | None) -> None:
    found = Search(typed).ending

    assert (found.low[::-1] if found else None) == ending


def test_a_piece_is_found_by_part_of_its_name() -> None:
    assert Search("engraved").matches("jewellery", "The engraved ring")
    assert Search("JEWEL").matches("jewellery", "The engraved ring")
    assert not Search("en").matches("jewellery", "The engraved ring")


def test_asking_for_nothing_is_asking_for_all() -> None:
    assert CommissionFilter().all
    assert not CommissionFilter(search=Search("x")).all
