"""The command `touchmark`: its parts are loaded when they are asked for, so that help is instant."""

import os
import sys

from cyclopts import App

from deploy.cli.help import described
from deploy.local.refusal import Refusal
from deploy.local.words import _
from shared.i18n import N_

_COMMANDS = {
    "up": ("stack:up", N_("Start the engines, the services and the edge, and wait until all of them answer.")),
    "down": ("stack:down", N_("Stop everything that `up` started. The data is kept.")),
    "status": ("stack:status", N_("Show what is running, and what is wrong with it.")),
    "logs": ("stack:logs", N_("Show the logs. Each line starts with the name of its program.")),
    "restart": ("stack:restart", N_("Restart one service, and wait until it is running.")),
    "dev": ("stack:dev", N_("Restart a service each time its code changes.")),
    "sign-in": ("sign_in:sign_in", N_("Print a link that signs you in as customer, maker or ops.")),
    "demo": ("demo:demo", N_("Play four commissions on the stack, through its public addresses.")),
    "doctor": ("doctor:doctor", N_("Show versions, ports, health and every setting. Secrets are masked.")),
    "reset": ("stack:reset", N_("Delete all data of the local stack.")),
    "vacuum": ("vacuum:vacuum", N_("Leave nothing that was erased in PostgreSQL's own files.")),
    "offerings": ("offerings:app", N_("Check the files of offerings.")),
    "verify": ("verify:app", N_("Verify a piece's certificate, without asking the studio.")),
    "parked": ("parked:app", N_("Show, replay or drop the facts that a service could not handle.")),
}


def command_line() -> App:
    """`touchmark` with its commands, described in the language of the environment."""
    app = described(
        "touchmark", _("Run Touchmark on this machine. Start with `touchmark up`, then `touchmark sign-in ops`.")
    )
    for name, (where, what) in _COMMANDS.items():
        app.command(f"deploy.cli.{where}", name=name, help=_(what))
    return app


def main() -> None:
    """The entry point `touchmark`. What it refuses to do is one sentence and exit code 1."""
    os.umask(0o077)  # whatever it and the stack write is for nobody else
    try:
        command_line()()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    except PermissionError as error:
        # Most often a stack that root started before.
        print(
            _("%(file)s belongs to another user. Run this as that user, or remove it.", file=error.filename),
            file=sys.stderr,
        )
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
