"""A brief in a line."""

from services.intake.domain.briefs import chosen
from shared import offerings
from shared.contracts.briefs import BriefAnswer

JEWELLERY = offerings.load("jewellery", "engraved-ring").offering
ANSWERS = (
    BriefAnswer(field="size", value="54.0"),
    BriefAnswer(field="metal", value="gold_750_yellow"),
    BriefAnswer(field="finish", value="satin"),
    BriefAnswer(field="engraving", value="for J."),
    BriefAnswer(field="occasion", value="wedding"),
    BriefAnswer(field="why", value="It is a secret."),
)


def test_a_line_names_what_was_chosen_and_nobodys_own_words() -> None:
    assert [answer.field for answer in chosen(JEWELLERY, ANSWERS)] == ["metal", "finish", "occasion"]


def test_a_brief_of_an_offering_that_is_not_here_has_no_line() -> None:
    assert chosen(None, ANSWERS) == ()
