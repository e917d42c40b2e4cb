"""What of a text is kept, and what is refused."""

import json
import re
import unicodedata
from typing import Annotated, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError

from shared.kernel.phrases import Phrase
from shared.kernel.text import Line, Prose, TextReason, TextRefusedError, line, prose


class Brief(BaseModel):
    name: Annotated[str, Line(longest=20)]
    why: Annotated[str, Prose(longest=50, shortest=0)] = ""


@given(st.text())
def test_what_is_kept_can_be_stored_and_shown(text: str) -> None:
    try:
        kept = prose(text, longest=1000)
    except TextRefusedError:
        return
    kept.encode("utf-8")
    assert "\x00" not in kept
    assert kept == unicodedata.normalize("NFC", kept).strip()


@pytest.mark.parametrize("text", ["a\x00b", "\x07", "\x1b[2J", "\x7f", "\x85", "\ud800", "\u2028", "\u202e", "\uffff"])
def test_what_cannot_be_kept_is_refused(text: str) -> None:
    with pytest.raises(TextRefusedError, match="character"):
        prose(text, longest=100)


@pytest.mark.parametrize(
    "text", ["Ada Lovelace", "José", "Łukasz", "李小龍", "עברית", "👩🏽‍🔧", "O\u2019Brien", "a\u00adb"]
)
def test_names_of_people_are_kept(text: str) -> None:
    assert line(text, longest=100) == unicodedata.normalize("NFC", text)


def test_a_line_is_one_line() -> None:
    with pytest.raises(TextRefusedError):
        line("one\ntwo", longest=100)
    assert prose("one\r\ntwo\rthree", longest=100) == "one\ntwo\nthree"


def test_lengths_are_given() -> None:
    with pytest.raises(TextRefusedError) as caught:
        line("x" * 21, longest=20)

    assert caught.value.message == Phrase(TextReason.TOO_LONG, count=21, longest=20)


def test_white_space_alone_is_empty() -> None:
    with pytest.raises(TextRefusedError, match="empty"):
        line(" \u00a0 ", longest=20, shortest=1)
    assert line("  ", longest=20) == ""


@given(st.fixed_dictionaries({"name": st.text(max_size=25), "why": st.text(max_size=55)}))
def test_the_schema_says_what_the_model_does(body: dict[str, str]) -> None:
    properties: dict[str, Any] = Brief.model_json_schema()["properties"]
    fits = all(
        re.fullmatch(properties[name]["pattern"], text)  # Python's `$` would be before a last line feed too, ECMA's not
        and properties[name]["minLength"] <= len(text) <= properties[name]["maxLength"]
        for name, text in body.items()
    )

    try:
        Brief.model_validate_json(json.dumps(body))
    except ValidationError:
        assert not fits
    else:
        assert fits
