"""Words as people search for them: what is stored and what is typed meet, however either is written."""

import pytest

from shared.kernel.search import asked_words, code_of, first_name, stored_words


def is_found(name: str, typed: str, email: str = "") -> bool:
    """Whether PostgreSQL would find it: every asked range has one of the stored words."""
    words = stored_words(name, email)
    asked = asked_words(typed)
    return bool(asked) and all(any(each.low <= word < each.high for word in words) for each in asked)


@pytest.mark.parametrize(
    ("name", "typed"),
    [
        ("Zoë O'Brien", "zoe"),
        ("Zoë O'Brien", "ZOË o'br"),
        ("Zoë O\u2019Brien", "obrien"),
        ("Zoë O'Brien", "brien zo"),
        ("Jürgen Müller", "Mueller"),
        ("Jürgen Mueller", "müller"),
        ("Jürgen Mueller", "Jurg Muller"),
        ("Søren Åkesson", "soren akes"),
        ("Søren Åkesson", "Soeren Aakesson"),
        ("Anna-Maria Weiß", "annamaria weiss"),
        ("Nguyễn Văn Đức", "duc nguyen"),
        ("山田 太郎", "山"),
        ("김철수", "김철"),
    ],
)
def test_a_name_is_found_by_the_beginnings_of_its_words(name: str, typed: str) -> None:
    assert is_found(name, typed)


@pytest.mark.parametrize("typed", ["rien", "Zoe Smith", "zo@", "\u2019", "", "Zora"])
def test_a_name_is_not_found_by_anything_else(typed: str) -> None:
    assert not is_found("Zoë O'Brien", typed, "zob@example.org")


@pytest.mark.parametrize("typed", ["zob@example.org", "ZOB@ex", "zob", "@example.org", "@EXAM"])
def test_an_address_is_found_by_its_beginning_and_by_its_host(typed: str) -> None:
    assert is_found("Z.", typed, "zob@example.org")


def test_a_hosts_name_is_nobodys_name() -> None:
    assert not is_found("Zoë", "gmail", "zoe@gmail.com")


@pytest.mark.parametrize("typed", ["RF18 5390 0754", "rf18-5390-0754", "\uff32\uff26" + "1853900754"])
def test_a_reference_is_one_however_it_is_spaced(typed: str) -> None:
    assert code_of(typed) == "RF1853900754"


def test_somebody_is_called_by_the_first_word_of_the_name() -> None:
    assert [first_name(name) for name in ("Zoë O'Brien", "山田太郎", "")] == ["Zoë", "山田太郎", ""]


@pytest.mark.parametrize("typed", ["a\0da@example.org", "ada@exa\x1bmple.org", "ada\ud800@example.org"])
def test_what_a_database_refuses_is_no_letter_of_a_word(typed: str) -> None:
    assert asked_words(typed) == asked_words("ada@example.org")
