"""People from CSV: all of them, or the reasons why none."""

from collections.abc import Callable
from pathlib import Path

import pytest

from domain.kit import Kit
from scenarios.people_csv import PeopleError, read_learners
from store.people import Person
from tests.domain.stories import KIT

Reader = Callable[[Path, Kit], list[Person]]


def written(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "people.csv"
    path.write_text(text)
    return path


def test_learners_come_with_their_answers(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        "\ufeffid,name,email,time_zone,goal,hours,times,note\n"
        'l-1,"Okoye, Amara",amara@example.org,Africa/Lagos,job,7.5,am; pm,"two\nlines"\n'
        "\n"
        "l-2 , Ben,,,,,,\n",
    )
    amara, ben = read_learners(path, KIT)
    answers = {"goal": "job", "hours": 7.5, "times": ["am", "pm"], "note": "two\nlines"}
    assert amara == Person("l-1", "learner", "Okoye, Amara", "amara@example.org", "Africa/Lagos", {"answers": answers})
    assert ben == Person("l-2", "learner", "Ben", attributes={"answers": {}})


@pytest.mark.parametrize(
    ("read", "text", "said"),
    [
        (read_learners, "", [":1: id: this column is missing; the columns are: id, name, em", ":1: name: this column"]),
        (read_learners, "id;name;shoe\nl;L;43\n", [":1: shoe: this column means nothing here"]),
        (read_learners, "sep=x\nidxname\n", [":1: 'x' cannot separate columns; separate the columns by commas"]),
        (read_learners, "id,name,shoe\nl,L,43\n", [":1: shoe: this column means nothing here"]),
        (read_learners, "id,name,name\nl,L,L\n", [":1: name: this column is there twice"]),
        (
            read_learners,
            "id,name\nl-1\n",
            [":2: it has 1 fields, not 2 as the first line; check"],
        ),
        (read_learners, 'id,name\nl-1,"L\n', [": this is not CSV: "]),
        (
            read_learners,
            "id,name,email,time_zone,goal,hours,times\n"
            "l 1,A,a@b.de,,,,\n"
            "l-2,,a.de,,,,\n"
            "l-2,B,,Berlin,fame,many,night\n",
            [
                ":2: id: 'l 1' is not an id; use letters",
                ":3: name: it is empty; write the name",
                ":3: email: no mail can be sent to 'a.de': this cannot be a mail address: it is not of the form name@",
                ":4: id: 'l-2' is there already, in line 3; give each",
                ":4: time_zone: 'Berlin' is not a time zone; write it as Europe/Berlin",
                ":4: goal: 'fame' is no answer: it wants one of: job, promotion; correct it",
                ":4: hours: 'many' is no answer: it wants a number; correct it",
                ":4: times: 'night' is no answer: it wants a list of some of: am, pm; separate several by ';' within",
            ],
        ),
        (read_learners, "id,name\nl-1,A\x00B\n", [":2: there is a NUL character"]),
        (read_learners, "id,name,hours\nl-1,A,nan\n", [":2: hours: 'nan' is no answer"]),
    ],
)
def test_what_is_wrong_is_told_by_line_and_column(tmp_path: Path, read: Reader, text: str, said: list[str]) -> None:
    path = written(tmp_path, text)
    with pytest.raises(PeopleError) as caught:
        read(path, KIT)
    found = [str(one).removeprefix(str(path)) for one in caught.value.problems]
    assert len(found) == len(said), found
    assert all(one.startswith(start) or start in one for one, start in zip(found, said, strict=True)), found
