"""What mails call a piece and its gates: in the words of the offering, and nothing that somebody typed freely."""

from collections.abc import Callable

from services.notify.domain.mails import BriefAnswers, OutgoingMail
from services.notify.mails import Writer, readers
from services.notify.mails.piece import describe, gate_title
from shared import offerings
from shared.auth.mail_secrets import MailSecrets, new_mail_secret
from shared.contracts.notifications import Intent
from shared.kernel.ids import new_id
from shared.offerings.key import OfferingKey
from tests.support.notify import Customer, brief
from tests.support.words import ENGLISH, reader

RING = offerings.load("jewellery", "engraved-ring").offering
WRITTEN = brief(Customer(new_id(), new_id()))
BRIEF = BriefAnswers(OfferingKey.of(WRITTEN), WRITTEN.answers)
URL = "https://studio.example"
SECRETS = MailSecrets(new_mail_secret())
WRITER = Writer("The Studio", URL, secrets=SECRETS, readers=readers(zone="Europe/Berlin", language="en"))

MakeMail = Callable[..., OutgoingMail]


def test_a_piece_is_named_by_its_offering_and_what_sets_it_apart() -> None:
    piece = describe(BRIEF, RING, ENGLISH)

    assert piece.title == RING.title
    assert "18 ct yellow gold (750)" in piece.features
    assert "Satin" in piece.features


def test_a_piece_is_named_in_the_language_of_the_reader() -> None:
    piece = describe(BRIEF, RING, reader(language="de"))

    assert piece.title == RING.in_language("de").title
    assert piece.title != RING.title


def test_what_somebody_typed_freely_is_not_in_the_name_of_a_piece() -> None:
    named = " ".join(describe(BRIEF, RING, ENGLISH).features)

    assert "For ever" not in named
    assert "For her." not in named


def test_a_mail_names_the_piece(outgoing: MakeMail) -> None:
    written = WRITER.write(outgoing(brief=BRIEF), RING)

    for form in (written.text, written.html):
        words = " ".join(form.split())
        assert RING.title in words
        assert "18 ct yellow gold (750)" in words


def test_a_mail_whose_offering_is_not_kept_names_no_piece(outgoing: MakeMail) -> None:
    assert WRITER.write(outgoing(brief=BRIEF)) == WRITER.write(outgoing())


def test_a_request_for_approval_names_the_gate(outgoing: MakeMail) -> None:
    written = WRITER.write(outgoing(intent=Intent.APPROVAL_ASKED, brief=BRIEF, gate="engraving"), RING)

    assert gate_title("engraving", RING, ENGLISH) in written.text


def test_a_gate_that_the_offering_does_not_have_is_not_named() -> None:
    assert gate_title("none", RING, ENGLISH) == ""
