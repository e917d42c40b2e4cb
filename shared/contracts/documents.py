"""`touchmark.documents`, owned by quotes; compacted, keyed by document: papers as PDF, for the mails that tell of them.

A tombstone erases one; a week after it was written it is gone in any case.
"""

from enum import StrEnum
from typing import ClassVar, Final
from uuid import UUID

from pydantic import Base64UrlBytes, BaseModel, ConfigDict

from shared.contracts.fact import CommissionFact, Topic

LARGEST_ATTACHED: Final = 384_000
"""Bytes of a PDF; as Base64 that is what one record may have (`shared.outbox.publishing.LARGEST`)."""


class DocumentKind(StrEnum):
    CONTRACT = "contract"
    INVOICE = "invoice"
    CREDIT_NOTE = "credit_note"


class BankAccount(BaseModel):
    """Where an invoice wants its money; `bic` may be empty."""

    model_config = ConfigDict(frozen=True, extra="ignore")

    holder: str
    iban: str
    bic: str = ""
    bank: str = ""


class DocumentWritten(CommissionFact):
    """A paper that was issued, as its customer gets it. `account` is where an invoice is paid; None for all else.

    `file_name` has no ending. It is ASCII, as `reference` is, which is what the transfer should say.
    """

    topic: ClassVar[Topic] = Topic.DOCUMENTS

    document: UUID
    customer: UUID
    kind: DocumentKind
    file_name: str
    pdf: Base64UrlBytes
    account: BankAccount | None = None
    reference: str = ""

    @property
    def key(self) -> UUID:
        return self.document
