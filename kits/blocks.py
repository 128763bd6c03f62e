"""Short forms in the file of a kit: sessions that repeat, and sessions that several pathways share.

    sessions:                                   # of the kit: shared by name
      - {id: welcome, title: Welcome, purpose: Get to know each other, after: 2 days}

    pathways:
      - id: main
        sessions:
          - welcome                             # as it stands above
          - {use: welcome, after: 5 days}       # with other fields
          - {id: standup, title: Stand-up, purpose: Next steps, after: 1 week, every: 1 week, times: 10}

A block becomes the sessions `standup-1` to `standup-10`, each begins `every` so long after the one before. Short forms
are expanded when the file is read: a published kit, its digest and its journeys have plain sessions only, and a problem
with one of them is reported at the line of its block.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from domain.kit.naming import unknown
from domain.values import Duration, say_duration
from kits.problems import BadFileError, Problem, quoted
from kits.yaml_tree import Place, Tree

SHARED = "sessions"
USE, EVERY, TIMES = "use", "every", "times"
MOST_TIMES = 100
_DURATION: TypeAdapter[timedelta] = TypeAdapter(Duration)


def expand_blocks(file: Path, tree: Tree) -> Tree:
    """The same file with plain sessions. Whatever has another form is left as it is, for the model to refuse.

    Raises:
        BadFileError: with every block and every name that cannot be expanded, each with its line.
    """
    content = tree.content
    if not isinstance(content, dict) or not isinstance(content.get("pathways"), list):
        return tree
    work = _Expanding(file, tree, _shared(content))
    pathways = [work.pathway(nth, one) for nth, one in enumerate(content["pathways"])]
    plain = {name: value for name, value in content.items() if name != SHARED} | {"pathways": pathways}
    if SHARED in content and not isinstance(content[SHARED], list):
        work.wrong((SHARED,), "a list of sessions is wanted here", "begin a line for each with `- `")
    work.check_shared(content)
    if work.problems:
        raise BadFileError(*work.problems)
    if not work.origins and SHARED not in content:
        return tree
    return replace(tree, content=plain, marks=work.marks, origins=work.origins)


def _shared(content: Mapping[str, Any]) -> Mapping[str, tuple[Place, Mapping[str, Any]]]:
    listed = content.get(SHARED)
    found = enumerate(listed) if isinstance(listed, list) else ()
    shared: dict[str, tuple[Place, Mapping[str, Any]]] = {}
    for nth, one in found:
        if isinstance(one, dict) and isinstance(one.get("id"), str):
            shared.setdefault(one["id"], ((SHARED, nth), one))
    return shared


class _Expanding:
    def __init__(self, file: Path, tree: Tree, shared: Mapping[str, tuple[Place, Mapping[str, Any]]]) -> None:
        self.file = file
        self.tree = tree
        self.shared = shared
        self.marks = dict(tree.marks)
        self.origins: dict[Place, Place] = {}
        self.problems: list[Problem] = []
        self._used: set[str] = set()
        self._below = _children(tree.marks)

    def pathway(self, nth: int, pathway: Any) -> Any:
        sessions = pathway.get("sessions") if isinstance(pathway, dict) else None
        if not isinstance(sessions, list) or not any(map(_is_short, sessions)):
            return pathway
        where: Place = ("pathways", nth, "sessions")
        for which in range(len(sessions)):
            self._unmark((*where, which))
        plain: list[Any] = []
        for which, one in enumerate(sessions):
            for session, places in self._plain((*where, which), one):
                self._mark((*where, len(plain)), places)
                plain.append(session)
        return {**pathway, "sessions": plain}

    def check_shared(self, content: Mapping[str, Any]) -> None:
        listed = content.get(SHARED)
        for nth, one in enumerate(listed if isinstance(listed, list) else ()):
            if not isinstance(one, dict) or not isinstance(one.get("id"), str):
                self.wrong((SHARED, nth), "a shared session needs an `id`", "add `id:` here")
            elif one["id"] not in self._used:
                says = f"no pathway uses the shared session {one['id']!r}"
                self.wrong(
                    (SHARED, nth), says, f"write `- {one['id']}` under the `sessions` of a pathway, or remove it"
                )
            elif self.shared[one["id"]][0] != (SHARED, nth):
                self.wrong(
                    (SHARED, nth, "id"), f"there is a shared session {one['id']!r} already", "keep one of the two"
                )

    def _plain(self, place: Place, one: Any) -> Iterator[tuple[Any, tuple[Place, ...]]]:
        """Each session with the places that its fields come from; an earlier one takes precedence."""
        places: tuple[Place, ...] = (place,)
        if isinstance(one, str) or (isinstance(one, dict) and USE in one):
            name = one if isinstance(one, str) else one[USE]
            where = place if isinstance(one, str) else (*place, USE)
            if not isinstance(name, str) or name not in self.shared:
                says, _, remedy = unknown("shared session", str(name)[:60], self.shared).partition("; ")
                self.wrong(where, says, f"{remedy}; shared sessions are listed under `sessions:` of the kit itself")
                return
            self._used.add(name)
            source, shared = self.shared[name]
            places = (place, source)
            own = {field: value for field, value in one.items() if field != USE} if isinstance(one, dict) else {}
            one = {**shared, **own}
        if isinstance(one, dict) and (EVERY in one or TIMES in one):
            yield from ((session, places) for session in self._repeated(place, one))
        else:
            yield one, places

    def _repeated(self, place: Place, block: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
        times, known = block.get(TIMES), len(self.problems)
        if type(times) is not int or not 1 <= times <= MOST_TIMES:
            says = (
                "nothing says how often it repeats" if times is None else f"{quoted(times)} is not a number of sessions"
            )
            self.wrong((*place, TIMES), says, f"write `{TIMES}: 10`, 1 at least and {MOST_TIMES} at most")
        every = self._duration(place, block, EVERY, "1 week")
        after = self._duration(place, block, "after", "1 week")
        if every is not None and not every:
            self.wrong((*place, EVERY), "sessions cannot all begin at one time", f"write `{EVERY}: 1 week`")
        for field in ("id", "title"):
            if not isinstance(block.get(field), str):
                self.wrong((*place, field), "it is missing, or no text", f"add `{field}:` here")
        if len(self.problems) > known or every is None or after is None or not isinstance(times, int):
            return
        common = {field: value for field, value in block.items() if field not in (EVERY, TIMES)}
        for nth in range(times):
            own = {"id": f"{block['id']}-{nth + 1}", "title": f"{block['title']} {nth + 1}"}
            yield {**common, **own, "after": say_duration(after + nth * every)}

    def _duration(self, place: Place, block: Mapping[str, Any], field: str, example: str) -> timedelta | None:
        if field not in block:
            self.wrong((*place, field), f"a block of sessions needs `{field}`", f"add `{field}: {example}`")
            return None
        try:
            return _DURATION.validate_python(block[field])
        except ValidationError as error:
            says, _, remedy = error.errors()[0]["msg"].removeprefix("Value error, ").partition("; ")
            self.wrong((*place, field), says, remedy or f"write `{field}: {example}`")
            return None

    def _unmark(self, place: Place) -> None:
        for below in (place, *self._below.get(place, ())):
            self.marks.pop(below, None)

    def _mark(self, place: Place, sources: tuple[Place, ...]) -> None:
        """A session and its fields have their own lines; fields of a shared session keep the lines of that one."""
        self.origins[place] = sources[0]
        for source in reversed(sources):
            self.marks[place] = self.tree.marks[source]
            for below in self._below.get(source, ()):
                moved = (*place, *below[len(source) :])
                self.marks[moved] = self.tree.marks[below]
                if source != sources[0]:
                    self.origins[moved] = below

    def wrong(self, place: Place, says: str, remedy: str) -> None:
        mark = self.tree.mark(place)
        line, column = mark or (None, None)
        self.problems.append(Problem(self.file, line, ".".join(map(str, place)), says, remedy, column))


def _is_short(session: Any) -> bool:
    return isinstance(session, str) or (isinstance(session, dict) and not {USE, EVERY, TIMES}.isdisjoint(session))


def _children(marks: Mapping[Place, object]) -> Mapping[Place, list[Place]]:
    """For each session, the places below it."""
    found: dict[Place, list[Place]] = {}
    for place in marks:
        length = 2 if place[:1] == (SHARED,) else 4 if place[:1] == ("pathways",) and place[2:3] == ("sessions",) else 0
        if length and len(place) > length:
            found.setdefault(place[:length], []).append(place)
    return found
