"""The words of a change that is proposed while a quote is offered."""

from collections.abc import Mapping
from typing import Final

from services.intake.domain.briefs import ProposalState
from services.intake.domain.proposals import ProposalReason
from shared.i18n import N_, Label, n_

REASONS: Final[Mapping[ProposalReason, Label]] = {
    ProposalReason.NOT_OFFERED: Label(
        N_("No quote is offered now, so there is nothing to propose a change of."),
        N_("Change the request itself: %(address)s"),
    ),
    ProposalReason.ACCEPTED: Label(
        N_("The quote was accepted in the meantime. What it names is made."),
        N_("Write to the studio what should be different: %(address)s"),
    ),
    ProposalReason.CHANGE_ORDER_NEEDED: Label(
        N_("The quote is accepted, so the change has to be agreed with its price and day."),
        N_("Offer it as a change order: %(address)s"),
    ),
    ProposalReason.OPEN_ALREADY: Label(
        N_("Another change is proposed already, and the studio has not answered it yet."),
        N_("Wait for the answer, or take that proposal back: %(address)s"),
    ),
    ProposalReason.TOO_MANY: Label(
        n_("One change was proposed already.", "%(count)s changes were proposed already."),
        N_("Write to the studio what should be different."),
    ),
    ProposalReason.CLOSED: Label(
        N_("This proposal was answered or taken back in the meantime."), N_("See what became of it: %(address)s")
    ),
    ProposalReason.WORDS_MISSING: Label(
        N_("You have not written why."), N_("Write a few words. The customer reads them.")
    ),
}

STATES: Final[Mapping[ProposalState, Label]] = {
    ProposalState.OPEN: Label(N_("Waits for the studio")),
    ProposalState.APPLIED: Label(N_("Agreed to")),
    ProposalState.REFUSED: Label(N_("Refused")),
    ProposalState.TAKEN_BACK: Label(N_("Taken back")),
    ProposalState.OVERTAKEN: Label(N_("Overtaken")),
}
