"""How long the form waits for day and price: `python -m tests.bench.asking [--makers 50] [--times 100]`.

50 makers with 2,000 tasks that wait. Both questions are asked at once, as the form does, of pages that the services
render. Each time somebody's hours were held meanwhile and the last answer is too old to be given again: nothing is
answered from memory, but what did not change on the other benches.
"""

import argparse
import asyncio
import statistics
import time
from dataclasses import replace
from datetime import timedelta
from typing import Final

from services.production.actions.earliest import GOOD_FOR
from services.production.main import web as production_web
from services.quotes.main import web as quotes_web
from shared.kernel.ids import new_id
from tests.bench.holding import fill, own_database
from tests.support import engines, quotes
from tests.support.production import NOW, Production, kernel_of, opened
from tests.support.web import client_of

GOAL: Final = 80
_RING: Final = {"craft": "jewellery", "offering": "engraved-ring", "version": "1"}
_METALS: Final = ("silver_925", "gold_585_yellow", "gold_750_yellow")


def main() -> None:
    parser = argparse.ArgumentParser(description="Measure how long the form waits for day and price.")
    parser.add_argument("--makers", type=int, default=50)
    parser.add_argument("--times", type=int, default=100)
    asked = parser.parse_args()
    watching = engines.begin_run()
    try:
        asyncio.run(_measure(engines.postgres(), asked.makers, asked.times))
    finally:
        if watching:
            engines.end_run(watching)


async def _measure(postgres: str, makers: int, times: int) -> None:
    async with (
        own_database(postgres) as benches,
        own_database(postgres) as prices,
        opened(benches) as database,
        quotes.opened(prices) as quoted,
    ):
        production, now, found = Production(database), NOW, list[float]()
        await fill(production, benches, 1000, makers)
        bench = production_web(replace(kernel_of(database), clock=lambda: now))
        async with client_of(bench) as day, client_of(quotes_web(quotes.kernel_of(quoted))) as price:
            for number in range(times):
                await production.hold(new_id())
                now += GOOD_FOR + timedelta(seconds=1)
                began = time.perf_counter()
                answers = await asyncio.gather(
                    day.get("/bench/earliest", params=_RING, headers={"HX-Request": "true"}),
                    price.get("/quotes/estimate", params={**_RING, "metal": _METALS[number % len(_METALS)]}),
                )
                found.append(1000 * (time.perf_counter() - began))
                if not all(answer.is_success for answer in answers):
                    raise RuntimeError("the form was not answered")
    twentieths = statistics.quantiles(found, n=20)
    print(
        f"day and price      p5 {twentieths[0]:.1f}   p50 {statistics.median(found):.1f}   p95 {twentieths[-1]:.1f} ms"
    )
    print(f"  goal: p95 of {GOAL} ms")


if __name__ == "__main__":
    main()
