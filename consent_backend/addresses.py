"""Whose request it is, for the limits against guessing only; addresses are never stored, only keyed hashes of them.

Rule: a header that anybody can write is believed only from a proxy that the company named.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

Address = IPv4Address | IPv6Address
Network = IPv4Network | IPv6Network

ONE_CUSTOMER_BITS = 48
"""A provider hands out at most a /48 of IPv6 to one customer (RFC 6177): 2**80 addresses that are one guesser."""

MOST_HOPS = 20


def parse_proxy(text: str) -> Network:
    """Return the network of a proxy as it is named on the command line, `127.0.0.1` or `10.0.0.0/8`.

    Raises:
        ValueError: it is neither an address nor a network.
    """
    return ip_network(text)


def guesser_of(peer: str, forwarded: Sequence[str], proxies: Sequence[Network]) -> str:
    """Return what stands for the other side in the limits.

    Args:
        peer: address of the connection's other end.
        forwarded: values of X-Forwarded-For in the order of the headers, untrusted.
        proxies: whose X-Forwarded-For is believed; each appends the address that it saw, so the list is read from
            its end, up to the first that is no proxy of ours.
    """
    found = _address(peer)
    if found is None:
        return peer
    hops = [hop.strip() for value in forwarded for hop in value.split(",")][-MOST_HOPS:]
    while hops and _is_proxy(found, proxies):
        earlier = _address(hops.pop())
        if earlier is None:
            break
        found = earlier
    return _one_customer(found)


def _address(text: str) -> Address | None:
    try:
        found = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    mapped = found.ipv4_mapped if isinstance(found, IPv6Address) else None
    return mapped or found


def _is_proxy(address: Address, proxies: Sequence[Network]) -> bool:
    return any(address.version == proxy.version and address in proxy for proxy in proxies)


def _one_customer(address: Address) -> str:
    if isinstance(address, IPv6Address):
        return str(ip_network((int(address), ONE_CUSTOMER_BITS), strict=False))
    return str(address)
