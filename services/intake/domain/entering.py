"""Requests that the studio enters for somebody at the counter or on the phone, with or without an e-mail address."""

from dataclasses import dataclass
from enum import StrEnum, auto
from uuid import UUID

from services.intake.domain.people import PeopleReason, Person
from shared.contracts.commissions import EntryWay
from shared.kernel.phrases import Phrase
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid

CUSTOMERS_FOUND = 20
"""So many customers are shown of those that a search finds."""


class EntryReason(StrEnum):
    """Why a request cannot be entered for somebody, or an address not be given to them."""

    NO_CUSTOMER = auto()
    ADDRESS_TAKEN = auto()
    ADDRESS_OF_CUSTOMER = auto()
    ADDRESS_KNOWN = auto()
    OTHER_ADDRESS = auto()
    WAY_MISSING = auto()
    TOO_MANY_UNPAID = auto()
    NAME_TO_TYPE = auto()


@dataclass(frozen=True)
class NewCustomer:
    """Somebody whom the studio does not know yet; `email` is empty where they have none, or give none."""

    name: str
    email: str
    language: str


@dataclass(frozen=True)
class RequestEntry:
    """How a request reached the studio, and whom it is for: a customer by their id, or a new one.

    `address` is what was typed of a customer who is chosen; None where it was not typed.
    """

    way: EntryWay
    customer: UUID | NewCustomer
    address: str | None = None


@dataclass(frozen=True)
class EnteredFor:
    """Whom a request is entered for, by whom of the studio, and how it reached them."""

    customer: UUID
    by: UUID
    way: EntryWay


def name_missing() -> Problem:
    return invalid(FieldProblem("/for_name", PeopleReason.NAME_MISSING))


def no_customer() -> Problem:
    """The problem of a customer whom the studio does not know, or who only typed an address."""
    return invalid(FieldProblem("/for_customer", EntryReason.NO_CUSTOMER))


def address_taken() -> Problem:
    """The problem of an address for somebody who has none, which another customer has."""
    return invalid(FieldProblem("/email", EntryReason.ADDRESS_TAKEN))


def address_of_customer() -> Problem:
    """The problem of somebody new whose address a customer has: what is typed joins nobody's account by itself."""
    return invalid(FieldProblem("/for_email", EntryReason.ADDRESS_OF_CUSTOMER))


def check_address_is_theirs(person: Person, typed: str | None) -> None:
    """Whether the address that was typed, if one was, is this customer's: they were chosen because of it.

    Raises `validation-failed` where it was changed meanwhile, here or by them: it may be somebody else now.
    """
    if typed is not None and (not typed or typed.lower() != person.email.lower()):
        raise invalid(FieldProblem("/for_email", EntryReason.OTHER_ADDRESS))


def has_known_address(problem: Problem) -> bool:
    """Whether the address of somebody new is a customer's already."""
    return any(found.message is EntryReason.ADDRESS_OF_CUSTOMER for found in problem.fields)


def too_many_unpaid(unpaid: int) -> Problem:
    """The problem of a customer who has too much open, in words for the studio."""
    return Problem(ProblemType.CONFLICT, Phrase(EntryReason.TOO_MANY_UNPAID, count=unpaid))


def check_takes_address(person: Person, *, read_before: str) -> None:
    """Whether the studio may write down this customer's address, or another one than it wrote down itself.

    `read_before` is the one whose mails sign nobody in any more. Raises `conflict` where it is theirs for good, or
    another one by now.
    """
    if not person.awaits_proof or person.email != read_before:
        raise Problem(ProblemType.CONFLICT, EntryReason.ADDRESS_KNOWN)
