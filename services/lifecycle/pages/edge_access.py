"""`/ops/access`: the edge asks here whether somebody may see what is for ops: Temporal's UI, the mail sink, metrics."""

from typing import Annotated

from fastapi import APIRouter, Response

from shared.auth.roles import Caller, Role
from shared.web.access import Allow


def router() -> APIRouter:
    pages = APIRouter()

    @pages.get("/ops/access", status_code=204)
    async def access(caller: Annotated[Caller, Allow(Role.OPS)]) -> Response:  # noqa: ARG001 (the declaration is the check)
        return Response(status_code=204)

    return pages
