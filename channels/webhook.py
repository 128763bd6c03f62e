"""Delivers letters as requests to a service of the operator, which forwards them to people."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import httpx2

from channels import signing
from channels.channel import Bounced, Letter, NotTaken
from channels.lines import plain_id
from channels.waiting import of_header

_SECONDS = 25.0
_REFUSED = frozenset({400, 413, 422})
"""The statuses that refuse the letter itself. Any other status is a problem of the receiver or of the connection, which
the next letter would have as well."""
_UNTRUSTED = frozenset({401, 403, 407})
_NOTHING_THERE = frozenset({404, 405, 410})
_KNOWN_ALREADY = 409


class WebhookChannel:
    """POSTs JSON, signed as Standard Webhooks 1.0.0 says (see `signing`).

    The receiver recognizes a letter by its id (`webhook-id`, and `id` in the body), the same for every attempt. So no
    answer means NotTaken, never Uncertain: a retry does no harm. A receiver answers 409 if it has the id already, and
    the letter counts as delivered.
    """

    name = "webhook"
    repeatable = True

    def __init__(self, url: str, secret: str, *, seconds: float = _SECONDS) -> None:
        """`secret` is the result of `signing.key`; `seconds` is the timeout of a whole request."""
        self._url = url
        self._key = signing.key(secret)
        self._seconds = seconds
        self._client = httpx2.AsyncClient(follow_redirects=False, timeout=seconds)

    async def send(self, letter: Letter) -> None:
        _judge(*await self._answer_to(letter))

    async def close(self) -> None:
        await self._client.aclose()

    async def _answer_to(self, letter: Letter) -> tuple[int, timedelta | None]:
        """The status, and the pause that the receiver asks for."""
        body = _body(letter)
        headers = signing.headers(self._key, plain_id(letter.id), int(time.time()), body)
        try:
            async with (
                asyncio.timeout(self._seconds),
                # The body is not read: it could be of any length, and it does not matter.
                self._client.stream(
                    "POST", self._url, content=body, headers={**headers, "content-type": "application/json"}
                ) as answer,
            ):
                return answer.status_code, of_header(answer.headers.get("retry-after"), datetime.now(UTC))
        except (httpx2.TimeoutException, TimeoutError):
            raise NotTaken(f"the webhook did not answer within {self._seconds:.0f} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise NotTaken("no connection to the webhook, or one that broke") from None


def _body(letter: Letter) -> bytes:
    to = {"name": letter.to_name, "address": letter.to_address}
    said = {"type": "message", "id": plain_id(letter.id), "to": to, "subject": letter.subject, "text": letter.text}
    return json.dumps(said).encode()


def _judge(status: int, retry_after: timedelta | None) -> None:
    """Raises NotTaken or Bounced unless the status is a success."""
    if 200 <= status < 300 or status == _KNOWN_ALREADY:
        return
    if status in _REFUSED:
        raise Bounced(f"the webhook refuses the letter ({status})")
    raise NotTaken(_in_words(status), retry_after=retry_after)


def _in_words(status: int) -> str:
    if 300 <= status < 400:
        return f"the webhook has moved ({status}): set TRELLIS_WEBHOOK_URL to where it is"
    if status in _UNTRUSTED:
        return f"the webhook does not trust us ({status}): does it know TRELLIS_WEBHOOK_SECRET?"
    if status in _NOTHING_THERE:
        return f"there is no webhook at that place ({status}): is TRELLIS_WEBHOOK_URL right?"
    return f"the webhook does not take letters now ({status})"
