"""A term of CNCF's mentoring: first an invented one of two projects, then the one in the data."""

from dataclasses import replace
from pathlib import Path

import pytest

from domain.journey import CommandRejected
from domain.kit import Kit
from domain.matching.explaining import explained, imagined
from domain.matching.match import draft_of
from domain.matching.matched import Matched
from kits.loading import load_kit
from scenarios.cncf.applicants import applicants
from scenarios.cncf.conversion import KIT, Conversion, convert
from scenarios.cncf.tables import CncfError, Term, read_term
from scenarios.reading import read_scenario
from scenarios.writing import write_scenario
from tests.scenario.told import by_the_rules
from tests.scenario.trial_data import cncf_folder

PROJECTS = """project_id,cncf_project,maturity,title,skills,technologies,mentors
project-01,lantern,graduated,Fewer retries,Go;REST,Go;gRPC,mentor-1;mentor-2
project-02,quarry,sandbox,A guide for readers,technical writing;etc.,Markdown,mentor-2
"""
MENTORS = """mentor_id,projects,skills
mentor-1,project-01,Go;REST;gRPC
mentor-2,project-01;project-02,"Go;technical writing;JSON, YAML"
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "projects.csv").write_text(PROJECTS)
    (tmp_path / "mentors.csv").write_text(MENTORS)
    return tmp_path


@pytest.fixture(scope="module")
def kit() -> Kit:
    return load_kit(KIT)


def rejections(conversion: Conversion) -> list[CommandRejected]:
    journeys = by_the_rules(conversion.scenario).values()
    assert all(one.state.closing for one in journeys)
    return [event for one in journeys for event in one.events if isinstance(event, CommandRejected)]


def test_the_tables_are_read_with_each_skill_once(folder: Path) -> None:
    term = read_term(folder)
    assert [one.skills for one in term.projects] == [("Go", "REST", "gRPC"), ("technical writing", "Markdown")]
    assert term.mentors[1].skills == ("Go", "technical writing", "JSON YAML")


@pytest.mark.parametrize(
    ("file", "text", "says"),
    [
        ("mentors.csv", "mentor_id,projects,skills\nmentor-1,project-01,Go\n", "names mentor-2, whom mentors.csv does"),
        ("mentors.csv", "mentor_id,skills\n", "the column projects is missing"),
        ("projects.csv", "\xff", "is missing"),
    ],
)
def test_tables_that_do_not_fit_are_refused(folder: Path, file: str, text: str, says: str) -> None:
    (folder / file).write_text(text)
    with pytest.raises(CncfError, match=says):
        read_term(folder)
    (folder / file).unlink()
    with pytest.raises(CncfError, match="cannot be read"):
        read_term(folder)


def test_an_applicant_is_the_same_however_many_there_are(folder: Path) -> None:
    term = read_term(folder)
    assert applicants(term, 20, 7)[:5] == applicants(term, 5, 7)
    assert applicants(term, 5, 8) != applicants(term, 5, 7)


def test_an_invented_term_goes_by_the_rules_and_is_read_as_it_was_written(folder: Path, kit: Kit) -> None:
    conversion = convert(read_term(folder), kit, number=12, seed=3)
    assert rejections(conversion) == []
    write_scenario(conversion.scenario, folder / "term")
    read = read_scenario(folder / "term")
    assert replace(read, scripts=()) == replace(conversion.scenario, scripts=())
    written = [[one.model_dump(mode="json") for one in scenario.commands()] for scenario in (read, conversion.scenario)]
    assert written[0] == written[1]


@pytest.fixture(scope="module")
def term() -> Term:
    return read_term(cncf_folder())


@pytest.fixture(scope="module")
def conversion(term: Term, kit: Kit) -> Conversion:
    return convert(term, kit, number=200, seed=1)


@pytest.mark.data
def test_every_mentor_of_the_term_is_there_with_what_the_tables_say(conversion: Conversion) -> None:
    mentors = conversion.scenario.mentors
    assert len(mentors) == 92
    assert all(one.changes.skills and one.changes.places and one.changes.time_zone is None for one in mentors)


@pytest.mark.data
def test_applicants_are_matched_in_rounds_that_prove_and_explain_themselves(conversion: Conversion, kit: Kit) -> None:
    matched = conversion.matched
    taken: dict[str, int] = {}
    for one in conversion.applicants:
        if mentor := matched.mentor_of(one.learner):
            taken[mentor] = taken.get(mentor, 0) + 1
    places = {one.person.person_id: one.changes.places or 0 for one in conversion.scenario.mentors}
    assert all(taken[mentor] <= places[mentor] for mentor in taken)
    assert sum(taken.values()) > 100
    first = Matched(matched.pools[0], kit)
    draft = draft_of(first)
    assert draft.certificate.gap == 0
    mentor_of = {pair.learner: pair.mentor for pair in draft.pairs}
    for one in conversion.applicants:
        explanation = explained(first, one.learner)
        assert explanation.mentor == mentor_of.get(one.learner)
        assert explanation.says
        assert all(choice.price is None or choice.price >= 0 for choice in explanation.choices)
    some = conversion.applicants[0].learner
    other = next(choice for choice in explained(first, some).choices if choice.mentor and choice.price)
    assert other.mentor
    assert imagined(first, some, other.mentor).choice.price == other.price


@pytest.mark.data
def test_the_term_goes_by_the_rules(conversion: Conversion) -> None:
    short = replace(conversion.scenario, scripts=conversion.scenario.scripts[:60])
    assert rejections(replace(conversion, scenario=short)) == []
