"""Where a request comes from, for what is bounded by client: an IPv4 address, or a network of IPv6 (RFC 6177).

Behind the edge it is the address that the edge names (`shared.runtime.server`). It is a person's, so it is neither
logged nor kept in clear.
"""

from collections.abc import Mapping
from ipaddress import IPv6Address, ip_address, ip_network
from typing import Any, Final

UNKNOWN: Final = "unknown"
_OF_ONE_HOME: Final = 64
"""Bits of an IPv6 address: who has one address has all of its network."""


def client_of(scope: Mapping[str, Any]) -> str:
    """The client of this request; the same for all addresses of one home."""
    host = (scope.get("client") or ("",))[0]
    try:
        address = ip_address(host.partition("%")[0])
    except ValueError:
        return UNKNOWN
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, _OF_ONE_HOME), strict=False))
