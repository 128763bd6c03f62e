"""Texts made fit for places that hold one line, or that show them as they are."""

import hashlib
import re
import unicodedata

_LONGEST_ID = 56
"""So that a header that holds one is a line of at most 78 characters: longer ones are folded."""
_PLAIN_ID = re.compile(r"[\w~-]+(\.[\w~-]+)*", re.ASCII)
_BREAKS = re.compile(r"\r\n|[\r\v\f\x1c-\x1e\x85\u2028\u2029]")


def one_line(text: str) -> str:
    """Line breaks and control characters become blanks, and blanks in a row one: it can end no header early."""
    return " ".join("".join(" " if _steers(char) else char for char in text).split())


def harmless(text: str) -> str:
    """Lines stay lines, ended by a newline each; a terminal that shows them takes no commands from them."""
    return "".join(" " if _steers(char) and char != "\n" else char for char in _BREAKS.sub("\n", text))


def plain_id(letter_id: str) -> str:
    """An id as it can stand in a file's name, in a header and before the @ of a Message-ID: what is plain stays.

    Any other, and a very long one, becomes the half of its SHA-256: different ids stay different.
    """
    if len(letter_id) <= _LONGEST_ID and _PLAIN_ID.fullmatch(letter_id):
        return letter_id
    return hashlib.sha256(letter_id.encode(errors="surrogatepass")).hexdigest()[:32]


def _steers(char: str) -> bool:
    """Control characters, line and paragraph separators, and halves of characters, which no encoding takes."""
    return unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"}
