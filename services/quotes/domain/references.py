"""The reference of a commission's transfers: a creditor reference by ISO 11649, `RF` and two check digits."""

import re
import unicodedata
from uuid import UUID

from stdnum import iso11649
from stdnum.iso7064 import mod_97_10

_ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
_ALIKE = str.maketrans("OIL", "011")  # no reference of ours has these letters
_BODY = 10


def reference_of(commission: UUID) -> str:
    """What a transfer for this commission should say."""
    number = commission.int
    body = ""
    for _ in range(_BODY):
        number, place = divmod(number, len(_ALPHABET))
        body = _ALPHABET[place] + body
    return f"RF{mod_97_10.calc_check_digits(f'{body}RF')}{body}"


def bank_reference_of(text: str) -> str | None:
    """A bank's id of a transfer as it is compared: `TX-1`, `tx-1` and ` tx 1` are one; None where nothing is left."""
    bare = "".join(each for each in unicodedata.normalize("NFKC", text).upper() if each.isalnum())
    return bare or None


def grouped_reference(text: str) -> str:
    """A reference in groups of four, as it is printed."""
    return iso11649.format(text)


def parse_reference(text: str) -> str | None:
    """The reference that somebody typed, however it is spaced; None if a character is wrong."""
    bare = re.sub(r"[^0-9A-Z]", "", text.upper()).translate(_ALIKE)
    return bare if iso11649.is_valid(bare) else None
