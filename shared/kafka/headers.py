"""CloudEvents 1.0 in Kafka's binary mode: the attributes are headers with `ce_` before them, the value is the data.

https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/kafka-protocol-binding.md, section 3.2. `version`
is our extension attribute, `traceparent` is W3C's header as it is.
"""

from typing import Final

SPECVERSION: Final = "ce_specversion"
ID: Final = "ce_id"
TYPE: Final = "ce_type"
SOURCE: Final = "ce_source"
TIME: Final = "ce_time"
SUBJECT: Final = "ce_subject"
VERSION: Final = "ce_version"
CONTENT_TYPE: Final = "content-type"
TRACEPARENT: Final = "traceparent"

SPEC: Final = "1.0"
JSON: Final = "application/json"
