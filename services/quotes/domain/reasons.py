"""Why something cannot be done with a quote or its money, as codes; `labels` has their words."""

from enum import StrEnum, auto


class QuoteReason(StrEnum):
    """Why a quote cannot be drafted, changed, sent, or answered."""

    ACCEPTED_BY_YOU = auto()
    ACCEPTED_VERSION = auto()
    ACCEPTED_FOR_GOOD = auto()
    NEWER_VERSION = auto()
    NOT_NEWEST = auto()
    EXPIRED = auto()
    ENDED = auto()
    NO_QUOTE = auto()
    NO_QUOTE_YET = auto()
    NO_VERSION = auto()
    NO_LINE = auto()
    LAST_LINE = auto()
    TOO_MANY_LINES = auto()
    NO_DISCOUNT = auto()
    DISCOUNT_TOO_LARGE = auto()
    ONE_OF_BOTH = auto()
    NO_WHOLE_NUMBER = auto()
    NO_PERCENTAGE = auto()
    CURRENCY = auto()
    NO_BRIEF = auto()
    BRIEF_ON_ITS_WAY = auto()
    CUSTOMER_ON_ITS_WAY = auto()
    BRIEF_ERASED = auto()
    BRIEF_CHANGED = auto()
    BRIEF_NEWER = auto()
    CHANGE_PROPOSED = auto()
    OFFERING_ON_ITS_WAY = auto()
    PAST = auto()
    ZERO = auto()
    QUESTIONS_WAIT = auto()
    QUESTION_ANSWERED = auto()
    TERMS_NOT_AGREED = auto()
    VARIATION_NOT_AGREED = auto()
    NO_DECLINE_REASON = auto()
    NO_DAY = auto()
    NO_OFFERING = auto()


class EndedReason(StrEnum):
    """Why a quote cannot be accepted any more, said to its customer; the values are those of `QuoteEnd`."""

    LAPSED = auto()
    WITHDRAWN = auto()
    DECLINED = auto()
    REFUSED = auto()
    EXPIRED = auto()
    CANCELLED = auto()


class ChangeOrderReason(StrEnum):
    """Why a change of what was accepted cannot be offered, agreed to or taken back."""

    NOTHING = auto()
    NOT_BOOKED = auto()
    TOO_LATE = auto()
    OPEN_ALREADY = auto()
    PROPOSAL_CHANGED = auto()
    NOT_OFFERED = auto()
    AGREED = auto()
    ENDED = auto()
    EXPIRED = auto()
    NO_STAGE = auto()
    NO_TITLE = auto()
    CURRENCY = auto()
    ZERO = auto()


class PaymentReason(StrEnum):
    """Why a payment, a refund or an invoice cannot be recorded or found."""

    NOTHING_ACCEPTED = auto()
    NAME_ON_ITS_WAY = auto()
    CURRENCY = auto()
    FUTURE_DAY = auto()
    OLD_DAY = auto()
    TRANSFER_KNOWN = auto()
    TRANSFER_ELSEWHERE = auto()
    AMOUNT_DIFFERS = auto()
    NOTHING_DUE = auto()
    NO_METHOD = auto()
    NO_REVERSAL_REASON = auto()
    REFUND_WITHDRAWN = auto()
    SOMEBODY = auto()
    TRANSFER_RECORDED = auto()
    SETTLED_BEFORE = auto()
    NO_REFERENCE = auto()
    REFERENCE_UNKNOWN = auto()


class RemedyReason(StrEnum):
    """Why something that is wrong cannot be answered like this."""

    ANSWERED = auto()
    NOTHING_PAID = auto()
    AMOUNT_MISSING = auto()
    CURRENCY = auto()
    MORE_THAN_PAID = auto()
    NO_REMEDY = auto()
    NO_WORDS = auto()


class AmountReason(StrEnum):
    """Why something typed is no amount."""

    EMPTY = auto()
    UNREADABLE = auto()
    DECIMALS = auto()
    IMPOSSIBLE = auto()
    AMBIGUOUS = auto()
