"""The mail with which a commission ends: an erasure waits for it, so it is never passed over in silence."""

from datetime import datetime, timedelta
from typing import Final

from services.notify.domain.mails import Addressee, MailRequest
from shared.contracts.notifications import LAST_MAILS

_WAITED_FOR: Final = timedelta(days=4)
"""As intake waits for it, unless it is set otherwise (`TOUCHMARK_ERASE_AFTER_HOURS`)."""


def omitted_after(request: MailRequest, now: datetime) -> datetime | None:
    """After which instant this mail, if it is older than the cut-over, is not dropped but said to be omitted.

    None if it is dropped. So the studio learns of a customer who was not told of the end, and who is to be erased does
    not wait for a mail that was never requested; of ends that are long past nobody hears.
    """
    last = request.addressee is Addressee.CUSTOMER and request.intent in LAST_MAILS.values()
    return now - _WAITED_FOR if last else None
