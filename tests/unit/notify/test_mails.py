import re
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime
from html.parser import HTMLParser
from urllib.parse import unquote, urlsplit
from uuid import UUID

import pytest

from services.notify.domain.mails import Addressee, MailDetails, OutgoingMail
from services.notify.domain.person_mails import OF_WAYS_IN, WITH_A_LINK
from services.notify.mails import Writer, readers
from services.notify.mails.links import path
from shared.auth.mail_secrets import MailSecrets, new_mail_secret
from shared.contracts.notifications import Intent
from shared.kernel.money import Money
from shared.web.studio_pages import foot_links
from tests.support.hours import hours_without_zone
from tests.support.web import Settings

SUBJECT_AT_MOST = 60
"""Characters; more is cut off in most lists of mails."""

SECRETS = MailSecrets(new_mail_secret())
URL = "https://studio.example"
READERS = readers(zone="Europe/Berlin", language="en")
WRITER = Writer("The Studio", URL, secrets=SECRETS, readers=READERS)

DETAILS = {
    "everything": MailDetails(
        about=UUID("01936e10-0000-7000-8000-000000000003"),
        day=date(2027, 5, 31),
        amount=Money(minor=64000, currency="EUR"),
        code="TM-2027-0042",
    ),
    "nothing": MailDetails(amount=Money.zero("EUR")),
    "unknown": MailDetails(),
}
HOSTILE = [
    "<script>alert(1)</script>",
    '" onmouseover="alert(1)',
    "{{ 7 * 7 }} {% raw %}",
    "x" * 300,
    "Bobby\r\nBcc: eve@example.org",
    "\u202eevil\u2028\x00",
    "Label: value",
]

MakeMail = Callable[..., OutgoingMail]


class _Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: set[str | None] = set()
        self.tags: list[tuple[str, list[str]]] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, [name for name, _ in attrs]))
        self._hidden += tag in {"style", "title"}
        if tag == "a":
            self.links.add(dict(attrs)["href"])

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words.append(data)


def _read(html: str) -> _Words:
    words = _Words()
    words.feed(html)
    return words


def _without_details(text: str) -> str:
    return "\n\n".join(part for part in text.split("\n\n") if not part.startswith("  "))


@pytest.mark.parametrize("language", READERS.languages)
@pytest.mark.parametrize("intent", Intent)
def test_a_subject_fits_a_list_of_mails(outgoing: MakeMail, intent: Intent, language: str) -> None:
    written = WRITER.write(outgoing(intent=intent, language=language))

    assert 10 < len(written.subject) <= SUBJECT_AT_MOST


@pytest.mark.parametrize("details", DETAILS)
@pytest.mark.parametrize("language", READERS.languages)
@pytest.mark.parametrize("addressee", Addressee)
@pytest.mark.parametrize("intent", Intent)
def test_both_forms_say_the_same_and_lead_to_one_page(
    outgoing: MakeMail, intent: Intent, addressee: Addressee, language: str, details: str
) -> None:
    mail = outgoing(intent=intent, addressee=addressee, language=language, details=DETAILS[details])
    written = WRITER.write(mail)
    html = _read(written.html)

    (link,) = html.links
    words = " ".join(" ".join(html.words).split())
    paragraphs = [" ".join(part.split()) for part in written.text.split("\n\n")]
    assert len(paragraphs) >= 5
    assert [paragraph for paragraph in paragraphs[:-2] if paragraph not in words] == []
    assert str(link).partition("?")[0] == f"https://studio.example{path(mail)}"
    assert link in written.text.splitlines()


@pytest.mark.parametrize("details", DETAILS)
@pytest.mark.parametrize("language", READERS.languages)
@pytest.mark.parametrize("addressee", Addressee)
@pytest.mark.parametrize("intent", Intent)
def test_a_mail_reads_well_whatever_is_known(
    outgoing: MakeMail, intent: Intent, addressee: Addressee, language: str, details: str
) -> None:
    unknown = outgoing(
        intent=intent,
        addressee=addressee,
        language=language,
        details=DETAILS[details],
        submitted_at=None,
        needed_by=None,
    )
    written = WRITER.write(unknown)

    for form in (written.text, written.subject, " ".join(_read(written.html).words)):
        assert not set("{}") & set(form)
        assert "None" not in form
        assert " ." not in form
        assert not hours_without_zone(form)
    assert not re.search(r"(?m)\S  |:\n\n|\n\n\n", _without_details(written.text))
    assert max(len(line) for line in written.text.splitlines() if "://" not in line) <= 72


