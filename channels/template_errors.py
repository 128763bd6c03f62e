"""What is wrong with a template that cannot be read at all, for people who write templates."""

import re

_TAGS = "the tags are if, elif, else and endif"
_FORM = "write {{ word }}, or {% if word %} ... {% endif %}"
_LONGEST_SHOWN = 40
_TOKENS = {"end of statement block": "%}", "end of print statement": "}}", "name": "a word", "integer": "a number"}
"""As Jinja calls them, and as they are written."""

_WORDS = tuple(
    (re.compile(pattern, re.IGNORECASE | re.DOTALL), says, remedy)
    for pattern, says, remedy in (
        (r"missing end of comment", "a comment that {# begins is not ended", "end it with #}"),
        (r"missing end of raw", "{% raw %} is not ended, and letters have no use for it", "take it out"),
        (r"block that needs to be closed is '(\w+)'", "{% <1> %} is not ended", "end it with {% end<1> %}"),
        (r"unknown tag '(elif|else|endif)'", "{% <1> %} stands outside of an if", "put {% if word %} before it"),
        (r"unknown tag '([^']*)'", "there is no tag '<1>'", _TAGS),
        (r"tag name expected", "there is no word after {%", _TAGS),
        (r"expected an expression|unexpected 'end of", "there is nothing where a word is to be", _FORM),
        (
            r"expected token 'end of (?:print|block)[^']*', got '(.*)'",
            "'<1>' follows where {{ }} or {% %} is to end",
            "end it before that; a filter comes after |, as in {{ mentor | default('your mentor') }}",
        ),
        (r"expected token '(.*)', got '='", "a single '=' compares nothing", "write == or !="),
        (r"unexpected end of template", "what {{ or {% begins is not ended", "end it with }} or %}"),
        (r"expected token '(.*)', got '(.*)'", "'<2>' stands where '<1>' is to be", "correct it"),
        (r"unexpected char (.*) at \d+", "<1> cannot stand within {{ }} or {% %}", "take it out"),
        (r"unexpected '(.*)', expected '(.*)'", "'<1>' stands where '<2>' is to be", "end every bracket that begins"),
        (
            r"unexpected '(.*)'",
            "'<1>' stands where it cannot be",
            "take it out, or correct what is before it",
        ),
        (r"invalid character in identifier", "a word has a character that no word has", "correct the word"),
    )
)


def in_words(message: str) -> tuple[str, str]:
    """What is wrong, and the remedy, by a message of Jinja."""
    for pattern, says, remedy in _WORDS:
        if found := pattern.search(message):
            return _filled(says, found), _filled(remedy, found)
    return "it has not the form of a template", _FORM


def _filled(text: str, found: re.Match[str]) -> str:
    for number, part in enumerate(found.groups(), start=1):
        part = _TOKENS.get(part, part)  # noqa: PLW2901 - the same part, in other words
        short = part if len(part) <= _LONGEST_SHOWN else f"{part[: _LONGEST_SHOWN - 1]}\N{HORIZONTAL ELLIPSIS}"
        text = text.replace(f"<{number}>", short)
    return text
