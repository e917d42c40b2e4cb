"""HTTP in, as JSON: the log of mails, for ops, and what people wish to be told."""

from collections.abc import Sequence
from datetime import date, datetime, time
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.notify import actions
from services.notify.domain.mails import Addressee, AttemptOutcome, Mail, MailState, MailStatus
from services.notify.domain.preferences import OPTIONAL, Preferences, Timing, quiet_hours
from services.notify.settings import NotifySettings
from shared.auth.roles import Caller, Role
from shared.contracts.notifications import Intent
from shared.i18n import Reader
from shared.kernel.money import Money
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.bodies import Body, JsonBody
from shared.web.language import CurrentReader
from shared.web.pagination import AskedPage, Page, Position, paged


class DeliveryRead(BaseModel):
    """One attempt to deliver a mail."""

    model_config = ConfigDict(from_attributes=True)

    attempt: int = Field(description="Counts from 1.")
    begun_at: datetime
    ended_at: datetime | None
    outcome: AttemptOutcome
    smtp_code: int | None = Field(description="The mail server's reply code (RFC 5321), if it answered.")
    address: str | None = Field(description="Masked; null once the person was erased.")


class MailRead(BaseModel):
    """One mail and every attempt to deliver it. Its words and the whole address are never shown."""

    mail: UUID
    intent: Intent
    title: str = Field(description="The intent in the language of `Accept-Language`.")
    addressee: Addressee
    person: UUID | None = Field(description="Null until it is known who the commission's addressee is.")
    about: UUID | None = Field(
        description="The approval, question, message or cancellation, or what else sets it apart."
    )
    day: date | None = Field(description="What the mail says, as are amount and code.")
    amount: Money | None
    code: str | None = Field(description="The reference of a transfer, a tracking number, or a serial.")
    state: MailState
    status: MailStatus = Field(description="The state, and while it waits what it waits for.")
    explanation: str = Field(description="The status and what to do about it, in the language of `Accept-Language`.")
    requested_at: datetime
    held_until: datetime | None = Field(description="Not sent before, so that several messages are one mail.")
    due_at: datetime = Field(description="When it is tried next, while it is waiting.")
    address_known: bool
    deliveries: list[DeliveryRead]


class PreferencesChange(Body):
    """`quiet_from` to `quiet_until`, by the studio's clock, nothing is sent to you; without both, there are none."""

    timings: dict[Intent, Timing] = Field(default_factory=dict, max_length=50)
    quiet_from: time | None = None
    quiet_until: time | None = None


class PreferencesRead(BaseModel):
    timings: dict[Intent, Timing]
    quiet_from: time | None
    quiet_until: time | None


Told = Annotated[Caller, Allow(Role.MAKER, Role.OPS)]


def routers(kernel: Kernel[NotifySettings]) -> Sequence[APIRouter]:
    api = APIRouter(tags=["mails"])

    @api.get("/commissions/{commission}/mails")
    async def mails(
        commission: UUID,
        paging: AskedPage,
        caller: Annotated[Caller, Allow(Role.OPS, of="commission")],
        reader: CurrentReader,
    ) -> Page[MailRead]:
        """The mails about a commission, newest first, each with every attempt to deliver it."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_log(tx, caller, commission, before=before, at_most=paging.fetch)
        return paged([(Position(mail.requested_at, mail.mail), _read(mail, reader)) for mail in found], paging)

    return [api, _preferences(kernel)]


def _preferences(kernel: Kernel[NotifySettings]) -> APIRouter:
    api = APIRouter(tags=["preferences"])

    @api.get("/preferences")
    async def preferences(caller: Told) -> PreferencesRead:
        """What you are told by mail, and when; a customer is told what concerns the commission in any case."""
        async with kernel.database.transaction() as tx:
            return _chosen(await actions.read_preferences(tx, caller), caller)

    @api.put("/preferences")
    async def choose(given: JsonBody[PreferencesChange], caller: Told) -> PreferencesRead:
        """Choose; what you leave out of `timings` stays as it is. Idempotent."""
        quiet = quiet_hours(given.quiet_from, given.quiet_until)
        async with kernel.database.transaction() as tx:
            await actions.choose(tx, caller, Preferences(given.timings, quiet))
            return _chosen(await actions.read_preferences(tx, caller), caller)

    return api


def _chosen(found: Preferences, caller: Caller) -> PreferencesRead:
    return PreferencesRead(
        timings={intent: found.timing(intent) for intent in OPTIONAL[caller.role]},
        quiet_from=found.quiet.begin if found.quiet else None,
        quiet_until=found.quiet.until if found.quiet else None,
    )


def _read(mail: Mail, reader: Reader) -> MailRead:
    words = {
        "title": reader.label(mail.intent),
        "explanation": f"{reader.label(mail.status)}. {reader.remedy(mail.status)}".strip(),
    }
    values = {**vars(mail), **vars(mail.details), **words, "status": mail.status}
    return MailRead.model_validate(values, from_attributes=True)
