"""Where pictures may come from."""

from uuid import uuid4

import pytest

from services.intake.domain.briefs import together, under
from services.intake.domain.pictures import check_count, no_such_picture, slots
from shared import offerings
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.offerings.form import ImageField, OfferingForm
from shared.web.reasons import PictureReason, RequestReason

RING = offerings.load("jewellery", "engraved-ring").offering.form


def test_the_ring_has_one_place_for_a_picture() -> None:
    [place] = slots(RING)

    assert (place.name, place.kept, place.dropped) == ("reference", "reference_kept", "reference_dropped")


def test_a_field_for_several_pictures_has_a_place_for_each() -> None:
    several = ImageField(name="room", label="The room", kind="image", max_images=3)
    form = OfferingForm(title="A", intro="b", submit="c", fields=(several,))

    assert [place.name for place in slots(form)] == ["room", "room_2", "room_3"]


def test_more_pictures_than_the_form_takes_are_refused() -> None:
    image = uuid4()

    assert check_count(RING, [image, image]) == (image,)
    with pytest.raises(Problem) as refusal:
        check_count(RING, [image, uuid4()])
    assert refusal.value.fields[0].field == "/images"


def test_each_picture_that_is_gone_is_named() -> None:
    assert [found.field for found in no_such_picture("reference", "room").fields] == ["reference", "room"]


def test_fields_of_a_nested_body_are_pointed_to() -> None:
    problem = invalid(FieldProblem("a/b~c", RequestReason.INVALID))

    assert under("/answers", problem).fields[0].field == "/answers/a~1b~0c"


def test_problems_of_words_and_of_pictures_are_reported_together() -> None:
    words = invalid(FieldProblem("size", RequestReason.INVALID))
    picture = Problem(ProblemType.IMAGE_REFUSED, fields=(FieldProblem("reference", PictureReason.EMPTY),))

    assert together(picture).type is ProblemType.IMAGE_REFUSED
    assert together(words, picture).type is ProblemType.VALIDATION_FAILED
    assert [found.field for found in together(words, picture).fields] == ["size", "reference"]
