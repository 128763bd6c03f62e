"""Problems repeat little of what was typed by mistake."""

import re

_VERY_LONG_WORD = re.compile(r"(\S{100})\S{200,}")


def shortened(message: str) -> str:
    """Without the rest of very long words."""
    return _VERY_LONG_WORD.sub(r"\1…", message)
