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


def _known() -> Mapping[str, Any]:
    return json.loads(Path(os.environ[KNOWN]).read_text()) if KNOWN in os.environ else {"paths": {}, "fields": {}}


_KNOWN = _known()
_NOW = datetime.now(UTC)


@schemathesis.hook
def map_case(_: Any, case: Any) -> Any:
    mark = f"{case.path_parameters!r}{case.query!r}{case.body!r}"
    names = frozenset(re.findall(r"{(\w+)", case.path))
    sets: Sequence[Mapping[str, Any]] = _KNOWN["paths"].get(",".join(sorted(names)), ())
    if sets and _draw(mark, 4) < _OF_FOUR:
        case.path_parameters = {**(case.path_parameters or {}), **sets[_draw(mark + "which", len(sets))]}
    if isinstance(case.query, dict):
        case.query = _with_known(case.query, mark)
    if isinstance(case.body, dict):
        case.body = _with_known(case.body, mark)
    return case


def _with_known(value: Any, mark: str) -> Any:
    if isinstance(value, dict):
        return {name: _field(name, one, mark) for name, one in value.items()}
    if isinstance(value, list):
        return [_with_known(one, f"{mark}{nth}") for nth, one in enumerate(value)]
    if isinstance(value, str) and _INSTANT.match(value):
        return (_NOW + timedelta(minutes=15 * (_draw(mark + value, 5_000) - 2_000))).isoformat()
    return value


def _field(name: Any, value: Any, mark: str) -> Any:
    known = _KNOWN["fields"].get(name, ())
    chance = f"{mark}{name}"
    if not known or _draw(chance, 4) >= _OF_FOUR or value is None:
        return _with_known(value, chance)
    if isinstance(value, list):
        return [known[_draw(f"{chance}{nth}", len(known))] if isinstance(one, str) else _with_known(one, chance)
                for nth, one in enumerate(value)]  # fmt: skip
    one = known[_draw(chance + "which", len(known))]
    return one if isinstance(value, type(one)) else _with_known(value, chance)


def _draw(mark: str, options: int) -> int:
    return crc32(mark.encode(errors="replace")) % options
