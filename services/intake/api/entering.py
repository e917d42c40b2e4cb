"""Requests that the studio enters for people at the counter or on the phone."""

from collections.abc import Sequence
from typing import Annotated
from uuid import UUID
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Query, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import entering, offerings
from services.intake.actions.submissions import ConfirmationRules, NewRequest
from services.intake.api.commissions import CommissionCreate, CommissionCreated
from services.intake.domain.briefs import under
from services.intake.domain.commissions import read_country
from services.intake.domain.entering import NewCustomer, RequestEntry, name_missing
from services.intake.domain.people import EMAIL_LIMIT, NAME_LIMIT, EmailAddress, PeopleReason, Person, read_address
from services.intake.domain.pictures import check_count
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.contracts.commissions import EntryWay
from shared.kernel.calendar import day_of
from shared.kernel.problems import FieldProblem, Problem, ProblemType, invalid
from shared.kernel.text import Name
from shared.runtime import faults
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.idempotency import IdempotencyKey
from shared.web.openapi import problems

Ops = Annotated[Caller, Allow(Role.OPS)]

SEARCH_LIMIT = 100
"""Characters of a search that are read."""


class EntryCreate(BaseModel):
    """How a request reached the studio, and whom it is for: `for_customer`, or somebody new by their name.

    Where the address of somebody new is a customer's already, the same again with `for_customer` enters it for them;
    the address has to be theirs, and their own name and language count.
    """

    way: EntryWay
    for_customer: UUID | None = Field(default=None, description="As `GET /customers` finds them.")
    for_name: Annotated[str, Name(longest=NAME_LIMIT)] | None = None
    for_email: Annotated[str, EmailAddress(), Field(max_length=4 * EMAIL_LIMIT)] | None = Field(
        default=None, description="Left out where they have none: they get papers, and no mails."
    )
    for_language: Annotated[str, Field(max_length=8)] | None = Field(
        default=None, description="An ISO 639 code, of their mails and papers; the studio's if it is left out."
    )

    def entry(self, languages: Sequence[str], usual: str) -> RequestEntry:
        """What the studio enters; `usual` is its own language. Raises `validation-failed`."""
        if self.for_customer:
            return RequestEntry(self.way, self.for_customer, self.for_email)
        if not self.for_name:
            raise name_missing()
        language = self.for_language or usual
        if language not in languages:
            raise invalid(FieldProblem("/for_language", PeopleReason.LANGUAGE_UNKNOWN))
        return RequestEntry(self.way, NewCustomer(self.for_name, self.for_email or "", language))


class RequestCreate(CommissionCreate, EntryCreate):
    """One piece, as the studio takes it down for somebody."""

    model_config = ConfigDict(extra="forbid")


class CustomerRead(BaseModel):
    """A customer whom the studio knows; `email` is null where they have none."""

    person: UUID
    name: str
    email: str | None
    language: str

    @classmethod
    def of(cls, person: Person) -> "CustomerRead":
        return cls(person=person.person, name=person.name, email=person.email or None, language=person.language)


class AddressCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    email: Annotated[str, EmailAddress(), Field(max_length=4 * EMAIL_LIMIT)] = Field(examples=["ada@example.org"])


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["entering"])
    rules = ConfirmationRules.of(kernel.settings)

    @api.post(
        "/requests",
        status_code=201,
        responses=problems(
            ProblemType.IDEMPOTENCY_KEY_MISSING, ProblemType.IDEMPOTENCY_KEY_REUSED, ProblemType.CONFLICT
        ),
    )
    async def enter(
        caller: Ops, key: IdempotencyKey, asked: RequestCreate, request: Request, response: Response
    ) -> CommissionCreated:
        """Enter a request for somebody. It is confirmed at once; without an address they get papers, and no mails."""
        document = offerings.known(asked.craft, asked.offering, field="/offering")
        entry = asked.entry(request.app.state.readers.languages, kernel.settings.studio_language)
        images = check_count(document.offering.form, asked.images)
        kept = {f"/images/{place}": image for place, image in enumerate(images)}
        now = kernel.clock()
        try:
            brief = offerings.read_brief(document, asked.answers, day_of(now, ZoneInfo(kernel.settings.studio_zone)))
        except Problem as problem:
            raise under("/answers", problem) from None
        country = read_country(asked.delivery_country, home=kernel.settings.studio_country, field="/delivery_country")
        new = NewRequest(brief, country, kept=kept)
        async with kernel.database.transaction() as tx:
            answer = await entering.enter(
                tx, rules, key.of(asked), caller, new, entry=entry, new_id=kernel.ids, now=now
            )
        faults.reach("web.after_commit")
        response.headers["Location"] = f"/api/v1/intake/commissions/{answer.body['commission']}"
        return CommissionCreated.model_validate(answer.body)

    @api.get("/customers")
    async def customers(
        _: Ops,
        find: Annotated[str, Query(max_length=SEARCH_LIMIT)] = "",
        email: Annotated[str, Query(max_length=4 * EMAIL_LIMIT)] = "",
    ) -> list[CustomerRead]:
        """The first twenty customers, by name, whose name or address has words that begin like these.

        With `email` the one who has this address: a request that was taken down for somebody new is entered for them.
        """
        async with kernel.database.transaction() as tx:
            if email:
                known = await entering.customer_with(tx, read_address(email))
                return [CustomerRead.of(known)] if known else []
            return [CustomerRead.of(each) for each in await entering.find_customers(tx, find)]

    @api.get("/customers/{person}")
    async def customer(person: UUID, _: Ops) -> CustomerRead:
        """One customer whom the studio knows."""
        async with kernel.database.transaction() as tx:
            return CustomerRead.of(await entering.customer(tx, person))

    @api.put("/customers/{person}/address", status_code=204, responses=problems(ProblemType.CONFLICT))
    async def give_address(person: UUID, _: Ops, given: AddressCreate) -> None:
        """Write down the address of a customer who had none. Signing in by a mail to it makes it theirs."""
        async with kernel.database.transaction() as tx:
            await entering.give_address(tx, person, given.email, kernel.clock())

    return api
