"""Texts made fit for places that hold one line, or that show them as they are."""

import hashlib
import re

_LONGEST_ID = 56
"""So that a header that holds one is a line of at most 78 characters: longer ones are folded."""
_PLAIN_ID = re.compile(r"[\w~-]+(\.[\w~-]+)*", re.ASCII)
_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_STEERING = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, line and paragraph separators, what turns the direction of the text that follows (as opposed to
the marks that only state it, which some languages need), and halves of characters, which no encoding takes."""
STEERING = re.compile(f"[{_STEERING}]")
"""What steers whatever shows a text, and says nothing itself."""
_STEERING_WITHIN_LINES = re.compile(f"(?![\n\t])[{_STEERING}]")


def one_line(text: str) -> str:
    """Line breaks and control characters become blanks, and blanks in a row one: it can end no header early."""
    return " ".join(STEERING.sub(" ", text).split())


def harmless(text: str) -> str:
    """Lines stay lines, ended by a newline each; a terminal that shows them takes no commands from them."""
    return _STEERING_WITHIN_LINES.sub(" ", _BREAKS.sub("\n", text)).replace("\t", " ")


def shown(text: str) -> str:
    """As a terminal shows it safely: newlines and tabs stay, and any other character that steers it becomes U+FFFD."""
    return _STEERING_WITHIN_LINES.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(json: str) -> str:
    """JSON that means the same, with every character that would steer a terminal written as an escape."""
    return _STEERING_WITHIN_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def plain_id(notification_id: str) -> str:
    """An id as it can stand in a file's name, in a header and before the @ of a Message-ID: what is plain stays.

    Any other, and a very long one, becomes the half of its SHA-256: different ids stay different.
    """
    if len(notification_id) <= _LONGEST_ID and _PLAIN_ID.fullmatch(notification_id):
        return notification_id
    return hashlib.sha256(notification_id.encode(errors="surrogatepass")).hexdigest()[:32]
