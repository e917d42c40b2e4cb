"""Every client reaches Kafka in the same way, FastStream's and aiokafka's own."""

import pytest
from faststream.kafka.security import parse_security
from pydantic import SecretStr

from shared.kafka.connection import Kafka

WAYS = {
    "PLAINTEXT": Kafka("kafka:9092"),
    "SSL": Kafka("kafka:9092", tls=True),
    "SASL_PLAINTEXT": Kafka("kafka:9092", "touchmark-intake", SecretStr("not to be read")),
    "SASL_SSL": Kafka("kafka:9092", "touchmark-intake", SecretStr("not to be read"), "SCRAM-SHA-512", tls=True),
}


@pytest.mark.parametrize("protocol", WAYS)
def test_faststream_connects_as_everybody_else_does(protocol: str) -> None:
    kafka = WAYS[protocol]

    options = kafka.options

    assert options.pop("bootstrap_servers") == "kafka:9092"
    assert options["security_protocol"] == protocol
    assert parse_security(kafka.security) == options


def test_a_login_is_by_the_mechanism_that_is_set() -> None:
    options = WAYS["SASL_SSL"].options

    assert options["sasl_mechanism"] == "SCRAM-SHA-512"
    assert options["ssl_context"].check_hostname


def test_the_password_is_not_shown() -> None:
    assert "not to be read" not in repr(WAYS["SASL_PLAINTEXT"])
