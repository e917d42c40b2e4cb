"""`touchmark demo`."""

from urllib.parse import parse_qs, urlsplit

from rich.console import Console

from deploy.cli.sign_in import link
from deploy.cli.stack import up
from deploy.local.demo import Demo
from deploy.local.settings import StackSettings
from shared.contracts.people import Role

_console = Console(highlight=False, soft_wrap=True)


def demo() -> None:
    """Play one commission on the stack, over its public addresses. Starts the stack where it is not up, and leaves it.

    Example: touchmark demo
    """
    up()
    settings = StackSettings()
    url = settings.public_url
    played = Demo(url, parse_qs(urlsplit(link(settings, Role.OPS)).query)["ticket"][0])
    _console.print("\nOne commission, from a customer's form to the studio's desk (seconds since the start):\n")
    for number, step in enumerate(played.play(), start=1):
        _console.print(f"{number:>2}. {step.at:7.2f} s  {step.title}\n              [dim]{step.fact}[/]")
    _console.print(f"""
Look at it. First sign in as ops; the link works once, within 5 minutes, and `touchmark sign-in ops` makes another:
  {link(settings, Role.OPS)}

  the ops room           {url}/ops
  this commission        {url}/ops/commissions/{played.commission}
  the customer's page    {url}/commissions/{played.commission}
  the quote's lines      {url}/quotes/{played.commission}
  the bench's promises   {url}/bench/promises
  its mails              {url}/messages/{played.commission}, and as they arrived: {url}/mail/
  its workflow           {url}/temporal/

Ask for a ring yourself at {url}. `touchmark down` stops everything; the data stays.""")
