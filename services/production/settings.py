"""Production's settings: when the bench works, for how long hours are held, and what certificates are signed with."""

import json
from datetime import date, timedelta
from decimal import Decimal
from functools import cached_property
from typing import Annotated, Self

from joserfc.jwk import KeySet, OKPKey
from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import NoDecode

from shared.auth.keys import public_keys, read_public_keys, read_signing_key
from shared.kernel.calendar import WorkingCalendar
from shared.runtime.settings import ServiceSettings

Hours = Annotated[Decimal, Field(ge=0, le=24)]


class ProductionSettings(ServiceSettings):
    """What production reads besides what every service reads.

    `bench_hours` are the hands-on hours of Monday to Sunday, by commas: six at the bench make a day of eight, with
    customers, post and cleaning. Nobody works on the public holidays of `studio_country` and `studio_subdivision` (the
    second part of ISO 3166-2, as BY in DE-BY), nor on the days in `bench_closures` (ISO dates, by commas).
    `hold_seconds` replaces the days that an offering holds a promise for; demonstrations use it to see one lapse.
    Notes and photos are shown to the customer after `publish_after_seconds`; until then they can be taken back.
    `certificate_key` is the private JWK that certificates are signed with. To replace it, put the public halves of the
    keys before it into `certificate_keys`, a JWK set: what they signed stays valid.
    """

    port: Annotated[int, Field(ge=0, le=65535)] = 8103

    bench_hours: Annotated[tuple[Hours, ...], NoDecode, Field(min_length=7, max_length=7)] = (
        *(Decimal(6),) * 4,
        Decimal(5),
        *(Decimal(0),) * 2,
    )
    bench_closures: Annotated[frozenset[date], NoDecode] = frozenset()
    studio_subdivision: str | None = None
    publish_after_seconds: Annotated[float, Field(ge=0, le=86_400)] = 120
    hold_seconds: Annotated[float, Field(gt=0)] | None = None

    certificate_key: SecretStr
    certificate_keys: str = '{"keys": []}'

    @field_validator("bench_hours", "bench_closures", mode="before")
    @classmethod
    def _split(cls, value: object) -> object:
        return [part.strip() for part in value.split(",") if part.strip()] if isinstance(value, str) else value

    @model_validator(mode="after")
    def _makes_a_calendar(self) -> Self:
        """An unknown country or a week without hours is reported at the start, not by the first command."""
        self.calendar.working_day(date.today())  # noqa: DTZ011 (any day will do)
        return self

    @model_validator(mode="after")
    def _can_certify(self) -> Self:
        """An unusable key is reported at the start, not when the first piece is finished."""
        _ = self.signing_key, self.public_keys
        return self

    @cached_property
    def signing_key(self) -> OKPKey:
        """The key that certificates are signed with."""
        return read_signing_key(self.certificate_key.get_secret_value())

    @cached_property
    def public_keys(self) -> KeySet:
        """Every key that a certificate of this studio may be signed with."""
        own = json.loads(public_keys(self.certificate_key.get_secret_value()))["keys"]
        return read_public_keys(json.dumps({"keys": [*own, *json.loads(self.certificate_keys)["keys"]]}))

    @cached_property
    def calendar(self) -> WorkingCalendar:
        """When the bench works."""
        return WorkingCalendar.of(
            self.bench_hours,
            country=self.studio_country,
            subdivision=self.studio_subdivision,
            closures=self.bench_closures,
        )

    @property
    def publish_after(self) -> timedelta:
        """How long notes and photos can be taken back."""
        return timedelta(seconds=self.publish_after_seconds)

    @property
    def hold(self) -> timedelta | None:
        """How long a promise is held instead of the offering's own days."""
        return None if self.hold_seconds is None else timedelta(seconds=self.hold_seconds)
