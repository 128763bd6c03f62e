"""The channel that the settings choose, and what is said of settings that choose none."""

import subprocess
import sys
from pathlib import Path

import pytest

from channels.addresses import SmtpServer, Tls
from channels.channel import Channel, Notification
from channels.console import ConsoleChannel
from channels.folder import FolderChannel
from channels.smtp import SmtpChannel
from channels.webhook import WebhookChannel
from runtime.channel import open_channel
from settings import SettingsError, load, variables

SECRET = "whsec_AAECAwQFBgcICQoLDA0ODxAREhMUFRYX"
SMTP = {
    "TRELLIS_MESSAGES": "smtp",
    "TRELLIS_SMTP_URL": "smtps://u:hidden@mail.example",
    "TRELLIS_MESSAGES_FROM": "Trellis <trellis@x.example>",
}
WEBHOOK = {
    "TRELLIS_MESSAGES": "webhook",
    "TRELLIS_WEBHOOK_URL": "https://x.example/hidden",
    "TRELLIS_WEBHOOK_SECRET": SECRET,
}


@pytest.fixture(autouse=True)
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A folder without `.env`, and an environment without settings."""
    monkeypatch.chdir(tmp_path)
    for name in variables():
        monkeypatch.delenv(name, raising=False)


def chosen(monkeypatch: pytest.MonkeyPatch, **given: str) -> Channel | None:
    for name, value in given.items():
        monkeypatch.setenv(name, value)
    return open_channel(load())


async def test_without_any_setting_letters_are_files_in_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    channel = chosen(monkeypatch)
    assert isinstance(channel, FolderChannel)
    assert (channel.name, channel.repeatable) == ("folder", True)
    await channel.send(Notification("l-1", "Ana", "ana@x.example", "s", "t"))
    written = Path(".trellis/outbox/l-1.eml").read_text()  # noqa: ASYNC240 - nothing else runs
    assert "From: trellis@localhost" in written
    await channel.close()


@pytest.mark.parametrize(
    ("given", "kind", "name", "repeatable"),
    [
        ({"TRELLIS_MESSAGES": "console"}, ConsoleChannel, "console", False),
        ({"TRELLIS_MESSAGES": "folder", "TRELLIS_MESSAGES_FOLDER": "out"}, FolderChannel, "folder", True),
        (SMTP, SmtpChannel, "smtp", False),
        (WEBHOOK, WebhookChannel, "webhook", True),
    ],
)
async def test_each_can_be_chosen(
    given: dict[str, str], kind: type, name: str, repeatable: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    channel = chosen(monkeypatch, **given)
    assert channel
    assert type(channel) is kind
    assert (channel.name, channel.repeatable) == (name, repeatable)
    assert "hidden" not in repr(channel) + repr(vars(channel)["_server"] if kind is SmtpChannel else "")
    await channel.close()


def test_none_can_be_chosen(monkeypatch: pytest.MonkeyPatch) -> None:
    assert chosen(monkeypatch, TRELLIS_MESSAGES="off") is None


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({"TRELLIS_MESSAGES": "post"}, "TRELLIS_MESSAGES: .*'folder', 'console', 'smtp', 'webhook' or 'off'.*'post'"),
        (
            {"TRELLIS_MESSAGES": "smtp"},
            "=smtp needs TRELLIS_SMTP_URL and TRELLIS_MESSAGES_FROM as well",
        ),
        ({**SMTP, "TRELLIS_MESSAGES_FROM": ""}, "TRELLIS_MESSAGES=smtp needs TRELLIS_MESSAGES_FROM as well"),
        ({"TRELLIS_MESSAGES": "webhook"}, "needs TRELLIS_WEBHOOK_URL and TRELLIS_WEBHOOK_SECRET as well"),
        ({"TRELLIS_MESSAGES_FROM": "Mentoring"}, "TRELLIS_MESSAGES_FROM: this cannot be a mail address"),
        ({"TRELLIS_OPS_ADDRESS": "ops"}, "TRELLIS_OPS_ADDRESS: this cannot be a mail address"),
    ],
)
def test_what_is_wrong_or_missing_is_named(given: dict[str, str], said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=said):
        chosen(monkeypatch, **given)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        ("TRELLIS_SMTP_URL", "smtp://user:hidden@mail.example", "in the clear: use smtp\\+starttls:// or smtps://"),
        ("TRELLIS_SMTP_URL", "smtps://user:hid/den#hidden@mail.example", "percent-encode"),
        ("TRELLIS_SMTP_URL", "smtps://user:hidden@mail.example:hidden", "percent-encode"),
        ("TRELLIS_SMTP_URL", "smtps://user:hidden@[mail.example", "percent-encode"),
        ("TRELLIS_SMTP_URL", "smtps://hidden@mail.example", "user and password go together"),
        ("TRELLIS_SMTP_URL", "imap://user:hidden@mail.example", "write smtp://HOST:PORT"),
        ("TRELLIS_SMTP_URL", "smtps://user:hidden@", "write smtp://HOST:PORT"),
        ("TRELLIS_SMTP_URL", "hidden", "write smtp://HOST:PORT"),
        ("TRELLIS_WEBHOOK_URL", "http://x.example/hidden", "use https://"),
        ("TRELLIS_WEBHOOK_URL", "ftp://x.example/hidden", "write https://HOST/PATH"),
        ("TRELLIS_WEBHOOK_URL", "https://x.example/hid den", "write https://HOST/PATH"),
        ("TRELLIS_WEBHOOK_URL", "https://x.example:hidden/", "cannot be read"),
        ("TRELLIS_WEBHOOK_SECRET", "hidden", "write whsec_"),
        ("TRELLIS_WEBHOOK_SECRET", "whsec_hidden==", "write whsec_"),
    ],
)
def test_no_secret_is_repeated(name: str, value: str, said: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(SettingsError, match=f"{name}: .*{said}") as caught:
        chosen(monkeypatch, **{name: value})
    assert "hid" not in str(caught.value)
    assert caught.value.__cause__ is caught.value.__context__ is None


def test_no_secret_is_shown_by_the_settings_themselves(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {**SMTP, **WEBHOOK}.items():
        monkeypatch.setenv(name, value)
    assert "u:hidden" not in repr(load())
    assert SECRET not in repr(load())


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example", ("mail.example", 25, "none", None, None)),
        ("smtp://mail.example:1025", ("mail.example", 1025, "none", None, None)),
        ("smtp://u:p@localhost:1025/", ("localhost", 1025, "none", "u", "p")),
        ("smtp://u:p@[::1]", ("::1", 25, "none", "u", "p")),
        ("smtp+starttls://u%40x:p%3A%2F%23@mail.example", ("mail.example", 587, "starttls", "u@x", "p:/#")),
        ("smtps://u:p@mail.example", ("mail.example", 465, "tls", "u", "p")),
        ("SMTPS://mail.example:2465", ("mail.example", 2465, "tls", None, None)),
    ],
)
def test_a_mail_server_is_read_from_its_url(url: str, server: tuple[str, int, Tls, str | None, str | None]) -> None:
    assert SmtpServer.of(url) == SmtpServer(*server)


@pytest.mark.parametrize(
    "url", ["http://localhost:9/x", "http://127.0.0.1/x", "http://[::1]:8080/", "https://x.example"]
)
def test_a_webhook_is_encrypted_unless_it_is_here(url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert isinstance(chosen(monkeypatch, **{**WEBHOOK, "TRELLIS_WEBHOOK_URL": url}), WebhookChannel)


def test_what_is_not_chosen_is_not_imported() -> None:
    """The command line answers at once: nothing but the channel that is opened is loaded."""
    heavy = "{'jinja2', 'aiosmtplib', 'httpx2'} & set(sys.modules)"
    code = f"import sys, settings, runtime.channel; print({heavy})"
    root = Path(__file__).parent.parent.parent
    done = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": str(root)}, check=True, capture_output=True, text=True
    )
    assert done.stdout.strip() == "set()"
