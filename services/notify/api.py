"""HTTP in, as JSON: the log of mails, for ops."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.notify import actions
from services.notify.domain import Ending, Mail, MailState
from services.notify.settings import Settings
from shared.auth.roles import Caller, Role
from shared.contracts.notifications import Intent
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.pagination import AskedPage, Page, Position, paged


class DeliveryShown(BaseModel):
    """One attempt to deliver a mail."""

    model_config = ConfigDict(from_attributes=True)

    attempt: int = Field(description="Counts from 1.")
    begun_at: datetime
    ended_at: datetime | None
    ending: Ending
    smtp_code: int | None = Field(description="The mail server's reply code (RFC 5321), if it answered.")
    address: str | None = Field(description="Masked; null once the person was erased.")


class MailShown(BaseModel):
    """One mail and every attempt to deliver it. Its words and the whole address are never shown."""

    model_config = ConfigDict(from_attributes=True)

    mail: UUID
    intent: Intent
    person: UUID
    state: MailState
    asked_at: datetime
    due_at: datetime = Field(description="When it is tried next, while it is waiting.")
    address_known: bool
    deliveries: list[DeliveryShown]


def router(kernel: Kernel[Settings]) -> APIRouter:
    api = APIRouter(tags=["mails"])

    @api.get("/commissions/{commission}/mails")
    async def mails(
        commission: UUID, paging: AskedPage, caller: Annotated[Caller, Allow(Role.OPS, of="commission")]
    ) -> Page[MailShown]:
        """The mails about a commission, newest first, each with every attempt to deliver it."""
        before = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_log(tx, caller, commission, before=before, at_most=paging.fetch)
        return paged([(Position(mail.asked_at, mail.mail), _shown(mail)) for mail in found], paging)

    return api


def _shown(mail: Mail) -> MailShown:
    return MailShown.model_validate(mail)
