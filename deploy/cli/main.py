"""The command `touchmark`: its parts are loaded when they are asked for, so that help is instant."""

import sys

from cyclopts import App

from deploy.local.refusal import Refusal

app = App(
    name="touchmark",
    help="Run Touchmark on this machine, and look after it. Try `touchmark up`, then `touchmark sign-in ops`.",
    help_format="plaintext",
)
_COMMANDS = {
    "up": ("stack:up", "Start the engines, the services and the edge; wait until all answer."),
    "down": ("stack:down", "Stop everything that `up` started. The data stays."),
    "status": ("stack:status", "Show what runs, and what is wrong with it."),
    "logs": ("stack:logs", "Show the logs, each line with its program before it."),
    "restart": ("stack:restart", "Stop one service and wait until it is back."),
    "dev": ("stack:dev", "Restart a service whenever its code changes."),
    "sign-in": ("sign_in:sign_in", "Print a link that signs you in as customer, maker or ops."),
    "demo": ("demo:demo", "Play four commissions on the stack, over its public addresses."),
    "doctor": ("doctor:doctor", "Show versions, ports, health and every setting, secrets masked."),
    "reset": ("stack:reset", "Throw away all data of the local stack."),
    "offerings": ("offerings:app", "Check the files of offerings."),
    "verify": ("verify:app", "Verify a piece's certificate, without asking the studio."),
    "parked": ("parked:app", "See, replay or drop the facts that a service could not take."),
}
for name, (where, what) in _COMMANDS.items():
    app.command(f"deploy.cli.{where}", name=name, help=what)


def main() -> None:
    """The entry point `touchmark`. A refusal is one sentence and exit code 1."""
    try:
        app()
    except Refusal as refusal:
        print(refusal, file=sys.stderr)
        sys.exit(1)
    except PermissionError as error:
        # Most often a stack that root started before.
        print(f"{error.filename} belongs to somebody else: run as its owner, or remove it.", file=sys.stderr)
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)


if __name__ == "__main__":
    main()
