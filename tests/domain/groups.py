"""A program that forms groups, and groups of it."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime

from domain.cohort import INITIAL, CohortEvent, CohortState, Command, Context, cohort
from domain.cohort.commands import FormCohort
from domain.cohort.events import Entrant, PlannedSession
from domain.cohort.tellings import Step, Telling, tellings
from domain.ids import CohortId, JourneyId, KitDigest, LearnerId, MentorId
from domain.kit import Kit
from tests.domain.stories import ANA, FAST, KIT, S1, S2, S3, day, kit_with

G1 = CohortId("first-steps.1")
_PATHWAY = KIT.pathways[0].model_dump()
_FORM = {"id": "after", "title": "After", "questions": [{"id": "what", "ask": "What?"}]}


def kit_of_groups(**policy: object) -> Kit:
    """Its sessions s1 and s2 are held with a group; s1 has notes; there is a follow-up."""
    sessions = [
        one | {"mode": "hybrid" if one["id"] == S3 else "cohort", "notes": "after" if one["id"] == S1 else None}
        for one in _PATHWAY["sessions"]
    ]
    return kit_with(
        cohorts={"least": 2, "most": 5, **policy},
        pathways=[_PATHWAY | {"sessions": sessions}, KIT.pathways[1].model_dump()],
        templates=[_FORM],
        service_levels={"follow_up": "3 days"},
    )


GROUPS = kit_of_groups()


def entrant(name: str) -> Entrant:
    return Entrant(learner=LearnerId(name), journey=JourneyId(f"first-steps.{name}"))


def form(*names: str, mentors: Sequence[MentorId] = (ANA,)) -> FormCohort:
    return FormCohort(
        program=KIT.program_id,
        kit=KitDigest("k"),
        pathway=FAST,
        number=1,
        mentors=tuple(mentors),
        sessions=(PlannedSession(session=S1, starts_at=day(7)), PlannedSession(session=S2, starts_at=day(14))),
        members=tuple(map(entrant, names)),
    )


@dataclass
class Story:
    """A group, told command by command; `said` is what journeys are told of the last one."""

    kit: Kit = GROUPS
    state: CohortState = INITIAL
    said: list[Telling] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.context = Context(G1, self.kit)
        self.decider = cohort(self.context)

    def when(self, command: Command, at: datetime) -> Sequence[CohortEvent]:
        """Its events. Raises Rejected."""
        events = self.decider.decide(self.state, command, at)
        self.said = []
        for event in events:
            before, self.state = self.state, self.decider.evolve(self.state, event)
            self.steps.append(Step(before, event, self.state, command.by))
            self.said += tellings(self.context, self.steps[-1], self.steps)
        return events

    @property
    def heard(self) -> dict[str, str]:
        """Learner → command of the last telling."""
        return {one.learner: one.command.name for one in self.said}


def formed(*names: str, kit: Kit = GROUPS, mentors: Sequence[MentorId] = (ANA,)) -> Story:
    story = Story(kit)
    story.when(form(*(names or ("ida", "jon", "kim")), mentors=mentors), day(4))
    return story
