"""What schemathesis loads: most of the ids that it makes up become ids that exist, in addresses and in bodies.

Which ones follows from what was made up, so that a seed gives the same requests again. The rest stays as it is: ids of
nothing have to be answered as well.
"""

import json
import os
import re
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from zlib import crc32

import schemathesis

KNOWN = "TRELLIS_FUZZ_KNOWN"
"""The file that `fill` has written."""
_INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
_OF_FOUR = 3
"""So many of four ids are made known ones."""
_ENDS = re.compile(r"/(withdraw|end_early|close|discard|stop|take-back|drop|resolve|resolve_case|remove|bounce)$")
_ENDS_OF = 8
"""What ends something for good meets one that exists only once in so many times: the others need it."""


def _known() -> Mapping[str, Any]:
    nothing: Mapping[str, Any] = {"paths": {}, "fields": {}, "of_programs": {}}
    return json.loads(Path(os.environ[KNOWN]).read_text()) if KNOWN in os.environ else nothing


_KNOWN = _known()
_NOW = datetime.now(UTC)


@schemathesis.hook
def map_case(_: Any, case: Any) -> Any:
    mark = f"{case.path_parameters!r}{case.query!r}{case.body!r}"
    names = frozenset(re.findall(r"{(\w+)", case.path))
    sets: Sequence[Mapping[str, Any]] = _KNOWN["paths"].get(",".join(sorted(names)), ())
    is_end = _ENDS.search(case.path) or case.method == "DELETE"
    if sets and _draw(mark, 4) < _OF_FOUR and not (is_end and _draw(mark + "end", _ENDS_OF)):
        case.path_parameters = {**(case.path_parameters or {}), **sets[_draw(mark + "which", len(sets))]}
    fields = _Fields(case.path_parameters or {})
    if isinstance(case.query, dict):
        case.query = fields.within(case.query, mark)
    if isinstance(case.body, dict):
        case.body = fields.within(case.body, mark)
    _settle_headers(case.headers, mark)
    return case


def _settle_headers(headers: Any, mark: str) -> None:
    """Made-up ones would refuse nearly every command."""
    for name in list(headers or ()):
        if name.lower() == "if-match" and _draw(mark + name, 4) < _OF_FOUR:
            del headers[name]
        elif name.lower() == "idempotency-key" and _draw(mark + name, 4) < _OF_FOUR:
            headers[name] = f"key-{_draw(mark, 2**32)}"


class _Fields:
    """Known values by the names of fields: of the program that the address is about, or of any."""

    def __init__(self, path: Mapping[str, Any]) -> None:
        program = str(path.get("program") or str(path.get("journey") or path.get("cohort") or "").partition(".")[0])
        self._known = {**_KNOWN["fields"], **_KNOWN["of_programs"].get(program, {})}

    def within(self, value: Any, mark: str) -> Any:
        if isinstance(value, dict):
            return {name: self._field(name, one, mark) for name, one in value.items()}
        if isinstance(value, list):
            return [self.within(one, f"{mark}{nth}") for nth, one in enumerate(value)]
        if isinstance(value, str) and _INSTANT.match(value):
            return (_NOW + timedelta(minutes=15 * (_draw(mark + value, 5_000) - 2_000))).isoformat()
        return value

    def _field(self, name: Any, value: Any, mark: str) -> Any:
        known = self._known.get(name, ())
        chance = f"{mark}{name}"
        if not known or _draw(chance, 4) >= _OF_FOUR or value is None:
            return self.within(value, chance)
        if isinstance(value, list):
            return [
                known[_draw(f"{chance}{nth}", len(known))] if isinstance(one, str) else self.within(one, chance)
                for nth, one in enumerate(value)
            ]
        one = known[_draw(chance + "which", len(known))]
        return one if isinstance(value, type(one)) else self.within(value, chance)


def _draw(mark: str, options: int) -> int:
    return crc32(mark.encode(errors="replace")) % options
