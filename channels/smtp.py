"""Delivers letters by mail, through a relay."""

import re
import ssl
from asyncio import timeout
from contextlib import suppress

import aiosmtplib
from aiosmtplib import SMTPException, SMTPResponseException

from channels.addresses import Mailbox, SmtpServer
from channels.channel import Bounced, Letter, NotTaken, Uncertain
from channels.mail import as_mail, recipient
from channels.waiting import of_words

_SECONDS = 25.0
_SECONDS_FOR_GOODBYE = 2.0
_LOGIN_CODES = frozenset({530, 534, 535, 538})
"""Reply codes of RFC 4954: the problem is the login, not the letter."""
_ENHANCED_CODE = re.compile(r"[245]\.\d{1,3}\.\d{1,3}\b", re.ASCII)
"""The enhanced status code of RFC 3463 at the start of a reply."""


class SmtpChannel:
    """Opens a new connection for each letter: simple, and no letter depends on the one before.

    Once the transfer of a letter has started, only a reply of the server tells the result. Without a reply it is
    Uncertain: the server may have taken it, so that a retry could deliver it twice.
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
        """`seconds` limits the preparation, and again the transfer. `tls_context` defaults to the system's."""
        self._server = server
        self._sender = sender
        self._seconds = seconds
        self._tls_context = tls_context

    async def send(self, letter: Letter) -> None:
        content = as_mail(letter, self._sender)
        client = self._client()
        try:
            await self._announce(client, recipient(letter).address)
            await self._transfer(client, content)
        finally:
            await _part(client)

    async def close(self) -> None: ...

    # Messages of the server and of the library may contain addresses. `from None` keeps them out of what is recorded:
    # Temporal stores the message of an exception together with that of its cause.

    async def _announce(self, client: aiosmtplib.SMTP, address: str) -> None:
        """Everything before the letter itself: if this fails, the letter was not delivered."""
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
        except (SMTPException, OSError, UnicodeError):  # the last one for an invalid host name
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
    """Maps every outcome of the transfer to a definite result."""
    with suppress(SMTPException, OSError):
        async with timeout(_SECONDS_FOR_GOODBYE):
            await client.quit()
    client.close()


def _refused(what: str, refusal: SMTPResponseException) -> NotTaken:
    """Bounced for a reply that begins with 5 (RFC 5321, 4.2.1), which is permanent; NotTaken for one with 4."""
    words = f"the mail server refuses {what} ({_code(refusal)})"
    for_good = refusal.code // 100 == 5 and refusal.code not in _LOGIN_CODES
    return Bounced(words) if for_good else NotTaken(words, retry_after=of_words(refusal.message))


def _code(refusal: SMTPResponseException) -> str:
    """The codes, such as `550 5.1.1`, without the text that follows."""
    if refusal.code < 0:  # the form that aiosmtplib uses
        return "no reply of SMTP"
    enhanced = _ENHANCED_CODE.match(refusal.message)
    return f"{refusal.code} {enhanced[0]}" if enhanced else str(refusal.code)
