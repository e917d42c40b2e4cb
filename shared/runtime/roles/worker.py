"""The worker role: commands and workflows from Temporal, and the service's own loops."""

from collections.abc import Sequence
from datetime import timedelta
from functools import partial
from typing import Any

from shared.erasure.keeping import keeping
from shared.runtime.service import Kernel, Loop, Service
from shared.temporal.worker import work
from shared.web.forgetting import forget_old_keys


def parts(service: Service[Any], kernel: Kernel[Any]) -> Sequence[Loop]:
    activities = service.activities(kernel)
    loops = [Loop(name=f"loop {loop.name}", run=loop.run) for loop in service.loops(kernel)]
    loops.append(Loop(name="loop forgetting", run=partial(forget_old_keys, kernel.database, kernel.clock)))
    loops.append(keeping(kernel))
    if not activities and not service.workflows:
        return loops
    run = partial(
        work,
        kernel.temporal,
        service.name,
        activities=activities,
        workflows=service.workflows,
        graceful=timedelta(seconds=kernel.settings.stop_within / 2),
    )
    return [Loop(name="worker", run=run), *loops]
