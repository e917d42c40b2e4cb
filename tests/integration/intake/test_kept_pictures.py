"""Pictures that were sent with a form to be corrected: kept, replaced or left out."""

from uuid import UUID

import httpx

from shared.kernel.ids import new_id
from shared.postgres.database import Database
from tests.support.intake import RING, facts_about, photo


async def test_a_form_with_something_to_correct_keeps_its_picture(
    customer: httpx.AsyncClient, database: Database
) -> None:
    key = str(new_id())
    typed = {**RING, "size": "540", "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": key}
    wrong = await customer.post(
        "/commissions", data=typed, files={"reference": ("ring.png", photo("PNG"), "image/png")}
    )
    image = wrong.text.split('name="reference_kept" value="')[1].split('"')[0]
    preview = await customer.get(f"/commissions/new/images/{image}")

    right = await customer.post("/commissions", data={**typed, "size": "54", "reference_kept": image})
    page = await customer.get(right.headers["location"])

    assert (wrong.status_code, preview.status_code, right.status_code) == (422, 200, 303)
    assert f"/images/{image}" in page.text
    commission = right.headers["location"].rpartition("/")[2]
    assert await facts_about(database, UUID(commission)) == ["CommissionConfirmed", "BriefWritten"]


async def test_a_picture_that_is_refused_leaves_the_one_that_was_kept(customer: httpx.AsyncClient) -> None:
    typed = {**RING, "size": "540", "craft": "jewellery", "offering": "engraved-ring"}
    wrong = await customer.post(
        "/commissions", data=typed, files={"reference": ("ring.png", photo("PNG"), "image/png")}
    )
    image = wrong.text.split('name="reference_kept" value="')[1].split('"')[0]

    refused = await customer.post(
        "/commissions",
        data={**typed, "size": "54", "reference_kept": image},
        files={"reference": ("notes.txt", b"no picture", "text/plain")},
    )

    assert refused.status_code == 422
    assert f'name="reference_kept" value="{image}"' in refused.text


async def test_a_kept_picture_can_be_left_out_again(customer: httpx.AsyncClient) -> None:
    typed = {**RING, "craft": "jewellery", "offering": "engraved-ring", "idempotency_key": str(new_id())}
    wrong = await customer.post(
        "/commissions", data={**typed, "metal": ""}, files={"reference": ("ring.png", photo("PNG"), "image/png")}
    )
    image = wrong.text.split('name="reference_kept" value="')[1].split('"')[0]

    sent = await customer.post("/commissions", data={**typed, "reference_kept": image, "reference_dropped": "yes"})
    page = await customer.get(sent.headers["location"])

    assert sent.status_code == 303
    assert f"/images/{image}" not in page.text
