"""`touchmark parked`: see, replay or drop the facts that a service could not handle."""

import asyncio
import getpass
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from datetime import UTC
from typing import Annotated, Literal

from cyclopts import Parameter
from rich.console import Console
from rich.table import Table

from deploy.cli.help import described
from deploy.local.plan import SERVICES, make_plan
from deploy.local.refusal import Refusal
from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from deploy.local.words import _
from shared.inbox import parked
from shared.inbox.parked import NotFirstError, NotParkedError, Parked
from shared.postgres.database import Database, DatabaseUnavailableError, Tx

app = described("parked", _("Show, replay or drop the facts that a service could not handle."))

Service = Annotated[
    Literal["intake", "quotes", "production", "notify", "lifecycle"],
    Parameter(help=_("The service that could not handle it.")),
]
Inbox = Annotated[str | None, Parameter(help=_("One of its inboxes, by name."), show_default=False)]
Record = Annotated[int, Parameter(help=_("The record's id, from `touchmark parked list`."))]
Note = Annotated[str, Parameter(name=["--note", "-n"], help=_("Why; it is kept beside the decision."))]
Dsn = Annotated[
    str | None,
    Parameter(
        env_var="TOUCHMARK_DATABASE", show_default=False, help=_("The service's database, if not the local stack's.")
    ),
]


@app.command(
    name="list",
    help=_(
        "List what waits, first what was parked first. Later records of a key wait behind its first one.\n\n"
        "Example: touchmark parked list quotes"
    ),
)
def show(service: Service | None = None, *, inbox: Inbox = None, database: Dsn = None) -> None:
    """List what waits, first what was parked first. Later records of a key wait behind its first one."""
    if database and not service:
        raise Refusal(_("Name the service that this database belongs to: `touchmark parked list SERVICE`."))
    table = Table(
        _("service"), "id", _("parked at"), "inbox", _("topic"), _("key"), _("version"), _("reason"), _("state")
    )
    for one in (service,) if service else SERVICES:
        for record in asyncio.run(_waiting(one, inbox, database)):
            table.add_row(one, *_cells(record))
    if table.row_count:
        Console().print(table)
    else:
        print(_("Nothing is parked."))


@app.command(
    help=_(
        "Let the service try a record again, and then what waits behind it. Replaying behind a gap accepts the gap.\n\n"
        'Example: touchmark parked replay quotes 17 --note "the offering\'s file is there now"'
    )
)
def replay(service: Service, record: Record, *, note: Note, database: Dsn = None) -> None:
    """Have the service take a record once more, and then what waits behind it. Replaying behind a gap accepts it."""
    asyncio.run(_replay(service, record, note, database))
    print(
        _(
            "The inbox of %(service)s now tries record %(record)s again. `touchmark parked list "
            "%(service)s` shows the result.",
            service=service,
            record=record,
        )
    )


@app.command(
    help=_(
        "Drop a record for good. What waits behind it is handled.\n\n"
        'Example: touchmark parked drop quotes 17 --note "written by hand, by mistake"'
    )
)
def drop(service: Service, record: Record, *, note: Note, database: Dsn = None) -> None:
    """Let a record never take effect; its key goes on behind it."""
    asyncio.run(_drop(service, record, note, database))
    print(_("Record %(record)s of %(service)s was dropped.", record=record, service=service))


async def _waiting(service: str, inbox: str | None, dsn: str | None) -> Sequence[Parked]:
    async with _transaction(service, dsn) as tx:
        return await parked.waiting(tx, inbox, at_most=500)


async def _replay(service: str, record: int, note: str, dsn: str | None) -> None:
    async with _transaction(service, dsn) as tx:
        await parked.replay(tx, record, by=getpass.getuser(), note=note)


async def _drop(service: str, record: int, note: str, dsn: str | None) -> None:
    async with _transaction(service, dsn) as tx:
        await parked.drop(tx, record, by=getpass.getuser(), note=note)


@asynccontextmanager
async def _transaction(service: str, dsn: str | None) -> AsyncIterator[Tx]:
    database = await Database.open(dsn or _local(service), application=service, size=1)
    try:
        async with database.transaction() as tx:
            yield tx
    except DatabaseUnavailableError as error:
        raise Refusal(
            _(
                "The database of %(service)s does not answer (%(error)s). If the stack is not running, run "
                "`touchmark up`.",
                service=service,
                error=error,
            )
        ) from error
    except NotParkedError as error:
        raise Refusal(
            _(
                "%(service)s: %(error)s. `touchmark parked list %(service)s` shows what is parked.",
                service=service,
                error=error,
            )
        ) from error
    except NotFirstError as error:
        raise Refusal(
            _("%(service)s: %(error)s. Replay or drop that one first.", service=service, error=error)
        ) from error
    finally:
        await database.close()


def _local(service: str) -> str:
    """The DSN of a service of the local stack."""
    settings = StackSettings()
    plan = make_plan(settings, keep(settings.home))
    return next(one.environment["TOUCHMARK_DATABASE"] for one in plan.services if one.name == service)


def _cells(record: Parked) -> Sequence[str]:
    return (
        str(record.id),
        f"{record.parked_at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC",
        record.inbox,
        f"{record.topic} {record.partition}@{record.record_offset}",
        record.key,
        "" if record.version is None else str(record.version),
        f"{record.reason}: {record.detail}",
        record.state,
    )
