"""Every field of a kit does something, says something, or is warned of."""

import re
from functools import cache
from pathlib import Path

import pytest

from domain.kit import Kit, findings_of
from domain.kit.reviewing.dormant import DORMANT
from kits.fields import every_field
from tests.domain.stories import KIT

ROOT = Path(__file__).parents[2]
RUNS = ("activities", "channels", "domain", "interfaces", "projections", "queries", "services", "store", "workflows")
SHOWS_ONLY = re.compile(r"^domain/kit/(?!escalation/|detectors/|surveys)|^interfaces/cli/program")
"""Where code checks, shows and compares kits, and runs none."""

FOR_PEOPLE = {
    *("promise.audience", "promise.support", "promise.cadence"),
    *("mentor_criteria", "human"),
    *("segments.need", "segments.urgency", "segments.level"),
    *("pre_mortem", "pre_mortem.failure", "pre_mortem.answered_by"),
    *("mentor_kit.escalation_guide", "mentor_kit.sample_notes", "mentor_kit.suggested_language"),
    *("mentor_kit.onboarding", "pathways.assets", "pathways.next_step", "templates.guide"),
}
"""Fields that say something to those who read the kit, or name a text for them, and are to do nothing else."""
TELLS = ("kits/explain.py", "kits/guides.py")
BY_ANOTHER_NAME = {
    *("capacity", "templates", "checklists", "escalations.when", "escalations.then", "matching", "monitoring"),
    *("detectors.vague_step", "detectors.no_deadline", "detectors.repeated_basics", "detectors.copied_text"),
    *("detectors.talk_share", "breaks.starts_on", "breaks.ends_on"),
}
"""Fields that are reached by a method of the kit, or that only hold others."""


@cache
def code() -> str:
    files = [one for package in RUNS for one in (ROOT / package).rglob("*.py")]
    return "\n".join(one.read_text() for one in files if not SHOWS_ONLY.search(one.relative_to(ROOT).as_posix()))


def is_read(name: str) -> bool:
    return bool(re.search(rf"\.{name}\b|\b{name}=", code()))


@pytest.mark.parametrize("place", DORMANT, ids=lambda place: ".".join(map(str, place)))
def test_what_is_said_to_be_dormant_is(place: tuple[str, ...]) -> None:
    assert not is_read(place[-1]), "something reads it: take it out of domain/kit/reviewing/dormant.py"


def test_every_other_field_is_read_or_for_people() -> None:
    dormant = {".".join(map(str, place)) for place in DORMANT}
    silent = set()
    for where, field in every_field():
        place = f"{where}.{field}" if where else field
        under = any(place == one or place.startswith(f"{one}.") for one in dormant)
        if not under and place not in FOR_PEOPLE | BY_ANOTHER_NAME and not is_read(field):
            silent.add(place)
    assert silent == set(), "act on them, or list them in domain/kit/reviewing/dormant.py"


@pytest.mark.parametrize("place", sorted(FOR_PEOPLE))
def test_what_is_for_people_is_told_to_them(place: str) -> None:
    told = "\n".join((ROOT / one).read_text() for one in TELLS)
    name = place.rpartition(".")[2]
    assert re.search(rf"\.{name}\b|\"{name}\"", told), "let `program explain` or `program guide` tell it"


@pytest.mark.parametrize("place", DORMANT, ids=lambda place: ".".join(map(str, place)))
def test_a_dormant_field_that_is_written_is_warned_of(place: tuple[str, ...]) -> None:
    value: object = {
        "weights": {"goal": 1},
        "customizable": ["the names of the sessions"],
    }[place[-1]]
    for part in reversed(place):
        value = {part: value}
    assert isinstance(value, dict)
    plain = KIT.model_dump(exclude_unset=True)
    changes = {name: {**plain.get(name, {}), **one} if isinstance(one, dict) else one for name, one in value.items()}
    kit = Kit.model_validate(plain | changes)
    warned = [one for one in findings_of(kit) if one.place == place]
    assert [one.grave for one in warned] == [False]
    assert f"nothing acts on `{'.'.join(place)}` yet" in warned[0].says
