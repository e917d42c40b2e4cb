"""What is wrong with a request, as codes; `shared.web.labels` says what they mean."""

from enum import StrEnum, auto


class RequestReason(StrEnum):
    """What a request gets wrong before a service looks at it."""

    NOT_JSON = auto()
    NOT_A_FORM = auto()
    BODY_TOO_LARGE = auto()
    TOO_MANY_PARTS = auto()
    TOO_DEEP = auto()
    MORE_PROBLEMS = auto()
    TOO_MANY_UPLOADS = auto()
    TOO_MANY_BODIES = auto()
    TOO_OFTEN = auto()
    ON_THE_TABLET = auto()
    NOT_A_CURSOR = auto()
    SECOND_STEP = auto()
    KEY_MALFORMED = auto()
    STOPPING = auto()
    NO_DECISION = auto()
    NOT_WAITING = auto()
    """The failed event does not wait for a decision."""
    NOT_FIRST = auto()
    """Another failed event of the same key comes first."""

    # What pydantic finds, https://docs.pydantic.dev/latest/errors/validation_errors/.
    INVALID = auto()
    MISSING = auto()
    UNKNOWN_FIELD = auto()
    NOT_EMPTY = auto()
    TOO_LONG = auto()
    TOO_SHORT = auto()
    PATTERN = auto()
    NOT_TEXT = auto()
    NOT_UNICODE = auto()
    NOT_WHOLE = auto()
    NUMBER_TOO_LARGE = auto()
    NOT_A_NUMBER = auto()
    NOT_YES_OR_NO = auto()
    NOT_MORE_THAN = auto()
    LESS_THAN = auto()
    NOT_LESS_THAN = auto()
    MORE_THAN = auto()
    NOT_A_CHOICE = auto()
    NOT_A_DATE = auto()
    NOT_AN_ID = auto()
    NOT_AN_OBJECT = auto()
    NOT_A_LIST = auto()
    TOO_MANY = auto()
    TOO_FEW = auto()


class PictureReason(StrEnum):
    """Why a picture cannot be used. The worker says so by the value."""

    HEIC = "heic"
    AVIF = "avif"
    SVG = "svg"
    PDF = "pdf"
    GIF = "gif"
    BMP = "bmp"
    TIFF = "tiff"
    PIXELS = "pixels"
    EFFORT = "effort"
    DAMAGED = "damaged"
    EMPTY = "empty"
    BYTES = "bytes"
    UNKNOWN = "unknown"
