"""Why a request of ops cannot be answered as it was asked."""

from enum import StrEnum


class OpsReason(StrEnum):
    """What is wrong with a request; its words are in `labels.py`."""

    UNKNOWN_COMMISSION = "unknown_commission"
    MALFORMED_FORM = "malformed_form"
    NO_CAUSE = "no_cause"
    NO_DAYS = "no_days"
    DAYS_OUT_OF_RANGE = "days_out_of_range"
    NONE_CHOSEN = "none_chosen"
    TOO_MANY_CHOSEN = "too_many_chosen"
    OUTCOME_UNKNOWN = "outcome_unknown"
    """Temporal did not answer: the operation may have been carried out or not."""
