"""Intake's settings."""

import pytest
from pydantic import ValidationError

from services.intake.settings import IntakeSettings
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import new_mail_secret

KEY = new_signing_key()
GIVEN = {"database": "postgres://", "kafka": "k:1", "temporal": "t:1", "signing_key": KEY} | {
    "mail_secret": new_mail_secret(),
    "second_factor_secret": new_mail_secret(),
}


def test_a_key_that_nobody_could_verify_is_refused_at_the_start() -> None:
    with pytest.raises(ValidationError, match="TOUCHMARK_TOKEN_KEYS"):
        IntakeSettings.model_validate({**GIVEN, "token_keys": public_keys(new_signing_key())})


def test_a_key_may_be_rotated_by_listing_the_new_one_beside_the_old() -> None:
    settings = IntakeSettings.model_validate({**GIVEN, "token_keys": public_keys(new_signing_key(), KEY)})

    assert settings.local_link_keys == ""


def test_the_signing_key_is_never_shown() -> None:
    settings = IntakeSettings.model_validate({**GIVEN, "token_keys": public_keys(KEY)})

    assert KEY not in str(settings.masked())
    assert KEY not in repr(settings)
