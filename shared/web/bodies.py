"""What the API takes as JSON: by its schema, no more and no less.

    class NewRing(Body): …
    async def make(ring: JsonBody[NewRing], …)

A number is no date, a text is no number, and an unknown field is reported as a mistake.
"""

import json
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, TypeAdapter
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

T = TypeVar("T")


class Body(BaseModel):
    """The base of what is sent."""

    model_config = ConfigDict(frozen=True, extra="forbid")


@dataclass(frozen=True)
class AsJson:
    """Validates as the JSON it was.

    FastAPI hands over what it parsed. To pydantic these are Python objects, among which it is either lenient (0 is the
    first of January 1970) or too strict (a text is no date).
    """

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        inner = handler(source)
        adapter: TypeAdapter[Any] = TypeAdapter(source)

        def validate(value: Any) -> Any:
            if isinstance(value, bytes):  # which FastAPI did not parse, since it came as another format
                raise PydanticCustomError("not_json", "This is not JSON.")
            return adapter.validate_json(json.dumps(value), strict=True)

        return core_schema.json_or_python_schema(
            json_schema=inner, python_schema=core_schema.no_info_plain_validator_function(validate)
        )


JsonBody = Annotated[T, AsJson()]
"""A body of a route of the API."""
