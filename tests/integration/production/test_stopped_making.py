"""What the studio itself gives up."""

from tests.support.production import Production


async def test_what_the_studio_gives_up_costs_the_customer_nothing(production: Production) -> None:
    commission = await production.booked()
    await production.make_until(commission, "bend")

    stopped = await production.stop(commission, owes=False)

    assert (stopped.stopped, stopped.owed_percent) == (True, 0)
    assert (await production.facts(commission))[-1] == ("MakingStopped", {"cancel_percent": 0})
