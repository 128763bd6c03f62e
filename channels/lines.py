"""Sanitizes texts for headers of one line, for terminals, for file names and for JSON."""

import hashlib
import re

_LONGEST_ID = 56
"""Keeps a header that contains it within 78 characters, so that it is not folded."""
_PLAIN_ID = re.compile(r"[\w~-]+(\.[\w~-]+)*", re.ASCII)
_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")
_CONTROL = "\x00-\x1f\x7f-\x9f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff"
"""Control characters, line and paragraph separators, characters that override the text direction (but not the marks
that some languages need), and surrogates, which cannot be encoded."""
CONTROL_CHARACTERS = re.compile(f"[{_CONTROL}]")
"""Matches a character that controls how a text is displayed and carries no text itself."""
_CONTROL_WITHIN_LINES = re.compile(f"(?![\n\t])[{_CONTROL}]")


def one_line(text: str) -> str:
    """Replaces line breaks and control characters by single spaces, so that the text cannot end a header early."""
    return " ".join(CONTROL_CHARACTERS.sub(" ", text).split())


def harmless(text: str) -> str:
    """Keeps the lines, each ended by a newline, and removes everything that would control a terminal."""
    return _CONTROL_WITHIN_LINES.sub(" ", _BREAKS.sub("\n", text)).replace("\t", " ")


def shown(text: str) -> str:
    """Safe for a terminal: keeps newlines and tabs, and replaces every other control character by U+FFFD."""
    return _CONTROL_WITHIN_LINES.sub("\N{REPLACEMENT CHARACTER}", text)


def escaped(json: str) -> str:
    """Equivalent JSON in which every character that would control a terminal is escaped."""
    return _CONTROL_WITHIN_LINES.sub(lambda found: f"\\u{ord(found[0]):04x}", json)


def plain_id(letter_id: str) -> str:
    """An id that is safe in file names, in headers and before the @ of a Message-ID. A plain id stays as it is.

    Any other id, and a very long one, is replaced by half of its SHA-256, so that different ids stay different.
    """
    if len(letter_id) <= _LONGEST_ID and _PLAIN_ID.fullmatch(letter_id):
        return letter_id
    return hashlib.sha256(letter_id.encode(errors="surrogatepass")).hexdigest()[:32]
