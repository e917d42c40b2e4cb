"""What `touchmark doctor` warns about."""

import pytest

from deploy.cli.doctor import kafka_warnings, warnings
from shared.kafka.connection import Kafka


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


@pytest.mark.parametrize(
    ("login", "said"),
    [
        ({"user": "touchmark-quotes"}, "the password for Kafka is sent as it is to kafka.example:9092"),
        ({"user": "touchmark-quotes", "mechanism": "SCRAM-SHA-512"}, "SCRAM-SHA-512 does not send the password"),
        ({}, "without a login"),
    ],
)
@pytest.mark.parametrize("servers", ["kafka.example:9092", "localhost:9092,kafka.example:9092"])
def test_a_kafka_elsewhere_without_tls_is_warned_of(servers: str, login: dict[str, str], said: str) -> None:
    [warning] = kafka_warnings(Kafka(servers, **login))  # type: ignore[arg-type]  # words alone

    assert "kafka.example:9092" in warning
    assert "localhost" not in warning
    assert said in warning
    assert "TOUCHMARK_KAFKA_TLS" in warning


@pytest.mark.parametrize("servers", ["localhost:9092", "127.0.0.1:9092", "[::1]:9092,127.0.0.2:9093"])
@pytest.mark.parametrize("user", ["", "touchmark-quotes"])
def test_a_kafka_of_this_computer_is_not(servers: str, user: str) -> None:
    assert list(kafka_warnings(Kafka(servers, user))) == []


@pytest.mark.parametrize("user", ["", "touchmark-quotes"])
def test_a_kafka_elsewhere_by_tls_is_not(user: str) -> None:
    assert list(kafka_warnings(Kafka("kafka.example:9092", user, tls=True))) == []
