"""500 kits made worse by one mistake each, as people make them: every one is refused, at the line of the mistake."""

import random
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from kits.loading import KitError, load_kit

ROOT = Path(__file__).parents[2]
GOOD = [
    ROOT / "tests" / "programs" / "whole",
    *(one.parent for one in sorted((ROOT / "programs").glob("*/program.yaml"))),
]
SEED, MANY = 20261123, 500

_KEY = re.compile(r"^(\s*(?:- )?)([a-z_]+):(?= |$)")
_MUST = frozenset(
    {
        "program",
        "version",
        "title",
        "promise",
        "outcome",
        "audience",
        "duration",
        "cadence",
        "support",
        "measures",
        "id",
    }
    | {"ask", "mentor_type", "ends", "purpose", "after", "due", "when", "then", "need", "urgency", "level", "subject"}
    | {"text", "failure", "answered_by", "of", "overdue"}
)
"""Fields that nothing can be without, wherever they stand."""


@dataclass(frozen=True)
class Bad:
    """A kit with one mistake, and the lines at which it may be told: where it was made, or where it is missed."""

    how: str
    text: str
    first: int
    last: int


Mistake = Callable[[random.Random, list[str]], Bad | None]


def made(how: str, lines: list[str], nth: int, *, until: int | None = None) -> Bad:
    return Bad(how, "\n".join(lines) + "\n", nth + 1, (until if until is not None else nth) + 1)


def some_line(chance: random.Random, lines: list[str], holds: Callable[[str], object]) -> int | None:
    found = [nth for nth, line in enumerate(lines) if holds(line) and not line.lstrip().startswith("#")]
    return chance.choice(found) if found else None


def owner_of(lines: list[str], nth: int) -> int:
    """The line at which the mapping that a line belongs to begins."""
    inset = len(lines[nth]) - len(lines[nth].lstrip(" -"))
    first = nth
    for above in range(nth - 1, -1, -1):
        line = lines[above]
        if not line.strip() or line.lstrip().startswith("#"):
            continue
        depth = len(line) - len(line.lstrip(" -"))
        if depth < inset:
            return above
        first = above if depth == inset else first
        if depth == inset and line.lstrip().startswith("- "):
            return above
    return first


def replaced(lines: list[str], nth: int, line: str) -> list[str]:
    return [*lines[:nth], line, *lines[nth + 1 :]]


def a_key_misspelled(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: (found := _KEY.match(line)) and len(found[2]) > 3)
    if nth is None or (found := _KEY.match(lines[nth])) is None or _free(lines, nth):
        return None
    word = found[2]
    place = chance.randrange(1, len(word) - 1)
    wrong = word[:place] + word[place + 1] + word[place] + word[place + 2 :]
    if wrong == word:
        wrong = f"{word}x"
    return made("misspelled key", replaced(lines, nth, lines[nth].replace(word, wrong, 1)), nth)


def _free(lines: list[str], nth: int) -> bool:
    """Whether the names of fields are the kit's own there."""
    above = owner_of(lines, nth)
    return (
        any(word in lines[above] for word in ("when:", "checklists:", "messages:", "weights:")) or "when:" in lines[nth]
    )


def a_key_missing(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: (found := _KEY.match(line)) and found[2] in _MUST)
    if nth is None or lines[nth].lstrip().startswith("- ") or lines[nth].endswith(":"):
        return None
    if nth + 1 < len(lines) and lines[nth + 1].startswith(" " * (1 + len(lines[nth]) - len(lines[nth].lstrip()))):
        return None
    found = _KEY.match(lines[nth])
    if found is None or _free(lines, nth) or _optional(lines, nth, found[2]):
        return None
    owner = owner_of(lines, nth)
    return made("missing key", [*lines[:nth], *lines[nth + 1 :]], min(owner, nth), until=nth + 1)


def _optional(lines: list[str], nth: int, word: str) -> bool:
    if word == "title" and lines[owner_of(lines, nth)].startswith("cohorts:"):
        return True
    return word == "when" and "id:" not in lines[nth] and not any("then:" in line for line in lines[nth : nth + 2])


