"""Settings: what is read from where, and what is said when one is wrong."""

from pathlib import Path

import pytest

from runtime.embedded.postgres import PostgresServer
from settings import SettingsError, load, setting_of_port, variables


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder without `.env`, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_without_any_everything_is_here() -> None:
    settings = load()
    assert settings.dsn == PostgresServer(Path.cwd() / ".trellis" / "postgres").dsn("trellis")
    assert settings.temporal_target == "127.0.0.1:7233"
    assert settings.http_url == "http://127.0.0.1:8600"


def test_deployed_it_uses_what_it_is_given(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "postgresql://trellis:secret@db.example/trellis")
    monkeypatch.setenv("TEMPORAL_ADDRESS", "temporal.example:7233")
    monkeypatch.setenv("TEMPORAL_NAMESPACE", "mentoring")
    monkeypatch.setenv("TEMPORAL_API_KEY", "secret")
    settings = load()
    assert settings.dsn == "postgresql://trellis:secret@db.example/trellis"
    assert (settings.temporal_target, settings.temporal_namespace) == ("temporal.example:7233", "mentoring")
    assert "secret" not in repr(settings.temporal_api_key)


def test_the_environment_wins_over_the_file(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (elsewhere / ".env").write_text("TRELLIS_HTTP_PORT=9001\nTRELLIS_TEMPORAL_PORT=9002\nOF_SOMEBODY_ELSE=1\n")
    monkeypatch.setenv("TRELLIS_HTTP_PORT", "9003")
    assert (load().http_port, load().temporal_port) == (9003, 9002)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRELLIS_HTTP_PORT", "http", "TRELLIS_HTTP_PORT: .*integer.*'http'"),
        ("TRELLIS_TEMPORAL_PORT", "70000", "TRELLIS_TEMPORAL_PORT: .*65535"),
        ("TRELLIS_LOG_FORMAT", "xml", "TRELLIS_LOG_FORMAT: .*'json'"),
        ("TEMPORAL_ADDRESS", "https://temporal.example", "TEMPORAL_ADDRESS: "),
        ("TEMPORAL_TLS_CLIENT_CERT_PATH", "/nowhere/cert.pem", "TEMPORAL_TLS_CLIENT_CERT_PATH: "),
        ("TRELLIS_HTP_PORT", "8600", "TRELLIS_HTP_PORT is not a setting; did you mean TRELLIS_HTTP_PORT?"),
    ],
)
def test_a_wrong_one_is_named(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=said):
        load()


def test_all_wrong_ones_are_named_at_once_and_no_secret_is_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://trellis:secret@db.example")
    monkeypatch.setenv("TRELLIS_HTTP_PORT", "x")
    with pytest.raises(SettingsError) as caught:
        load()
    assert str(caught.value).count("\n") == 1
    assert "DATABASE_URL" in str(caught.value)
    assert "secret" not in str(caught.value)


def test_a_certificate_needs_its_key(elsewhere: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    certificate = elsewhere / "cert.pem"
    certificate.touch()
    monkeypatch.setenv("TEMPORAL_TLS_CLIENT_CERT_PATH", str(certificate))
    with pytest.raises(SettingsError, match="TEMPORAL_TLS_CLIENT_KEY_PATH go together"):
        load()


@pytest.mark.parametrize(
    ("host", "port", "url"),
    [
        ("127.0.0.1", "8600", "http://127.0.0.1:8600"),
        ("0.0.0.0", "8600", "http://127.0.0.1:8600"),  # noqa: S104 - read, not bound
        ("::1", "8600", "http://[::1]:8600"),
        ("trellis.example", "80", "http://trellis.example:80"),
        ("127.0.0.1", "0", None),
    ],
)
def test_where_the_board_is(host: str, port: str, url: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_HTTP_HOST", host)
    monkeypatch.setenv("TRELLIS_HTTP_PORT", port)
    assert load().http_url == url


@pytest.mark.parametrize(
    ("names", "own"),
    [
        ("", ["127.0.0.1"]),
        ("trellis.example.org", ["127.0.0.1", "trellis.example.org"]),
        ("trellis.example.org, api", ["127.0.0.1", "trellis.example.org", "api"]),
        ("*", ["127.0.0.1", "*"]),
    ],
)
def test_the_names_that_http_answers_to(names: str, own: list[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_HTTP_NAMES", names)
    assert list(load().own_host_names) == own


@pytest.mark.parametrize("names", ["https://trellis.example.org", "api:8600", "*.example.org", "a,,b", "a b"])
def test_what_is_no_host_name_is_said(names: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_HTTP_NAMES", names)
    with pytest.raises(SettingsError, match="TRELLIS_HTTP_NAMES: "):
        load()


def test_links_lead_to_where_people_reach_the_pages(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load().service_url == "http://127.0.0.1:8600"
    monkeypatch.setenv("TRELLIS_HTTP_PORT", "0")
    assert load().service_url == "http://127.0.0.1"
    monkeypatch.setenv("TRELLIS_PUBLIC_URL", "https://trellis.example.org:8443/")
    assert load().service_url == "https://trellis.example.org:8443"
    assert list(load().own_host_names) == ["127.0.0.1", "trellis.example.org"]


@pytest.mark.parametrize(
    "url",
    [
        "trellis.example.org",
        "http://trellis.example.org",
        "http://8.8.8.8",
        "https://a@trellis.example.org",
        "https://trellis.example.org/path",
        "https://trellis.example.org/?a=b",
        "https://trellis.example.org:https",
        "ftp://trellis.example.org",
    ],
)
def test_what_links_cannot_begin_with_is_said(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TRELLIS_PUBLIC_URL", url)
    with pytest.raises(SettingsError, match="TRELLIS_PUBLIC_URL: "):
        load()


def test_a_port_knows_its_setting() -> None:
    assert setting_of_port(load(), 8233) == "TRELLIS_TEMPORAL_UI_PORT"


def test_the_example_names_every_setting_with_its_default(elsewhere: Path) -> None:
    example = (Path(__file__).parent.parent / ".env.example").read_text()
    lines = [line[1:] for line in example.splitlines() if line.startswith("#") and line[1:2].isupper() and "=" in line]
    assert {line.partition("=")[0] for line in lines} == variables()
    defaults = load()
    examples = ("DATABASE_URL", "TEMPORAL_ADDRESS")
    (elsewhere / ".env").write_text("\n".join(line for line in lines if not line.startswith(examples)))
    assert load() == defaults
