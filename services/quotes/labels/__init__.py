"""The words of quotes' codes, in English as source text; other languages are in `locales`."""

from pathlib import Path
from typing import Final

from services.quotes.labels import change_orders, claims, codes, reasons
from shared.i18n import Labels

LABELS: Final = Labels(
    codes.STATES,
    codes.UNITS,
    codes.LINE_DETAILS,
    codes.FIXED_LINES,
    codes.TERMS,
    codes.DECLINES,
    codes.INVOICES,
    codes.REFUNDS,
    codes.METHODS,
    codes.REVERSALS,
    codes.PAYMENT_STATES,
    reasons.QUOTES,
    reasons.ENDED,
    reasons.MISMATCHES,
    reasons.PAYMENTS,
    reasons.AMOUNTS,
    change_orders.STATES,
    change_orders.ENDS,
    change_orders.REFUSALS,
    change_orders.REASONS,
    claims.KINDS,
    claims.REMEDIES,
    claims.REASONS,
)

LOCALES: Final = Path(__file__).parents[1] / "locales"
