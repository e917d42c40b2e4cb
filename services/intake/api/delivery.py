"""How a piece comes to its customer."""

from datetime import datetime
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import delivery as deliveries
from services.intake.domain.delivery import Address, ChosenDelivery, DeliveryReason
from services.intake.domain.delivery_changes import why_fixed
from services.intake.domain.people import NAME_LIMIT
from services.intake.domain.record import CommissionRecord
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import DeliveryWay
from shared.kernel.problems import ProblemType
from shared.kernel.text import Line, Name
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

CustomerOrOps = Annotated[Caller, Allow(Role.CUSTOMER, Role.OPS, of="commission")]
_LONGEST = 100


class DeliveryCreate(BaseModel):
    """By parcel, with an address in the commission's country; a `pickup` needs none, and forgets the one there was."""

    model_config = ConfigDict(extra="forbid")

    way: DeliveryWay
    name: Annotated[str, Name(longest=NAME_LIMIT, shortest=0)] = ""
    street: Annotated[str, Line(longest=_LONGEST, shortest=0)] = Field(default="", examples=["Lindenweg 4"])
    extra: Annotated[str, Line(longest=_LONGEST, shortest=0)] = Field(default="", examples=["2nd floor"])
    postcode: Annotated[str, Line(longest=20, shortest=0)] = Field(default="", examples=["10115"])
    city: Annotated[str, Line(longest=_LONGEST, shortest=0)] = Field(default="", examples=["Berlin"])
    phone: Annotated[str, Line(longest=30, shortest=0)] = Field(
        default="", description="For the carrier, who calls where nobody is at home.", examples=["+49 30 1234567"]
    )

    @property
    def address(self) -> Address:
        return Address(self.name, self.street, self.postcode, self.city, self.extra, self.phone)


class AddressRead(ResponseModel):
    name: str
    street: str
    extra: str
    postcode: str
    city: str
    phone: str


class ChosenDeliveryRead(BaseModel):
    """`way` is null until somebody has chosen; `fixed` says why it cannot be changed, if so."""

    country: str = Field(description="An ISO 3166 code; it is the commission's, since price and VAT follow it.")
    way: DeliveryWay | None
    address: AddressRead | None
    fixed: DeliveryReason | None
    missed_at: datetime | None = Field(description="When it was said that the parcel has not come.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["delivery"])

    @api.get("/commissions/{commission}/delivery")
    async def read(commission: UUID, caller: CustomerOrOps) -> ChosenDeliveryRead:
        """Where the piece goes, as chosen last."""
        async with kernel.database.transaction() as tx:
            record = await deliveries.read(tx, caller, commission)
        return _read(record, record.delivery, caller)

    @api.put("/commissions/{commission}/delivery", responses=problems(ProblemType.CONFLICT))
    async def choose(commission: UUID, caller: CustomerOrOps, given: DeliveryCreate) -> ChosenDeliveryRead:
        """Say where the piece goes, from the order until it is packed; ops can until the carrier has it."""
        async with kernel.database.transaction() as tx:
            chosen = await deliveries.choose(
                tx, caller, commission, given.way, given.address, new_id=kernel.ids, now=kernel.clock()
            )
            record = await deliveries.read(tx, caller, commission)
        return _read(record, chosen, caller)

    @api.post("/commissions/{commission}/missing", responses=problems(ProblemType.CONFLICT))
    async def report_missing(commission: UUID, caller: CustomerOrOps) -> ChosenDeliveryRead:
        """Say that the parcel has not come, from the day on which it was sent. Twice is the same as once."""
        async with kernel.database.transaction() as tx:
            record = await deliveries.report_missing(tx, caller, commission, kernel.clock())
        return _read(record, record.delivery, caller)

    return api


def _read(record: CommissionRecord, chosen: ChosenDelivery | None, caller: Caller) -> ChosenDeliveryRead:
    return ChosenDeliveryRead(
        country=record.commission.delivery_country,
        way=chosen.way if chosen else None,
        address=AddressRead.model_validate(chosen.address) if chosen and chosen.address else None,
        fixed=why_fixed(record, caller.role),
        missed_at=chosen.missed_at if chosen else None,
    )
