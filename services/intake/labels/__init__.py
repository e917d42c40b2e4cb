"""The words of intake's codes, in English; the catalogues in `locales` say them in other languages."""

from typing import Final

from services.intake.labels import delivery, problems, security, spelling, status, timeline
from services.intake.labels.words import CommissionWords
from shared.i18n import Labels

__all__ = ["LABELS", "CommissionWords"]

LABELS: Final = Labels(
    timeline.TITLES,
    timeline.STATES,
    timeline.CHAPTERS,
    timeline.AUTHORS,
    status.HEADLINES,
    status.ACTIONS,
    status.DOCUMENTS,
    status.WITHDRAWAL_REASONS,
    spelling.CHARACTERS,
    spelling.ACCENTS,
    security.KINDS,
    security.WAYS,
    problems.PEOPLE,
    problems.LEAVING,
    problems.COMMISSIONS,
    delivery.REASONS,
    problems.CHANGES,
    problems.CONFIRMATIONS,
    problems.CANCELLATIONS,
    problems.CANNOT_CANCEL,
    problems.APPROVALS,
    problems.SIGNING,
    problems.MESSAGES,
    problems.PICTURES,
    problems.BRIEFS,
    problems.ENTERING,
    status.ENTRY_WAYS,
)
"""What intake's readers know besides what all know."""
