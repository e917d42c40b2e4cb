"""`touchmark vacuum`: nothing that was erased is left in PostgreSQL's own files."""

import asyncio

import asyncpg
from rich.console import Console

from deploy.local.plan import SERVICES, make_plan
from deploy.local.refusal import Refusal
from deploy.local.rewriting import end_log, rewrite
from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from deploy.local.words import _


def vacuum() -> None:
    """Write the databases' files anew, so that nothing that was erased is left in them. Each table is locked meanwhile.

    Example: touchmark vacuum
    """
    settings = StackSettings()
    plan = make_plan(settings, keep(settings.home))
    own = {each.name: each.environment["TOUCHMARK_DATABASE"] for each in plan.services}
    with Console().status(_("Writing the databases' files anew …")):
        try:
            asyncio.run(rewrite(own[service] for service in SERVICES))
            asyncio.run(end_log(plan.dsn))
        except (OSError, asyncpg.PostgresError) as error:
            raise Refusal(
                _(
                    "PostgreSQL refuses: %(error)s. If the stack is not running, run `touchmark up`.",
                    error=error,
                )
            ) from error
    print(_("What was erased is gone from PostgreSQL's files. Old backups still have it."))
