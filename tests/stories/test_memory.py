"""Five services fit on the machine of a small studio."""

import psutil

from tests.support.studio import Studio

LARGEST = 700 * 2**20


async def test_the_five_services_together_stay_small_after_the_other_stories(studio: Studio) -> None:
    customer = await studio.customer()
    commissions = [await customer.submit() for _ in range(5)]
    for commission in commissions:
        await studio.until_stage(commission, "desk")

    resident = {name: psutil.Process(service.pid).memory_info().rss for name, service in studio.services.items()}

    assert len(resident) == 5
    assert sum(resident.values()) < LARGEST, resident
