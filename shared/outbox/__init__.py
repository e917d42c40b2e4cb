"""Facts leave a service through its outbox: staged in the transaction that made them true, sent by the relay.

The relay is in `shared.outbox.relay`: only the role that runs it pays for Kafka's client.
"""

from shared.outbox.staging import StagingError, Tombstone, encode, stage

__all__ = ["StagingError", "Tombstone", "encode", "stage"]
