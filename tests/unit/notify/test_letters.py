import email
import email.policy
from collections.abc import Callable
from dataclasses import replace
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.notify.domain import Posting
from services.notify.letters import Sender, Studio, UnwritableAddressError, compose, write
from services.notify.letters.words import SUBJECT_AT_MOST
from shared.contracts.notifications import Intent

STUDIO = Studio("The Studio", ZoneInfo("Europe/Berlin"), "https://studio.example")
SENDER = Sender("The Studio", "studio@studio.example")

Post = Callable[..., Posting]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.said: list[str] = []
        self.links: set[str | None] = set()
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "title"}
        if tag == "a":
            self.links.add(dict(attrs)["href"])

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.said.append(data)


def _read(html: str) -> _Words:
    words = _Words()
    words.feed(html)
    return words


@pytest.mark.parametrize("intent", Intent)
def test_a_subject_fits_a_list_of_mails(posting: Post, intent: Intent) -> None:
    letter = write(posting(intent=intent), STUDIO)

    assert 10 < len(letter.subject) <= SUBJECT_AT_MOST


@pytest.mark.parametrize("intent", Intent)
def test_both_forms_say_the_same_and_lead_to_the_commission(posting: Post, intent: Intent) -> None:
    letter = write(posting(intent=intent), STUDIO)
    html = _read(letter.html)

    link = f"https://studio.example/commissions/{posting().commission}"
    said = " ".join(" ".join(html.said).split())
    paragraphs = [" ".join(part.split()) for part in letter.text.split("\n\n")]
    assert all(paragraph in said for paragraph in paragraphs[:-2])
    assert html.links == {link}
    assert link in letter.text.splitlines()


@pytest.mark.parametrize("intent", Intent)
def test_a_letter_reads_well_without_a_request_or_a_date(posting: Post, intent: Intent) -> None:
    letter = write(posting(intent=intent, requested_at=None, needed_by=None), STUDIO)

    assert "None" not in letter.text
    assert " ." not in letter.text
    assert "  " not in letter.text


def test_days_are_those_of_the_studios_zone(posting: Post) -> None:
    text = " ".join(write(posting(), STUDIO).text.split())

    assert "Your request of 2 March 2027 is safely with us" in text
    assert "by 31 May 2027" in text


def test_a_person_without_a_name_is_greeted_too(posting: Post) -> None:
    assert write(posting(name=" \n"), STUDIO).text.startswith("Good day,\n")


def test_no_line_of_the_text_is_longer_than_a_mail_program_shows(posting: Post) -> None:
    for intent in Intent:
        lines = write(posting(intent=intent), STUDIO).text.splitlines()

        assert max(len(line) for line in lines if "://" not in line) <= 72


def test_a_name_cannot_bring_markup(posting: Post) -> None:
    letter = write(posting(name="<script>alert(1)</script>"), STUDIO)

    assert "<script>" not in letter.html
    assert "Dear <script>alert(1)</script>," in "".join(_read(letter.html).said)


def test_a_mail_is_the_same_bytes_each_time(posting: Post) -> None:
    first = compose(write(posting(), STUDIO), posting(), SENDER).as_bytes()
    again = compose(write(posting(attempt=7), STUDIO), posting(attempt=7), SENDER).as_bytes()

    assert first == again


def test_a_mail_says_that_nobody_needs_to_answer_its_machine(posting: Post) -> None:
    mail = compose(write(posting(), STUDIO), posting(), SENDER)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "text/html"]
    assert mail["Message-ID"] == f"<{posting().mail}@studio.example>"


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=some.text(max_size=120), studio=some.text(min_size=1, max_size=80))
def test_no_name_injects_a_header_or_a_recipient(posting: Post, name: str, studio: str) -> None:
    person = posting(name=name)
    letter = write(person, replace(STUDIO, name=studio))

    wire = compose(letter, person, replace(SENDER, name=studio)).as_bytes()

    received = email.message_from_bytes(wire, policy=email.policy.default)
    assert set(received.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Auto-Submitted",
        "MIME-Version",
        "Content-Type",
    }
    assert [address.addr_spec for address in received["To"].addresses] == ["ada@example.org"]
    assert [address.addr_spec for address in received["From"].addresses] == ["studio@studio.example"]


@pytest.mark.parametrize(
    "address",
    [
        "",
        "ada",
        "ada@",
        "@example.org",
        "ada@example.org\r\nBcc: eve@example.org",
        "ada@example.org, eve@example.org",
        "Ada <ada@example.org>",
        "ada lovelace@example.org",
        "ada@exa..mple.org",
        "ada@" + "x" * 64 + ".org",
        "a\x00da@example.org",
    ],
)
def test_what_is_no_address_is_not_written_to(posting: Post, address: str) -> None:
    person = posting(email=address)

    with pytest.raises(UnwritableAddressError):
        compose(write(person, STUDIO), person, SENDER)


def test_a_domain_beyond_ascii_is_written_in_its_ascii_form(posting: Post) -> None:
    person = posting(email="ada@bücher.example")

    mail = compose(write(person, STUDIO), person, SENDER)

    assert mail["To"].addresses[0].domain == "xn--bcher-kva.example"
