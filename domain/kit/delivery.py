"""What happens on a pathway: sessions, milestones, check-ins."""

from collections.abc import Mapping, Sequence
from datetime import timedelta
from functools import cached_property
from typing import Annotated

from pydantic import Field

from domain.ids import MilestoneId, SessionId, Slug
from domain.kit.words import Mode, Text
from domain.values import Duration, Frozen


class Session(Frozen):
    id: Slug
    title: Text
    purpose: Text
    mode: Mode = "hybrid"
    after: Duration
    """From the start of the pathway."""
    length: Duration = timedelta(hours=1)
    reminders: tuple[Duration, ...] = (timedelta(hours=24),)
    """How long before it begins."""
    goal: Text | None = None
    artifact: Text | None = None
    next_step: Text | None = None
    """In every mode of delivery: a statement of the goal, one artifact for review, one next step (R61)."""
    preparation: Slug | None = None
    """The template that the learner fills in before it (R22)."""
    notes: Slug | None = None
    """The template that the mentor fills in after it (R21)."""
    checklist: Text | None = None
    """The name of the checklist that the mentor goes by, such as that of a first session (R26)."""


class Milestone(Frozen):
    id: Slug
    title: Text
    criteria: tuple[Text, ...] = ()
    due: Duration
    """From the start of the pathway."""
    reminders: tuple[Duration, ...] = ()
    """How long before it is due."""
    rework: Duration = timedelta(days=7)
    """What a learner gets for another attempt at returned work, and who joins late for a milestone already due."""
    checklist: Text | None = None
    """The name of the checklist that the reviewer goes by (R26)."""


Reminders = Sequence[tuple[str, timedelta]]


class Pathway(Frozen):
    id: Slug
    title: Text
    mentor_type: Text
    when: Mapping[Slug, Annotated[tuple[Text, ...], Field(min_length=1)]] = {}
    """The answers that lead here: all the questions named, any of the answers listed. Empty: everybody else."""
    sessions: tuple[Session, ...] = ()
    milestones: tuple[Milestone, ...] = ()
    assets: tuple[Text, ...] = ()
    """The names of texts that learners of this pathway are given (R10)."""
    ends: Duration
    """From the start of the pathway; then the wrap-up begins, whatever is still open."""
    ends_when_done: bool = True
    """Whether the wrap-up begins as soon as every session and milestone is settled."""

    def session(self, session: SessionId) -> Session:
        """Raises KeyError when the pathway has no such session."""
        return self._sessions[session]

    def title_of_session(self, session: SessionId) -> str:
        """Its id, if only an earlier version of the pathway had this session."""
        return self._sessions[session].title if session in self._sessions else session

    def title_of_milestone(self, milestone: MilestoneId) -> str:
        """Its id, if only an earlier version of the pathway had this milestone."""
        return self._milestones[milestone].title if milestone in self._milestones else milestone

    def rework_of(self, milestone: MilestoneId) -> timedelta:
        """The time for another attempt; the usual one if only an earlier version of the pathway had this milestone."""
        one = self._milestones.get(milestone)
        return one.rework if one else timedelta(days=7)

    def milestone(self, milestone: MilestoneId) -> Milestone:
        """Raises KeyError when the pathway has no such milestone."""
        return self._milestones[milestone]

    @cached_property
    def _sessions(self) -> Mapping[str, Session]:
        return {session.id: session for session in self.sessions}

    @cached_property
    def _milestones(self) -> Mapping[str, Milestone]:
        return {milestone.id: milestone for milestone in self.milestones}

    def reminders_of_session(self, session: SessionId) -> Reminders:
        """Each with its place in the kit, and how long before the session it is sent."""
        return self._reminders.get(("sessions", session), ())

    def reminders_of_milestone(self, milestone: MilestoneId) -> Reminders:
        """Each with its place in the kit, and how long before the due date it is sent."""
        return self._reminders.get(("milestones", milestone), ())

    @cached_property
    def longest_reminder(self) -> timedelta:
        """How long before a session or a deadline the earliest reminder comes."""
        return max((before for those in self._reminders.values() for _, before in those), default=timedelta(0))

    @cached_property
    def _reminders(self) -> Mapping[tuple[str, str], Reminders]:
        found: dict[tuple[str, str], Reminders] = {}
        work: dict[str, Sequence[Session | Milestone]] = {"sessions": self.sessions, "milestones": self.milestones}
        for kind, those in work.items():
            for one in those:
                rule = f"pathways.{self.id}.{kind}.{one.id}.reminders"
                found[kind, one.id] = [(f"{rule}.{nth}", before) for nth, before in enumerate(one.reminders)]
        return found

    def takes(self, answers: Mapping[str, object]) -> bool:
        return fits(self.when, answers)


def fits(when: Mapping[str, tuple[str, ...]], answers: Mapping[str, object]) -> bool:
    """Whether every question in `when` has one of the answers that are listed for it."""
    return all(_meets(answers.get(question), wanted) for question, wanted in when.items())


def _meets(answer: object, wanted: tuple[str, ...]) -> bool:
    given = answer if isinstance(answer, list | tuple) else (answer,)
    return any(one in wanted for one in given)


class Closer(Frozen):
    """How a learner with a new mentor is watched for a while."""

    lasting: Duration = timedelta(days=30)
    check_in_every: Duration = timedelta(days=7)


class Monitoring(Frozen):
    """The rhythm in which somebody makes sure that all is well; a session held counts as a check-in."""

    first_within: Duration = timedelta(days=14)
    """Of the match."""
    check_in_every: Duration = timedelta(days=30)
    after_rematch: Closer = Closer()
