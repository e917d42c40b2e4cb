"""Facts leave a service through its outbox: published in the transaction that made them true, sent by the relay.

The relay is in `shared.outbox.relay`: only the role that runs it pays for Kafka's client.
"""

from shared.outbox.publishing import PublishError, Tombstone, encode, publish

__all__ = ["PublishError", "Tombstone", "encode", "publish"]
