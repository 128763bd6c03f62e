"""The meaning of every code of a problem, from docs/contract.md to the file that the API tells it from.

`python -m tests.problem_codes` writes the file anew, after the page has gained a code.
"""

import json
import re

from interfaces.http.problem_codes import FILE
from tests.support.layout import ROOT

_ROW = re.compile(r"^\| `([a-z_]+)` \| (.*?) \|$", re.MULTILINE)


def written() -> str:
    """The content that the file must have."""
    page = (ROOT / "docs" / "contract.md").read_text()
    refusals, others = _rows(page, "Refusal codes"), _rows(page, "Problem codes")
    codes: dict[str, dict[str, str | int | None]] = {
        code: {"means": row[0], "data": row[1] or None} for code, row in refusals.items()
    }
    codes |= {code: {"means": row[1], "status": int(row[0])} for code, row in others.items()}
    return json.dumps(dict(sorted(codes.items())), indent=2, ensure_ascii=False) + "\n"


def _rows(page: str, heading: str) -> dict[str, list[str]]:
    section = page.split(f"## {heading}\n")[1].split("\n## ", maxsplit=1)[0]
    return {code: [one.strip() for one in f"{rest} ".split(" | ")] for code, rest in _ROW.findall(section)}


if __name__ == "__main__":
    FILE.write_text(written())
