"""A certificate as a file: what it proves, and that no change to it goes unnoticed. And `touchmark verify`."""

import json
import string
from collections.abc import Iterator
from copy import deepcopy
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from deploy.cli.verify import app
from services.production.domain.certificate import (
    Issuer,
    NotCertifiableError,
    certified_offering,
    compile_certificate,
)
from shared import offerings
from shared.auth.keys import new_signing_key, public_keys, read_public_keys, read_signing_key
from shared.certificates.canonical import canonical
from shared.certificates.certificate import Certificate
from shared.certificates.faults import Fault
from shared.certificates.journal import JournalEntry, JournalEntryKind, chained, first_link
from shared.certificates.labels import FAULTS, described
from shared.certificates.signature import sign
from shared.certificates.verification import (
    CertificateFile,
    NotACertificateError,
    SignedCertificate,
    read_file,
    to_file,
    verify_certificate,
)
from shared.i18n import Labels
from shared.kernel.phrases import Phrase
from tests.support.words import reader

ENGLISH = reader(Labels(FAULTS))
KEY = read_signing_key(new_signing_key())
KEYS = read_public_keys(json.dumps({"keys": [KEY.as_dict(private=False)]}))
SERIAL = "7K3M-9XQT-R2VD"
MAKER = UUID("01931f00-0000-7000-8000-0000000000b1")
AT = datetime(2026, 11, 25, 9, 30, tzinfo=UTC)
OFFERING = offerings.load("jewellery", "engraved-ring").offering
MADE: tuple[tuple[JournalEntryKind, dict[str, object]], ...] = (
    (
        JournalEntryKind.PROMISE_BOOKED,
        {
            "maker": MAKER,
            "craft": "jewellery",
            "offering": "engraved-ring",
            "offering_version": 1,
            "choices": {"metal": "silver_925"},
        },
    ),
    (JournalEntryKind.STAGE_BEGUN, {"stage": "bend", "maker": MAKER}),
    (JournalEntryKind.STAGE_FINISHED, {"stage": "bend", "maker": MAKER, "minutes": 63}),
    (
        JournalEntryKind.PHOTO_TAKEN,
        {"photo": MAKER, "sha256": "0" * 64, "stage": "bend", "public": True, "taken_at": AT},
    ),
    (JournalEntryKind.MEASURED, {"check": "size", "met": True, "value": Decimal("54.10"), "unit": "mm"}),
    (JournalEntryKind.PIECE_MADE, {"maker": MAKER}),
)


def journal(*happened: tuple[JournalEntryKind, dict[str, object]]) -> tuple[JournalEntry, ...]:
    entries: list[JournalEntry] = []
    for number, (entry, said) in enumerate(happened, start=1):
        previous = entries[-1].digest if entries else first_link(SERIAL)
        at = AT + timedelta(hours=number)
        entries.append(chained(entry, said, sequence=number, at=at, by=MAKER, previous=previous))
    return tuple(entries)


def certificate(entries: tuple[JournalEntry, ...]) -> Certificate:
    address = f"https://studio.test/c/{SERIAL}"
    issuer = Issuer("The Studio", "Europe/Berlin")
    return compile_certificate(entries, OFFERING, issuer, serial=SERIAL, address=address, issued_at=AT)


@cache
def signed_certificate() -> SignedCertificate:
    entries = journal(*MADE)
    text = canonical(certificate(entries))
    return SignedCertificate(SERIAL, text, sign(text, KEY), entries)


@cache
def downloaded() -> str:
    return to_file(signed_certificate(), dict(KEY.as_dict(private=False))).model_dump_json(indent=1)


def wrong_in(document: Any) -> list[str]:
    """What is found in this file; what is no certificate any more is found too."""
    try:
        found: CertificateFile = read_file(json.dumps(document))
        return [described(one, ENGLISH) for one in verify_certificate(found.signed_certificate, KEYS)]
    except NotACertificateError as error:
        return [str(error)]


def test_a_file_proves_the_certificate_however_it_is_laid_out() -> None:
    document = json.loads(downloaded())

    assert wrong_in(document) == []
    assert wrong_in(dict(reversed(document.items()))) == []


def test_a_measure_without_needless_noughts_is_the_same_measure() -> None:
    found = json.loads(downloaded())["certificate"]["measures"][0]["value"]

    assert found == "54.1"


@dataclass(frozen=True)
class Place:
    """Somewhere in a document: the way there, and what is there."""

    path: tuple[str | int, ...]
    value: Any


def places(value: Any, path: tuple[str | int, ...] = ()) -> Iterator[Place]:
    match value:
        case dict():
            for name, each in value.items():
                yield from places(each, (*path, name))
        case list():
            for number, each in enumerate(value):
                yield from places(each, (*path, number))
        case _:
            yield Place(path, value)


PROVED = [place for place in places(json.loads(downloaded())) if place.path[0] not in {"touchmark", "key"}]


@given(st.sampled_from(PROVED), st.integers(0, 10_000), st.integers(1, 126))
def test_no_change_of_one_character_goes_unnoticed(place: Place, at: int, flip: int) -> None:
    document = put(place, changed(place.value, at, flip))

    assert wrong_in(document), place.path


@pytest.mark.parametrize(("path", "one", "other"), [("at", "T", " "), ("at", "Z", "+00:00"), ("by", "-", "")])
def test_the_same_value_in_other_characters_is_refused(path: str, one: str, other: str) -> None:
    """An instant or an id that a lenient reader would take for the same."""
    entries = json.loads(downloaded())["journal"]
    number = next(number for number, entry in enumerate(entries) if one in str(entry[path]))
    place = next(each for each in PROVED if each.path == ("journal", number, path))

    with pytest.raises(NotACertificateError, match=rf"file\.journal\[{number}\]\.{path}"):
        read_file(json.dumps(put(place, str(place.value).replace(one, other))))


