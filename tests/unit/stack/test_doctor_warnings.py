"""What `touchmark doctor` warns about."""

import pytest

from deploy.cli.doctor import warnings


@pytest.mark.parametrize("address", ["http://192.168.1.20:8080", "http://studio.example", "http://[2001:db8::1]:8080"])
def test_plain_http_that_others_can_read_is_warned_of(address: str) -> None:
    [warning] = warnings(address, ops_second_factor="required")

    assert address in warning
    assert "plain http" in warning


def test_one_step_of_ops_where_strangers_can_try_is_warned_of() -> None:
    [warning] = warnings("https://studio.example", ops_second_factor="off")

    assert "TOUCHMARK_OPS_SECOND_FACTOR" in warning
    assert list(warnings("https://studio.example", ops_second_factor="required")) == []


@pytest.mark.parametrize(
    "address",
    [
        "http://localhost:8080",
        "http://127.0.0.1:8080",
        "http://[::1]:8080",
        "http://my.localhost",
    ],
)
def test_this_computer_is_not(address: str) -> None:
    assert list(warnings(address, ops_second_factor="off")) == []
