"""The URLs of webhooks, and which network addresses Trellis connects to on behalf of whoever wrote them.

Whoever may add a webhook chooses where this machine connects to. So a name is resolved once, every address that it has
is checked, and the connection goes to one of those, whatever the name stands for a moment later.
"""

import ipaddress
import re
import socket
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias
from urllib.parse import urlsplit

Address: TypeAlias = ipaddress.IPv4Address | ipaddress.IPv6Address
Network: TypeAlias = ipaddress.IPv4Network | ipaddress.IPv6Network

LONGEST_URL = 2_000
_NAME = re.compile(r"(?!-)[A-Za-z0-9_-]{1,63}(?<!-)(\.(?!-)[A-Za-z0-9_-]{1,63}(?<!-))*", re.ASCII)
_TEXT = re.compile(r"[^\x00-\x20\x7f\\]*")
_TARGET = re.compile(r"[\x21-\x7e]*")
_LONGEST_NAME = 253

# What `is_global` calls global although it leads to this machine's own surroundings, or to nobody.
_NOT_PUBLIC: Sequence[Network] = [
    ipaddress.ip_network(text)
    for text in (
        "0.0.0.0/8",
        "100.64.0.0/10",  # of providers, behind their own translation
        "192.0.0.0/24",  # of protocols, 192.0.0.8 among them
        "192.88.99.0/24",  # relays of 6to4
        "224.0.0.0/3",  # multicast, and what is reserved
        "64:ff9b::/96",  # NAT64: an IPv4 address of any kind is inside
        "64:ff9b:1::/48",
        "2001::/23",  # Teredo and others of protocols
        "2001:db8::/32",
        "2002::/16",  # 6to4: as NAT64
        "3fff::/20",
        "fec0::/10",  # local to a site, once
        "ff00::/8",
    )
]
_PUBLIC_V6 = ipaddress.ip_network("2000::/3")
"""All of IPv6 that has been given out for the internet."""


class NotAllowed(Exception):
    """The address is not public, and not among the private networks that are allowed. It is not in the message."""


class NotResolved(Exception):
    """The name has no address, or nobody answered for it in time."""


@dataclass(frozen=True, slots=True)
class HookUrl:
    """Where events are sent to."""

    scheme: str
    host: str
    """In ASCII; an IPv6 address without its brackets."""
    port: int
    target: str
    """Path and query."""

    @classmethod
    def of(cls, text: str) -> "HookUrl":
        """Reads `https://HOST[:PORT]/PATH`. Raises ValueError, which does not repeat it: paths hold secrets."""
        if len(text) > LONGEST_URL:
            raise ValueError(f"the URL has more than {LONGEST_URL} characters")
        try:
            parts = urlsplit(text)
            port, host = parts.port, parts.hostname
        except ValueError:
            raise ValueError("this URL cannot be read; write https://HOST/PATH") from None
        if parts.scheme not in {"http", "https"} or not host or not _TEXT.fullmatch(text):
            raise ValueError("write https://HOST/PATH")
        if parts.username is not None or parts.password is not None:
            raise ValueError("a user or a password in the URL is not supported; receivers check the signature")
        if parts.fragment:
            raise ValueError("leave out the part from # on: it is never sent")
        target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
        if not _TARGET.fullmatch(target):
            raise ValueError("percent-encode what is not printable ASCII in the path")
        return cls(parts.scheme, _host(host), port or {"http": 80, "https": 443}[parts.scheme], target)

    @property
    def in_the_clear(self) -> bool:
        return self.scheme == "http"


def _host(host: str) -> str:
    """Raises ValueError."""
    if ":" in host:
        return str(_ipv6(host))
    if not host.isascii():
        import idna  # here, for most names do without, and commands are to begin quickly

        try:
            host = idna.encode(host, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise ValueError("the host name of this URL cannot be one") from None
    if not _NAME.fullmatch(host) or len(host) > _LONGEST_NAME:
        raise ValueError("the host name of this URL cannot be one")
    return host.lower()


def _ipv6(text: str) -> ipaddress.IPv6Address:
    try:
        address = ipaddress.IPv6Address(text)
    except ValueError:
        raise ValueError("the IPv6 address in this URL cannot be one") from None
    if address.scope_id:
        raise ValueError("an IPv6 address with a zone is reachable from one machine only")
    return address


class Allowed:
    """The networks beyond the internet that webhooks may lead to: none, unless a setting names them."""

    def __init__(self, networks: Iterable[Network] = ()) -> None:
        self._networks = list(networks)

    @classmethod
    def of(cls, text: str) -> "Allowed":
        """Reads networks with commas between them: `10.1.0.0/16, 127.0.0.1`. Raises ValueError."""
        try:
            return cls(ipaddress.ip_network(one.strip()) for one in text.split(",") if one.strip())
        except ValueError:
            raise ValueError("write networks with commas between them, such as 10.1.0.0/16, 127.0.0.1") from None

    def names(self, address: Address) -> bool:
        address = _unwrapped(address)
        return any(address in one for one in self._networks if one.version == address.version)

    def check(self, address: Address, *, in_the_clear: bool) -> None:
        """Raises NotAllowed."""
        if self.names(address):
            return
        if in_the_clear:
            raise NotAllowed("http:// is for private networks that TRELLIS_PRIVATE_NETWORKS names: use https://")
        if not is_public(address):
            raise NotAllowed(
                "the address is not on the internet, and TRELLIS_PRIVATE_NETWORKS does not name its network"
            )

    def check_literal(self, url: HookUrl) -> None:
        """Refuses at once what needs no name server: `localhost`, and an address in any of the forms in which systems
        read one, such as `2852039166` or `0xa9fea9fe`. Raises NotAllowed."""
        try:
            found = [_LOOPBACK] if _is_loopback(url.host) else look_up(url, socket.AI_NUMERICHOST)
        except (OSError, UnicodeError):
            if url.in_the_clear and not self._networks:
                raise NotAllowed("use https:// (http:// is for private networks that are allowed)") from None
            return
        for one in found:
            self.check(one, in_the_clear=url.in_the_clear)


_LOOPBACK = ipaddress.ip_address("127.0.0.1")


def _is_loopback(name: str) -> bool:
    """These names lead to this machine everywhere (RFC 6761)."""
    return name == "localhost" or name.endswith(".localhost")


def is_public(address: Address) -> bool:
    """Whether the address leads to the internet, and to no network of this machine by any detour that is known."""
    address = _unwrapped(address)
    if any(address in one for one in _NOT_PUBLIC if one.version == address.version):
        return False
    if isinstance(address, ipaddress.IPv6Address) and address not in _PUBLIC_V6:
        return False
    return address.is_global and not address.is_multicast


def _unwrapped(address: Address) -> Address:
    """`::ffff:10.0.0.1` is 10.0.0.1."""
    return (address.ipv4_mapped or address) if isinstance(address, ipaddress.IPv6Address) else address


def look_up(url: HookUrl, flags: int = 0) -> list[Address]:
    """Each address once. Blocks for as long as name servers take. Raises OSError, UnicodeError, NotAllowed."""
    found = socket.getaddrinfo(url.host, url.port, type=socket.SOCK_STREAM, flags=flags)
    texts = dict.fromkeys(str(where[0]) for *_, where in found)
    if any("%" in one for one in texts):
        raise NotAllowed("the address is reachable from this machine's own network only")
    return [ipaddress.ip_address(one) for one in texts]
