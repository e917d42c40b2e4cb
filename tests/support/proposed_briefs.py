"""What intake tells quotes of a change that is proposed."""

from typing import Any
from uuid import UUID

from shared.contracts.briefs import BriefProposal, BriefWritten
from shared.contracts.people import Role
from shared.kernel.ids import new_id
from tests.support.quotes import NOW, brief


def proposed(commission: UUID, **changed: Any) -> BriefWritten:
    """The brief in force, with what is wished instead."""
    wished = brief(commission, **changed)
    proposal = BriefProposal(proposal=new_id(), number=1, answers=wished.answers, by=Role.CUSTOMER, at=NOW)
    return brief(commission).model_copy(update={"proposal": proposal})
