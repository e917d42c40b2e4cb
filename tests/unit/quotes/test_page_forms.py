"""What is typed on the studio's pages of quotes and payments."""

import pytest

from services.quotes.domain.reasons import QuoteReason
from services.quotes.pages.forms import AcceptForm, RefundForm
from shared.kernel.problems import Problem
from shared.web.forms import Sent
from shared.web.reasons import RequestReason


@pytest.mark.parametrize("typed", ["", "0", "1796000000", "tomorrow", "2026-02-30"])
def test_what_is_no_day_is_refused_beside_its_field(typed: str) -> None:
    with pytest.raises(Problem) as refused:
        Sent[RefundForm].model_validate({"paid_on": typed}).read({"paid_on": QuoteReason.NO_DAY})

    assert [(each.field, str(each.message)) for each in refused.value.fields] == [("paid_on", "no_day")]


@pytest.mark.parametrize("ticks", [{}, {"terms": "no", "variation": ""}])
def test_terms_that_are_not_ticked_are_not_agreed_to(ticks: dict[str, str]) -> None:
    missing = {"terms": QuoteReason.TERMS_NOT_AGREED, "variation": RequestReason.INVALID}

    with pytest.raises(Problem) as refused:
        Sent[AcceptForm].model_validate({"version": "1", **ticks}).read(missing)

    assert {each.field: each.message for each in refused.value.fields} == missing
    assert Sent[AcceptForm].model_validate({"version": "1", "terms": "yes", "variation": "yes"}).read().terms
