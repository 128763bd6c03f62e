"""Where notifications come from and go to: addresses of people, of mail servers and of webhooks, read with care.

What is said of a wrong one never repeats it: addresses are personal, and URLs hold passwords.
"""

import ipaddress
import re
from dataclasses import dataclass, field
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

from channels.lines import one_line

Tls = Literal["none", "starttls", "tls"]
"""How a connection to a mail server is encrypted: not at all, by an upgrade that must succeed, from the beginning."""

_SCHEMES: dict[str, tuple[Tls, int]] = {
    "smtp": ("none", 25),
    "smtp+starttls": ("starttls", 587),
    "smtps": ("tls", 465),
}
_LONGEST_ADDRESS = 254
_LONGEST_LOCAL_PART = 64
_LONGEST_DOMAIN = 253
_LOCAL_PART = re.compile(r"[\w!#$%&'*+/=?^`{|}~-]+(\.[\w!#$%&'*+/=?^`{|}~-]+)*", re.ASCII)
_DOMAIN = re.compile(r"(?!-)[a-z\d-]{1,63}(?<!-)(\.(?!-)[a-z\d-]{1,63}(?<!-))*", re.ASCII | re.IGNORECASE)
_WITH_NAME = re.compile(r"\s*(?P<name>[^<>]*?)\s*<(?P<address>[^<>]*)>\s*")


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Who writes or is written to by mail, as a header names them."""

    name: str
    """On one line; empty where there is none."""
    address: str
    """Its domain in ASCII."""

    @classmethod
    def of(cls, text: str) -> "Mailbox":
        """Reads `address` or `Name <address>`. Raises ValueError."""
        named = _WITH_NAME.fullmatch(text)
        if not named:
            return cls("", mail_address(text))
        return cls(one_line(named["name"]).strip('"'), mail_address(named["address"]))


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """A mail server that takes notifications for everybody, and how it is spoken to."""

    host: str
    port: int
    tls: Tls = "none"
    user: str | None = None
    password: str | None = field(default=None, repr=False)

    @classmethod
    def of(cls, url: str) -> "SmtpServer":
        """Reads `SCHEME://[USER:PASSWORD@]HOST[:PORT]`, with smtp, smtp+starttls or smtps. Raises ValueError.

        Nothing is encrypted with smtp: a password goes to this machine only.
        """
        parts, port = _split(url)
        if parts.scheme not in _SCHEMES or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
            raise ValueError("write smtp://HOST:PORT, smtp+starttls://USER:PASSWORD@HOST or smtps://USER:PASSWORD@HOST")
        if bool(parts.username) != bool(parts.password):
            raise ValueError("user and password go together; percent-encode what is neither letter nor digit in them")
        tls, usual_port = _SCHEMES[parts.scheme]
        if parts.password and tls == "none" and not _is_here(parts.hostname):
            raise ValueError("smtp:// would send the password in the clear: use smtp+starttls:// or smtps://")
        user, password = (unquote(part) if part else None for part in (parts.username, parts.password))
        return cls(parts.hostname, port or usual_port, tls, user, password)


def mail_address(text: str) -> str:
    """The address, its domain in ASCII (IDNA 2008). Raises ValueError with the reason for what cannot be one.

    Taken are the forms in use: a dot-atom of RFC 5322 before the @, a host name after it. Not taken: quoted local
    parts, IP addresses, and letters beyond ASCII before the @ (SMTPUTF8), which many servers refuse.
    """
    local, at, domain = text.strip().rpartition("@")
    if not at or not local or not domain:
        raise ValueError("this cannot be a mail address: it is not of the form name@example.org")
    if not local.isascii():
        raise ValueError("letters beyond ASCII before the @ are not supported, as many mail servers refuse them")
    if len(local) > _LONGEST_LOCAL_PART or not _LOCAL_PART.fullmatch(local):
        raise ValueError(f"this cannot be a mail address: {_problem_with_local_part(local)}")
    domain = _ascii_domain(domain)
    if len(local) + 1 + len(domain) > _LONGEST_ADDRESS:
        raise ValueError(f"this cannot be a mail address: it has more than {_LONGEST_ADDRESS} characters")
    return f"{local}@{domain}"


def person_address(text: str) -> str:
    """The address of a recipient: as `mail_address`, and of a domain that can exist on the internet or is this machine.
    Checked when people are imported and again when they are written to. Raises ValueError with the reason.
    """
    address = mail_address(text)
    domain = address.rpartition("@")[2]
    if "." not in domain and domain.lower() != "localhost":
        raise ValueError("this cannot be a mail address: its domain has no dot, as example.org has")
    return address


def _problem_with_local_part(local: str) -> str:
    if len(local) > _LONGEST_LOCAL_PART:
        return f"there are more than {_LONGEST_LOCAL_PART} characters before the @"
    if local.startswith('"'):
        return "quotes before the @ are not supported"
    if any(char.isspace() for char in local):
        return "there is a blank before the @"
    if "@" in local:
        return "there is more than one @"
    if local.startswith(".") or local.endswith(".") or ".." in local:
        return "a dot stands at the beginning, before the @, or beside another dot"
    return "there is a character before the @ that addresses do not have"


def _ascii_domain(domain: str) -> str:
    """Raises ValueError with the reason."""
    if domain.startswith("["):
        raise ValueError("this cannot be a mail address: an IP address is not supported in place of a domain")
    if not domain.isascii():
        import idna  # here, for most addresses do without, and commands are to begin quickly

        try:
            domain = idna.encode(domain, uts46=True).decode("ascii")
        except (idna.IDNAError, UnicodeError):
            raise ValueError("the domain of this mail address cannot be one") from None
    if not _DOMAIN.fullmatch(domain) or len(domain) > _LONGEST_DOMAIN:
        raise ValueError("the domain of this mail address cannot be one")
    if domain.rpartition(".")[2].isdecimal():
        raise ValueError("this cannot be a mail address: an IP address is not supported in place of a domain")
    return domain


def webhook_url(url: str) -> str:
    """The URL. Raises ValueError for what is not encrypted, except on this machine."""
    parts, _ = _split(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname or not url.isprintable() or " " in url:
        raise ValueError("write https://HOST/PATH")
    if parts.scheme == "http" and not _is_here(parts.hostname):
        raise ValueError("letters are personal: use https:// (http:// is for this machine only)")
    return url


def service_url(url: str) -> str:
    """Where people reach this service: scheme, host, and port if need be, and no slash at the end. Raises ValueError.

    Links with it go to people, who then write about themselves: encrypted, except on this machine and in a network that
    is addressed in digits.
    """
    parts, _ = _split(url)
    beyond = parts.path.strip("/") or parts.query or parts.fragment or parts.username
    if parts.scheme not in {"http", "https"} or not parts.hostname or beyond or not url.isprintable() or " " in url:
        raise ValueError("write https://HOST, with a port if need be, and nothing after it")
    if parts.scheme == "http" and not _is_private(parts.hostname):
        raise ValueError(
            "answers of people are personal: use https:// (http:// is for this machine and private addresses)"
        )
    return f"{parts.scheme}://{parts.netloc}"


def _split(url: str) -> tuple[SplitResult, int | None]:
    try:
        parts = urlsplit(url)
        return parts, parts.port
    except ValueError:  # whose words repeat parts of the URL, perhaps of its password
        raise ValueError(
            "this URL cannot be read; percent-encode what is neither letter nor digit in user and password"
        ) from None


def _is_here(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


def _is_private(host: str) -> bool:
    try:
        return host == "localhost" or ipaddress.ip_address(host).is_private
    except ValueError:
        return False
