"""Facts enter a service through its inboxes: each takes effect once, in order per key, or is parked for people.

What runs them is in `shared.inbox.runner`: only the role that does so pays for FastStream.
"""

from shared.inbox.inbox import Inbox, Transient
from shared.inbox.record import Record

__all__ = ["Inbox", "Record", "Transient"]
