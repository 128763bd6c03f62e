"""The small parts that the pages are made of. Everything that is handed in as text is escaped here or before."""

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from html import escape
from pathlib import Path

from domain.words import distance

STYLE = (Path(__file__).parent / "page.css").read_text()
SCRIPT = (Path(__file__).parent / "page.js").read_text()
"""Both stand in every page. Their hashes are in the Content-Security-Policy (guards.py), which allows no others."""
NOTHING = "\N{EN DASH}"


def document(title: str, body: str) -> str:
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<title>{escape(title)} · Trellis</title><link rel="icon" href="data:,"><style>{STYLE}</style></head>
<body><main>{body}</main><script>{SCRIPT}</script></body></html>"""


def table(caption: str, columns: Sequence[str], rows: str) -> str:
    heads = "".join(f'<th scope="col">{column}</th>' for column in columns)
    empty = f'<tr><td colspan="{len(columns)}">Nothing yet.</td></tr>'
    return f"""<div class="table"><table><caption>{caption}</caption><thead><tr>{heads}</tr></thead>
<tbody>{rows or empty}</tbody></table></div>"""


def cells(rows: Iterable[Iterable[object]]) -> str:
    return "".join(f"<tr>{''.join(f'<td>{escape(str(cell))}</td>' for cell in row)}</tr>" for row in rows)


def moment(at: datetime) -> str:
    return f"{at.astimezone(UTC):%d %b %Y %H:%M:%S}"


def time(at: datetime, now: datetime) -> str:
    return f'<time datetime="{at.isoformat()}" title="{moment(at)} UTC">{distance(at, now)}</time>'
