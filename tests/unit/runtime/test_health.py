from shared.runtime.health import Health, PartHealth, PartState


async def looks_degraded() -> PartHealth:
    return PartHealth(state=PartState.DEGRADED, reason="nobody answers")


async def looks_up() -> PartHealth:
    return PartHealth(state=PartState.UP)


async def test_a_process_is_not_ready_before_what_it_requires_is_up() -> None:
    health = Health("quotes")
    health.require("database")

    report = await health.report()

    assert not report.ready
    assert report.parts["database"].state is PartState.STARTING


async def test_a_degraded_part_that_is_not_required_leaves_it_ready() -> None:
    health = Health("quotes")
    health.require("database")
    health.probe("database", looks_up)
    health.probe("kafka", looks_degraded)
    health.update("worker", PartState.DEGRADED, "TemporalAwayError")

    report = await health.report()

    assert report.ready
    assert report.parts["kafka"].reason == "nobody answers"
    assert report.parts["worker"].reason == "TemporalAwayError"


async def test_losing_what_it_requires_ends_its_readiness() -> None:
    health = Health("quotes")
    health.require("database")
    health.probe("database", looks_degraded)

    assert not (await health.report()).ready


async def test_a_process_that_stops_is_not_ready_any_more() -> None:
    health = Health("quotes")
    health.require("database")
    health.probe("database", looks_up)

    health.require("process")

    assert not (await health.report()).ready
