"""What is published of mails: that they were sent, failed, or were omitted."""

from datetime import datetime

from services.notify.domain.mails import Addressee, AttemptResult, MailState, OutgoingMail
from services.notify.domain.person_mails import PERSON_MAILS
from services.notify.domain.studio import STUDIO_INTENTS
from services.notify.store import UnsentMail
from shared.contracts.notifications import MailFailed, MailOmitted, MailSent
from shared.outbox import publish
from shared.postgres.database import Tx


def facts_of(
    outgoing: OutgoingMail, state: MailState, result: AttemptResult, now: datetime
) -> list[MailSent | MailFailed]:
    """The fact that a mail's last attempt makes; none before it, nor if it is about no commission, or to the studio."""
    if outgoing.addressee in {Addressee.PERSON, Addressee.STUDIO}:
        return []
    sent = MailSent(
        commission=outgoing.commission,
        mail=outgoing.mail,
        person=outgoing.person,
        intent=outgoing.intent,
        about=outgoing.details.about,
        at=now,
    )
    match state:
        case MailState.SENT:
            return [sent]
        case MailState.REFUSED | MailState.GIVEN_UP:
            return [MailFailed(**sent.model_dump(), smtp_code=result.smtp_code)]
        case _:
            return []


async def publish_unsent(
    tx: Tx, unsent: list[UnsentMail], now: datetime, kind: type[MailFailed | MailOmitted] = MailFailed
) -> None:
    """The fact names the person that a mail was for: one that was for nobody known is in the log only.

    One that was overtaken did not fail: nobody needs to hear of it.
    """
    for mail in unsent:
        tx.touch(mail.commission)
    await publish(
        tx,
        [
            kind(
                commission=mail.commission,
                mail=mail.mail,
                person=mail.person,
                intent=mail.intent,
                about=mail.about,
                at=now,
            )
            for mail in unsent
            if mail.state is not MailState.OVERTAKEN
            and mail.person is not None
            and mail.intent not in PERSON_MAILS
            and mail.intent not in STUDIO_INTENTS
        ],
    )