@pytest.mark.parametrize(
    ("intent", "values"),
    [
        (Intent.QUOTE_READY, ("Monday, 31 May 2027", "€640.00")),
        (Intent.QUOTE_REMINDER, ("Monday, 31 May 2027", "€640.00")),
        (Intent.QUOTE_ACCEPTED, ("Monday, 31 May 2027", "€640.00", "TM-2027-0042")),
        (Intent.DEPOSIT_REMINDER, ("Monday, 31 May 2027", "€640.00", "TM-2027-0042")),
        (Intent.MAKING_BEGINS, ("Monday, 31 May 2027",)),
        (Intent.PIECE_DELAYED, ("Monday, 31 May 2027",)),
        (Intent.BALANCE_DUE, ("€640.00", "TM-2027-0042")),
        (Intent.BALANCE_REMINDER, ("€640.00", "TM-2027-0042")),
        (Intent.PARCEL_SENT, ("TM-2027-0042",)),
        (Intent.CERTIFICATE_READY, ("TM-2027-0042",)),
        (Intent.COMMISSION_CANCELLED, ("€640.00",)),
    ],
)
def test_a_mail_says_what_its_command_brings(outgoing: MakeMail, intent: Intent, values: tuple[str, ...]) -> None:
    text = WRITER.write(outgoing(intent=intent, details=DETAILS["everything"])).text

    assert [value for value in values if value not in " ".join(text.split())] == []


@pytest.mark.parametrize("language", READERS.languages)
def test_the_mail_about_a_parcel_leads_to_its_carrier(outgoing: MakeMail, language: str) -> None:
    sent = MailDetails(code="1Z999AA10123456784", carrier="ups")

    written = WRITER.write(outgoing(intent=Intent.PARCEL_SENT, language=language, details=sent))

    address = "https://www.ups.com/track?tracknum=1Z999AA10123456784"
    assert address in written.text.splitlines()
    assert f'href="{address}" rel="noopener noreferrer"' in written.html


@pytest.mark.parametrize("carrier", ["other", "somebody", None])
def test_a_parcel_of_a_carrier_without_a_page_has_its_number_only(outgoing: MakeMail, carrier: str | None) -> None:
    sent = MailDetails(code="A-1234", carrier=carrier)

    written = WRITER.write(outgoing(intent=Intent.PARCEL_SENT, details=sent))

    assert "A-1234" in written.text
    assert set(_read(written.html).links) == {f"https://studio.example{path(outgoing(intent=Intent.PARCEL_SENT))}"}


@pytest.mark.parametrize("intent", sorted(WITH_A_LINK))
def test_a_link_says_until_when_it_is_good_with_the_studios_zone(outgoing: MakeMail, intent: Intent) -> None:
    good_until = datetime(2027, 5, 31, 12, 5, tzinfo=UTC)

    written = WRITER.write(outgoing(intent=intent, addressee=Addressee.PERSON, good_until=good_until))

    assert "31 May 2027, 14:05\N{NO-BREAK SPACE}CEST" in written.text


@pytest.mark.parametrize("intent", sorted(OF_WAYS_IN))
def test_a_change_of_ways_in_says_when_with_the_zone_and_what_to_do(outgoing: MakeMail, intent: Intent) -> None:
    at = datetime(2027, 5, 31, 12, 5, tzinfo=UTC)

    written = WRITER.write(outgoing(intent=intent, addressee=Addressee.PERSON, happened_at=at)).text

    assert "31 May 2027, 14:05\N{NO-BREAK SPACE}CEST" in written
    assert "end all sessions that you do not know" in " ".join(written.split())
    assert f"{URL}/sessions" in written.splitlines()


@pytest.mark.parametrize(
    "intent", [Intent.QUOTE_ACCEPTED, Intent.BALANCE_DUE, Intent.COMMISSION_CANCELLED, Intent.BALANCE_REMINDER]
)
def test_nobody_is_asked_for_nothing(outgoing: MakeMail, intent: Intent) -> None:
    written = WRITER.write(outgoing(intent=intent, details=DETAILS["nothing"]))

    assert "0.00" not in written.text


