"""Approvals: what the customer signs off before a step that cannot be undone."""

from decimal import Decimal
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from services.intake.actions import approvals
from services.intake.actions.approvals import Signature, SignOffSheet
from services.intake.api.schemas import ApprovalRead
from services.intake.domain.messages import LONGEST
from services.intake.domain.signing import TICK, SignOffItem
from services.intake.domain.spelling import CharacterCode, SpelledCharacter
from services.intake.labels import CommissionWords
from services.intake.settings import IntakeSettings
from shared.auth.roles import Caller, Role
from shared.i18n import Reader
from shared.kernel.problems import Problem, ProblemType
from shared.kernel.text import Prose
from shared.runtime.service import Kernel
from shared.web.access import Allow
from shared.web.language import CurrentReader
from shared.web.openapi import problems
from shared.web.responses import ResponseModel

Customer = Annotated[Caller, Allow(Role.CUSTOMER, of="commission")]
Anybody = Annotated[Caller, Allow(*Role, of="commission")]
Corrections = Annotated[dict[str, Annotated[str, Field(max_length=1000)]], Field(max_length=20)]
_ADDRESS = "/commissions/{commission}/approvals/{approval}"


class CorrectionCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    corrected: Corrections = Field(
        description="Texts as they should be instead, by the names in `texts`.", examples=[{"engraving": "as it was"}]
    )


class SignatureCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    brief_version: Annotated[int, Field(ge=1, le=2**31 - 1)] = Field(description="The version that you looked at.")
    signed: Annotated[list[Annotated[str, Field(max_length=60)]], Field(max_length=20)] = Field(
        description="The ids of everything that you sign: all of them.", examples=[["words", "layout"]]
    )
    corrected: Corrections = Field(default={}, description="The correction that you looked at in the preview.")


class RefusalCreate(BaseModel):
    model_config = ConfigDict(extra="forbid")

    words: Annotated[str, Prose(longest=LONGEST)] = Field(description="How you would have it instead.")


class CharacterRead(BaseModel):
    character: str
    code: CharacterCode
    name: str
    alike: bool = Field(description="Another character looks like it.")


class PlacedLetterRead(ResponseModel):
    character: str
    x: Decimal


class LayoutRead(ResponseModel):
    """The band cut open at its joint, in millimetres; one half of `free` stays free at each end."""

    length: Decimal
    width: Decimal
    free: Decimal
    letter: Decimal
    begins: Decimal
    ends: Decimal
    letters: list[PlacedLetterRead]


class SignOffItemRead(BaseModel):
    """One thing to sign off, with what is shown for it."""

    id: str
    title: str
    shown: str
    text: str
    characters: list[CharacterRead]
    layout: LayoutRead | None


class CorrectableTextRead(ResponseModel):
    field: str
    label: str
    text: str
    most: int = Field(description="Letters that were quoted, spaces not counted.")


class SignOffSheetRead(BaseModel):
    """What is to be signed; after that, what was."""

    approval: ApprovalRead
    title: str
    why: str
    brief_version: int
    signed: list[SignOffItemRead]
    texts: list[CorrectableTextRead] = Field(description="What may be corrected before it is signed.")


def router(kernel: Kernel[IntakeSettings]) -> APIRouter:
    api = APIRouter(tags=["approvals"])

    @api.get(_ADDRESS, responses=problems(ProblemType.NOT_YET))
    async def read(commission: UUID, approval: UUID, caller: Anybody, reader: CurrentReader) -> SignOffSheetRead:
        """What is signed: the ring's size, the words letter by letter, and where they lie on the band."""
        async with kernel.database.transaction() as tx:
            return _read(await approvals.read(tx, caller, commission, approval), reader)

    @api.post(_ADDRESS + "/preview", responses=problems(ProblemType.CONFLICT, ProblemType.NOT_YET))
    async def preview(
        commission: UUID, approval: UUID, caller: Customer, given: CorrectionCreate, reader: CurrentReader
    ) -> SignOffSheetRead:
        """What would be signed with this correction; nothing is stored."""
        try:
            async with kernel.database.transaction() as tx:
                found = await approvals.preview(tx, caller, commission, approval, given.corrected)
        except Problem as problem:
            raise _pointing(problem) from None
        return _read(found, reader)

    @api.post(_ADDRESS + "/sign", responses=problems(ProblemType.CONFLICT, ProblemType.NOT_YET))
    async def sign(
        commission: UUID, approval: UUID, caller: Customer, given: SignatureCreate, reader: CurrentReader
    ) -> ApprovalRead:
        """Sign everything off, as corrected if you did. Signing the same twice is the same as once."""
        signature = Signature(given.brief_version, frozenset(given.signed), given.corrected)
        try:
            async with kernel.database.transaction() as tx:
                signed = await approvals.sign(
                    tx, caller, commission, approval, signature, now=kernel.clock(), language=reader.language
                )
        except Problem as problem:
            raise _pointing(problem) from None
        return ApprovalRead.model_validate(signed)

    @api.post(_ADDRESS + "/refuse", responses=problems(ProblemType.CONFLICT))
    async def refuse(commission: UUID, approval: UUID, caller: Customer, given: RefusalCreate) -> ApprovalRead:
        """Say how you would have it instead; the studio asks again. Twice is the same as once."""
        async with kernel.database.transaction() as tx:
            refused = await approvals.refuse(
                tx, caller, commission, approval, given.words, new_id=kernel.ids, now=kernel.clock()
            )
        return ApprovalRead.model_validate(refused)

    return api


def _pointing(problem: Problem) -> Problem:
    """The same problem with its fields as pointers into the body: a page's ticks are the body's `signed`."""
    if not problem.fields:
        return problem
    fields = tuple(
        found.at("/signed" if found.field.startswith(TICK) else f"/corrected/{found.field}") for found in problem.fields
    )
    return problem.with_fields(fields)


def _read(sheet: SignOffSheet, reader: Reader) -> SignOffSheetRead:
    found = sheet.in_language(reader.language)
    return SignOffSheetRead(
        approval=ApprovalRead.model_validate(found.approval),
        title=found.gate.title,
        why=found.gate.why,
        brief_version=found.brief.version,
        signed=[_item(each, CommissionWords(reader, found.record)) for each in found.signed],
        texts=[CorrectableTextRead.model_validate(each) for each in found.texts],
    )


def _item(found: SignOffItem, words: CommissionWords) -> SignOffItemRead:
    return SignOffItemRead(
        id=found.id,
        title=found.title,
        shown=words.answer(found.answer) if found.answer else "",
        text=found.text,
        characters=[_character(each, words.reader) for each in found.characters],
        layout=LayoutRead.model_validate(found.layout) if found.layout else None,
    )


def _character(found: SpelledCharacter, reader: Reader) -> CharacterRead:
    return CharacterRead(
        character=found.character,
        code=CharacterCode(found.name.code.value),
        name=reader.label(found.name),
        alike=found.alike,
    )
