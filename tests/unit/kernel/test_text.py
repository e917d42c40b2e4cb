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
from shared.kernel.text import Line, Name, Prose, TextReason, TextRefusedError, line, name, prose

INVISIBLE = [
    "\u200b",
    "\u3164",
    "\u2800",
    "\u00ad",
    "\u200d\u200c",
    "\ufeff",
    "\u2060 \u3164",
    "\ufe0f",
    "\U000e0020",
    "\uffa0",
]


class Brief(BaseModel):
    name: Annotated[str, Line(longest=20)]
    why: Annotated[str, Prose(longest=50, shortest=0)] = ""
    who: Annotated[str, Name(longest=20, shortest=0)] = ""


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


@pytest.mark.parametrize("text", INVISIBLE)
def test_what_nobody_can_see_is_empty(text: str) -> None:
    with pytest.raises(TextRefusedError, match="empty"):
        line(text, longest=20, shortest=1)
    assert line(text, longest=20) == ""
    assert line(f"Ada{text}B", longest=20) == f"Ada{text}B"


def test_a_length_is_that_of_what_is_kept() -> None:
    grows = "\u0958" * 20  # two code points each in NFC
    shrinks = "e\u0301" * 20

    with pytest.raises(TextRefusedError) as caught:
        line(grows, longest=20)

    assert caught.value.message == Phrase(TextReason.TOO_LONG, count=40, longest=20)
    assert line(shrinks, longest=20) == "é" * 20


@pytest.mark.parametrize(
    "text",
    [
        "Win a prize at https://evil.example",
        "www.evil",
        "evil.example",
        "Visit EVIL.COM today",
        "evil\uff0ecom",
        "evil。com",
        "t.co/x",
        "Eve <eve@evil.example>",
        "eve@evil",
        "eve\uff20evil.example",
        "Ada, eve@evil.example",
        "http:\uff0f\uff0fevil",
    ],
)
def test_a_name_that_leads_somewhere_is_refused(text: str) -> None:
    with pytest.raises(TextRefusedError, match="not_a_name"):
        name(text, longest=100)
    assert line(text, longest=100)


@pytest.mark.parametrize(
    "text",
    [
        "Ada Lovelace",
        "J.R.R. Tolkien",
        "Dr. Zoë O'Brien-Müller",
        "Martin Luther King, Jr.",
        "Grace Hopper Ph.D.",
        "Dr.-Ing. Anna Groß",
        "Schmidt & Söhne (Berlin)",
        "山田太郎",
        "c/o Ada",
        "Anne-Marie d\u2019Arc",
        "Björk 🙂",
    ],
)
def test_a_name_of_a_person_or_a_firm_is_kept(text: str) -> None:
    assert name(text, longest=100) == text


def test_white_space_alone_is_empty() -> None:
    with pytest.raises(TextRefusedError, match="empty"):
        line(" \u00a0 ", longest=20, shortest=1)
    assert line("  ", longest=20) == ""


STABLE = st.characters(exclude_categories=["Cs"]).filter(lambda each: len(unicodedata.normalize("NFC", each)) == 1)
"""Lengths are counted in NFC, and half a surrogate pair is no text: neither can a schema say."""


@given(
    st.fixed_dictionaries(
        {
            "name": st.text(STABLE | st.sampled_from([each for each in INVISIBLE if len(each) == 1]), max_size=25),
            "why": st.text(STABLE, max_size=55),
            "who": st.text(st.sampled_from("ab .@<:/w\uff0eé") | STABLE, max_size=25),
        }
    )
)
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
