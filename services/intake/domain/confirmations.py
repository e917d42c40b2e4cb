"""Confirming an address: how long a request waits for it, how much may be open, and what comes of an answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum, auto
from types import MappingProxyType

from services.intake.domain.one_time import COUNTED_FOR, OneTimeResult
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid


class ConfirmationReason(StrEnum):
    """Why a request is not taken, or not confirmed."""

    LINK_WRONG = auto()
    LINK_USED = auto()
    LINK_EXPIRED = auto()
    CODE_MISSING = auto()
    CODE_WRONG = auto()
    CODE_USED = auto()
    CODE_EXPIRED = auto()
    CODE_NO_TRIES = auto()
    ALREADY_CONFIRMED = auto()
    CONFIRMED_ELSEWHERE = auto()
    TOO_MANY_UNCONFIRMED = auto()
    TOO_MANY_UNPAID = auto()
    TOO_MANY_MAILS = auto()


@dataclass(frozen=True)
class OpenLimits:
    """How much may be open at once.

    `unconfirmed` requests of one address may wait for their confirmation, `unpaid` commissions of one customer for the
    deposit; strangers can have so many `mails` sent to one address in a day.
    """

    unconfirmed: int
    unpaid: int
    mails: int


@dataclass(frozen=True)
class SenderLimits:
    """What somebody who sends a request has open; `known` if their address is confirmed."""

    known: bool
    unpaid: int
    unconfirmed: int
    mails: int


@dataclass(frozen=True)
class Waiting:
    """How long after it was sent a request that nobody confirms is reminded of, and how long it is kept."""

    remind_after: timedelta
    within: timedelta


def check_limits(sender: SenderLimits, limits: OpenLimits) -> None:
    """Whether one more request may be sent. Raises `conflict` or `too-many-requests`, with what to do instead."""
    if sender.known:
        check_unpaid(sender.unpaid, limits)
        return
    if sender.unconfirmed >= limits.unconfirmed:
        raise Problem(ProblemType.CONFLICT, Phrase(ConfirmationReason.TOO_MANY_UNCONFIRMED, count=sender.unconfirmed))
    check_mails(sender.mails, limits)


def check_unpaid(unpaid: int, limits: OpenLimits) -> None:
    """Whether one more may be open. Raises `conflict`."""
    if unpaid >= limits.unpaid:
        raise Problem(ProblemType.CONFLICT, Phrase(ConfirmationReason.TOO_MANY_UNPAID, count=unpaid))


def check_mails(mails: int, limits: OpenLimits) -> None:
    """Whether one more mail may be sent to an address today. Raises `too-many-requests`."""
    if mails >= limits.mails:
        raise Problem(
            ProblemType.TOO_MANY_REQUESTS,
            ConfirmationReason.TOO_MANY_MAILS,
            retry_after=int(COUNTED_FOR.total_seconds()),
        )


_LINKS: Mapping[OneTimeResult, ConfirmationReason] = MappingProxyType(
    {
        OneTimeResult.WRONG: ConfirmationReason.LINK_WRONG,
        OneTimeResult.USED: ConfirmationReason.LINK_USED,
        OneTimeResult.EXPIRED: ConfirmationReason.LINK_EXPIRED,
    }
)
_CODES: Mapping[OneTimeResult, ConfirmationReason] = MappingProxyType(
    {
        OneTimeResult.USED: ConfirmationReason.CODE_USED,
        OneTimeResult.EXPIRED: ConfirmationReason.CODE_EXPIRED,
        OneTimeResult.NO_TRIES: ConfirmationReason.CODE_NO_TRIES,
    }
)


def bad_link(result: OneTimeResult) -> Problem:
    """The problem of a link that is not good."""
    return Problem(ProblemType.NOT_ALLOWED, _LINKS.get(result, ConfirmationReason.LINK_WRONG))


def bad_code(result: OneTimeResult, tries_left: int) -> Problem:
    """The problem of a code that is not good."""
    if result is OneTimeResult.WRONG:
        return invalid(FieldProblem("/code", Phrase(ConfirmationReason.CODE_WRONG, count=tries_left)))
    return invalid(FieldProblem("/code", _CODES[result]))


def until(submitted_at: datetime, waiting: Waiting) -> datetime:
    """When a request that nobody confirms is deleted."""
    return submitted_at + waiting.within
