"""What tells two mails of one intent apart, where the fact has no id for it."""

from collections.abc import Callable
from typing import Final
from uuid import UUID, uuid5

from shared.contracts.lifecycle import CommissionReminded, Holder, Phase

_ABOUT: Final = UUID("3d0d4f3e-6c0b-5d8a-9a55-7a1f0f3f6b21")


def named(*parts: object) -> UUID:
    """The id of something that has none of its own, such as the second reminder."""
    return uuid5(_ABOUT, "/".join(map(str, parts)))


def reminder(reminded: CommissionReminded) -> UUID:
    return named("reminder", reminded.number)


def reminds(phase: Phase) -> Callable[[CommissionReminded], bool]:
    """Whether it is the customer who is reminded, in this phase."""
    return lambda reminded: reminded.phase is phase and reminded.holder is Holder.CUSTOMER