@pytest.mark.parametrize(
    "intent",
    [
        Intent.QUOTE_REMINDER,
        Intent.DEPOSIT_REMINDER,
        Intent.APPROVAL_REMINDER,
        Intent.BALANCE_REMINDER,
        Intent.MAKER_REMINDER,
    ],
)
def test_a_reminder_says_what_happens_and_blames_nobody(outgoing: MakeMail, intent: Intent) -> None:
    text = " ".join(WRITER.write(outgoing(intent=intent)).text.lower().split())

    assert re.search(r"\bif (you have not|it has not|nothing changes|we hear nothing)\b|\buntil we hear\b", text)
    assert not re.search(r"\b(overdue|failed|forgot|must|immediately|still have not|unfortunately|late)\b", text)


COMMISSION_PAGE = "/commissions/01936e10-0000-7000-8000-000000000001"
QUOTE_PAGE = "/quotes/01936e10-0000-7000-8000-000000000001"


@pytest.mark.parametrize(
    ("intent", "leads_to"),
    [
        (Intent.REQUEST_RECEIVED, COMMISSION_PAGE),
        (Intent.QUOTE_DRAFTED, COMMISSION_PAGE),
        (Intent.QUOTE_READY, QUOTE_PAGE),
        (Intent.QUOTE_REMINDER, QUOTE_PAGE),
        (Intent.QUESTION_ANSWERED, QUOTE_PAGE),
        (Intent.QUOTE_ACCEPTED, QUOTE_PAGE),
        (Intent.DEPOSIT_REMINDER, QUOTE_PAGE),
        (Intent.MAKING_BEGINS, COMMISSION_PAGE),
        (Intent.APPROVAL_ASKED, f"{COMMISSION_PAGE}/approvals/01936e10-0000-7000-8000-000000000003"),
        (Intent.APPROVAL_REMINDER, COMMISSION_PAGE),
        (Intent.PIECE_DELAYED, COMMISSION_PAGE),
        (Intent.BALANCE_DUE, QUOTE_PAGE),
        (Intent.BALANCE_REMINDER, QUOTE_PAGE),
        (Intent.PARCEL_SENT, COMMISSION_PAGE),
        (Intent.CERTIFICATE_READY, "/c/TM-2027-0042"),
        (Intent.MESSAGE_RECEIVED, COMMISSION_PAGE),
        (Intent.CANCELLATION_REFUSED, COMMISSION_PAGE),
        (Intent.COMMISSION_CANCELLED, QUOTE_PAGE),
        (Intent.COMMISSION_ENDED, COMMISSION_PAGE),
    ],
)
def test_a_mail_leads_a_customer_to_the_page_that_it_speaks_of(
    outgoing: MakeMail, intent: Intent, leads_to: str
) -> None:
    assert path(outgoing(intent=intent, details=DETAILS["everything"])) == leads_to


@pytest.mark.parametrize("intent", [Intent.MAKER_REMINDER, Intent.MESSAGE_RECEIVED])
def test_a_mail_leads_a_maker_to_the_bench(outgoing: MakeMail, intent: Intent) -> None:
    assert path(outgoing(intent=intent, addressee=Addressee.MAKER)) == "/bench"


@pytest.mark.parametrize("intent", [Intent.APPROVAL_ASKED, Intent.CERTIFICATE_READY])
def test_a_mail_whose_page_is_not_named_leads_to_the_commission(outgoing: MakeMail, intent: Intent) -> None:
    assert path(outgoing(intent=intent)) == COMMISSION_PAGE


@pytest.mark.parametrize("code", ["../../ops", "a b", "<script>", "?x=1#y", "{about}", "é", "%2e%2e"])
def test_no_code_leaves_its_place_in_the_address(outgoing: MakeMail, code: str) -> None:
    address = path(outgoing(intent=Intent.CERTIFICATE_READY, details=MailDetails(code=code)))

    parts = urlsplit(f"https://studio.example{address}")
    assert parts.path.count("/") == 2
    assert (unquote(parts.path), parts.query, parts.fragment) == (f"/c/{code}", "", "")


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_is_hostile_stays_words(outgoing: MakeMail, intent: Intent, hostile: str) -> None:
    person = outgoing(name=hostile, intent=intent, details=replace(DETAILS["everything"], code=hostile))
    written = Writer(hostile, URL, secrets=SECRETS, readers=READERS).write(person)

    found = _read(written.html)
    assert found.tags == _read(WRITER.write(outgoing(intent=intent, details=DETAILS["everything"])).html).tags
    assert [str(link).partition("?")[0] for link in found.links] == [f"https://studio.example{path(person)}"]
    assert "\nBcc:" not in written.text
    assert len(written.subject) <= SUBJECT_AT_MOST
    assert max(len(line) for line in written.text.splitlines() if "://" not in line) <= 72


