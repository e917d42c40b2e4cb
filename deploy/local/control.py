"""Starts and stops the stack from outside: the supervisor runs in the background and writes its state."""

import json
import signal
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass

from deploy.local.plan import HEALTH, SERVICES, StackPlan, make_plan
from deploy.local.ports import fetch, require_free
from deploy.local.processes import Identity, Launch, last_lines, spawn, stop_tree, wait_until
from deploy.local.refusal import Refusal
from deploy.local.secrets import keep
from deploy.local.settings import ROOT, StackSettings
from deploy.local.state import ProgramPhase, StackState, StateFile, alone
from deploy.local.words import _

_UP_WITHIN = 240.0
_DOWN_WITHIN = 90.0

Show = Callable[[StackState], None]


def supervisor_of(state: StackState) -> Identity | None:
    """The living supervisor, if there is one."""
    return state.supervisor if state.supervisor and state.supervisor.find() else None


def up(settings: StackSettings, show: Show) -> StackState:
    """Bring the stack up and wait until everything answers; `show` is called as it gets on. Up already is fine.

    Raises:
        Refusal: a port is taken, an engine does not start, or another command is doing the same.
    """
    file = StateFile(settings.run)
    with alone(settings.run) as only:
        if not only:
            raise Refusal(_("Another `touchmark up` or `down` is running here. Wait until it has finished."))
        if supervisor_of(file.read()) is None:
            stop_orphans(file)
            file.remove()  # what it says is over, a refusal too
            _check_ports(make_plan(settings, keep(settings.home)), settings)
            log = settings.logs / "supervisor.log"
            process = spawn(Launch((sys.executable, "-m", "deploy.local.supervisor"), cwd=ROOT), log)
            wait_until(lambda: file.read().supervisor is not None or process.poll() is not None, limit=30)
            if file.read().supervisor is None:
                raise Refusal(_("The supervisor did not start: %(reason)s", reason=last_lines(log)))
        return _wait(file, show)


def down(settings: StackSettings) -> bool:
    """Stop everything; False if nothing ran. What a killed supervisor left behind is stopped as well."""
    file = StateFile(settings.run)
    with alone(settings.run) as only:
        if not only:
            raise Refusal(_("Another `touchmark up` or `down` is running here. Wait until it has finished."))
        state = file.read()
        supervisor = supervisor_of(state)
        if supervisor is not None:
            stop_tree(supervisor, how=signal.SIGTERM, limit=_DOWN_WITHIN)
        left = stop_orphans(file)
        file.remove()
        return supervisor is not None or left


def restart(settings: StackSettings, service: str, within: float = 60.0) -> None:
    """Stop one service and wait until the supervisor has started it again and it answers.

    Raises:
        Refusal: no such program runs here, or it does not come back.
    """
    file = StateFile(settings.run)
    state = file.read()
    known = state.programs.get(service)
    if supervisor_of(state) is None:
        raise Refusal(_("The stack is not running. Run `touchmark up`."))
    if known is None or known.identity is None:
        raise Refusal(
            _(
                "Nothing called %(service)s is running. Choose one of %(names)s.",
                service=f"{service!r}",
                names=", ".join(sorted(state.programs)),
            )
        )
    before = known.identity
    stop_tree(before, how=_how_to_stop(settings, service), limit=25)

    def back() -> bool:
        now = file.read().programs[service]
        return now.identity not in {None, before} and now.phase is ProgramPhase.READY

    if not wait_until(back, limit=within):
        message = file.read().programs[service].message or last_lines(settings.logs / f"{service}.log")
        raise Refusal(
            _(
                "%(service)s did not start again within %(seconds)s seconds: %(message)s",
                service=service,
                seconds=f"{within:.0f}",
                message=message,
            )
        )


def _how_to_stop(settings: StackSettings, name: str) -> signal.Signals:
    plan = make_plan(settings, keep(settings.home))
    return next((one.stop_signal for one in plan.programs if one.name == name), signal.SIGTERM)


def stop_orphans(file: StateFile) -> bool:
    """Stop what a supervisor that was killed left running; True if there was anything."""
    identities = [one.identity for one in file.read().programs.values() if one.identity]
    found = [identity.find() is not None for identity in identities]
    for identity in reversed(identities):
        stop_tree(identity, how=signal.SIGINT, limit=20)
    return any(found)


@dataclass(frozen=True)
class ServiceHealth:
    """Whether a service is ready, and in words: that, then what is not up and why."""

    ready: bool
    words: str


def health(plan: StackPlan) -> dict[str, ServiceHealth]:
    """What each service says of itself."""
    return {service.name: _health(service.address) for service in plan.services}


def _health(address: str) -> ServiceHealth:
    answer = fetch(address, HEALTH)
    if answer is None:
        return ServiceHealth(ready=False, words=_("does not answer"))
    report = json.loads(answer[1])
    troubles = [
        f"{name}: {part['reason'] or part['state']}" for name, part in report["parts"].items() if not _is_up(part)
    ]
    ready = bool(report["ready"])
    return ServiceHealth(ready, "; ".join([_("ready") if ready else _("not ready"), *troubles]))


def _is_up(part: dict[str, str]) -> bool:
    return part["state"] == "up"


def _wait(file: StateFile, show: Show) -> StackState:
    deadline = time.monotonic() + _UP_WITHIN
    while True:
        state = file.read()
        show(state)
        if state.refusal:
            # What had started already is being stopped.
            wait_until(lambda: supervisor_of(file.read()) is None, limit=_DOWN_WITHIN)
            raise Refusal(state.refusal)
        if state.ready:
            return state
        if supervisor_of(state) is None:
            raise Refusal(
                _("The supervisor stopped while it was starting the stack. `touchmark logs supervisor` shows why.")
            )
        if time.monotonic() > deadline:
            raise Refusal(
                _(
                    "Some programs do not answer after %(seconds)s seconds. `touchmark status` shows which.",
                    seconds=f"{_UP_WITHIN:.0f}",
                )
            )
        time.sleep(0.1)


def _check_ports(plan: StackPlan, settings: StackSettings) -> None:
    require_free(settings.edge_port, used_by="the edge", variable="TOUCHMARK_EDGE_PORT")
    for name, port in plan.ports.items():
        if name != "edge":
            service = f"the service {name}" if name in SERVICES else name
            require_free(port, used_by=service, variable="TOUCHMARK_PORT_BASE")
