"""`touchmark demo`."""

from collections.abc import Iterable
from urllib.parse import parse_qs, urlsplit

from rich.console import Console

from deploy.cli.sign_in import link
from deploy.cli.stack import up
from deploy.local.demo import Demo, DemoStep
from deploy.local.settings import StackSettings
from shared.contracts.people import Role

_console = Console(highlight=False, soft_wrap=True)


def demo() -> None:
    """Play whole commissions on the stack, over its public addresses. Starts it where it is not up, and leaves it up.

    Example: touchmark demo
    """
    up()
    settings = StackSettings()
    url = settings.public_url
    played = Demo(url, _local_link(settings, Role.OPS), _local_link(settings, Role.MAKER))
    _console.print("\nOne commission, from the customer's form to its certificate (seconds since the start):\n")
    _show(played.play())
    _console.print("\nAnd three that end otherwise:\n")
    _show(played.play_the_others())
    _console.print(f"""
Look at it. First sign in as ops; the link works once, within 5 minutes, and `touchmark sign-in ops` makes another:
  {link(settings, Role.OPS)}

  the certificate        {url}/c/{played.serial}
  the ops room           {url}/ops
  this commission        {url}/ops/commissions/{played.commission}
  the customer's page    {url}/commissions/{played.commission}
  the quote, the money   {url}/quotes/{played.commission}
  the bench              {url}/bench
  its mails              {url}/mails/{played.commission}, and as they arrived: {url}/mail/
  its workflow           {url}/temporal/

Ask for a ring yourself at {url}. `touchmark down` stops everything; the data stays.""")


def _show(steps: Iterable[DemoStep]) -> None:
    for number, step in enumerate(steps, start=1):
        _console.print(f"{number:>2}. {step.at:7.2f} s  {step.title}\n              [dim]{step.fact}[/]")


def _local_link(settings: StackSettings, role: Role) -> str:
    return parse_qs(urlsplit(link(settings, role)).query)["link"][0]
