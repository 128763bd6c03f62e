"""Invented applicants for the projects of a term. The data has none; what they answer is drawn from its projects.

Each draw has a random source of its own, named by the seed, the applicant and the purpose: more applicants, or another
question, change nothing about those who are there.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from random import Random
from typing import TypeVar

from domain.ids import LearnerId
from scenarios.cncf.tables import Project, Term

T = TypeVar("T")

_DOCUMENTS = ("writing", "documentation", "docusaurus", "markdown", "storyboarding", "video", "hugo")
_TESTS = ("test", "fuzz", "benchmark", "ci", "github actions", "e2e")
_ZONES = {
    "Asia/Kolkata": 40,
    "Europe/Berlin": 8,
    "America/New_York": 8,
    "Africa/Lagos": 8,
    "Asia/Shanghai": 8,
    "Europe/London": 5,
    "Africa/Cairo": 4,
    "America/Sao_Paulo": 4,
    "Africa/Nairobi": 4,
    "America/Los_Angeles": 4,
    "Asia/Colombo": 4,
    "Asia/Singapore": 3,
}
"""Where applicants live, and of a hundred how many about. An assumption: the data says nothing about applicants."""
_APPLY = {"graduated": 5, "incubating": 3, "sandbox": 2}
"""How many apply to a project, by its maturity, in proportion."""


@dataclass(frozen=True, slots=True)
class Applicant:
    learner: LearnerId
    project: Project
    time_zone: str
    answers: Mapping[str, object]
    """In the words of the kit's intake."""


class Draws:
    """What is drawn for one person."""

    def __init__(self, seed: int, person: str) -> None:
        self._of = f"{seed}/{person}"

    def source(self, purpose: str) -> Random:
        return Random(f"{self._of}/{purpose}")  # noqa: S311 - invented people, and nothing secret

    def one(self, purpose: str, weights: Mapping[T, float]) -> T:
        return self.source(purpose).choices(list(weights), list(weights.values()))[0]

    def some(self, purpose: str, of: Sequence[T], most: int) -> list[T]:
        """From one to `most` of them, in their order."""
        source = self.source(purpose)
        chosen = set(source.sample(range(len(of)), min(source.randint(1, most), len(of))))
        return [each for nth, each in enumerate(of) if nth in chosen]

    def happens(self, purpose: str, chance: float) -> bool:
        return self.source(purpose).random() < chance

    def between(self, purpose: str, least: int, most: int) -> int:
        return self.source(purpose).randint(least, most)


def applicants(term: Term, number: int, seed: int) -> tuple[Applicant, ...]:
    skills = tuple(dict.fromkeys(skill for project in term.projects for skill in project.skills))
    return tuple(_applicant(term, skills, f"applicant-{nth:03d}", seed) for nth in range(1, number + 1))


def kind_of_work(project: Project) -> str:
    """As the kit's intake calls it."""
    said = [skill.casefold() for skill in project.skills]
    if sum(any(word in skill for word in _DOCUMENTS) for skill in said) * 2 >= len(said):
        return "documentation"
    tests = sum(any(word in skill for word in _TESTS) for skill in said)
    return "tests and tooling" if tests * 3 >= len(said) else "code"


def _applicant(term: Term, skills: Sequence[str], name: str, seed: int) -> Applicant:
    draw = Draws(seed, name)
    by_id = {one.project: one for one in term.projects}
    project = by_id[draw.one("project", {one.project: _APPLY.get(one.maturity, 1) for one in term.projects})]
    zone = draw.one("time zone", _ZONES)
    knows = draw.some("skills", project.skills, max(2, len(project.skills) * 2 // 3))
    others = draw.some("other skills", skills, 2)
    experience = draw.one("experience", {"never": 45, "once or twice": 40, "often": 15})
    answers: dict[str, object] = {
        "project": f"https://example.org/{project.name}/{project.project}",
        "why": f"I have read about {project.name} and want to work on: {project.title}",
        "outcome": draw.one("outcome", _OUTCOMES[experience]),
        "skill": kind_of_work(project),
        "experience": experience,
        "urgency": draw.one("urgency", _URGENCY),
        "first_contact": f"https://example.org/{project.name}/issues/{draw.between('issue', 100, 9999)}",
        "confidence": float(draw.between("confidence", 3, 9)),
        "style": draw.one("style", {"pairing": 3, "written review": 4, "reading alone": 1, "an example": 2}),
        "hours": float(draw.between("hours", 10, 40)),
        "time_zone": zone,
        "times": draw.some("times", ("mornings", "afternoons", "evenings"), 2),
        "skills": "\n".join(dict.fromkeys((project.name, *knows, *others))),
    }
    if draw.happens("has wishes", 0.4):
        answers["mentors"] = "\n".join(draw.some("wishes", project.mentors, 2))
    return Applicant(LearnerId(name), project, zone, answers)


_OUTCOMES = {
    "never": {"find my way in a large code base": 5, "get work merged by myself": 4, "help others to use a project": 1},
    "once or twice": {"get work merged by myself": 5, "find my way in a large code base": 3, "stay as a maintainer": 2},
    "often": {"stay as a maintainer": 6, "get work merged by myself": 3, "help others to use a project": 1},
}
_URGENCY = {"I am free only this term": 3, "I could also take the next": 4, "beside a job or studies": 3}
