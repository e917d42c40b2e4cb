"""What the JSON answers of several services have in common."""

from pydantic import BaseModel, ConfigDict, Field


class ResponseModel(BaseModel):
    """The JSON of an answer, filled from the domain's own objects."""

    model_config = ConfigDict(from_attributes=True)


class BriefAnswerRead(BaseModel):
    """One answer of a brief. `value` is what rules and prices compute with, `shown` is for people."""

    field: str
    value: str | int | bool
    label: str = Field(description="In the language that you accept, as `shown`.")
    shown: str
