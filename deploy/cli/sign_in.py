"""`touchmark sign-in ROLE`."""

import os
from datetime import UTC, datetime
from typing import Annotated

from cyclopts import Parameter

from deploy.local.control import supervisor_of
from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from deploy.local.state import StateFile
from deploy.local.words import _
from shared.auth.tokens import LOCAL_LINK_LIFE, LocalLink, Signer
from shared.contracts.people import Role
from shared.kernel.ids import new_id


def sign_in(role: Annotated[Role, Parameter(help=_("Whom you sign in as."))]) -> None:
    """Print a link that signs you in, once, in this role: on the local stack, or in its containers.

    If people reach your containers at another address, name it in TOUCHMARK_PUBLIC_URL, as in their `.env`.

    Example: touchmark sign-in ops
    Example: TOUCHMARK_PUBLIC_URL=https://studio.example touchmark sign-in ops
    """
    settings = StackSettings()
    print(link(settings, role, at=_address(settings)))
    print(
        _("It works once, within %(minutes)s minutes, and only at this address.", minutes=LOCAL_LINK_LIFE.seconds // 60)
    )


def link(settings: StackSettings, role: Role, *, at: str | None = None) -> str:
    """A one-time sign-in link for this local stack, or for containers with the same keys `at` another address."""
    url = at or settings.public_url
    # Intake takes it for its own only if the issuer is its own public address, letter by letter.
    signer = Signer.read(keep(settings.home).local_link_key, issuer=url)
    local_link = signer.local_link(LocalLink(new_id(), role), datetime.now(UTC))
    return f"{url.rstrip('/')}/sign-in/local?link={local_link}"


def _address(settings: StackSettings) -> str | None:
    """Where containers are. The one-machine stack sets its address by itself, so it goes first where it is up."""
    up = supervisor_of(StateFile(settings.run).read()) is not None
    return None if up else os.environ.get("TOUCHMARK_PUBLIC_URL")
