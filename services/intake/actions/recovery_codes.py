"""Recovery codes: made for whoever has a second step that they are asked for, and forgotten with it."""

import secrets
from datetime import datetime

from services.intake import store
from services.intake.actions.sessions import SignInContext, asks_second_step, record
from services.intake.domain.second_step import RECOVERY_BYTES, StepKeys, recovery_codes
from services.intake.domain.sessions import SecurityKind
from shared.auth.roles import Caller
from shared.postgres.database import Tx


async def make(tx: Tx, context: SignInContext, caller: Caller, now: datetime) -> tuple[str, ...]:
    """Ten new ones in place of all others, for who has proven that it is they; shown only here."""
    keys = StepKeys(context.settings.second_factor_secret.get_secret_value())
    codes = recovery_codes(secrets.token_bytes(RECOVERY_BYTES))
    await store.replace_recovery_codes(tx, caller.person, [keys.hash_code(caller.person, each) for each in codes], now)
    await record(tx, context, SecurityKind.CODES_MADE, caller, now)
    return codes


async def forget_if_unneeded(tx: Tx, context: SignInContext, caller: Caller) -> None:
    """They stand for a second step: where none is asked for any more, they go with the last one."""
    if not await asks_second_step(tx, context, caller):
        await store.forget_recovery_codes(tx, caller.person)
