"""Who somebody says they are."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.intake.api.people import PersonCreate
from services.intake.domain.people import SEEDED, Contact, fingerprint
from shared.contracts.people import Role
from shared.kernel.problems import Problem
from shared.web.forms import Sent
from tests.support.words import helps
from tests.unit.intake.facts import ENGLISH


def read_contact(name: str, email: str) -> Contact:
    """What a page takes of its form."""
    return Sent[PersonCreate].model_validate({"name": name, "email": email}).read().contact


def fields_refused(name: str, email: str) -> list[str]:
    with pytest.raises(Problem) as refusal:
        read_contact(name, email)
    assert all(helps(found, ENGLISH) for found in refusal.value.fields)
    return [found.field for found in refusal.value.fields]


@pytest.mark.parametrize(
    ("email", "kept"),
    [
        ("ada@example.org", "ada@example.org"),
        ("  ada.lovelace+ring@example.co.uk ", "ada.lovelace+ring@example.co.uk"),
        ("ada@EXAMPLE.org", "ada@example.org"),
        ("ada@müller.example", "ada@xn--mller-kva.example"),
        ("ada@straße.de", "ada@xn--strae-oqa.de"),
        ("o'hara@example.org", "o'hara@example.org"),
    ],
)
def test_an_address_is_kept_as_a_mail_server_takes_it(email: str, kept: str) -> None:
    assert read_contact("Ada", email) == Contact("Ada", kept)


@pytest.mark.parametrize(
    "email",
    [
        "",
        "   ",
        "ada",
        "ada@",
        "@example.org",
        "ada@example",
        "ada@@example.org",
        "ada lovelace@example.org",
        "ada@example.org\r\nBcc: all@example.org",
        "ada@-example.org",
        "ada@example..org",
        ".ada@example.org",
        "a" * 65 + "@example.org",
        "ada@" + "a" * 250 + ".org",
        "ada@" + "ü" * 100_000 + ".org",
        '"ada lovelace"@example.org',
        "ada\x00@example.org",
        "ada\ud800@example.org",
    ],
)
def test_what_is_no_address_is_refused_beside_its_field(email: str) -> None:
    assert fields_refused("Ada", email) == ["email"]


@pytest.mark.parametrize("name", ["", "  ", "A" * 121, "Ada\x00", "Ada\nLovelace", "Ada\u202eecalevoL", "Ada\ud800"])
def test_a_name_that_cannot_be_kept_is_refused_beside_its_field(name: str) -> None:
    assert fields_refused(name, "ada@example.org") == ["name"]


def test_everything_that_is_wrong_is_said_at_once() -> None:
    assert fields_refused("", "nowhere") == ["name", "email"]


@pytest.mark.parametrize(
    "name", ["\u200b", "\u3164", "\u2800", "Visit https://evil.example now", "Eve <eve@evil.example>, Ada"]
)
def test_a_name_that_nobody_can_see_or_that_leads_somewhere_is_refused(name: str) -> None:
    assert fields_refused(name, "ada@example.org") == ["name"]


@given(st.text(), st.text())
def test_whatever_is_typed_is_taken_whole_or_refused(name: str, email: str) -> None:
    found = None
    with suppress(Problem):
        found = read_contact(name, email)

    assert found is None or (found.name.strip() and found.email.isascii() and found.email.count("@") == 1)


def test_a_secret_is_kept_as_its_hash_alone() -> None:
    assert fingerprint("secret") == fingerprint("secret")
    assert b"secret" not in fingerprint("secret")
    assert fingerprint("secret") != fingerprint("Secret")


def test_the_one_machine_stack_has_one_person_for_each_role() -> None:
    assert {role: person.role for role, person in SEEDED.items()} == {role: role for role in Role}
    assert len({person.person for person in SEEDED.values()}) == len(Role)
