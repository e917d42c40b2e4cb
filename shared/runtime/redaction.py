"""No personal data in logs: the last processor before a line is written looks at every key and every string.

Code logs ids, enums, amounts and times in the first place. This is the net below it, for what libraries and
tracebacks say: PostgreSQL quotes a row in `DETAIL`, pydantic quotes the input, a client quotes its address. What they
quote may have been sent by anybody, so each pattern takes time in proportion to the text, whatever is in it.
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from structlog.typing import EventDict, WrappedLogger

MASK: Final = "***"

_PERSONAL_KEYS = re.compile(
    r"((^|full_|first_|last_|person_|customer_|maker_|display_|user_?)name"
    r"|(^|_)(email|mail_to|recipient|address|phone|street|city|answers?|brief|text|note|prose"
    r"|password|secret|tokens?|token_keys|signing_key|link|cookies?|authorization|credentials|dsn|headers|body|form))$",
    re.IGNORECASE,
)

_PATTERNS: Final = (
    (re.compile(r"(?<=://)[^\s/@:]+:[^\s/@]+(?=@)"), MASK),  # user:password in an address
    (re.compile(r"(?<![\w.!#$%&'*+/=?^`{|}~-])[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(\.[\w-]+)+"), MASK),  # e-mail
    (re.compile(r"(?<![\w-])eyJ[\w-]+\.[\w-]+\.[\w-]*"), MASK),  # JWT
    (re.compile(r"(?i)\b(bearer|basic)\s+[\w.~+/=-]{8,}"), rf"\1 {MASK}"),
    (re.compile(r"(?<=DETAIL:)[^\n]*"), f"  {MASK}"),  # PostgreSQL quotes the row
)


_TYPED: Final = ("input_value=", ", input_type=")
"""Between these pydantic quotes what was typed."""
_LONGEST: Final = 64 * 1024


def text(value: str) -> str:
    """What a library said, without what it quoted, and of a very long one the beginning."""
    if len(value) > _LONGEST:
        value = f"{value[:_LONGEST]} … and {len(value) - _LONGEST} characters more"
    value = _without_what_was_typed(value)
    for pattern, replacement in _PATTERNS:
        value = pattern.sub(replacement, value)
    return value


def _without_what_was_typed(value: str) -> str:
    kept, at = "", 0
    begin, end = _TYPED
    while (start := value.find(begin, at)) >= 0 and (stop := value.find(end, start)) >= 0:
        kept, at = f"{kept}{value[at:start]}{begin}{MASK}", stop
    return kept + value[at:]


def _value(value: Any) -> Any:
    if isinstance(value, str):
        return text(value)
    if isinstance(value, Mapping):
        return {key: MASK if is_personal(str(key)) else _value(inner) for key, inner in value.items()}
    if isinstance(value, list | tuple | set | frozenset):
        return [_value(inner) for inner in value]
    if isinstance(value, int | float | bool) or value is None:
        return value
    return text(str(value))


def is_personal(key: str) -> bool:
    """Whether a value under this key is masked whatever it is."""
    return _PERSONAL_KEYS.search(key) is not None


def redact(_logger: WrappedLogger, _method: str, event: EventDict) -> EventDict:
    """The structlog processor."""
    return {key: MASK if is_personal(key) else _value(value) for key, value in event.items()}
