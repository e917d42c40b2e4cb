"""`touchmark sign-in ROLE`."""

from datetime import UTC, datetime

from deploy.local.secrets import keep
from deploy.local.settings import StackSettings
from shared.auth.tokens import TICKET_LIFE, Signer, Ticket
from shared.contracts.people import Role
from shared.kernel.ids import new_id


def sign_in(role: Role) -> None:
    """Print a link that signs you in on the local stack, once, in this role.

    Example: touchmark sign-in ops
    """
    print(link(StackSettings(), role))
    print(f"It works once, within {TICKET_LIFE.seconds // 60} minutes, and on this local stack only.")


def link(settings: StackSettings, role: Role) -> str:
    """A one-time sign-in link for this local stack."""
    signer = Signer.read(keep(settings.home).ticket_key, issuer=settings.public_url)
    ticket = signer.ticket(Ticket(new_id(), role), datetime.now(UTC))
    return f"{settings.public_url}/sign-in?ticket={ticket}"
