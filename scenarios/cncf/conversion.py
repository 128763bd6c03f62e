"""The scenario of a term: the mentors of the tables, invented applicants, two rounds of matching, and twelve weeks."""

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from scenarios.cncf.applicants import Applicant, applicants, kind_of_work
from scenarios.cncf.rounds import Matched, play_rounds
from scenarios.cncf.stories import Calendar, script
from scenarios.cncf.tables import Mentor, Term
from scenarios.format import ANSWERS, Expected, Scenario
from services.mentors import MentorEntry
from store.people import Person

KIT = Path(__file__).parents[2] / "programs" / "open-source-term"


@dataclass(frozen=True)
class Conversion:
    scenario: Scenario
    applicants: tuple[Applicant, ...]
    matched: Matched


def convert(term: Term, kit: Kit, number: int, seed: int, limit: int | None = None) -> Conversion:
    """All applicants are matched. `limit`: only so many are part of the scenario, which changes no story."""
    assert kit.starts_at, "a term has a beginning"
    approved = kit.starts_at - timedelta(days=20)
    days = Calendar(approved - timedelta(days=7), approved, approved + timedelta(days=3))
    everybody = applicants(term, number, seed)
    mentors = tuple(_mentor(one, term) for one in term.mentors)
    matched = play_rounds(kit, everybody, mentors, days.first_round, seed)
    scripts = [script(kit, one, matched, days, seed) for one in everybody[:limit]]
    scripts.sort(key=lambda one: (one.begins_at, one.learner))
    scenario = Scenario(
        kit=kit,
        learners=tuple(map(_learner, everybody[:limit])),
        mentors=mentors,
        scripts=tuple(scripts),
        expected=tuple(_expected(one, matched) for one in everybody[:limit]),
    )
    return Conversion(scenario, everybody, matched)


def counts(conversion: Conversion) -> dict[str, int]:
    mentors = [conversion.matched.mentor_of(one.learner) for one in conversion.applicants]
    theirs = [one.project.mentors for one in conversion.applicants]
    return {
        "mentors": len(conversion.scenario.mentors),
        "places": sum(one.changes.places or 0 for one in conversion.scenario.mentors),
        "applicants": len(conversion.applicants),
        "matched": sum(one is not None for one in mentors),
        "by_a_mentor_of_their_project": sum(mentor in of for mentor, of in zip(mentors, theirs, strict=True)),
        "commands": sum(len(one.steps) for one in conversion.scenario.scripts),
    }


def _learner(one: Applicant) -> Person:
    name = f"Applicant {one.learner.rpartition('-')[2]}"
    return Person(
        one.learner, "learner", name, f"{one.learner}@example.org", one.time_zone, {ANSWERS: dict(one.answers)}
    )


def _mentor(one: Mentor, term: Term) -> MentorEntry:
    """What the tables say, and no more: no time zone and no hours, which are neutral then. A place for each project."""
    mine = [project for project in term.projects if project.project in one.projects]
    kinds = {kind_of_work(project) for project in mine}
    profile = ProfileChanges(
        mentor_type="documentation mentor" if kinds == {"documentation"} else "maintainer",
        places=len(one.projects),
        expertise=tuple(sorted(kinds)),
        skills=tuple(dict.fromkeys((*one.skills, *(project.name for project in mine)))),
    )
    name = f"Mentor {one.mentor.rpartition('-')[2]}"
    return MentorEntry(Person(one.mentor, "mentor", name, f"{one.mentor}@example.org"), profile)


def _expected(one: Applicant, matched: Matched) -> Expected:
    return Expected(learner=one.learner, stage="closed", mentor=matched.mentor_of(one.learner))
