"""Five services fit on the machine of a small studio."""

from uuid import uuid4

import psutil

from tests.support.studio import MakeDatabase, open_studio

LARGEST = 700 * 2**20


async def test_the_five_services_together_stay_small_after_their_first_commissions(
    make_database: MakeDatabase, kafka: str, temporal: str
) -> None:
    async with open_studio(make_database, kafka, temporal, f"m{uuid4().hex[:12]}-") as studio:
        customer = await studio.customer()
        commissions = [await customer.submit() for _ in range(5)]
        for commission in commissions:
            await studio.until_stage(commission, "desk")

        resident = {name: psutil.Process(service.pid).memory_info().rss for name, service in studio.services.items()}

    assert len(resident) == 5
    assert sum(resident.values()) < LARGEST, resident
