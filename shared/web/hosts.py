"""The names under which a service may be asked for: one that somebody else points at us is not ours.

A page of another site whose name leads to this machine (DNS rebinding) would otherwise be of our own origin.
"""

from urllib.parse import urlsplit

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
_USUAL = {"http": 80, "https": 443}


class OwnHosts:
    """The public address, this machine's loopback, and `also`: names by which programs beside it call the service."""

    def __init__(self, public_url: str, *also: str) -> None:
        public = urlsplit(public_url)
        self._public = (public.hostname, public.port or _USUAL.get(public.scheme))
        self._usual = _USUAL.get(public.scheme)
        self._names = _LOOPBACK | set(also)

    def __contains__(self, host: object) -> bool:
        """Whether this is what a `Host` header of ours says."""
        try:
            asked = urlsplit(f"//{host}")
            name, port = asked.hostname, asked.port or self._usual
        except ValueError:
            return False
        if not name or asked.netloc != host or asked.username is not None:
            return False
        return name in self._names or (name, port) == self._public
