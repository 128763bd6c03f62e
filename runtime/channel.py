"""The channel for notifications that the settings choose."""

from channels.addresses import Mailbox, SmtpServer
from channels.channel import Channel
from settings import Settings

_NOBODY = Mailbox("", "trellis@localhost")


def open_channel(settings: Settings) -> Channel | None:
    """None when notifications are off. Opens no connection yet; whoever opens the channel closes it."""
    match settings.messages:
        case "off":
            return None
        case "folder":
            from channels.folder import FolderChannel

            return FolderChannel(settings.outbox, organizer(settings))
        case "console":
            from channels.console import ConsoleChannel

            return ConsoleChannel()
        case "smtp":
            from channels.smtp import SmtpChannel

            sender = _sender(settings)
            assert settings.smtp_url and sender, "the settings were checked"
            return SmtpChannel(SmtpServer.of(settings.smtp_url.get_secret_value()), sender)
        case "webhook":
            from channels.webhook import WebhookChannel

            assert settings.webhook_url and settings.webhook_secret, "the settings were checked"
            return WebhookChannel(settings.webhook_url, settings.webhook_secret.get_secret_value())


def organizer(settings: Settings) -> Mailbox:
    """In whose name people are invited to sessions, whatever carries the invitation."""
    return _sender(settings) or _NOBODY


def _sender(settings: Settings) -> Mailbox | None:
    return Mailbox.of(settings.messages_from) if settings.messages_from else None
