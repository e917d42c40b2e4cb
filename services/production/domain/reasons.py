"""Why the bench refuses something, as codes; `services/production/labels.py` says what they mean."""

from enum import StrEnum, auto


class BenchRefusal(StrEnum):
    """Why something cannot be done now, or is not there for the person who asks."""

    TASK_UNKNOWN = auto()
    PIECE_ELSEWHERE = auto()
    MAKER_UNKNOWN = auto()
    PROMISE_UNKNOWN = auto()
    GATE_UNKNOWN = auto()
    STAGE_UNKNOWN = auto()
    PROFILE_UNKNOWN = auto()
    SERIAL_UNKNOWN = auto()
    COMMISSION_UNKNOWN = auto()
    NOT_BOOKED = auto()
    NOT_PROMISED = auto()
    JOURNAL_UNKNOWN = auto()
    BRIEF_ON_ITS_WAY = auto()
    OFFERING_ON_ITS_WAY = auto()
    CERTIFICATE_ON_ITS_WAY = auto()
    HOURS_RELEASED = auto()
    STOPPED_BEFORE = auto()
    NO_MAKER = auto()
    NO_SUCH_OFFERING = auto()
    CANCELLED = auto()
    CANCELLED_PARCEL = auto()
    PAUSED = auto()
    FROZEN = auto()
    MADE_ALREADY = auto()
    NOT_MADE = auto()
    NOT_PACKED = auto()
    UNPAID = auto()
    NOT_HANDED_OVER = auto()
    OTHER_TRACKING = auto()
    NOT_MISSED = auto()
    NO_ADDRESS = auto()
    ADDRESS_KNOWN = auto()
    COLLECTED_HERE = auto()
    SIGNED_FOR_HERE = auto()
    OUT_OF_ORDER = auto()
    NOT_STARTED = auto()
    FINISHED_ALREADY = auto()
    SUPERSEDED = auto()
    CUSTOMER_SIGNS_FIRST = auto()
    STUDIO_SIGNS_FIRST = auto()
    TOO_MANY_PHOTOS = auto()
    SHOWN_ALREADY = auto()
    MISHAP_GONE_ON = auto()
    CERTIFICATE_DAMAGED = auto()
    CERTIFICATE_NOT_IN_ORDER = auto()
    JOURNAL_BROKEN = auto()
    NOT_CERTIFIABLE = auto()


class BenchInput(StrEnum):
    """What is wrong with a field of the bench's forms."""

    NOT_TICKED = auto()
    NOT_CHECKED = auto()
    CHECKS_NOT_MET = auto()
    STAGE_NOT_REACHED = auto()
    MISHAP_NOT_CHOSEN = auto()
    MAKER_NOT_CHOSEN = auto()
    MAKER_UNABLE = auto()
    STATE_UNKNOWN = auto()
    SKILL_UNKNOWN = auto()
    WEEK_EMPTY = auto()
    NOT_HOURS = auto()
    NOT_DAYS = auto()
    TOO_MANY_DAYS = auto()
    CARRIER_NOT_CHOSEN = auto()
    NOT_A_TRACKING_NUMBER = auto()
    NOT_A_REFERENCE = auto()
    PHOTO_MISSING = auto()
    NOT_A_SERIAL = auto()


class BlockerReason(StrEnum):
    """What a piece waits for, in a sentence."""

    PAUSED_BY_STUDIO = auto()
    CHANGE_ORDER_OPEN = auto()
    BALANCE_UNPAID = auto()
    WITH_CARRIER = auto()
    CUSTOMER_SIGNS = auto()
    STUDIO_SIGNS = auto()
    AT_PARTNER = auto()
    RESTING = auto()
