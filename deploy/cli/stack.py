"""`touchmark up`, `down`, `status`, `logs`, `restart`, `dev`, `reset`."""

import shutil
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter
from rich.console import Console
from rich.live import Live
from rich.table import Table
from watchfiles import PythonFilter, watch

from deploy.local import control
from deploy.local.control import supervisor_of
from deploy.local.logs import follow, tail
from deploy.local.plan import SERVICES
from deploy.local.refusal import Refusal
from deploy.local.settings import ROOT, StackSettings
from deploy.local.state import ProgramPhase, StackState, StateFile
from deploy.local.words import _
from shared.i18n import N_

_MARKS = {
    ProgramPhase.READY: ("green", N_("ready")),
    ProgramPhase.STARTING: ("yellow", N_("starting")),
    ProgramPhase.RESTARTING: ("yellow", N_("restarting")),
    ProgramPhase.FAILED: ("red", N_("failed")),
}
_console = Console(highlight=False)


def up() -> None:
    """Start the engines, the five services and the edge, and wait until all of them answer.

    Example: TOUCHMARK_EDGE_PORT=9000 touchmark up
    """
    settings = StackSettings()
    with Live(console=_console, transient=True, refresh_per_second=8) as live:
        state = control.up(settings, lambda state: live.update(_table(state)))
    _console.print(
        _("Touchmark is running at %(url)s (%(count)s programs).", url=settings.public_url, count=len(state.programs))
    )


def down() -> None:
    """Stop everything that `up` started. The data stays."""
    settings = StackSettings()
    with _console.status(_("Stopping …")):
        stopped = control.down(settings)
    _console.print(
        _("Stopped. The data is still in %(folder)s.", folder=settings.home) if stopped else _("Nothing was running.")
    )


def status() -> None:
    """Show what runs, since when it had to be restarted, and what is wrong with it. Exit code 1 if not all is well."""
    state = StateFile(StackSettings().run).read()
    if supervisor_of(state) is None:
        raise Refusal(_("The stack is not running. Run `touchmark up`."))
    _console.print(_table(state))
    if not state.ready:
        sys.exit(1)


_PROGRAM = _("A service, an engine, `edge` or `supervisor`; all of them where none is named.")
_FOLLOW = _("Go on showing new lines until Ctrl-C.")


def logs(
    program: Annotated[str | None, Parameter(help=_PROGRAM, show_default=False)] = None,
    *,
    lines: Annotated[int, Parameter(help=_("How many lines of each."))] = 40,
    follow_on: Annotated[bool, Parameter(name="--follow", negative=(), show_default=False, help=_FOLLOW)] = False,
) -> None:
    """Show the last lines of all logs, or of one program's, each with its program before it.

    Example: touchmark logs intake --lines 100 --follow
    """
    folder = StackSettings().logs
    files = sorted(folder.glob("*.log"))
    if program is not None:
        files = [file for file in files if file.stem == program]
        if not files:
            raise Refusal(
                _(
                    "There is no log of %(program)s. Choose one of %(names)s.",
                    program=f"{program!r}",
                    names=_names(folder.glob("*.log")),
                )
            )
    for source, line in tail(files, lines):
        print(f"{source:<12}| {line}")
    if follow_on:
        for source, line in follow(files):
            print(f"{source:<12}| {line}", flush=True)


def restart(service: Annotated[str, Parameter(help=_("A service or an engine."))]) -> None:
    """Stop one service (or engine), and wait until it is back.

    Example: touchmark restart quotes
    """
    with _console.status(_("Restarting %(service)s …", service=service)):
        control.restart(StackSettings(), service)
    _console.print(_("%(service)s is running again.", service=service))


def dev(service: Annotated[str, Parameter(help=_("A service."))]) -> None:
    """Restart a service whenever its code or the shared code changes, and show its log. Ctrl-C ends the watching.

    Example: touchmark dev intake
    """
    if service not in SERVICES:
        raise Refusal(
            _(
                "There is no service %(service)s. Choose one of %(names)s.",
                service=f"{service!r}",
                names=", ".join(SERVICES),
            )
        )
    folders = [ROOT / "services" / service, ROOT / "shared"]
    settings = StackSettings()
    log = settings.logs / f"{service}.log"
    code = PythonFilter(extra_extensions=(".html", ".css", ".sql", ".toml", ".txt"))
    watching = watch(*folders, watch_filter=code, rust_timeout=500, yield_on_timeout=True)
    next(watching)  # from here on no change is missed, and what is changed while it starts is seen below
    control.restart(settings, service)
    _console.print(
        _("Watching %(service)s and shared: it restarts when a file changes. Press Ctrl-C to stop.", service=service)
    )
    seen = log.stat().st_size
    for changes in watching:
        if changes:
            first = min(path for _, path in changes).removeprefix(f"{ROOT}/")
            _console.print(_("[dim]%(first)s changed; restarting %(service)s …[/]", first=first, service=service))
            try:
                control.restart(settings, service)
            except Refusal as refusal:
                _console.print(f"[red]{refusal}[/]")
        seen = _print_from(log, seen)


def reset(
    *, yes: Annotated[bool, Parameter(negative=(), show_default=False, help=_("Say that you mean it."))] = False
) -> None:
    """Stop the stack and throw away all of its data, logs and secrets."""
    settings = StackSettings()
    if not yes:
        raise Refusal(
            _(
                "This deletes everything in %(folder)s. If you mean it, run `touchmark reset --yes`.",
                folder=settings.home,
            )
        )
    control.down(settings)
    shutil.rmtree(settings.home, ignore_errors=True)
    _console.print(_("All data of the local stack was deleted."))


def _print_from(log: Path, seen: int) -> int:
    """Print what the log has gained, and return where it ends now."""
    with log.open("rb") as file:
        file.seek(min(seen, log.stat().st_size))
        sys.stdout.write(file.read().decode(errors="replace"))
        sys.stdout.flush()
        return file.tell()


def _table(state: StackState) -> Table:
    table = Table(box=None, pad_edge=False)
    for heading in (_("program"), _("state"), "pid", _("restarts"), ""):
        table.add_column(heading)
    for name, one in state.programs.items():
        pid = str(one.identity.pid) if one.identity else "-"
        colour, word = _MARKS[one.phase]
        table.add_row(name, f"[{colour}]{_(word)}[/]", pid, str(one.restarts or ""), one.message)
    return table


def _names(logs: Iterable[Path]) -> str:
    return ", ".join(sorted(log.stem for log in logs))
