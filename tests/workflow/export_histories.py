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
from uuid import UUID, uuid4

from services.lifecycle.workflow.commission import CommissionWorkflow
from services.lifecycle.workflow.messages import CancelCause, Extend, Nudge, Pause, Resume, TryAgain
from shared.contracts.commands.intake import AskApproval, RefuseCancellation
from shared.contracts.commands.lifecycle import RecordEscalation, RecordReminder
from shared.contracts.commands.production import PauseMaking, PreviewPromise, ResumeMaking
from shared.contracts.commands.quotes import DraftQuote, ExtendQuote
from shared.contracts.lifecycle import Phase
from tests.support import lives
from tests.support.counterparts import Counterparts, Handle, withdraw
from tests.support.histories import runs_of
from tests.support.rest import broken_off, draft_mailed
from tests.support.time_skipping import start
from tests.support.waiting import until

HISTORIES: Final = Path(__file__).parent / "histories"
COMMISSION: Final = UUID("01931f00-0000-7000-8000-000000000001")


async def lapsed(services: Counterparts) -> Handle:
    handle = await services.begin(commission=COMMISSION)
    await draft_mailed(handle)
    await handle.result()
    return handle


async def withdrawn_at_the_desk(services: Counterparts) -> Handle:
    handle = await services.begin(commission=COMMISSION)
    await draft_mailed(handle)
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
    gate = services.shut(PreviewPromise)
    handle = await services.begin(commission=COMMISSION)
    await services.reached[PreviewPromise].wait()
    await withdraw(handle)
    await broken_off(handle)
    gate.set()
    await handle.result()
    return handle


async def refused_and_tried_again(services: Counterparts) -> Handle:
    services.refusals[DraftQuote] = 1
    handle = await services.begin(commission=COMMISSION, desk=timedelta(days=2))

    async def refused() -> bool:
        return (await handle.query(CommissionWorkflow.state)).trouble is not None

    await until("the draft is refused", refused)
    await handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))
    await draft_mailed(handle)
    await handle.result()
    return handle


async def completed(services: Counterparts) -> Handle:
    return (await lives.completed(services, COMMISSION)).handle


async def declined(services: Counterparts) -> Handle:
    life = await lives.at(Phase.OFFERED, services, COMMISSION)
    await life.receives(life.asked(), life.answered(), life.declined())
    await life.handle.result()
    return life.handle


async def expired(services: Counterparts) -> Handle:
    life = await lives.at(Phase.OFFERED, services, COMMISSION)
    await life.handle.result()
    return life.handle


async def accepted_in_the_last_second(services: Counterparts) -> Handle:
    services.accepted.add(COMMISSION)
    life = await lives.at(Phase.OFFERED, services, COMMISSION)
    await life.handle.result()
    return life.handle


async def cancelled_before_a_gate(services: Counterparts) -> Handle:
    life = await lives.at(Phase.MAKING, services, COMMISSION)
    await life.receives(life.wants_to_cancel(0))
    await life.handle.result()
    return life.handle


async def cancelled_after_a_gate(services: Counterparts) -> Handle:
    life = await lives.at(Phase.MAKING, services, COMMISSION)
    await life.makes("prepare")
    services.passed_percent[COMMISSION] = 35
    await life.receives(life.wants_to_cancel(0))
    await life.has_done(RefuseCancellation)
    await life.receives(life.wants_to_cancel(35))
    await life.handle.result()
    return life.handle


async def paused_and_extended(services: Counterparts) -> Handle:
    life = await lives.at(Phase.OFFERED, services, COMMISSION)
    await life.handle.execute_update(CommissionWorkflow.extend, Extend(request=uuid4(), by=timedelta(days=90)))
    await life.has_done(ExtendQuote)
    await lives.pays_the_deposit(life)
    await life.handle.execute_update(CommissionWorkflow.pause, Pause(request=uuid4()))
    await life.has_done(PauseMaking)
    await life.handle.execute_update(CommissionWorkflow.resume, Resume(request=uuid4()))
    await life.has_done(ResumeMaking)
    await life.handle.execute_update(CommissionWorkflow.nudge, Nudge(request=uuid4()))
    await life.has_done(RecordReminder)
    await life.cancels(CancelCause.STUDIO)
    await life.handle.result()
    return life.handle


async def refused_and_asked_again(services: Counterparts) -> Handle:
    life = await lives.at(Phase.MAKING, services, COMMISSION)
    await life.receives(life.reached("cut"), life.refused("cut"))
    await life.has_done(RecordEscalation)
    await life.handle.execute_update(CommissionWorkflow.try_again, TryAgain(request=uuid4()))
    await life.has_done(AskApproval, 2)
    await life.receives(life.signed("cut"), life.replanned((life.now + timedelta(days=90)).date()))
    await life.settles()
    await life.cancels(CancelCause.CUSTOMER)
    await life.handle.result()
    return life.handle


LIVES: Final[Mapping[str, Callable[[Counterparts], Awaitable[Handle]]]] = {
    live.__name__: live
    for live in (
        lapsed,
        withdrawn_at_the_desk,
        withdrawn_while_drafting,
        withdrawn_while_promising,
        refused_and_tried_again,
        completed,
        declined,
        expired,
        accepted_in_the_last_second,
        cancelled_before_a_gate,
        cancelled_after_a_gate,
        paused_and_extended,
        refused_and_asked_again,
    )
}


def path_of(folder: Path, release: str, life: str, run: int) -> Path:
    """`0.2.0-completed.json` is a life's first run, `0.2.0-completed.2.json` its second."""
    return folder / f"{release}-{life}{f'.{run}' if run > 1 else ''}.json"


def life_of(path: Path) -> str:
    return path.name.partition("-")[2].partition(".")[0]


async def export(release: str, folder: Path = HISTORIES) -> None:
    """Write the histories of each kind of life that has none yet under this release."""
    for name, live in LIVES.items():
        if path_of(folder, release, name, 1).exists():
            continue
        async with start() as environment:
            services = Counterparts(environment.client, "", environment.get_current_time)
            async with services.at_work():
                runs = await runs_of(services.client, await live(services))
        for number, run in enumerate(runs, 1):
            bare = json.dumps(_bare(json.loads(run.to_json())), separators=(",", ":"))
            path_of(folder, release, name, number).write_text(bare + "\n")


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