def changed(value: Any, at: int, flip: int) -> Any:
    match value:
        case None:
            return flip
        case bool():
            return not value
        case int():
            return value + flip
        case "":
            return chr(flip)
    text = str(value)
    at %= len(text)
    return text[:at] + chr(ord(text[at]) ^ flip) + text[at + 1 :]


def put(place: Place, value: Any) -> Any:
    document = json.loads(downloaded())
    here = document
    for step in place.path[:-1]:
        here = here[step]
    here[place.path[-1]] = value
    return document


@given(st.data())
def test_no_entry_can_be_dropped_doubled_or_moved(data: st.DataObject) -> None:
    document = json.loads(downloaded())
    entries = document["journal"]
    before = deepcopy(entries)
    for _ in range(data.draw(st.integers(1, 3))):
        operation = data.draw(st.sampled_from(["drop", "double", "swap"]))
        one = data.draw(st.integers(0, max(0, len(entries) - 1)))
        other = data.draw(st.integers(0, max(0, len(entries) - 1)))
        if not entries:
            break
        if operation == "drop":
            del entries[one]
        elif operation == "double":
            entries.insert(other, deepcopy(entries[one]))
        else:
            entries[one], entries[other] = entries[other], entries[one]

    assert bool(wrong_in(document)) == (entries != before)


def test_what_differs_is_named_with_what_was_signed() -> None:
    path = ("certificate", "stages", 0, "minutes")

    assert wrong_in(put(Place(path, 63), 64)) == ["certificate.stages[0].minutes differs from what was signed: 63."]


def test_an_entry_is_named_with_what_rests_on_it() -> None:
    path = ("journal", 2, "said", "minutes")

    assert wrong_in(put(Place(path, 63), 64)) == [
        "Entry 3 of the journal was changed after it was written. Affected: certificate.stages[0]."
    ]


def test_a_chain_that_was_forged_to_its_end_is_refused_by_the_signature() -> None:
    forged = tuple(
        (entry, {**said, "minutes": 6300} if entry is JournalEntryKind.STAGE_FINISHED else said) for entry, said in MADE
    )
    found = verify_certificate(
        SignedCertificate(SERIAL, signed_certificate().text, signed_certificate().signature, journal(*forged)), KEYS
    )

    assert found[0].what == Phrase(Fault.ENTRY_NOT_SIGNED, entry=3)


@pytest.mark.parametrize("last", string.ascii_letters + string.digits + "-_")
def test_a_signature_has_one_spelling(last: str) -> None:
    """Four of the last character's six bits say nothing, and a decoder passes over them."""
    signature = signed_certificate().signature[:-1] + last

    found = verify_certificate(
        SignedCertificate(SERIAL, signed_certificate().text, signature, signed_certificate().entries), KEYS
    )

    assert bool(found) == (signature != signed_certificate().signature)


def test_a_certificate_of_another_key_is_refused() -> None:
    other = read_signing_key(new_signing_key())
    text = signed_certificate().text

    found = verify_certificate(SignedCertificate(SERIAL, text, sign(text, other), signed_certificate().entries), KEYS)

    assert [one.what for one in found] == [Phrase(Fault.SIGNATURE)]


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", "{" * 5000, '{"touchmark":"certificate"}', b"\xff\xfe"])
def test_what_is_no_certificate_is_said_to_be_none(text: str | bytes) -> None:
    with pytest.raises(NotACertificateError):
        read_file(text)


def test_a_piece_that_was_stopped_is_not_certified() -> None:
    with pytest.raises(NotCertifiableError):
        certificate(journal(*MADE, (JournalEntryKind.STOPPED, {})))


def test_a_journal_that_names_no_craft_is_not_certified() -> None:
    with pytest.raises(NotCertifiableError):
        certified_offering(journal(*MADE[1:]))


# touchmark verify


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "certificate.json"
    path.write_text(downloaded())
    return path


def run_verify(*arguments: object) -> int:
    """The exit code."""
    with pytest.raises(SystemExit) as ended:
        app([str(each) for each in arguments], exit_on_error=False, result_action="sys_exit")
    return int(ended.value.code or 0)


def test_verify_says_that_all_is_in_order(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code = run_verify(file)

    said = capsys.readouterr().out
    assert code == 0
    assert f"{SERIAL}: The engraved ring, by The Studio, certified on 2026-11-25." in said
    assert "Valid: the signature and 6 entries of the journal." in said
    assert KEY.thumbprint() in said


def test_verify_names_what_differs(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text(downloaded().replace('"minutes": 63', '"minutes": 36', 1))

    code = run_verify(file)

    assert code == 1
    assert "certificate.stages[0].minutes differs from what was signed: 63." in capsys.readouterr().err


def test_verify_refuses_a_key_that_is_not_the_studios(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "studio.json").write_text(public_keys(new_signing_key()))

    code = run_verify(file, "--key", tmp_path / "studio.json")

    assert code == 1
    assert "The studio's signature on this certificate is not valid" in capsys.readouterr().err


@pytest.mark.parametrize("whole", [True, False], ids=["a set", "one key"])
def test_verify_takes_the_studios_key(
    file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], *, whole: bool
) -> None:
    own = KEY.as_dict(private=False)
    (tmp_path / "studio.json").write_text(json.dumps({"keys": [own]} if whole else own))

    code = run_verify(file, "--key", tmp_path / "studio.json")

    assert code == 0
    assert "Signed with a key in" in capsys.readouterr().out


def test_verify_says_what_is_no_certificate(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file.write_text("{}")

    code = run_verify(file)

    assert code == 2
    assert "this is not a certificate, or it is damaged" in capsys.readouterr().err
