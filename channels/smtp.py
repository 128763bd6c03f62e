"""Notifications by mail, through a server that takes them for everybody."""

import re
import ssl
from asyncio import timeout
from contextlib import suppress

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from channels.addresses import Mailbox, SmtpServer
from channels.channel import Bounced, Notification, NotTaken, Uncertain
from channels.mail import as_mail, recipient
from channels.waiting import of_words

_SECONDS = 25.0
_SECONDS_FOR_GOODBYE = 2.0
_LOGIN_CODES = frozenset({530, 534, 535, 538})
"""Of RFC 4954: what is wrong is between the server and us, and not with the notification."""
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b", re.ASCII)
"""Of RFC 3463, with which the words of a reply may begin."""


class SmtpChannel:
    """A fresh connection for each notification: simple, and no notification depends on the one before.

    Once the transfer has begun, only a reply of the server says what became of the notification. Without one it is
    Uncertain, for the server may have accepted it: another attempt could make it arrive twice.
    """

    name = "smtp"
    repeatable = False

    def __init__(
        self,
        server: SmtpServer,
        sender: Mailbox,
        *,
        seconds: float = _SECONDS,
        tls_context: ssl.SSLContext | None = None,
    ) -> None:
        """`seconds`: for getting ready, and again for the transfer. Without `tls_context`, the system's is used."""
        self._server = server
        self._sender = sender
        self._seconds = seconds
        self._tls_context = tls_context

    async def send(self, notification: Notification) -> None:
        content = as_mail(notification, self._sender)
        client = self._client()
        try:
            await self._announce(client, recipient(notification).address)
            await self._transfer(client, content)
        finally:
            await _part(client)

    async def close(self) -> None: ...

    # Words of the server, and of the library, may repeat addresses. `from None` keeps them out of what is recorded:
    # Temporal stores the words of an exception together with those of its cause.

    async def _announce(self, client: aiosmtplib.SMTP, address: str) -> None:
        """Everything up to the notification itself: whatever fails here, the notification is not on its way."""
        try:
            async with timeout(self._seconds):
                await client.connect()
                await client.mail(self._sender.address)
                await client.rcpt(address)
        except aiosmtplib.SMTPRecipientRefused as refusal:
            raise _refused("the address", refusal) from None
        except aiosmtplib.SMTPSenderRefused as refusal:
            raise _refused("the sender", refusal) from None
        except SMTPResponseException as refusal:
            words = f"the mail server does not let us in ({_code(refusal)})"
            raise NotTaken(words, retry_after=of_words(refusal.message)) from None
        except TimeoutError:
            raise NotTaken(f"the mail server did not answer within {self._seconds:.0f} seconds") from None
        except (SMTPException, OSError, UnicodeError):  # the last of a host name that cannot be one
            raise NotTaken("no connection to the mail server, or not one as it is set") from None

    async def _transfer(self, client: aiosmtplib.SMTP, content: bytes) -> None:
        try:
            async with timeout(self._seconds):
                await client.data(content)
        except aiosmtplib.SMTPDataError as refusal:
            if refusal.code // 100 not in {4, 5}:
                raise Uncertain(f"the mail server answers the letter with {_code(refusal)}") from None
            raise _refused("the letter", refusal) from None
        except (SMTPException, OSError):
            raise Uncertain("the mail server fell silent while it was given the letter") from None

    def _client(self) -> aiosmtplib.SMTP:
        return aiosmtplib.SMTP(
            hostname=self._server.host,
            port=self._server.port,
            username=self._server.user,
            password=self._server.password,
            use_tls=self._server.tls == "tls",
            start_tls=self._server.tls == "starttls",
            tls_context=self._tls_context,
            timeout=self._seconds,
        )


async def _part(client: aiosmtplib.SMTP) -> None:
    """Whatever happens here, it is settled what became of the notification."""
    with suppress(SMTPException, OSError):
        async with timeout(_SECONDS_FOR_GOODBYE):
            await client.quit()
    client.close()


def _refused(what: str, refusal: SMTPResponseException) -> NotTaken:
    """A reply 5xx is permanent (RFC 5321, 4.2.1): Bounced. A reply 4xx, or a refused login, is temporary: NotTaken."""
    words = f"the mail server refuses {what} ({_code(refusal)})"
    for_good = refusal.code // 100 == 5 and refusal.code not in _LOGIN_CODES
    return Bounced(words) if for_good else NotTaken(words, retry_after=of_words(refusal.message))


def _code(refusal: SMTPResponseException) -> str:
    """Such as `550 5.1.1`, without the words that follow it."""
    if refusal.code < 0:  # as aiosmtplib has it
        return "no reply of SMTP"
    enhanced = _ENHANCED_CODE.match(refusal.message)
    return f"{refusal.code} {enhanced[0]}" if enhanced else str(refusal.code)
