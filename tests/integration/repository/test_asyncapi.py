"""AsyncAPI's own parser reads what each service's broker says of itself."""

import json
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import Mock

import pytest

from deploy.local.plan import SERVICES
from shared.inbox.broker import ServiceBroker
from shared.kafka.connection import Kafka
from tests.support.node import install, program, run

PARSER = Path(__file__).parents[2] / "support" / "asyncapi"

Validate = Callable[[dict[str, Any]], list[dict[str, str]]]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def validate() -> Validate:
    """What the parser has to say against a document."""
    install(PARSER)

    def ask(document: dict[str, Any]) -> list[dict[str, str]]:
        found: list[dict[str, str]] = json.loads(
            run(PARSER, *program("node"), "validate.mjs", given=json.dumps(document))
        )
        return found

    return ask


def _described(service: str) -> dict[str, Any]:
    inboxes = import_module(f"services.{service}.main").INBOXES
    return ServiceBroker(inboxes, database=Mock(application=service), kafka=Kafka("nowhere:1")).asyncapi()


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_description_is_valid(validate: Validate, service: str) -> None:
    assert validate(_described(service)) == []


def test_one_that_is_not_valid_is_found(validate: Validate) -> None:
    broken = _described("intake")
    del broken["info"]["version"]
    broken["channels"]["intake.texts"]["messages"]["SubscribeMessage"]["$ref"] = "#/components/messages/none"

    assert {each["code"] for each in validate(broken)} == {"asyncapi-document-resolved", "invalid-ref"}
