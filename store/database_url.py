"""DATABASE_URL as providers of Postgres write it, turned into one that the driver takes as it is meant.

libpq has more parameters than the driver. What the driver has too is passed on once its value is known to be one; what
makes no difference here is left out with a remark; what would weaken the connection if it were left out is refused.
"""

import difflib
import os
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import quote, unquote, urlencode

_WRITE = "write postgresql://USER:PASSWORD@HOST:5432/DATABASE"
_ENCODE = "percent-encode what is neither letter nor digit in user and password: '@' is %40, '/' is %2F, '#' is %23"
_SSL_MODES = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
_SESSION_ATTRIBUTES = ("any", "primary", "standby", "read-write", "read-only", "prefer-standby")
_TLS_VERSIONS = ("TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3")
_SYSTEM = "such as that of the system's certificates, /etc/ssl/certs/ca-certificates.crt"
_LOCAL_NAMES = re.compile(r"[\w.-]+", re.ASCII)


@dataclass(frozen=True, slots=True)
class DatabaseUrl:
    dsn: str
    """For the driver."""
    remarks: Sequence[str]
    """What was left out, a sentence each; nothing in them is secret."""


def read(url: str) -> DatabaseUrl:
    """Raises ValueError, with what is wrong and the remedy, and without any part of the URL that may be secret."""
    scheme, rest = _scheme(url)
    authority, slash, path = rest.partition("/")
    credentials, at, hosts = authority.rpartition("@")
    if "@" in path or "#" in rest:
        raise ValueError(f"it cannot be taken apart; {_ENCODE}")
    path, _, query = path.partition("?")
    if not slash:
        hosts, _, query = hosts.partition("?")
    parameters, remarks = _parameters(query)
    _require_hosts(hosts)
    for name in ("host", "port"):
        if name in parameters:
            _require_hosts(parameters[name] if name == "host" else f"x:{parameters[name]}".replace(",", ",x:"))
    user, colon, password = credentials.partition(":")
    login = _encoded(user) + (f":{_encoded(password)}" if colon else "") + at
    encoded = urlencode(parameters, quote_via=quote)
    database = f"/{path}" if path or not hosts else ""
    return DatabaseUrl(f"{scheme}://{login}{hosts}{database}{encoded and f'?{encoded}'}", remarks)


def _scheme(url: str) -> tuple[str, str]:
    if url[:1] in "\"'" and url[:1]:
        raise ValueError("there are quotes around it that are taken as part of it; take them away")
    if any(char.isspace() or not char.isprintable() for char in url):
        raise ValueError(f"there is a blank or a control character in it; take it out, or {_ENCODE}")
    scheme, found, rest = url.partition("://")
    if found and re.fullmatch(r"postgres(ql)?", scheme, re.IGNORECASE):
        return scheme.lower(), rest
    if re.match(r"(jdbc:)?postgres(ql)?([+:]|$)", scheme, re.IGNORECASE):
        raise ValueError(f"it is written for another driver; {_WRITE}")
    raise ValueError(f"it is not the URL of a Postgres; {_WRITE}")


def _encoded(part: str) -> str:
    """What is percent-encoded stays; what should have been, and can only be meant like this, is."""
    return quote(unquote(part), safe="")


def _require_hosts(hosts: str) -> None:
    """One or several, as the driver tries them: HOST, HOST:PORT, [IPv6]:PORT, or a folder with a socket."""
    for one in hosts.split(",") if hosts else ():
        host, port = one, ""
        if found := re.fullmatch(r"(\[[0-9A-Fa-f:.%\w]+\]|[^:\[\]]*)(?::(.*))?", one):
            host, port = found[1], found[2] or ""
        if not found or (host and not (host.startswith(("[", "/", "%2F", "%2f")) or _LOCAL_NAMES.fullmatch(host))):
            raise ValueError(f"its host cannot be one; {_WRITE}, or {_ENCODE}")
        if port and not (port.isdecimal() and port.isascii() and len(port) <= 5 and 1 <= int(port) <= 65_535):
            raise ValueError(f"its port is not a number from 1 to 65535; {_WRITE}, or {_ENCODE}")


def _parameters(query: str) -> tuple[dict[str, str], Sequence[str]]:
    kept: dict[str, str] = {}
    remarks: list[str] = []
    for name, value in _pairs(query):
        if name in kept:
            raise ValueError(f"`{name}` is there twice; keep one of the two")
        if name in _LEFT_OUT:
            remarks.append(f"`{name}` in DATABASE_URL is left out: {_LEFT_OUT[name]}")
        elif name in _CHECKED:
            driver_name, checked = _CHECKED[name](name, value)
            if kept.get(driver_name, checked) != checked:
                raise ValueError(f"`{name}` contradicts `{driver_name}`; keep one of the two")
            if name not in _WITHOUT_EFFECT:
                kept[driver_name] = checked
        elif name in _UNSUPPORTED:
            raise ValueError(f"`{name}` is not supported; take it out")
        elif near := difflib.get_close_matches(name.lower(), _OF_LIBPQ, n=1, cutoff=0.8):
            raise ValueError(f"it has no parameter `{_plain(name)}`; did you mean `{near[0]}`?")
        elif not re.fullmatch(r"[A-Za-z_][\w.]*", name, re.ASCII):
            raise ValueError(f"`{_plain(name)}` is no parameter of it; take it out")
        else:
            kept[name] = value  # a setting of the server, such as statement_timeout
    _require_root(kept)
    return kept, remarks


