"""Where a piece goes: the country, asked by the form."""

from uuid import UUID

import httpx
import pytest

from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, Program


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ({"delivery_country": "AT"}, "AT"),
        ({}, "DE"),
        ({"delivery_country": ""}, None),
        ({"delivery_country": "XX"}, None),
    ],
)
async def test_the_form_asks_where_the_piece_is_delivered(
    customer: httpx.AsyncClient, database: Database, typed: dict[str, str], kept: str | None
) -> None:
    form = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}

    asked = await customer.get("/commissions/new/jewellery/engraved-ring")
    answer = await customer.post("/commissions", data={**form, **typed})

    assert '<option value="DE" selected>Germany</option>' in asked.text
    assert answer.status_code == (303 if kept else 422)
    if kept is None:
        assert 'id="delivery_country-problem"' in answer.text
        return
    async with database.transaction() as tx:
        commission = UUID(answer.headers["location"].rpartition("/")[2])
        found = await tx.connection.fetchval(
            "SELECT delivery_country FROM commission WHERE commission = $1", commission
        )
    assert found == kept


async def test_a_country_that_is_none_is_refused_by_the_api(ada: Program) -> None:
    body = {"craft": "jewellery", "offering": "engraved-ring", "answers": dict(RING), "delivery_country": "XX"}

    answer = await ada.post("/commissions", body)

    assert answer.status_code == 422
    assert [each["field"] for each in answer.json()["fields"]] == ["/delivery_country"], answer.text
