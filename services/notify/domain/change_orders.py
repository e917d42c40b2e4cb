"""A change order of what was accepted: what the customer is told of it."""

from typing import Final

from services.notify.domain.known import Known
from services.notify.domain.mails import MailDetails
from services.notify.domain.rules import MailRule, Rule
from shared.contracts.notifications import Intent
from shared.contracts.quotes import (
    ChangeOrderAgreed,
    ChangeOrderApplied,
    ChangeOrderEnd,
    ChangeOrderEnded,
    ChangeOrderOffered,
)

_PAGE: Final = "/quotes/{commission}/change-order"
_TOLD: Final = {ChangeOrderEnd.LAPSED, ChangeOrderEnd.WITHDRAWN, ChangeOrderEnd.REFUSED}
"""How it ends without the customer's own doing."""


def _offer(offered: ChangeOrderOffered, known: Known) -> MailDetails:
    day = known.last_day(offered.until, offered.at)
    return MailDetails(day=day, amount=offered.total, ready_by=offered.ready_by)


def _is_answered(offered: ChangeOrderOffered, known: Known) -> bool:
    agreed = any(each.change_order == offered.change_order for each in known.all(ChangeOrderAgreed))
    ended = any(each.change_order == offered.change_order for each in known.all(ChangeOrderEnded))
    return known.over or agreed or ended


CHANGE_ORDER_MAILS: Final[tuple[Rule, ...]] = (
    MailRule(
        ChangeOrderOffered,
        Intent.CHANGE_ORDER_OFFERED,
        about=lambda offered: offered.change_order,
        says=_offer,
        untrue=_is_answered,
        page=_PAGE,
    ),
    MailRule(
        ChangeOrderApplied,
        Intent.CHANGE_ORDER_APPLIED,
        about=lambda applied: applied.change_order,
        says=lambda applied, _known: MailDetails(amount=applied.total, ready_by=applied.ready_by),
        untrue=lambda _applied, known: known.over,
        page=_PAGE,
    ),
    MailRule(
        ChangeOrderEnded,
        Intent.CHANGE_ORDER_ENDED,
        when=lambda ended: ended.offered and ended.end in _TOLD,
        about=lambda ended: ended.change_order,
        says=lambda ended, _known: MailDetails(reason=ended.end.value),
        untrue=lambda _ended, known: known.over,
        page=_PAGE,
    ),
)