def a_key_twice(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(
        chance, lines, lambda line: _KEY.match(line) and ": " in line and not line.lstrip().startswith("- ")
    )
    if nth is None or lines[nth].endswith((">", "|")):
        return None
    return made("key twice", [*lines[: nth + 1], lines[nth], *lines[nth + 1 :]], nth + 1)


def a_duration_without_unit(chance: random.Random, lines: list[str]) -> Bad | None:
    return _in_a_duration(chance, lines, "no unit", lambda number, _unit: number)


def a_duration_of_another_language(chance: random.Random, lines: list[str]) -> Bad | None:
    return _in_a_duration(chance, lines, "strange unit", lambda number, _unit: f"{number} fortnights")


def a_duration_below_nothing(chance: random.Random, lines: list[str]) -> Bad | None:
    return _in_a_duration(chance, lines, "negative", lambda number, unit: f"-{int(number) or 1} {unit}")


def a_duration_beyond_all(chance: random.Random, lines: list[str]) -> Bad | None:
    return _in_a_duration(chance, lines, "too long", lambda _number, _unit: "99999 weeks")


_DURATION = re.compile(r"(?<=[:\[,] )(\d+) (minutes?|hours?|days?|weeks?)(?=[,}\]]|$)|(?<=\[)(\d+) (days?|hours?)")


def _in_a_duration(chance: random.Random, lines: list[str], how: str, becomes: Callable[[str, str], str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: _DURATION.search(line) and "options" not in line)
    if nth is None:
        return None
    found = chance.choice(list(_DURATION.finditer(lines[nth])))
    number, unit = found[1] or found[3], found[2] or found[4]
    line = lines[nth][: found.start()] + becomes(number, unit) + lines[nth][found.end() :]
    return made(how, replaced(lines, nth, line), nth)


def an_end_before_its_work(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^    ends: ", line))
    if nth is None:
        return None
    last = next((n for n in range(nth + 1, len(lines)) if re.match(r"^(\S|  - id:)", lines[n])), len(lines)) - 1
    return made("ends too early", replaced(lines, nth, "    ends: 1 hour"), nth, until=last)


def an_id_twice(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^  - \{id: |^    - \{id: |^      - \{id: ", line))
    if nth is None:
        return None
    return made("id twice", [*lines[: nth + 1], lines[nth], *lines[nth + 1 :]], nth + 1)


def an_id_with_spaces(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.search(r"\bid: [a-z]", line))
    if nth is None:
        return None
    return made(
        "id with spaces", replaced(lines, nth, re.sub(r"\bid: ([a-z])", r"id: my \1", lines[nth], count=1)), nth
    )


def a_name_that_nothing_has(chance: random.Random, lines: list[str]) -> Bad | None:
    pattern = re.compile(r"\b(preparation|notes|guide|checklist|answered_by|text|onboarding): (?=[a-z][\w./-]*[,}]?)")
    nth = some_line(chance, lines, lambda line: pattern.search(line) and not re.search(r"hours|days|ask:", line))
    if nth is None:
        return None
    return made("unknown name", replaced(lines, nth, pattern.sub(r"\1: no-", lines[nth], count=1)), nth)


def an_option_that_nobody_offers(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(
        chance,
        lines,
        lambda line: re.match(r"^      (goal|urgency|experience|level): \[", line) or "when: {goal" in line,
    )
    if nth is None:
        return None
    return made(
        "unknown option",
        replaced(lines, nth, re.sub(r"(goal|urgency|experience|level): \[", r"\1: [nobody's, ", lines[nth], count=1)),
        nth,
    )


def a_word_that_no_kit_knows(chance: random.Random, lines: list[str]) -> Bad | None:
    pattern = re.compile(r"\b(mode|kind|nudge|open_case|severity|overdue): (\w+)")
    nth = some_line(chance, lines, pattern.search)
    if nth is None:
        return None
    return made("unknown word", replaced(lines, nth, pattern.sub(r"\1: \2y", lines[nth], count=1)), nth)


def a_list_where_a_text_belongs(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(title|purpose|outcome|cadence): [A-Za-z]", line))
    if nth is None:
        return None
    line = re.sub(r": .*$", ": [one, two]", lines[nth])
    return made("list for text", replaced(lines, nth, line), nth)


def a_text_where_a_list_belongs(chance: random.Random, lines: list[str]) -> Bad | None:
    pattern = re.compile(r"\b(measures|reminders|options|asks|offer): \[[^\]]*\]")
    nth = some_line(chance, lines, pattern.search)
    if nth is None:
        return None
    return made("text for list", replaced(lines, nth, pattern.sub(r"\1: everything", lines[nth], count=1)), nth)


def a_number_where_a_text_belongs(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(- )?(title|purpose|ask|cadence|support): [A-Z]", line))
    if nth is None:
        return None
    trap = chance.choice(["no", "12:30", "2026-03-02", "1.0", "yes", "0x10", "~"])
    return made("trap of YAML", replaced(lines, nth, re.sub(r": .*$", f": {trap}", lines[nth])), nth)


def a_quote_left_open(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(title|purpose|ask): [A-Z][^\"']*$", line))
    if nth is None:
        return None
    line = re.sub(r": ", ': "', lines[nth], count=1)
    return made("open quote", replaced(lines, nth, line), nth, until=len(lines))


def a_bracket_left_open(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: line.rstrip().endswith(("]", "}")))
    if nth is None:
        return None
    return made("open bracket", replaced(lines, nth, lines[nth].rstrip()[:-1]), nth, until=len(lines))


def a_line_set_in_with_a_tab(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^    [a-z_]+: ", line))
    if nth is None:
        return None
    return made("tab", replaced(lines, nth, "\t" + lines[nth].lstrip()), nth - 1, until=nth + 1)


def a_line_set_in_wrongly(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^        [a-z_]+: \w", line))
    if nth is None:
        return None
    return made("wrong inset", replaced(lines, nth, lines[nth][1:]), nth - 1, until=nth + 1)


def an_alias(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(title|purpose|cadence): ", line))
    if nth is None:
        return None
    return made("alias", replaced(lines, nth, re.sub(r": .*$", ": *other", lines[nth])), nth)


def a_tag(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(title|purpose|cadence): ", line))
    if nth is None:
        return None
    return made("tag", replaced(lines, nth, re.sub(r": .*$", ": !!python/name:os.system x", lines[nth])), nth)


def nothing_where_something_belongs(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^\s+(title|purpose|ends|outcome|ask): \S", line))
    if nth is None:
        return None
    return made("emptied", replaced(lines, nth, re.sub(r": .*$", ":", lines[nth])), nth)


def a_service_level_of_no_time(chance: random.Random, lines: list[str]) -> Bad | None:
    nth = some_line(chance, lines, lambda line: re.match(r"^  (intake_review|match|attendance|wrap_up|within): ", line))
    if nth is None:
        return None
    return made("no time", replaced(lines, nth, re.sub(r": .*$", ": 0 hours", lines[nth])), nth)


def a_rule_that_never_comes(chance: random.Random, lines: list[str]) -> Bad | None:
    pattern = re.compile(r"no_activity_for: \d+ days|sessions_missed_in_a_row: \d")
    nth = some_line(chance, lines, pattern.search)
    if nth is None:
        return None
    never = chance.choice(["no_activity_for: 90 weeks", "sessions_missed_in_a_row: 40"])
    return made("never", replaced(lines, nth, pattern.sub(never, lines[nth])), nth)


def a_case_for_nobody(chance: random.Random, lines: list[str]) -> Bad | None:
    pattern = re.compile(r"(when: \{overdue: (?:match|intake_review)[^}]*\}(?:, |\n)?)")
    nth = some_line(chance, lines, pattern.search)
    if nth is None:
        return None
    last = nth if "then:" in lines[nth] else nth + 1
    line = re.sub(r"then: \{.*?\}", "then: {open_case: mentor}", lines[last])
    return made("nobody's case", replaced(lines, last, line), last)


MISTAKES: tuple[Mistake, ...] = (
    a_key_misspelled,
    a_key_missing,
    a_key_twice,
    a_duration_without_unit,
    a_duration_of_another_language,
    a_duration_below_nothing,
    a_duration_beyond_all,
    an_end_before_its_work,
    an_id_twice,
    an_id_with_spaces,
    a_name_that_nothing_has,
    an_option_that_nobody_offers,
    a_word_that_no_kit_knows,
    a_list_where_a_text_belongs,
    a_text_where_a_list_belongs,
    a_number_where_a_text_belongs,
    a_quote_left_open,
    a_bracket_left_open,
    a_line_set_in_with_a_tab,
    a_line_set_in_wrongly,
    an_alias,
    a_tag,
    nothing_where_something_belongs,
    a_service_level_of_no_time,
    a_rule_that_never_comes,
    a_case_for_nobody,
)


def bad_kits(many: int) -> Iterator[tuple[Path, Bad]]:
    """The same at every run; each mistake and each good kit in its turn, no kit twice."""
    chance = random.Random(SEED)  # noqa: S311 nothing is secret here
    seen: set[str] = set()
    nth = 0
    while len(seen) < many:
        folder, mistake = GOOD[nth % len(GOOD)], MISTAKES[nth // len(GOOD) % len(MISTAKES)]
        nth += 1
        lines = (folder / "program.yaml").read_text().splitlines()
        bad = mistake(chance, lines)
        if bad and bad.text not in seen:
            seen.add(bad.text)
            yield folder, bad
        assert nth < 40 * many, "the mistakes are exhausted"


@pytest.fixture(scope="module")
def folders(tmp_path_factory: pytest.TempPathFactory) -> dict[Path, Path]:
    """A copy of the texts of every good kit, for bad ones to stand beside."""
    copies: dict[Path, Path] = {}
    for nth, folder in enumerate(GOOD):
        copies[folder] = tmp_path_factory.mktemp(f"kit{nth}")
        for text in folder.rglob("*.md"):
            copy = copies[folder] / text.relative_to(folder)
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(text.read_bytes())
    return copies


def test_the_good_ones_are_good(folders: dict[Path, Path]) -> None:
    for folder in GOOD:
        load_kit(folder)


def test_every_bad_kit_is_refused_at_the_line_of_its_mistake(folders: dict[Path, Path]) -> None:
    wrong = []
    for number, (folder, bad) in enumerate(bad_kits(MANY)):
        file = folders[folder] / "program.yaml"
        file.write_text(bad.text)
        try:
            load_kit(file)
        except KitError as error:
            told = [one.line for one in error.problems if one.grave]
            if not any(line and bad.first <= line <= bad.last for line in told):
                wrong.append(
                    (number, folder.name, bad.how, (bad.first, bad.last), [str(one) for one in error.problems][:3])
                )
            assert all(one.says and one.remedy for one in error.problems)
        else:
            wrong.append((number, folder.name, bad.how, (bad.first, bad.last), ["not refused"]))
    assert wrong == []
