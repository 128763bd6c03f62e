"""A letter as a mail (RFC 5322): what SMTP carries and what a folder keeps are the same."""

from datetime import UTC, datetime
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP

from messages.addresses import Mailbox, mail_address
from messages.channel import Bounced, Letter
from messages.lines import harmless, one_line, plain_id

_LONGEST_NAME = 100


def recipient(letter: Letter) -> Mailbox:
    """Raises Bounced for an address that cannot be one."""
    try:
        return Mailbox(one_line(letter.to_name), mail_address(letter.to_address))
    except ValueError as error:
        raise Bounced(str(error)) from None


def as_mail(letter: Letter, sender: Mailbox) -> bytes:
    """Plain text in UTF-8 that goes through every server, its lines ended by CR LF.

    Its Message-ID is made of the letter's id. Whatever is in a name or a subject, it stays in its own header.
    Raises Bounced as `recipient` does.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = _header(sender)
    mail["To"] = _header(recipient(letter))
    mail["Subject"] = _in_header(letter.subject)
    mail["Date"] = datetime.now(UTC)
    mail["Message-ID"] = f"<{plain_id(letter.id)}@{sender.address.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"  # RFC 3834: nobody's absence notice answers it
    mail["X-Trellis-Message"] = plain_id(letter.id)
    mail.set_content(harmless(letter.text), charset="utf-8", cte="quoted-printable")
    return mail.as_bytes()


def _header(mailbox: Mailbox) -> Address:
    return Address(display_name=_in_header(mailbox.name)[:_LONGEST_NAME], addr_spec=mailbox.address)


def _in_header(text: str) -> str:
    """`=?` begins an encoded word (RFC 2047): the email package would decode it, line breaks and all, and before Python
    3.11.10 write them out as they are (CVE-2024-6923)."""
    return one_line(text).replace("=?", "= ?")
