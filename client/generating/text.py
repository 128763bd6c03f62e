"""Generated text: docstrings, and the remark at the top of each file."""

import textwrap

GENERATED = "# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead."
_WIDTH = 116


def docstring(text: str, inset: str) -> str:
    """Empty without a text."""
    if not text.strip():
        return ""
    harmless = text.replace("\\", "\\\\").replace('"""', "'''").strip()
    paragraphs = [_wrapped(one, inset) for one in harmless.split("\n\n")]
    body = f"\n\n{inset}".join(paragraphs)
    is_short = len(paragraphs) == 1 and "\n" not in body and len(inset) + len(body) < _WIDTH
    quoted = f'"""{body}"""' if is_short and not body.endswith('"') else f'"""{body}\n{inset}"""'
    return f"{inset}{quoted}"


def _wrapped(paragraph: str, inset: str) -> str:
    """Lists and indented lines stay as they are."""
    lines = paragraph.splitlines()
    if any(line.startswith((" ", "-", "*")) for line in lines):
        return f"\n{inset}".join(line.rstrip() for line in lines)
    width = _WIDTH - len(inset)
    return f"\n{inset}".join(textwrap.wrap(" ".join(lines), width, break_long_words=False, break_on_hyphens=False))
