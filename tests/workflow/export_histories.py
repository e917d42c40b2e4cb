"""Plays each kind of life on the time-skipping server and stores its history.

`python -m tests.workflow.export_histories 0.2.0`: once for each release, with its name. Files are checked in and never
overwritten: a commission that began under an older release must still replay.
"""

import argparse
import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from services.lifecycle.workflow import Commission
from shared.contracts.commands.production import HoldPromise
from shared.contracts.commands.quotes import DraftQuote
from tests.support.counterparts import Counterparts, Handle, broken_off, told, withdraw
from tests.support.time_skipping import start
from tests.support.waiting import until

HISTORIES: Final = Path(__file__).parent / "histories"
COMMISSION: Final = UUID("01931f00-0000-7000-8000-000000000001")


async def lapsed(services: Counterparts) -> Handle:
    handle = await services.begin(commission=COMMISSION)
    await told(handle)
    await handle.result()
    return handle


async def withdrawn_at_the_desk(services: Counterparts) -> Handle:
    handle = await services.begin(commission=COMMISSION)
    await told(handle)
    await withdraw(handle)
    await handle.result()
    return handle


async def withdrawn_while_drafting(services: Counterparts) -> Handle:
    gate = services.shut(DraftQuote)
    handle = await services.begin(commission=COMMISSION)
    await services.reached[DraftQuote].wait()
    await withdraw(handle)
    await broken_off(handle)
    gate.set()
    await handle.result()
    return handle


async def withdrawn_while_promising(services: Counterparts) -> Handle:
    gate = services.shut(HoldPromise)
    handle = await services.begin(commission=COMMISSION)
    await services.reached[HoldPromise].wait()
    await withdraw(handle)
    gate.set()
    await handle.result()
    return handle


async def refused_and_tried_again(services: Counterparts) -> Handle:
    services.refusals[DraftQuote] = 1
    handle = await services.begin(commission=COMMISSION, desk=timedelta(days=2))

    async def refused() -> bool:
        return (await handle.query(Commission.progress)).trouble is not None

    await until("the draft is refused", refused)
    await handle.execute_update(Commission.try_again)
    await told(handle)
    await handle.result()
    return handle


LIVES: Final[Mapping[str, Callable[[Counterparts], Awaitable[Handle]]]] = {
    "lapsed": lapsed,
    "withdrawn_at_the_desk": withdrawn_at_the_desk,
    "withdrawn_while_drafting": withdrawn_while_drafting,
    "withdrawn_while_promising": withdrawn_while_promising,
    "refused_and_tried_again": refused_and_tried_again,
}


async def export(release: str, folder: Path = HISTORIES) -> None:
    """Write `<release>-<life>.json` for each kind of life that has none yet under this release."""
    for name, live in LIVES.items():
        path = folder / f"{release}-{name}.json"
        if not path.exists():
            async with start() as environment:
                services = Counterparts(environment.client, "", environment.get_current_time)
                async with services.at_work():
                    history = await (await live(services)).fetch_history()
            path.write_text(json.dumps(_bare(json.loads(history.to_json())), separators=(",", ":")) + "\n")


def _bare(part: Any) -> Any:
    """Without what tells of the machine that it was played on."""
    match part:
        case dict():
            return {key: _bare(value) for key, value in part.items() if key not in {"identity", "stackTrace"}}
        case list():
            return [_bare(each) for each in part]
        case _:
            return part


def main() -> None:
    parser = argparse.ArgumentParser(description="Store the histories of one release.")
    parser.add_argument("release", help="the release's name, as in 0.1.0")
    asyncio.run(export(parser.parse_args().release))


if __name__ == "__main__":
    main()
