"""A notification as a mail (RFC 5322): what SMTP carries and what a folder keeps are the same.

Headers are written by the older half of the email package (`Header`). The newer one (`EmailMessage`) loses blanks
between encoded words when it folds a line, and before Python 3.11.10 an encoded word can break a header
(CVE-2024-6923).
"""

import re
from base64 import encodebytes
from datetime import UTC, datetime
from email.charset import QP, Charset
from email.header import Header
from email.message import Message
from email.policy import compat32
from email.utils import format_datetime

from channels.addresses import Mailbox, person_address
from channels.channel import Bounced, CalendarFile, Notification
from channels.lines import harmless, one_line, plain_id

_LONGEST_NAME = 100
_POLICY = compat32.clone(linesep="\r\n")
_PLAIN_NAME = re.compile(r"[a-z\d' -]+", re.ASCII | re.IGNORECASE)
"""Atoms of RFC 5322: nothing that ends a name, or begins an address."""
_PLAIN_SUBJECT = re.compile(r"(?!.*=\?)[!-~]{1,60}( [!-~]{1,60})*|")
"""Words that fit on a line, and none that looks encoded."""


def recipient(notification: Notification) -> Mailbox:
    """Raises Bounced for an address that cannot be one."""
    try:
        return Mailbox(one_line(notification.to_name), person_address(notification.to_address))
    except ValueError as error:
        raise Bounced(str(error)) from None


def as_mail(notification: Notification, sender: Mailbox) -> bytes:
    """Plain text in UTF-8 that goes through every server, its lines ended by CR LF. An invitation follows it as the
    alternative that calendars read; as an attachment they would not.

    Its Message-ID is made of the notification's id. Whatever is in a name or a subject, it stays in its own header.
    Raises Bounced as `recipient` does.
    """
    mail: Message[str | Header, str | Header] = Message(policy=_POLICY)
    mail["From"] = _mailbox(sender)
    mail["To"] = _mailbox(recipient(notification))
    mail["Subject"] = _words(one_line(notification.subject), _PLAIN_SUBJECT)
    mail["Date"] = format_datetime(datetime.now(UTC))
    mail["Message-ID"] = f"<{plain_id(notification.id)}@{sender.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers it
    mail["X-Trellis-Message"] = plain_id(notification.id)
    mail["MIME-Version"] = "1.0"
    if notification.calendar:
        mail["Content-Type"] = f'multipart/alternative; boundary="=_{plain_id(notification.id)}"'
        mail.set_payload([_text(notification), _invitation(notification.calendar)])
    else:
        mail.set_payload(harmless(notification.text), _quoted_printable())
    return mail.as_bytes()


def _text(notification: Notification) -> "Message[str, str]":
    part: Message[str, str] = Message(policy=_POLICY)
    part.set_payload(harmless(notification.text), _quoted_printable())
    return part


def _invitation(calendar: CalendarFile) -> "Message[str, str]":
    """In base64, so that no server changes its lines."""
    part: Message[str, str] = Message(policy=_POLICY)
    part["Content-Type"] = f"text/calendar; charset=UTF-8; method={calendar.method}"
    part["Content-Transfer-Encoding"] = "base64"
    part.set_payload(encodebytes(calendar.content.encode()).decode())
    return part


def _mailbox(mailbox: Mailbox) -> str | Header:
    if not mailbox.name:
        return mailbox.address
    header = _words(mailbox.name[:_LONGEST_NAME], _PLAIN_NAME)
    header.append(f"<{mailbox.address}>", "us-ascii")
    return header


def _words(text: str, plain: re.Pattern[str]) -> Header:
    """Encoded (RFC 2047) when it is not all plain."""
    return Header(text, "us-ascii" if plain.fullmatch(text) else "utf-8")


def _quoted_printable() -> Charset:
    charset = Charset("utf-8")
    charset.body_encoding = QP
    return charset
