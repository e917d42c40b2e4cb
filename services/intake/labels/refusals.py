"""The words of a request that the studio does not take."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.refusals import RefusalReason
from shared.contracts.commissions import RequestRefusal
from shared.i18n import N_, Label

REASONS: Final[Mapping[RequestRefusal, Label]] = {
    RequestRefusal.NOT_OURS: Label(N_("We do not make such pieces")),
    RequestRefusal.NO_TIME: Label(N_("We have no time for it")),
    RequestRefusal.PROTECTED_DESIGN: Label(N_("It would be a copy of a protected design")),
    RequestRefusal.OTHER: Label(N_("Another reason")),
}

PROBLEMS: Final[Mapping[RefusalReason, Label]] = {
    RefusalReason.TOO_LATE: Label(
        N_("This request cannot be refused any more: its quote was sent, or it has ended."),
        N_("Cancel the commission instead, from the ops room."),
    ),
    RefusalReason.REASON_MISSING: Label(N_("Choose a reason.")),
    RefusalReason.WORDS_MISSING: Label(
        N_("You have not written anything."), N_("Write a few words. The customer reads them.")
    ),
}
