"""The words of intake's codes, in English; the catalogues in `locales` say them in other languages."""

from typing import Final

from services.intake.labels import claims, delivery, problems, proposals, refusals, security, spelling, status, timeline
from services.intake.labels.words import CommissionWords
from shared.i18n import Labels

__all__ = ["LABELS", "CommissionWords"]

LABELS: Final = Labels(
    timeline.TITLES,
    timeline.STATES,
    timeline.CHAPTERS,
    timeline.AUTHORS,
    timeline.CLAIMS,
    timeline.REMEDIES,
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
    proposals.REASONS,
    proposals.STATES,
    refusals.REASONS,
    refusals.PROBLEMS,
    problems.CONFIRMATIONS,
    problems.CANCELLATIONS,
    problems.CANNOT_CANCEL,
    claims.CANNOT_CLAIM,
    claims.REASONS,
    claims.CANNOT_WITHDRAW,
    claims.CONFIRMATIONS,
    problems.APPROVALS,
    problems.SIGNING,
    problems.MESSAGES,
    problems.PICTURES,
    problems.BRIEFS,
    problems.ENTERING,
    status.ENTRY_WAYS,
)
"""What intake's readers know besides what all know."""
