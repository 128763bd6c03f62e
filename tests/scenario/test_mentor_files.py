"""Mentors from files: all of them with their profiles, or the reasons why none."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from domain.profiles import Check, MentorProfile
from scenarios.mentor_fields import FIELDS, Offered, changes_of, read
from scenarios.mentor_files import read_mentors
from scenarios.people_csv import PeopleError
from scenarios.people_fields import InvalidField
from services.mentors import MentorEntry
from store.people import Person
from tests.domain.stories import KIT as STORIES

ASKS = [
    {"id": "need", "ask": "?", "kind": "choice", "options": ["cv", "interviews", "search"], "tells": "problem_type"},
    {"id": "speed", "ask": "?", "kind": "choices", "options": ["slow", "fast; steady"], "tells": "pace"},
    {"id": "tongue", "ask": "?", "tells": "languages", "required": False},
]
KIT = Kit.model_validate(
    STORIES.model_dump(mode="json")
    | {
        "intake": {"questions": [*STORIES.model_dump(mode="json")["intake"]["questions"], *ASKS]},
        "matching": {"wishes": {"of_mentors": 2}},
    }
)
WHOLE: dict[str, Any] = {
    "id": "m-1",
    "name": "Ana",
    "email": "ana@example.org",
    "time_zone": "Europe/Berlin",
    "mentor_type": "peer",
    "places": 5,
    "minutes_a_week": 240,
    "expertise": ["cv", "search"],
    "ideal_learner": ["any"],
    "pace": ["slow"],
    "session_style": ["direct"],
    "learning_style": ["by doing"],
    "channel": ["video"],
    "format": ["hybrid", "office_hours"],
    "outcomes": ["a job"],
    "supports_from": 3,
    "skills": ["Go", "Rust"],
    "languages": ["English", "Español"],
    "affiliation": ["ACME"],
    "availability": ["mon-fri 18:00-20:00", "sat 10:00-12:00"],
    "onboarded_on": "2026-01-31",
    "checks": ["background:2027-05-01", "references"],
    "wishes": ["l-2", "l-1"],
    "never": ["l-9"],
}


def written(tmp_path: Path, text: str, name: str = "mentors.csv") -> Path:
    path = tmp_path / name
    path.write_text(text)
    return path


def as_csv(content: dict[str, Any]) -> str:
    cells = ["; ".join(one) if isinstance(one, list) else str(one) for one in content.values()]
    return ",".join(content) + "\n" + ",".join(f'"{one}"' for one in cells) + "\n"


def test_every_field_is_read_from_either_format(tmp_path: Path) -> None:
    assert set(WHOLE) == {"id", "name", "email", *FIELDS}
    (from_csv,) = read_mentors(written(tmp_path, as_csv(WHOLE)), KIT)
    (from_json,) = read_mentors(written(tmp_path, json.dumps(WHOLE), "mentors.ndjson"), KIT)
    assert from_csv == from_json
    assert from_csv.person == Person("m-1", "mentor", "Ana", "ana@example.org", "Europe/Berlin")
    assert from_csv.onboarded_on == date(2026, 1, 31)
    assert from_csv.checks == (Check(check="background", valid_until=date(2027, 5, 1)), Check(check="references"))
    told = from_csv.changes.model_dump(mode="json")
    assert told == {name: value for name, value in WHOLE.items() if name in told}
    assert set(told) == set(ProfileChanges.model_fields)


def test_a_file_of_an_earlier_release_is_read_as_a_profile(tmp_path: Path) -> None:
    path = written(tmp_path, "id,name,Mentor Type,capacity\nm-1,Ana,peer,5\nm-2,Ben,,\n")
    assert read_mentors(path, KIT) == [
        MentorEntry(Person("m-1", "mentor", "Ana"), ProfileChanges(mentor_type="peer", places=5)),
        MentorEntry(Person("m-2", "mentor", "Ben"), ProfileChanges()),
    ]


def test_what_is_empty_says_nothing_and_an_empty_list_empties(tmp_path: Path) -> None:
    path = written(tmp_path, '{"id": "m", "name": "M", "pace": [], "skills": null, "places": ""}', "m.ndjson")
    (entry,) = read_mentors(path, KIT)
    assert entry.changes.made == {"pace": (), "places": None}


@pytest.mark.parametrize(
    ("header", "row", "said"),
    [
        ("places", "-1", "places: '-1' is not a number of learners; write a whole number, 0 or more"),
        ("places", "1.5", "places: '1.5' is not a number"),
        ("places", "1000000000", "places: '1000000000' is not a number"),
        ("supports_from", "11", "supports_from: '11' is not a confidence; write a whole number, from 1 to 10"),
        ("expertise", "CV; jobs", "expertise: 'CV' is not one that the intake names; did you mean 'cv'? There are: cv"),
        (
            "expertise",
            "zebra",
            "expertise: 'zebra' is not one that the intake names; there are: cv; interviews; search",
        ),
        ("mentor_type", "per", "mentor_type: 'per' is not one that the kit names; did you mean 'peer'?"),
        ("format", "phone", "format: 'phone' is not one that a kit names; there are: cohort; office_hours"),
        ("availability", "monday 9-10", "availability: 'monday 9-10' is not hours of a week; write it as 'mon-fri"),
        ("availability", "mon 20:00-18:00", "availability: 'mon 20:00-18:00' ends before it starts; hours past"),
        ("checks", "background:soon", "checks: 'soon' is not a day; write it as 2027-05-01"),
        ("checks", "back ground", "checks: 'back ground' is not a check; use letters, digits"),
        ("checks", "a; a:2027-01-01", "checks: 'a' is there twice; keep one"),
        ("onboarded_on", "31.1.2026", "onboarded_on: '31.1.2026' is not a day; write it as 2027-05-01"),
        ("wishes", "l 1", "wishes: 'l 1' is not the id of a learner; use letters"),
        (
            "wishes",
            "l-1;l-2;l-3",
            "wishes: it names 3 learners, and the kit lets a mentor rank 2; keep the first",
        ),
        ("time_zone", "Berlin", "time_zone: 'Berlin' is not a time zone; write it as Europe/Berlin"),
        ("email", "ana", "email: no mail can be sent to 'ana'"),
        ("skills", ";".join(map(str, range(101))), "skills: it has 101 entries, and 100 are the most"),
        ("skills", "x" * 201, "skills: 'xxxx"),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(tmp_path: Path, header: str, row: str, said: str) -> None:
    path = written(tmp_path, f'id,name,{header}\nm-0,Max,\nm-1,Ana,"{row}"\n')
    with pytest.raises(PeopleError) as caught:
        read_mentors(path, KIT)
    (problem,) = caught.value.problems
    assert str(problem).removeprefix(str(path)).startswith(f":3: {said}")


def test_every_problem_of_every_line_is_told(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '{"id": "m 1", "name": "", "pace": "quick"}\n'
        "nonsense\n"
        '{"id": "m-2", "name": "B", "expertize": ["cv"], "rx": 43}\n'
        '{"id": "m-2", "name": 7, "places": true, "skills": [3], "wishes": ["l-1"], "never": "l-1"}\n',
        "m.jsonl",
    )
    with pytest.raises(PeopleError) as caught:
        read_mentors(path, KIT)
    found = [str(one).removeprefix(str(path)) for one in caught.value.problems]
    said = [
        ":1: id: 'm 1' is not an id; use letters",
        ":1: name: it is empty; write the name",
        ":1: pace: 'quick' is not one that the intake names; there are: slow; fast; steady",
        ":2:1: this is not JSON: ",
        ":3: expertize: a line has no such field; did you mean expertise?",
        ":3: rx: a line has no such field; there are: id, name",
        ":4: id: 'm-2' is there already, in line 3; give each",
        ":4: name: a text is wanted, and this is 7; put it in quotes",
        ":4: places: True is not a number of learners",
        ":4: skills: a text is wanted, and this is 3; put it in quotes",
        ":4: never: 'l-1' is both wished for and excluded; take it out of one of the two",
    ]
    assert len(found) == len(said), found
    assert all(one.startswith(start) for one, start in zip(found, said, strict=True)), found


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("id,name,shoe\nm,M,43\n", ":1: shoe: this column means nothing here; there are"),
        ("id,name,expertize\nm,M,cv\n", ":1: expertize: this column means nothing here; did you mean expertise?"),
        ("id,name,places,capacity\nm,M,1,2\n", ":2: capacity: places says the same; keep one of the two"),
        ("id,places\nm,1\n", ":1: name: this column is missing"),
        ('id,name\nm,"M\n', ": this is not CSV: "),
    ],
)
def test_a_file_with_other_columns_is_refused(tmp_path: Path, text: str, said: str) -> None:
    path = written(tmp_path, text)
    with pytest.raises(PeopleError) as caught:
        read_mentors(path, KIT)
    first = str(caught.value.problems[0]).removeprefix(str(path))
    assert said.removesuffix("there are") in first, first


def test_an_option_with_a_semicolon_is_written_alone(tmp_path: Path) -> None:
    (entry,) = read_mentors(written(tmp_path, 'id,name,pace\nm,M,"fast; steady"\n'), KIT)
    assert entry.changes.pace == ("fast; steady",)


def test_words_are_free_where_a_kit_asks_in_free_words_and_where_there_is_no_kit() -> None:
    assert read("languages", "Klingon", Offered.by(KIT)) == ("Klingon",)
    assert read("expertise", "anything", Offered.by()) == ("anything",)
    other = KIT.model_copy(update={"intake": STORIES.intake})
    assert read("expertise", "anything", Offered.by(KIT, other)) == ("anything",), "one of them does not ask for it"
    with pytest.raises(InvalidField):
        read("expertise", "anything", Offered.by(KIT, KIT))


def test_what_a_profile_says_is_read_as_it_is_shown() -> None:
    entry = changes_of({name: read(name, WHOLE[name], Offered.by(KIT)) for name in FIELDS})
    profile = MentorProfile.model_validate(entry.made)
    shown = profile.model_dump(mode="json")
    again = {name: read(name, shown[name], Offered.by(KIT)) for name in FIELDS}
    assert MentorProfile.model_validate(again) == profile
