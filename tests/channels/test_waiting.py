"""How long a receiver asks to be left alone."""

from datetime import UTC, datetime, timedelta

import pytest

from channels.waiting import of_header, of_words

NOW = datetime(2026, 11, 20, 12, tzinfo=UTC)


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("120", 120),
        (" 5 ", 5),
        ("Fri, 20 Nov 2026 12:10:00 GMT", 600),
        ("Fri, 20 Nov 2026 11:00:00 GMT", None),
        ("-5", None),
        ("0", None),
        ("", None),
        (None, None),
        ("tomorrow", None),
        ("\u0663", None),
        ("9" * 5_000, 365 * 86_400),
        ("Fri, 99 Nov 2026 12:10:00 GMT", None),
        ("Fri, 31 Dec 9999 23:59:59 -2359", 365 * 86_400),
    ],
)
def test_a_header_says_seconds_or_a_date(value: str | None, seconds: int | None) -> None:
    assert of_header(value, NOW) == (None if seconds is None else timedelta(seconds=seconds))


@pytest.mark.parametrize(
    ("reply", "seconds"),
    [
        ("4.2.0 Greylisted for 5 minutes", 300),
        ("4.7.1 Greylisting in action, please come back later in 00300 seconds", 300),
        ("4.3.2 try again in 2 hours", 7200),
        ("Please retry after 90s", 90),
        ("4.4.5 Insufficient disk space, 17 messages queued", None),
        ("try again later", None),
        ("try again at 10 Main Street", None),
    ],
)
def test_a_mail_server_says_it_in_words(reply: str, seconds: int | None) -> None:
    assert of_words(reply) == (None if seconds is None else timedelta(seconds=seconds))