def test_days_are_those_of_the_studios_zone(outgoing: MakeMail) -> None:
    text = " ".join(WRITER.write(outgoing()).text.split())

    assert "your request of 2 March 2027" in text
    assert "by 31 May 2027" in text


def test_a_person_without_a_name_is_greeted_too(outgoing: MakeMail) -> None:
    assert WRITER.write(outgoing(name=" \n")).text.startswith("Hello,\n")


def test_a_name_cannot_bring_markup(outgoing: MakeMail) -> None:
    written = WRITER.write(outgoing(name="<script>alert(1)</script>"))

    assert "<script>" not in written.html
    assert "Hello <script>alert(1)</script>," in "".join(_read(written.html).words)


def test_a_mail_is_written_in_the_language_of_its_reader(outgoing: MakeMail) -> None:
    written = WRITER.write(outgoing(intent=Intent.QUOTE_READY, language="de", details=DETAILS["everything"]))

    assert (written.language, written.subject) == ("de", "Ihr Angebot ist da")
    text = " ".join(written.text.split())
    assert "Guten Tag Ada Lovelace," in text
    assert "Montag, 31. Mai 2027" in text
    assert "640,00 €" in text
    assert '<html lang="de">' in written.html


@pytest.mark.parametrize("language", [None, "xx"])
def test_a_reader_without_a_language_that_there_is_gets_the_studios(outgoing: MakeMail, language: str | None) -> None:
    known = readers(zone="Europe/Berlin", language="de")
    german = Writer("The Studio", URL, secrets=SECRETS, readers=known)

    assert german.write(outgoing(language=language)).language == "de"


def test_an_answer_is_in_the_mail_that_announces_it(outgoing: MakeMail) -> None:
    written = WRITER.write(
        outgoing(intent=Intent.QUESTION_ANSWERED, question="Could it be satin?", answer="Yes.\nIt costs the same.")
    )

    assert "> Could it be satin?\n" in written.text
    assert "> Yes.\n> It costs the same.\n" in written.text
    assert "Yes.<br>It costs the same." in written.html


@pytest.mark.parametrize("hostile", HOSTILE)
def test_what_people_wrote_stays_words(outgoing: MakeMail, hostile: str) -> None:
    written = WRITER.write(outgoing(intent=Intent.QUESTION_ANSWERED, question=hostile, answer=hostile))
    plain = WRITER.write(outgoing(intent=Intent.QUESTION_ANSWERED, question="Why?", answer="Because."))

    tags = [tag for tag in _read(written.html).tags if tag[0] != "br"]
    assert tags == [tag for tag in _read(plain.html).tags if tag[0] != "br"]
    assert "\nBcc:" not in written.text


def test_an_answer_that_is_not_known_is_on_the_page(outgoing: MakeMail) -> None:
    written = WRITER.write(outgoing(intent=Intent.QUESTION_ANSWERED))

    assert "You will find our answer" in written.text
    assert ">" not in written.text


@pytest.mark.parametrize(("language", "said"), [("en", "Imprint"), ("de", "Impressum")])
def test_a_mail_ends_with_the_studios_own_pages(outgoing: MakeMail, language: str, said: str) -> None:
    foot = foot_links(Settings(imprint="/srv/imprint.md", contact="mailto:ida@example.org"))
    writer = Writer("The Studio", URL, secrets=SECRETS, readers=READERS, foot=foot)

    written = writer.write(outgoing(intent=Intent.MAKING_BEGINS, language=language))

    assert f"{said}: {URL}/imprint" in written.text
    assert "mailto:ida@example.org" in written.text
    assert f'href="{URL}/imprint"' in written.html


@pytest.mark.parametrize(("ready", "said"), [(date(2027, 5, 31), False), (date(2027, 6, 1), True)])
def test_a_quote_that_is_ready_after_the_day_it_is_needed_by_says_so_first(
    outgoing: MakeMail, ready: date, *, said: bool
) -> None:
    details = MailDetails(day=date(2027, 1, 12), amount=Money(minor=64000, currency="EUR"), ready_by=ready)

    mail = replace(outgoing(intent=Intent.QUOTE_READY, details=details), needed_by=date(2027, 5, 31))
    written = WRITER.write(mail)

    assert ("you need the piece by" in " ".join(written.text.split())) is said
    assert f"{ready.day} {ready:%B} 2027" in " ".join(written.text.split())
