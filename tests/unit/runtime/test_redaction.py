"""What libraries and tracebacks quote must not reach a log."""

import time

import pytest
from pydantic import BaseModel, ValidationError

from shared.runtime.redaction import MASK, is_personal, redact, text

PERSONAL = "email name full_name customer_name phone ip_address answers brief note message_text token dsn password"
OF_THE_TRADE = "commission topic key event reason command logger part workflow_name key_version"


@pytest.mark.parametrize("key", PERSONAL.split())
def test_a_personal_key_is_masked_whatever_its_value(key: str) -> None:
    assert redact(None, "info", {key: "Ada"}) == {key: MASK}


@pytest.mark.parametrize("key", OF_THE_TRADE.split())
def test_a_key_of_the_trade_is_not_masked(key: str) -> None:
    assert not is_personal(key)


def test_a_personal_key_is_found_at_any_depth() -> None:
    given = {"event": "said", "inside": {"list": [{"email": "ada@example.org"}, 7]}}

    assert redact(None, "info", given)["inside"] == {"list": [{"email": MASK}, 7]}


@pytest.mark.parametrize(
    ("said", "shown"),
    [
        ("no route to ada.l+x@mail.example.org today", f"no route to {MASK} today"),
        ("postgres://quotes:hun%40ter2@db:5432/quotes", f"postgres://{MASK}@db:5432/quotes"),
        ("Authorization: Bearer abcdef.ghijkl-123", f"Authorization: Bearer {MASK}"),
        ("token eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln was late", f"token {MASK} was late"),
        (
            "duplicate key value violates unique constraint\nDETAIL:  Key (name)=(Ada Lovelace) exists.\nline 3",
            f"duplicate key value violates unique constraint\nDETAIL:  {MASK}\nline 3",
        ),
    ],
)
def test_what_a_library_quotes_is_masked_and_the_rest_stays(said: str, shown: str) -> None:
    assert text(said) == shown


def test_what_pydantic_quotes_of_the_input_is_masked() -> None:
    class Person(BaseModel):
        age: int

    with pytest.raises(ValidationError) as refused:
        Person.model_validate({"age": "Ada Lovelace,\n12 Hill Street"})

    shown = text(str(refused.value))
    assert "Lovelace" not in shown
    assert "Hill Street" not in shown
    assert "int_parsing" in shown


@pytest.mark.parametrize("piece", ["a", "a@", "eyJ-", "eyJa.", "input_value=", "://a:", "basic ", "DETAIL:", "@a."])
def test_nobody_holds_up_a_service_with_what_it_logs(piece: str) -> None:
    began = time.process_time()

    text(piece * (1_000_000 // len(piece)))

    assert time.process_time() - began < 1


def test_of_a_very_long_text_the_beginning_is_kept() -> None:
    shown = text("x" * 100_000)

    assert shown.startswith("xxx")
    assert shown.endswith(" characters more")


def test_numbers_and_flags_stay_what_they_are() -> None:
    given = {"event": "sent", "count": 7, "again": True, "took": 0.2, "offset": None}

    assert redact(None, "info", dict(given)) == given
