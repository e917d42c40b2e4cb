"""What `touchmark doctor` warns about."""

import pytest

from deploy.cli.doctor import warnings


@pytest.mark.parametrize("address", ["http://192.168.1.20:8080", "http://studio.example", "http://[2001:db8::1]:8080"])
def test_plain_http_that_others_can_read_is_warned_of(address: str) -> None:
    [warning] = warnings(address)

    assert address in warning


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://my.localhost",
        "https://studio.example",
    ],
)
def test_this_computer_and_https_are_not(address: str) -> None:
    assert list(warnings(address)) == []
