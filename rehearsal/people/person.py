"""What a rehearsal asks of people, and all that the player knows about them.

The player runs the program and people behave. It asks `People` who comes and when, and after each step of a journey
what the people of that journey do about it. People know what they would know in real life: the state of the journey
and what has just happened. They answer with acts, each a command with its time.

The duties of the player:

- `acts` is asked once for each step in which a journey recorded events, with all of them, in order.
- An act is a command at its time, decided like any other. One with `about` is dropped if that duty is no longer
  awaited then, and so is one that no longer stands (`stands`). One that is refused is dropped: people try what has
  become impossible meanwhile.
- `reply` is asked once for each letter about a survey.
- Nobody is asked twice about the same step, and the order in which journeys are asked plays no role.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple, Protocol

from domain.ids import JourneyId, LearnerId, MentorId, RespondentId, SurveyRequestId
from domain.journey import JourneyState
from domain.journey.terms import Attendance
from domain.kit import Kit, Survey, SurveyAnswer
from domain.mentor.profile import ProfileChanges
from domain.survey import About
from domain.values import Event


class Act(NamedTuple):
    """What somebody does: a command of people, as a scenario has it."""

    at: datetime
    """UTC. Not before the moment at which the act was asked for."""
    command: str
    input: Mapping[str, Any]
    """The fields of the command, `by` included."""
    about: str | None = None
    """The name of the duty that it answers (`Awaited.about`). None: it answers none, and is tried in any case."""


class Seen(NamedTuple):
    """What the people of a journey see of one step."""

    journey: JourneyId
    kit: Kit
    state: JourneyState
    """After the step."""
    happened: Sequence[Event]
    """In the step, in order; never empty."""


@dataclass(frozen=True, slots=True)
class Arrival:
    """A learner who comes to the program."""

    learner: LearnerId
    at: datetime
    time_zone: str | None = None
    answers: Mapping[str, Any] = field(default_factory=dict)
    """To the questions of the intake."""


@dataclass(frozen=True, slots=True)
class Available:
    """A mentor who is there from the beginning."""

    mentor: MentorId
    profile: ProfileChanges
    time_zone: str | None = None


class Asking(NamedTuple):
    """A letter that asks somebody to answer a survey."""

    request: SurveyRequestId
    survey: Survey
    respondent: RespondentId
    reminder: int
    """0: it asks for the first time."""
    open_until: datetime
    about: About


class Reply(NamedTuple):
    """What somebody answers to a survey, and when."""

    at: datetime
    answers: Mapping[str, SurveyAnswer]
    by: str


class People(Protocol):
    """Everybody in one replication of a rehearsal. The same arguments always give the same answers."""

    def learners(self, part: int = 0, of: int = 1) -> Iterable[Arrival]:
        """In the order of time: every `of`-th from the one with the number `part`."""

    def mentors(self) -> Sequence[Available]: ...

    def acts(self, seen: Seen, at: datetime) -> Iterable[Act]:
        """What the learner, the mentor and ops of this journey do about the step of `at`, in no order."""

    def stands(self, learner: LearnerId, act: Act) -> bool:
        """Whether somebody of the learner's journey still means to do it, asked when its time has come. A learner who
        was brought back, for one, no longer leaves on the day on which they would have left."""

    def attendance(self, seen: Seen, session: str, at: datetime) -> Attendance:
        """How the learner's session went: asked by whoever records it, also for a whole group."""

    def done_at(self, mentor: MentorId, about: str, since: datetime, within: timedelta) -> datetime | None:
        """When the mentor does something about a group that falls to them since a moment. None: never."""

    def last_active(self, learner: LearnerId, before: datetime) -> datetime | None:
        """The learner's latest activity outside of the journey; the answer to a check of activity. None: never any."""

    def reply(self, asking: Asking, at: datetime) -> Reply | None:
        """What the person does about a letter of this moment. None: nothing."""
