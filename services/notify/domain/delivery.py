"""The mails about the way of a piece to its customer, as rows of the catalogue."""

from typing import Final

from services.notify.domain import truth
from services.notify.domain.about import named, reminder, reminds
from services.notify.domain.known import Known
from services.notify.domain.mails import MailDetails
from services.notify.domain.rules import CodeKind, MailRule, Rule
from shared.contracts.commissions import DeliveryChosen, ParcelMissed
from shared.contracts.fact import CommissionFact
from shared.contracts.lifecycle import CommissionReminded, Phase
from shared.contracts.notifications import Intent
from shared.contracts.production import (
    AddressAsked,
    MakingStopped,
    ParcelClaimed,
    ParcelDelivered,
    ParcelHandedOver,
    ReadyForPickup,
)

UNSAID: Final = "unsaid"
"""Why a mail is sent: nobody has said where the piece goes."""
_UNCOLLECTED: Final = "uncollected"
"""The piece waits at the studio."""

_DELIVERY_PAGE: Final = "/commissions/{commission}/delivery"


def _has_left(fact: CommissionFact, known: Known) -> bool:
    return known.has(ParcelHandedOver, ParcelDelivered, MakingStopped) or truth.is_over(fact, known)


def _has_come(fact: CommissionFact, known: Known) -> bool:
    return known.has(ParcelDelivered, MakingStopped) or truth.is_over(fact, known)


def _is_known(fact: CommissionFact, known: Known) -> bool:
    return known.has(DeliveryChosen) or _has_left(fact, known)


def _reminded_of(_reminded: CommissionReminded, known: Known) -> MailDetails:
    return MailDetails(reason=_UNCOLLECTED if known.has(ReadyForPickup) else UNSAID)


def _needs_no_reminder(reminded: CommissionReminded, known: Known) -> bool:
    return known.since(reminded.at, DeliveryChosen) or _has_left(reminded, known)


DELIVERY_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(AddressAsked, Intent.ADDRESS_ASKED, about=lambda asked: asked.ask, untrue=_is_known, page=_DELIVERY_PAGE),
    MailRule(ReadyForPickup, Intent.READY_FOR_PICKUP, untrue=_has_left),
    MailRule(
        CommissionReminded,
        Intent.DELIVERY_REMINDER,
        when=reminds(Phase.SHIPPING),
        about=reminder,
        says=_reminded_of,
        untrue=_needs_no_reminder,
    ),
    MailRule(
        ParcelHandedOver,
        Intent.PARCEL_SENT,
        says=lambda sent, _known: MailDetails(code=sent.tracking, carrier=sent.carrier),
        code=CodeKind.TRACKING_NUMBER,
    ),
    MailRule(ParcelMissed, Intent.PARCEL_MISSED, untrue=_has_come),
    MailRule(
        ParcelClaimed,
        Intent.PARCEL_CLAIMED,
        about=lambda claimed: named("claim", claimed.reference),
        says=lambda claimed, _known: MailDetails(carrier=claimed.carrier),
        untrue=_has_come,
    ),
)

DELIVERY_FACTS: Final[frozenset[type[CommissionFact]]] = frozenset({DeliveryChosen, MakingStopped, ParcelDelivered})
"""What else they depend on."""
