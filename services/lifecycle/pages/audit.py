"""`/ops/audit`: the audit log."""

from typing import Annotated, Literal
from urllib.parse import urlencode
from uuid import UUID

from fastapi import APIRouter, Depends, Query, Request
from starlette.responses import HTMLResponse

from services.lifecycle import actions
from services.lifecycle.domain.audit import AuditAction, AuditFilter, AuditOutcome
from services.lifecycle.pages.context import page_context
from services.lifecycle.settings import LifecycleSettings
from shared.auth.roles import Caller, Role
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import reader_of
from shared.web.pagination import AskedPage, Position, paged
from shared.web.templates import Pages

Ops = Annotated[Caller, Allow(Role.OPS)]


async def _only(
    action: Annotated[AuditAction | Literal[""], Query()] = "",
    outcome: Annotated[AuditOutcome | Literal[""], Query()] = "",
    commission: Annotated[UUID | Literal[""], Query()] = "",
    bulk: Annotated[UUID | Literal[""], Query()] = "",
) -> AuditFilter:
    return AuditFilter(action or None, outcome or None, commission or None, bulk or None)


_CHOICES = {
    "actions": list(AuditAction),
    "outcomes": list(AuditOutcome),
    "about_people": {AuditAction.INVITE, AuditAction.END_ACCESS},
}


def router(kernel: Kernel[LifecycleSettings]) -> APIRouter:
    pages = APIRouter()

    @pages.get("/ops/audit")
    async def audit(
        request: Request, paging: AskedPage, caller: Ops, templates: Pages, only: Annotated[AuditFilter, Depends(_only)]
    ) -> HTMLResponse:
        after = (paging.after.at, paging.after.id) if paging.after else None
        async with kernel.database.transaction() as tx:
            found = await actions.read_audit(tx, caller, only, after=after, at_most=paging.fetch)
            people = await actions.audit_people(tx, found)
            titles = await actions.audit_titles(tx, found, reader_of(request.scope).language)
        listed = paged([(Position(each.at, each.id), each) for each in found], paging)
        context = {
            "listed": listed,
            "titles": titles,
            "only": only,
            "query": _query(only),
            "me": caller.person,
            "choices": _CHOICES,
        }
        return templates.page(request, "audit.html", {**context, **page_context(request, people=people)})

    return pages


def _query(only: AuditFilter) -> str:
    """As an address has it, with only what is asked for."""
    return urlencode({name: str(value) for name, value in vars(only).items() if value})
