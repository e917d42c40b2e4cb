"""Commands that intake carries out."""

from typing import ClassVar

from shared.contracts.commands.command import Command, Done, Result
from shared.contracts.lifecycle import Outcome


class CloseCommission(Command):
    """Close the commission's page: it stays readable, nothing can be asked of it any more."""

    service: ClassVar[str] = "intake"
    result: ClassVar[type[Result]] = Done

    outcome: Outcome
