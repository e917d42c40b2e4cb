"""What logic says to a person: a code and its parameters. The edge turns it into words (`shared.i18n`)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import Decimal
from enum import Enum
from typing import Union

from shared.kernel.money import Money

Param = Union[str, int, Decimal, date, timedelta, Money, Enum, "Phrase", Sequence["Param"]]
"""What a sentence can be given. An enum member and a phrase are put into words too; a `datetime` is a `date`."""


@dataclass(frozen=True, init=False)
class Phrase:
    """A code and its parameters: `Phrase(BriefReason.TOO_LONG, longest=36)`.

    The labels of a service give each code its sentence, with a placeholder for each parameter (`%(longest)s`).
    """

    code: Enum
    params: Mapping[str, Param]

    def __init__(self, code: Enum, /, **params: Param) -> None:
        object.__setattr__(self, "code", code)
        object.__setattr__(self, "params", params)

    def __str__(self) -> str:
        return str(self.code.value)
