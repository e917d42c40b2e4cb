"""The check that finds sentences where no catalogue reaches them."""

from pathlib import Path

import pytest

from deploy.words import sentences

OUTSIDE = [
    'def why() -> str:\n    return "The maker is away today."\n',
    'def why(day: str) -> str:\n    return f"It is ready by {day} at last."\n',
    'raise Problem(ProblemType.CONFLICT, "The quote was sent already.")\n',
    'WHY = {Reason.LATE: "The bench began later than planned."}\n',
]
INSIDE = [
    '"""A docstring may say all that it wants."""\n',
    'log.info("the relay has sent its last batch")\n',
    'raise ValueError("a quote has at least one line")\n',
    'class Quiet(Exception):\n    """Nothing."""\n',
    'WHY = {Reason.LATE: Label(N_("The bench began later than planned."))}\n',
    'read = Query(description="How many items at most, from one.")\n',
    'SQL = "SELECT one FROM table WHERE two"\n',
    'state = "it was asked to stop"  # not for people: in the health report\n',
    'PATH = "/commissions/{commission}/approvals/{approval}"\n',
]


def _found(root: Path, file: str, text: str) -> list[str]:
    path = root / file
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text)
    return sentences.findings(root, pending=())


@pytest.mark.parametrize("source", OUTSIDE)
def test_a_sentence_in_a_domain_is_found(tmp_path: Path, source: str) -> None:
    found = _found(tmp_path, "services/quotes/domain/offer.py", source)

    assert len(found) == 1
    assert found[0].startswith("services/quotes/domain/offer.py:")
    assert "labels.py" in found[0]


@pytest.mark.parametrize("source", INSIDE)
def test_what_no_person_reads_is_left_alone(tmp_path: Path, source: str) -> None:
    assert _found(tmp_path, "services/quotes/domain/offer.py", source) == []


@pytest.mark.parametrize(
    "source",
    [
        "<p>Your quote is here.</p>",
        '<img src="/photo" alt="Your piece at the bench">',
        '<button aria-label="Close">×</button>',  # noqa: RUF001 (the character that is meant)
        "{% if late %}Late{% endif %}",
        "<p>{{ _('Hello') }} and welcome</p>",
    ],
)
def test_a_word_in_a_template_is_found(tmp_path: Path, source: str) -> None:
    found = _found(tmp_path, "services/quotes/pages/templates/offer.html", source)

    assert len(found) == 1
    assert found[0].startswith("services/quotes/pages/templates/offer.html:1:")


@pytest.mark.parametrize(
    "source",
    [
        "{% trans %}Your quote is here.{% endtrans %}",
        '<p class="lead">{{ _("Your quote is here.") }}</p>',
        '<a href="/quotes" aria-label="{{ _(\'Close\') }}">·</a>',
        "<style>p { color: red }</style><svg><title>none</title></svg>",
        '{# a comment #}<input name="why" required{% if late %} aria-invalid="true"{% endif %}>',
        '<button name="role" value="maker">{{ role | label }}</button>',
    ],
)
def test_marked_words_and_mere_markup_are_left_alone(tmp_path: Path, source: str) -> None:
    assert _found(tmp_path, "services/quotes/pages/templates/offer.html", source) == []


def test_a_package_that_waits_for_its_catalogue_is_passed_over(tmp_path: Path) -> None:
    _found(tmp_path, "services/quotes/domain/offer.py", OUTSIDE[0])

    assert sentences.findings(tmp_path, pending=("services/quotes/",)) == []
    assert len(sentences.findings(tmp_path, pending=("services/intake/",))) == 1
