"""`touchmark.people`, owned by intake; compacted, keyed by person. Personal data: a tombstone erases it."""

from enum import StrEnum
from typing import ClassVar
from uuid import UUID

from shared.contracts.fact import Fact, Topic


class Role(StrEnum):
    CUSTOMER = "customer"
    MAKER = "maker"
    OPS = "ops"


class PersonRecorded(Fact):
    """A person as intake knows them now: the newest record of the key is the whole truth.

    `language` (ISO 639) is what mails and papers for them are written in; the studio's where it is not known. A
    customer whom the studio recorded at the counter or on the phone may have no `email`: they get papers, and no mails.
    """

    topic: ClassVar[Topic] = Topic.PEOPLE

    person: UUID
    role: Role
    name: str
    email: str | None = None
    language: str | None = None

    @property
    def key(self) -> UUID:
        return self.person


class RecipientRecorded(Fact):
    """To whom a commission's parcel goes, as chosen last: the newest record of the key is the whole truth.

    `number` is the choice's, as `DeliveryChosen` has it; `country` is an ISO 3166 code. Its tombstone comes with its
    customer's, and where they collect the piece after all.
    """

    topic: ClassVar[Topic] = Topic.PEOPLE

    recipient: UUID
    commission: UUID
    number: int
    name: str
    street: str
    extra: str = ""
    postcode: str
    city: str
    country: str
    phone: str = ""

    @property
    def key(self) -> UUID:
        return self.recipient
