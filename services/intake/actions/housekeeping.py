"""What is forgotten in time."""

from datetime import datetime, timedelta

from services.intake import store
from services.intake.domain.one_time import COUNTED_FOR
from services.intake.domain.pictures import WAITING_LIFE
from services.intake.domain.sessions import EVENTS_KEPT
from shared.postgres.database import Tx

_SESSIONS_KEPT = timedelta(days=30)


async def sweep(tx: Tx, now: datetime) -> None:
    """Forget pictures whose form never came, and sessions, links, rights and security events that are over long ago."""
    await store.sweep_security_events(tx, before=now - EVENTS_KEPT)
    await store.sweep(
        tx, now=now, waiting_since=now - WAITING_LIFE, over_since=now - _SESSIONS_KEPT, counted_since=now - COUNTED_FOR
    )
