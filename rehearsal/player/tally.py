"""What is kept of a journey when it has been played: a few dates and counts, in place of its events."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from domain.ids import LearnerId, MentorId
from domain.journey import JourneyEvent, JourneyState
from domain.journey import events as e
from domain.journey.terms import Ending, Stage
from domain.kit import Role
from domain.mentor.demand import week_of
from rehearsal.player.letters import Letter

_HELD = frozenset(("attended", "late"))
_MISSED = frozenset(("missed_by_learner", "missed_by_mentor"))


class CaseTally(NamedTuple):
    """A case, and how long somebody waited for a person."""

    rule: str
    owner: Role
    opened_at: datetime
    due_at: datetime
    answered_at: datetime | None = None
    """When a person acknowledged or resolved it. None: nobody has."""


@dataclass(slots=True)
class Tally:
    """Of one learner. What is None has not happened."""

    learner: LearnerId
    came_at: datetime
    submitted_at: datetime | None = None
    approved_at: datetime | None = None
    offered_at: datetime | None = None
    """The first time."""
    matched_at: datetime | None = None
    """The first time."""
    mentor: MentorId | None = None
    """The latest."""
    met_at: datetime | None = None
    """The first session that was held."""
    wrapped_up_at: datetime | None = None
    closed_at: datetime | None = None
    ending: Ending | None = None
    stage: Stage = "intake"
    held: int = 0
    missed: int = 0
    handed_in: int = 0
    passed: int = 0
    offers_ended: int = 0
    """Declined or expired."""
    refused: int = 0
    """Commands that came too late, or did not fit."""
    fired: Counter[str] = field(default_factory=Counter)
    """How often each rule of escalation fired."""
    cases: list[CaseTally] = field(default_factory=list)
    open_cases: dict[str, int] = field(default_factory=dict)
    """Their places in `cases`, by id."""
    letters: Counter[Role] = field(default_factory=Counter)
    quiet: int = 0
    """Letters to the learner that waited for the end of quiet hours."""
    weeks: Counter[str] = field(default_factory=Counter)
    """Letters to the learner by week."""
    events: int = 0

    def add(self, state: JourneyState, events: Sequence[JourneyEvent]) -> None:
        """What happened in one step, with the state after it."""
        self.events += len(events)
        self.stage = state.stage
        for event in events:
            self._add(event)

    def add_letters(self, letters: Iterable[Letter]) -> None:
        for one in letters:
            self.letters[one.to] += 1
            if one.to == "learner":
                self.weeks[week_of(one.at)] += 1
                self.quiet += one.waited

    def _add(self, event: JourneyEvent) -> None:
        match event:
            case e.IntakeSubmitted():
                self.submitted_at = event.at
            case e.IntakeApproved():
                self.approved_at = event.at
            case e.MatchOffered():
                self.offered_at = self.offered_at or event.at
            case e.OfferDeclined() | e.OfferExpired():
                self.offers_ended += 1
            case e.MentorMatched():
                self.matched_at = self.matched_at or event.at
                self.mentor = event.mentor
            case e.AttendanceRecorded():
                self._attended(event)
            case e.MilestoneSubmitted():
                self.handed_in += 1
            case e.MilestoneReviewed():
                self.passed += event.verdict == "passed"
            case e.Nudged() | e.RemediesOffered():
                self.fired[event.rule] += 1
            case e.CaseOpened():
                self.fired[event.rule] += 1
                self.open_cases[event.case] = len(self.cases)
                self.cases.append(CaseTally(event.rule, event.owner, event.at, event.respond_by))
            case e.CaseAcknowledged() | e.CaseResolved():
                self._answered(event.case, event.at)
            case e.WrapUpStarted():
                self.wrapped_up_at = event.at
            case e.JourneyClosed():
                self.closed_at, self.ending = event.at, event.ending
            case e.CommandRejected():
                self.refused += 1
            case _:
                pass

    def _attended(self, event: e.AttendanceRecorded) -> None:
        if event.attendance in _HELD:
            self.held += 1
            self.met_at = self.met_at or event.at
        elif event.attendance in _MISSED:
            self.missed += 1

    def _answered(self, case: str, at: datetime) -> None:
        place = self.open_cases.pop(case, None)
        if place is not None:
            self.cases[place] = self.cases[place]._replace(answered_at=at)
