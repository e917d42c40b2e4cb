"""The message that a mail is sent as: its headers, its parts, and the addresses that it can be sent to."""

import email
import email.policy
import email.utils
from collections.abc import Callable
from dataclasses import replace
from email.header import decode_header, make_header

import pytest
from aiosmtplib.email import flatten_message
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from services.notify.domain.attachments import AttachedPaper, Transfer
from services.notify.domain.mails import MailDetails, OutgoingMail
from services.notify.mails import MailSender, UnwritableAddressError, Writer, compose, readers
from services.notify.mails.rendering import one_line
from shared.auth.mail_secrets import MailSecrets, new_mail_secret
from shared.contracts.documents import BankAccount
from shared.contracts.notifications import Intent
from shared.kernel.money import Money

URL = "https://studio.example"
SECRETS = MailSecrets(new_mail_secret())
READERS = readers(zone="Europe/Berlin", language="en")
WRITER = Writer("The Studio", URL, secrets=SECRETS, readers=READERS)
SENDER = MailSender("The Studio", "studio@studio.example")

MakeMail = Callable[..., OutgoingMail]


def test_a_mail_is_the_same_bytes_each_time(outgoing: MakeMail) -> None:
    first = compose(WRITER.write(outgoing()), outgoing(), SENDER).as_bytes()
    again = compose(WRITER.write(outgoing(attempt=7)), outgoing(attempt=7), SENDER).as_bytes()

    assert first == again


def test_a_mail_says_that_nobody_needs_to_answer_its_machine(outgoing: MakeMail) -> None:
    mail = compose(WRITER.write(outgoing()), outgoing(), SENDER)

    assert mail["Auto-Submitted"] == "auto-generated"
    assert [part.get_content_type() for part in mail.iter_parts()] == ["text/plain", "multipart/related"]
    assert mail["Message-ID"] == f"<{outgoing().mail}@studio.example>"
    assert mail["Touchmark-Reader"] == str(outgoing().person)


def test_papers_are_attached_and_a_transfer_has_its_code_beside_words_that_say_the_same(outgoing: MakeMail) -> None:
    account = BankAccount(holder="Kiln & Anvil", iban="DE89 3704 0044 0532 0130 00", bic="COBADEFFXXX", bank="A Bank")
    asking = outgoing(
        intent=Intent.BALANCE_DUE,
        details=MailDetails(amount=Money(minor=57_803, currency="EUR"), code="RF18539007547034"),
        attached=(AttachedPaper("invoice-2027-0042", b"%PDF-1.7"),),
        transfer=Transfer(account, "RF18539007547034"),
    )
    paid = replace(asking, details=replace(asking.details, amount=Money.zero("EUR")))

    mail = compose(WRITER.write(asking), asking, SENDER)
    settled = compose(WRITER.write(paid), paid, SENDER)

    assert [part.get_filename() for part in mail.iter_attachments()] == ["invoice-2027-0042.pdf"]
    assert [part.get_filename() for part in mail.walk() if part.get_content_type() == "image/png"] == [
        "mark.png",
        "transfer.png",
    ]
    text = mail.get_body(("plain",))
    assert text is not None
    for said in ("€578.03", "Kiln & Anvil", account.iban, account.bic, "RF18 5390 0754 7034", "invoice-2027-0042.pdf"):
        assert said in text.get_content()
    assert "transfer.png" not in settled.as_string()
    assert mail.as_bytes() == compose(WRITER.write(asking), asking, SENDER).as_bytes()


NAMES = [
    "Ada " * 12 + "Lovelace, Countess of Lovelace <eve@evil.example> and Baroness Wentworth of the same",
    "A" * 70 + ", <eve@evil.example>",
    "Zoë " * 20 + ", <eve@evil.example>",
    'x"y\\' * 20 + ", <e@evil.example>",
    "Ada, " + "b" * 110,
    "=?utf-8?b?ZXZlQGV2aWwuZXhhbXBsZSw=?= Ada",
    "Ada (the countess), eve@evil.example; more: " + "c" * 60,
    "山田太郎" * 30,
    "Lovelace, Ada",
]


def names_of(header: bytes, name: str) -> list[tuple[str, str]]:
    """Names and addresses as a strict reader finds them (RFC 5322): first the addresses, then each name's words."""
    raw = email.message_from_bytes(header, policy=email.policy.compat32)[name]
    found = email.utils.getaddresses([str(raw)])
    return [(str(make_header(decode_header(written))), address) for written, address in found]


@pytest.mark.parametrize("name", NAMES)
def test_a_long_name_with_commas_and_brackets_is_one_recipient(outgoing: MakeMail, name: str) -> None:
    person = outgoing(name=name)

    wire = compose(WRITER.write(person), person, replace(SENDER, name=name)).as_bytes()

    assert names_of(wire, "To") == [(name.strip(), "ada@example.org")]
    assert names_of(wire, "From") == [(name.strip(), "studio@studio.example")]
    assert all(len(each) <= 78 for each in wire.split(b"\r\n\r\n")[0].split(b"\r\n"))


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=some.text(some.sampled_from('ab ,;:<>@."\\()=?éß山🙂-') | some.characters(), max_size=120))
def test_what_a_strict_reader_finds_is_the_name_that_was_given(outgoing: MakeMail, name: str) -> None:
    person = outgoing(name=name)

    message = compose(WRITER.write(person), person, replace(SENDER, name=name))

    for wire in (message.as_bytes(), flatten_message(message)):
        assert names_of(wire, "To") == [(one_line(name), "ada@example.org")]
        assert names_of(wire, "From") == [(one_line(name), "studio@studio.example")]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(name=some.text(max_size=120), studio=some.text(min_size=1, max_size=80))
def test_no_name_injects_a_header_or_a_recipient(outgoing: MakeMail, name: str, studio: str) -> None:
    person = outgoing(name=name)
    written = Writer(studio, URL, secrets=SECRETS, readers=READERS).write(person)

    wire = compose(written, person, replace(SENDER, name=studio)).as_bytes()

    received = email.message_from_bytes(wire, policy=email.policy.default)
    assert set(received.keys()) == {
        "From",
        "To",
        "Subject",
        "Date",
        "Message-ID",
        "Touchmark-Reader",
        "Auto-Submitted",
        "Content-Language",
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
def test_what_is_no_address_is_not_written_to(outgoing: MakeMail, address: str) -> None:
    person = outgoing(email=address)

    with pytest.raises(UnwritableAddressError):
        compose(WRITER.write(person), person, SENDER)


@pytest.mark.parametrize(
    ("address", "domain"), [("ada@bücher.example", "xn--bcher-kva.example"), ("ada@straße.de", "xn--strae-oqa.de")]
)
def test_a_domain_beyond_ascii_is_written_in_its_ascii_form(outgoing: MakeMail, address: str, domain: str) -> None:
    person = outgoing(email=address)

    mail = compose(WRITER.write(person), person, SENDER)

    assert mail["To"].addresses[0].domain == domain
    assert f"<ada@{domain}>".encode() in flatten_message(mail)


def test_a_mail_carries_the_mark_that_its_html_shows(outgoing: MakeMail) -> None:
    mail = compose(WRITER.write(outgoing()), outgoing(), SENDER)

    _, related = mail.iter_parts()
    html, mark = related.iter_parts()
    assert mark.get_content_type() == "image/png"
    assert f'src="cid:{mark["Content-ID"].strip("<>")}"' in html.get_content()


def test_a_mail_names_its_language(outgoing: MakeMail) -> None:
    mail = compose(WRITER.write(outgoing(language="de")), outgoing(), SENDER)

    assert mail["Content-Language"] == "de"
