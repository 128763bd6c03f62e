"""Notifications as requests to a service of the operator's, which takes them on to wherever people read them."""

import asyncio
import json
import time
from datetime import UTC, datetime, timedelta

import httpx2

from channels import signing
from channels.channel import Bounced, Notification, NotTaken
from channels.lines import plain_id
from channels.waiting import of_header

_SECONDS = 25.0
_REFUSED = frozenset({400, 413, 422})
"""The fault is in the notification. Behind any other status it is in the receiver or in the network, and would hit the
next notification as well."""
_UNTRUSTED = frozenset({401, 403, 407})
_NOTHING_THERE = frozenset({404, 405, 410})
_KNOWN_ALREADY = 409


class WebhookChannel:
    """POSTs JSON, signed as Standard Webhooks 1.0.0 says (see `signing`).

    The receiver recognizes a notification by its id (`webhook-id`, and `id` in the body), which is the same for every
    attempt. That is why no answer is NotTaken, and never Uncertain: another attempt does no harm. 409 says that the
    receiver has that id already, so the notification counts as sent.
    """

    name = "webhook"
    repeatable = True

    def __init__(self, url: str, secret: str, *, seconds: float = _SECONDS) -> None:
        """`secret`: as `signing.key` reads it. `seconds`: for a whole request."""
        self._url = url
        self._key = signing.key(secret)
        self._seconds = seconds
        self._client = httpx2.AsyncClient(follow_redirects=False, timeout=seconds)

    async def send(self, notification: Notification) -> None:
        _judge(*await self._answer_to(notification))

    async def close(self) -> None:
        await self._client.aclose()

    async def _answer_to(self, notification: Notification) -> tuple[int, timedelta | None]:
        """The status, and how long the receiver asks to be left alone."""
        body = _body(notification)
        headers = signing.headers([self._key], plain_id(notification.id), int(time.time()), body)
        try:
            async with (
                asyncio.timeout(self._seconds),
                # Its words are not read: they could be of any length, and nothing in them counts.
                self._client.stream(
                    "POST", self._url, content=body, headers={**headers, "content-type": "application/json"}
                ) as answer,
            ):
                return answer.status_code, of_header(answer.headers.get("retry-after"), datetime.now(UTC))
        except (httpx2.TimeoutException, TimeoutError):
            raise NotTaken(f"the webhook did not answer within {self._seconds:.0f} seconds") from None
        except (httpx2.HTTPError, httpx2.InvalidURL, OSError):
            raise NotTaken("no connection to the webhook, or one that broke") from None


def _body(notification: Notification) -> bytes:
    to = {"name": notification.to_name, "address": notification.to_address}
    said = {
        "type": "message",
        "id": plain_id(notification.id),
        "to": to,
        "subject": notification.subject,
        "text": notification.text,
    }
    if calendar := notification.calendar:
        said["calendar"] = {"method": calendar.method, "content": calendar.content}
    return json.dumps(said).encode()


def _judge(status: int, retry_after: timedelta | None) -> None:
    """Raises NotTaken and Bounced for what is no yes."""
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
