"""AsyncAPI's own parser reads what each service's broker says of itself."""

import copy
import json
from collections.abc import Mapping
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

BROKEN = "one that is not valid"
Found = Mapping[str, list[dict[str, str]]]

pytestmark = pytest.mark.timeout(600)


@pytest.fixture(scope="module")
def found() -> Found:
    """What the parser has to say against each service's document, and against a broken one."""
    install(PARSER)
    documents = {service: _described(service) for service in SERVICES}
    broken = documents[BROKEN] = copy.deepcopy(documents["intake"])
    del broken["info"]["version"]
    broken["channels"]["intake.texts"]["messages"]["SubscribeMessage"]["$ref"] = "#/components/messages/none"
    said: Found = json.loads(run(PARSER, *program("node"), "validate.mjs", given=json.dumps(documents)))
    return said


def _described(service: str) -> dict[str, Any]:
    inboxes = import_module(f"services.{service}.main").INBOXES
    return ServiceBroker(inboxes, database=Mock(application=service), kafka=Kafka("nowhere:1")).asyncapi()


@pytest.mark.parametrize("service", SERVICES)
def test_a_services_description_is_valid(found: Found, service: str) -> None:
    assert found[service] == []


def test_one_that_is_not_valid_is_found(found: Found) -> None:
    assert {each["code"] for each in found[BROKEN]} == {"asyncapi-document-resolved", "invalid-ref"}
