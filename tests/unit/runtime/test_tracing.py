import pytest

from shared.runtime import tracing

GIVEN = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"


def test_a_new_trace_has_the_form_of_the_specification() -> None:
    made = tracing.make()

    assert tracing.parse(made) == made
    assert made != tracing.make()


@pytest.mark.parametrize(
    "header",
    [
        None,
        "",
        "hello",
        GIVEN[:-1],
        GIVEN + "\n",
        GIVEN + "\nx: y",
        GIVEN.upper(),
        GIVEN.replace("00-", "ff-", 1),
        "00-" + "0" * 32 + "-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-" + "0" * 16 + "-01",
    ],
)
def test_a_malformed_header_is_not_carried_on(header: str | None) -> None:
    assert tracing.parse(header) is None


def test_a_trace_is_bound_inside_its_block_only() -> None:
    assert tracing.current() is None

    with tracing.bind(GIVEN) as bound:
        assert bound == GIVEN
        assert tracing.current() == GIVEN
        assert tracing.trace_id(tracing.current()) == "0af7651916cd43dd8448eb211c80319c"

    assert tracing.current() is None


def test_a_missing_header_starts_a_new_trace() -> None:
    with tracing.bind(None) as bound:
        assert tracing.current() == bound
        assert tracing.parse(bound)
