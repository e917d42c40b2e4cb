"""`touchmark demo`."""

from collections.abc import Iterable, Iterator
from urllib.parse import parse_qs, urlsplit

from rich.console import Console

from deploy.cli.sign_in import link
from deploy.cli.stack import up
from deploy.local.demo import Demo, DemoStep
from deploy.local.settings import StackSettings
from deploy.local.words import _
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
    _console.print("\n" + _("One commission, from the form to the certificate (in seconds since the start):") + "\n")
    _show(played.play())
    _console.print("\n" + _("Three commissions that end in other ways:") + "\n")
    _show(played.play_the_others())
    _console.print(
        "\n" + _("Sign in as ops first. This link works once, within 5 minutes; `touchmark sign-in ops` makes another.")
    )
    _console.print(f"  {link(settings, Role.OPS)}\n")
    for title, address in _places(url, played):
        _console.print(f"  {title:<27}{address}")
    _console.print(
        "\n" + _("Order a ring yourself at %(url)s. `touchmark down` stops everything; the data is kept.", url=url)
    )


def _places(url: str, played: Demo) -> Iterator[tuple[str, str]]:
    """What there is to look at, and where."""
    yield _("The certificate"), f"{url}/c/{played.serial}"
    yield _("The ops room"), f"{url}/ops"
    yield _("This commission"), f"{url}/ops/commissions/{played.commission}"
    yield _("The customer's page"), f"{url}/commissions/{played.commission}"
    yield _("Quote and payments"), f"{url}/quotes/{played.commission}"
    yield _("The bench"), f"{url}/bench"
    yield _("Its mails"), f"{url}/mails/{played.commission}"
    yield _("All mails as they arrived"), f"{url}/mail/"
    yield _("Its workflow"), f"{url}/temporal/"


def _show(steps: Iterable[DemoStep]) -> None:
    for number, step in enumerate(steps, start=1):
        _console.print(f"{number:>2}. {step.at:7.2f} s  {step.title}\n              [dim]{step.fact}[/]")


def _local_link(settings: StackSettings, role: Role) -> str:
    return parse_qs(urlsplit(link(settings, role)).query)["link"][0]
