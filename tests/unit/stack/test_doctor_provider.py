"""What `touchmark doctor` says of the studio's own sign-in, and who of the stack knows its secret."""

import pytest

from deploy.cli.doctor import sign_in_provider
from deploy.local.plan import SERVICES, ServiceProgram
from shared.auth.keys import new_signing_key, public_keys
from shared.auth.mail_secrets import new_mail_secret


def intake(**changed: str) -> ServiceProgram:
    key = new_signing_key()
    usual = {
        "database": "unused",
        "kafka": "nowhere:1",
        "temporal": "nowhere:1",
        "token_keys": public_keys(key),
        "signing_key": key,
        "link_keys": "{}",
        "mail_secret": new_mail_secret(),
        "second_factor_secret": new_mail_secret(),
    }
    return ServiceProgram(
        "intake", 1, {f"TOUCHMARK_{name.upper()}": value for name, value in (usual | changed).items()}
    )


def test_where_there_is_none_nothing_is_said() -> None:
    assert sign_in_provider([intake()]) == ({}, True)


@pytest.mark.parametrize("issuer", ["http://127.0.0.1:1", "http://127.0.0.1:1/realms/studio"])
def test_one_that_does_not_answer_is_wrong(issuer: str) -> None:
    said, good = sign_in_provider([intake(oidc_issuer=issuer, oidc_client_id="touchmark")])

    assert said == {issuer: "does not answer as it should: silent"}
    assert not good


@pytest.mark.parametrize("service", SERVICES)
def test_the_secret_is_for_intake_alone(service: str) -> None:
    withheld = ServiceProgram(service, 1, {}).launch().withheld

    assert ("TOUCHMARK_OIDC_CLIENT_SECRET" in withheld) == (service != "intake")
