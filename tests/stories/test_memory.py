"""Five services fit on the machine of a small studio."""

import psutil

from tests.support.studio import Studio
from tests.support.waiting import until

LARGEST = 700 * 2**20
GIVEN_BACK = 75.0
"""Seconds: each minute a process gives back what it needed while it was busy (`shared/runtime/process.py`)."""


async def test_the_five_services_together_stay_small_after_the_other_stories(studio: Studio) -> None:
    customer = await studio.customer()
    commissions = [await customer.submit() for _ in range(5)]
    for commission in commissions:
        await studio.until_stage(commission, "desk")
    processes = [psutil.Process(service.pid) for service in studio.services.values()]

    assert len(processes) == 5
    await until(
        "the five services together have less than 700 MiB",
        lambda: sum(each.memory_info().rss for each in processes) < LARGEST,
        GIVEN_BACK,
    )
