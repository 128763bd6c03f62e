"""Every setting, where it comes from, and what is said when it is wrong.

A setting is an environment variable or a line in `.env`; the environment wins. What is not set runs on this machine:
without DATABASE_URL and TEMPORAL_ADDRESS, on the embedded servers with their data under `.trellis/`.
"""

import difflib
import os
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from dotenv import dotenv_values
from pydantic import (
    AfterValidator,
    AliasChoices,
    Field,
    FilePath,
    SecretStr,
    StringConstraints,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from channels import addresses, public_addresses, signing
from store import database_url

_PREFIX = "TRELLIS_"
_OF_OTHERS = frozenset({"TRELLIS_DATA"})
"""Says to tests and benchmarks where the trial data is; no setting, and no mistake either."""
_FILE = ".env"
_WITHHELD = ("KEY", "URL", "SECRET")
"""In the names of variables whose values are not shown."""

Port = Annotated[int, Field(ge=1, le=65535)]
OptionalPort = Annotated[int, Field(ge=0, le=65535)]
HostAndPort = Annotated[str, StringConstraints(pattern=r"^[^/\s]+:\d+$")]
HostNames = Annotated[str, StringConstraints(pattern=r"^(\*|[\w.-]+(\s*,\s*[\w.-]+)*)?$")]
MailAddress = Annotated[str, AfterValidator(addresses.mail_address)]
WebhookUrl = Annotated[str, AfterValidator(addresses.webhook_url)]
ServiceUrl = Annotated[str, AfterValidator(addresses.service_url)]


class SettingsError(Exception):
    """A setting is wrong. One line for each: its name, what is wrong, what it was."""


def _plain(name: str) -> Any:
    """A name that other tools know too, so that it is read without the prefix."""
    return AliasChoices(name)


def _reads(read: Callable[[str], object]) -> AfterValidator:
    """It stays as it was written, a secret too, once `read` has found no fault in it."""

    def check(given: Any) -> Any:
        read(given.get_secret_value() if isinstance(given, SecretStr) else given)
        return given

    return AfterValidator(check)


PostgresUrl = Annotated[str, _reads(database_url.read)]
Sender = Annotated[str, _reads(addresses.Mailbox.of)]
SmtpUrl = Annotated[SecretStr, _reads(addresses.SmtpServer.of)]
Networks = Annotated[str, _reads(public_addresses.Allowed.of)]
WebhookSecret = Annotated[SecretStr, _reads(signing.key)]
_NEEDED = {"smtp": ("smtp_url", "messages_from"), "webhook": ("webhook_url", "webhook_secret")}
"""What a channel cannot do without, by its name."""


class Settings(BaseSettings):
    """Read by `load`. Field names are variable names, in lower case and without TRELLIS_, unless they say otherwise."""

    model_config = SettingsConfigDict(
        env_prefix=_PREFIX,
        env_file=_FILE,
        extra="ignore",
        frozen=True,
        env_ignore_empty=True,
        populate_by_name=True,
        hide_input_in_errors=True,
    )

    url: str | None = None
    """The service that commands are for, such as `https://trellis.example.org`; without it, what runs on this machine.
    Read by interfaces/cli/address.py."""
    key: SecretStr | None = None
    """For the service at `url`."""
    data_folder: Path = Path(".trellis")
    """Where the embedded servers keep their data, their logs and their locks."""

    http_host: str = "127.0.0.1"
    http_port: OptionalPort = 8600
    """0: no HTTP at all, not even health."""
    http_names: HostNames = ""
    """Host names, with commas between them, that HTTP answers to besides `localhost`, `http_host` and addresses in
    digits. `*`: any, where something in front of it checks them."""
    public_url: ServiceUrl | None = None
    """Where people reach the pages, such as `https://trellis.example.org`: links in letters begin with it, and HTTP
    answers to its host name. Without it, links lead to this machine."""
    http_rate: Annotated[float, Field(ge=1, le=100_000)] = 300.0
    """Requests a second that one process answers to one key; more get 429."""
    open_metrics: bool = False
    """Whether /metrics needs no key."""
    temporal_port: Port = 7233
    """Of the embedded Temporal; unused with TEMPORAL_ADDRESS. The same holds for its web UI."""
    temporal_ui_port: Port = 8233
    sdk_metrics_host: str = "127.0.0.1"
    sdk_metrics_port: OptionalPort = 8601
    """Where the Temporal SDK serves its own metrics; 0: nowhere."""

    database_url: PostgresUrl | None = Field(default=None, validation_alias=_plain("DATABASE_URL"))
    database_pool: Annotated[int, Field(ge=2, le=200)] = 10
    """Connections that the commands, pages and messages of one process share, at most. Its roles have some of their own
    besides: the sequencer 1, the projector one for each view and 1, messages 3, journeys 2. A worker logs the sum as it
    starts."""

    temporal_address: HostAndPort | None = Field(default=None, validation_alias=_plain("TEMPORAL_ADDRESS"))
    temporal_namespace: str = Field(default="default", validation_alias=_plain("TEMPORAL_NAMESPACE"))
    temporal_api_key: SecretStr | None = Field(default=None, validation_alias=_plain("TEMPORAL_API_KEY"))
    temporal_tls: bool = Field(default=False, validation_alias=_plain("TEMPORAL_TLS"))
    """Implied by an API key or a certificate."""
    temporal_tls_cert: FilePath | None = Field(default=None, validation_alias=_plain("TEMPORAL_TLS_CLIENT_CERT_PATH"))
    temporal_tls_key: FilePath | None = Field(default=None, validation_alias=_plain("TEMPORAL_TLS_CLIENT_KEY_PATH"))
    temporal_tls_ca: FilePath | None = Field(default=None, validation_alias=_plain("TEMPORAL_TLS_SERVER_CA_CERT_PATH"))
    temporal_tls_server_name: str | None = Field(default=None, validation_alias=_plain("TEMPORAL_TLS_SERVER_NAME"))

    messages: Literal["folder", "console", "smtp", "webhook", "off"] = "folder"
    """What carries letters to learners, mentors and ops. `off`: none are sent."""
    messages_folder: Path | None = None
    """Where `folder` puts them; `outbox` in the data folder when it is not set."""
    messages_from: Sender | None = None
    """Who mail comes from: an address, or `Name <address>`."""
    smtp_url: SmtpUrl | None = None
    """`smtp://` encrypts nothing, `smtp+starttls://` after an upgrade that must succeed, `smtps://` all of it."""
    webhook_url: WebhookUrl | None = None
    webhook_secret: WebhookSecret | None = None
    """Signs what is sent to the webhook: `whsec_`, and 24 to 64 bytes in base64."""
    private_networks: Networks = ""
    """Networks beyond the internet that the webhooks of others may lead to, with commas between them, such as
    `10.1.0.0/16, 127.0.0.1`. To these, `http://` will do."""
    ops_address: MailAddress | None = None
    """Where letters to ops go; without it, nowhere."""

    sample: bool = True
    """Whether `trellis up` loads its sample program."""
    shutdown_seconds: Annotated[float, Field(gt=0, le=600)] = 5.0
    """How long work that has begun may take to end when a process is asked to stop."""
    server_wait_seconds: Annotated[float, Field(ge=0)] = 120.0
    """How long a worker waits for Postgres and Temporal to come up before it gives up."""

    log_format: Literal["auto", "json", "console"] = "auto"
    """`auto`: for people on a terminal, JSON elsewhere."""
    log_level: Literal["debug", "info", "warning", "error"] = "info"

    @model_validator(mode="after")
    def _certificate_has_its_key(self) -> "Settings":
        if bool(self.temporal_tls_cert) != bool(self.temporal_tls_key):
            raise ValueError("TEMPORAL_TLS_CLIENT_CERT_PATH and TEMPORAL_TLS_CLIENT_KEY_PATH go together: set both")
        return self

    @model_validator(mode="after")
    def _channel_has_what_it_needs(self) -> "Settings":
        missing = [variable(field) for field in _NEEDED.get(self.messages, ()) if not getattr(self, field)]
        if missing:
            raise ValueError(f"{variable('messages')}={self.messages} needs {' and '.join(missing)} as well")
        return self

    @property
    def outbox(self) -> Path:
        """Where the channel `folder` puts its letters."""
        return self.messages_folder or self.data_folder / "outbox"

    @property
    def key_file(self) -> Path:
        """The API key of `trellis up`, which its owner alone can read."""
        return self.data_folder / "key"

    @property
    def postgres_folder(self) -> Path:
        return self.data_folder / "postgres"

    @property
    def temporal_folder(self) -> Path:
        return self.data_folder / "temporal"

    @property
    def dsn(self) -> str:
        """Where the database is, embedded or not."""
        if self.database_url:
            return database_url.read(self.database_url).dsn
        from runtime.embedded.postgres import PostgresServer

        return PostgresServer(self.postgres_folder).dsn("trellis")

    @property
    def database_remarks(self) -> Sequence[str]:
        """What of DATABASE_URL is left out, a sentence each."""
        return database_url.read(self.database_url).remarks if self.database_url else ()

    @property
    def temporal_target(self) -> str:
        """Where Temporal's front end is, embedded or not."""
        return self.temporal_address or f"127.0.0.1:{self.temporal_port}"

    @property
    def own_host_names(self) -> Sequence[str]:
        """What HTTP answers to by name."""
        names = [self.http_host, *(name.strip() for name in self.http_names.split(",") if name.strip())]
        host = urlsplit(self.public_url).hostname if self.public_url else None
        return [*names, host] if host else names

    @property
    def http_url(self) -> str | None:
        """Where a browser on this machine finds the board; None when `http_port` is 0."""
        if not self.http_port:
            return None
        host = "127.0.0.1" if self.http_host in {"0.0.0.0", "::"} else self.http_host  # noqa: S104 - compared, not bound
        host = f"[{host}]" if ":" in host else host
        return f"http://{host}:{self.http_port}"

    @property
    def service_url(self) -> str:
        """What links in letters begin with."""
        return self.public_url or self.http_url or "http://127.0.0.1"


def load() -> Settings:
    """Reads them. Raises SettingsError for a value that cannot be, and for a TRELLIS_ name that is none of them."""
    wrong = [*_unknown(os.environ), *_unknown(dotenv_values(_FILE))]
    try:
        settings = Settings()
    except ValidationError as error:
        wrong += [_said(details) for details in error.errors()]
    if wrong:
        raise SettingsError("\n".join(wrong))
    return settings


def variable(field: str) -> str:
    """The name of the environment variable that sets a field."""
    alias = Settings.model_fields[field].validation_alias
    return str(alias.choices[0]) if isinstance(alias, AliasChoices) else f"{_PREFIX}{field.upper()}"


def setting_of_port(settings: Settings, port: int) -> str:
    """The name of the variable that chose a port."""
    ports = ("http_port", "temporal_port", "temporal_ui_port", "sdk_metrics_port")
    return next((variable(field) for field in ports if getattr(settings, field) == port), "the setting of the port")


def variables() -> frozenset[str]:
    return frozenset(variable(field) for field in Settings.model_fields)


def _unknown(names: Iterable[str]) -> list[str]:
    known = variables()
    return [_unknown_said(name, known) for name in names if name.startswith(_PREFIX) and name not in known | _OF_OTHERS]


def _unknown_said(name: str, known: Iterable[str]) -> str:
    near = difflib.get_close_matches(name, known, n=1)
    return f"{name} is not a setting" + (f"; did you mean {near[0]}?" if near else "")


def _said(details: Any) -> str:
    where, message = details["loc"], details["msg"].removeprefix("Value error, ")
    if not where:
        return str(message)
    name = str(where[0])
    name = variable(name) if name in Settings.model_fields else name.upper()
    shown = "" if any(word in name for word in _WITHHELD) else f" (it is {details['input']!r})"
    return f"{name}: {message}{shown}"
