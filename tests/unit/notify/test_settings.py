import pytest
from pydantic import ValidationError

from services.notify.settings import NotifySettings, SmtpSecurity
from shared.auth.mail_secrets import new_mail_secret


def settings(**changes: object) -> NotifySettings:
    needed = {"database": "postgresql://x", "kafka": "k:1", "temporal": "t:1", "token_keys": "{}", "smtp": "mail:25"}
    needed |= {"mail_secret": new_mail_secret()}
    return NotifySettings.model_validate({**needed, **changes})


@pytest.mark.parametrize(
    ("smtp", "host", "port"), [("mail.example:587", "mail.example", 587), ("[2001:db8::1]:25", "2001:db8::1", 25)]
)
def test_a_mail_server_is_a_host_and_a_port(smtp: str, host: str, port: int) -> None:
    found = settings(smtp=smtp)

    assert (found.smtp_host, found.smtp_port) == (host, port)
    assert found.smtp_security is SmtpSecurity.AUTO


@pytest.mark.parametrize("smtp", ["mail.example", "mail.example:", "mail example:25", "smtp://mail:25"])
def test_what_is_no_mail_server_is_refused(smtp: str) -> None:
    with pytest.raises(ValidationError):
        settings(smtp=smtp)


@pytest.mark.parametrize(
    "address",
    ["studio", "The Studio <studio@example.org>", "studio@example.org\r\nBcc: x@y.z", "studio@bücher.example"],
)
def test_what_cannot_be_a_sender_is_refused(address: str) -> None:
    with pytest.raises(ValidationError):
        settings(mail_from=address)


@pytest.mark.parametrize(
    ("smtp", "security", "upgrade"),
    [
        ("127.0.0.1:25", "auto", None),
        ("localhost:25", "auto", None),
        ("[::1]:25", "auto", None),
        ("mail.example:587", "auto", True),
        ("10.0.0.7:25", "auto", True),
        ("localhost.evil.example:25", "auto", True),
        ("mail.example:25", "none", False),
        ("mail.example:465", "tls", False),
        ("127.0.0.1:25", "starttls", True),
    ],
)
def test_off_this_machine_nobody_between_can_leave_the_encryption_out(
    smtp: str, security: str, upgrade: object
) -> None:
    assert settings(smtp=smtp, smtp_security=security).smtp_upgrade is upgrade


def test_a_lease_has_to_outlive_the_attempt_that_it_covers() -> None:
    with pytest.raises(ValidationError, match="mail_lease must be longer than mail_time_limit"):
        settings(mail_time_limit=30, mail_lease=30)


def test_the_password_of_the_mail_server_is_never_shown() -> None:
    found = settings(smtp_user="studio", smtp_password="correct horse")

    assert "correct horse" not in f"{found!r} {found.masked()}"
