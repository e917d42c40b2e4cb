"""What a row of the catalogue says about one mail."""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any, Final, Generic, TypeAlias, TypeVar
from uuid import UUID

from services.notify.domain.known import Known
from services.notify.domain.mails import Addressee, MailDetails, MailRequest
from shared.contracts.fact import CommissionFact
from shared.contracts.notifications import Intent

F = TypeVar("F", bound=CommissionFact)

COMMISSION_PAGE: Final = "/commissions/{commission}"


class CodeKind(StrEnum):
    """What the code of a mail is."""

    REFERENCE = "reference"
    INVOICE = "invoice"
    TRACKING_NUMBER = "tracking_number"
    SERIAL = "serial"


@dataclass(frozen=True)
class MailRule(Generic[F]):
    """One mail, and the fact that it comes from.

    `page` is the path that its link leads to. `code` is what its code is. `person` is who reads it, where the fact says
    so; else it goes to the one who is the `reader` when it is sent. `quotes` is a text that it quotes. A mail that is
    `gathered` is held back, so that several become one; `not_before` is until when another one is. Mails to one reader
    leave in the order of their facts, if they are `in_order`. One that `names_piece` waits a while for the brief. One
    that is `over_with_person` asks something that nobody needs to answer once its reader is erased. `papers` (documents
    on `touchmark.documents`) go with it, and `invoice` is the one that it asks to pay.
    """

    fact: type[F]
    intent: Intent
    when: Callable[[F], bool] = lambda _fact: True
    about: Callable[[F], UUID | None] = lambda _fact: None
    reader: Callable[[F], Addressee] = lambda _fact: Addressee.CUSTOMER
    says: Callable[[F, Known], MailDetails | None] = lambda _fact, _known: MailDetails()
    untrue: Callable[[F, Known], bool] = lambda _fact, _known: False
    page: str = COMMISSION_PAGE
    code: CodeKind = CodeKind.REFERENCE
    person: Callable[[F], UUID | None] = lambda _fact: None
    quotes: Callable[[F], UUID | None] = lambda _fact: None
    gathered: bool = False
    not_before: Callable[[F], datetime | None] = lambda _fact: None
    in_order: bool = True
    names_piece: bool = True
    over_with_person: bool = False
    papers: Callable[[F, Known], tuple[UUID, ...]] = lambda _fact, _known: ()
    invoice: Callable[[F, Known], UUID | None] = lambda _fact, _known: None

    def request(self, fact: F, version: int) -> MailRequest:
        """The mail that this fact asks for."""
        return MailRequest(
            commission=fact.commission,
            intent=self.intent,
            addressee=self.reader(fact),
            topic=fact.topic,
            version=version,
            happened_at=fact.at,
            about=self.about(fact),
            person=self.person(fact),
            text=self.quotes(fact),
            held_until=self.not_before(fact),
            in_order=self.in_order,
            names_piece=self.names_piece,
        )


Rule: TypeAlias = MailRule[Any]


def to_the_studio(_fact: CommissionFact) -> Addressee:
    return Addressee.STUDIO


class MailVerdict(StrEnum):
    """What becomes of a mail whose turn it is."""

    READY = "ready"
    INCOMPLETE = "incomplete"
    """A fact is missing that it needs."""
    UNTRUE = "untrue"
    """A newer fact has overtaken it."""