def _require_root(parameters: dict[str, str]) -> None:
    """To verify the server, the driver wants to be told by which certificates."""
    verifies = parameters.get("sslmode", "").startswith("verify")
    if not verifies or "sslrootcert" in parameters or os.environ.get("PGSSLROOTCERT"):
        return
    if not (Path.home() / ".postgresql" / "root.crt").is_file():
        says = f"`sslmode={parameters['sslmode']}` needs the certificates to verify the server by"
        raise ValueError(f"{says}; add `sslrootcert=PATH`, {_SYSTEM}")


def _pairs(query: str) -> Iterator[tuple[str, str]]:
    for pair in query.split("&") if query else ():
        name, found, value = pair.partition("=")
        if not found or not value:
            raise ValueError(f"`{_plain(name)}` has no value; write `name=value`, joined by `&`")
        yield unquote(name), unquote(value)


def _plain(name: str) -> str:
    return "".join(char for char in name if char.isprintable())[:40]


Check = Callable[[str, str], tuple[str, str]]


def _as_it_is(name: str, value: str) -> tuple[str, str]:
    return name, value


def _one_of(*known: str) -> Check:
    def check(name: str, value: str) -> tuple[str, str]:
        if value not in known:
            raise ValueError(f"`{name}` is {_plain(value)!r}; write one of: {', '.join(known)}")
        return name, value

    return check


def _file(name: str, value: str) -> tuple[str, str]:
    if name == "sslrootcert" and value == "system":
        raise ValueError(f"`sslrootcert=system` is not supported; write a path, {_SYSTEM}")
    if not Path(value).is_file():
        raise ValueError(f"`{name}` is not the path of a file on this machine; give one, or take it out")
    return name, value


def _ssl(_: str, value: str) -> tuple[str, str]:
    """As some drivers call `sslmode`."""
    modes = {"true": "require", "1": "require", "require": "require", "false": "disable", "0": "disable"}
    if value.lower() not in modes:
        raise ValueError(f"`ssl` is {_plain(value)!r}; write `sslmode=require`")
    return "sslmode", modes[value.lower()]


_CHECKED: dict[str, Check] = {
    **dict.fromkeys(("host", "port", "dbname", "user", "password", "passfile", "application_name"), _as_it_is),
    **dict.fromkeys(("options", "service", "krbsrvname", "sslpassword"), _as_it_is),
    "sslmode": _one_of(*_SSL_MODES),
    "ssl": _ssl,
    "sslnegotiation": _one_of("postgres", "direct"),
    **dict.fromkeys(("sslrootcert", "sslcert", "sslkey", "sslcrl"), _file),
    "ssl_min_protocol_version": _one_of(*_TLS_VERSIONS),
    "ssl_max_protocol_version": _one_of(*_TLS_VERSIONS),
    "target_session_attrs": _one_of(*_SESSION_ATTRIBUTES),
    "gsslib": _one_of("gssapi", "sspi"),
    "client_encoding": _one_of("UTF8", "utf8", "UTF-8", "utf-8", "auto"),
    "gssencmode": _one_of("disable", "prefer"),
    "sslcompression": _one_of("0"),
    "requiressl": _one_of("0"),
}
_WITHOUT_EFFECT = frozenset({"client_encoding", "gssencmode", "sslcompression", "requiressl"})
"""Whose values, as far as they are taken, are what happens anyway."""
_LEFT_OUT = {
    "channel_binding": "the driver has no channel binding; sslmode=verify-full makes sure of the server instead",
    "connect_timeout": "TRELLIS_SERVER_WAIT_SECONDS says how long a worker waits for Postgres",
    **dict.fromkeys(
        ("keepalives", "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout"),
        "the system's settings of TCP hold",
    ),
    "fallback_application_name": "connections are named by what they do",
    "sslsni": "the name of the host is always sent",
    "load_balance_hosts": "several hosts are tried in their order",
    **dict.fromkeys(
        ("pgbouncer", "connection_limit", "pool_timeout", "pool_size", "max_pool_size"), "it is for others"
    ),
    **dict.fromkeys(("schema", "socket_timeout", "statement_cache_size", "prepared_statements"), "it is for others"),
    **dict.fromkeys(("supa", "uselibpqcompat", "sslaccept", "connectTimeout"), "it is for others"),
}
_UNSUPPORTED = frozenset(
    {"hostaddr", "require_auth", "sslcertmode", "sslcrldir", "replication", "requirepeer", "sslinline"}
)
"""What would be another connection without them."""
_OF_LIBPQ = (*_CHECKED, *_LEFT_OUT, *_UNSUPPORTED)
