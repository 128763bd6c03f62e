"""Each session of a journey with its agenda, its notes, the next steps that it left, and the risks flagged after it.

A fold over the journey's events, with the words of its kit. What people said is personal: it is for those who meet,
and in no log, metric or view.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from itertools import pairwise
from typing import Literal
from zoneinfo import ZoneInfo

from domain.ids import JourneyId, SessionId
from domain.journey import JourneyEvent, JourneyState
from domain.journey import events as e
from domain.journey.events import Answers, Attendance
from domain.journey.outlook import pathway_of
from domain.journey.state import SessionStanding
from domain.kit import Role, Session, Template
from queries.answers import Answered, beside_questions
from queries.journey_record import Story, read_story
from store import people
from store.database import Pool
from store.people import zone_of


class NoSuchSession(Exception):
    """The journey has no session of this name."""

    def __init__(self, journey: JourneyId, session: str, known: Iterable[str]) -> None:
        there = ", ".join(known) or "none yet: they have their dates once there is a mentor"
        super().__init__(f"journey {journey!r} has no session {session!r}; there are: {there}")


@dataclass(frozen=True, slots=True)
class Agenda:
    goal: str | None
    artifact: str | None
    own_goal: str
    """The learner's own; empty where they gave none."""
    brought: str
    """What the learner brings for review: a link, or words; empty where they said nothing."""
    preparation: tuple[Answered, ...]
    """What the learner said beforehand; empty before that."""


@dataclass(frozen=True, slots=True)
class NextStep:
    item: str
    text: str
    owner: Role
    due_at: datetime
    standing: Literal["open", "done", "given_up"]
    reason: str
    """Why it was given up, or what there was to say."""


@dataclass(frozen=True, slots=True)
class RiskFlag:
    flag: str
    notes: str
    at: datetime
    by: str | None
    """Where it was the learner or the mentor."""


@dataclass(frozen=True, slots=True)
class Meeting:
    session: SessionId
    title: str
    purpose: str | None
    """None, like its mode: the version that is followed now has no such session."""
    mode: str | None
    starts_at: datetime
    """UTC. In a pause, by the clock that stands: resuming moves it."""
    starts_there: datetime
    """The same moment on the learner's clock."""
    agenda: Agenda
    attendance: Attendance | None
    """None: nobody has said how it went."""
    remark: str
    """What was noted with the attendance."""
    corrected: tuple[str, ...]
    """Why attendance, notes or follow-up are other than they were recorded at first."""
    notes: tuple[Answered, ...]
    """In the form of the kit; empty before they are written."""
    summary: str | None
    """Of the follow-up; None before it is sent."""
    next_steps: tuple[NextStep, ...]
    flags: tuple[RiskFlag, ...]
    """Those raised from its beginning until that of the next."""


@dataclass(frozen=True, slots=True)
class Meetings:
    journey: JourneyId
    learner: str
    name: str
    """The learner's; the id where it is not known."""
    time_zone: str
    """In which `starts_there` is told: the learner's, or UTC."""
    sessions: tuple[Meeting, ...]
    """The earliest first; none before the pathway starts."""
    flags_before: tuple[RiskFlag, ...]
    """Those raised before the first session."""
    as_of: datetime

    def only(self, session: str) -> Meeting:
        """Raises NoSuchSession."""
        for one in self.sessions:
            if one.session == session:
                return one
        raise NoSuchSession(self.journey, session, (one.session for one in self.sessions))


async def meetings(pool: Pool, journey: JourneyId) -> Meetings:
    """Raises NoSuchJourney when the log knows none of this name."""
    return await meetings_of(pool, await read_story(pool, journey))


async def meetings_of(pool: Pool, story: Story) -> Meetings:
    learner = await people.get(pool, story.state.learner)
    return build_meetings(story, learner.name if learner else None, zone_of(learner))


def build_meetings(story: Story, name: str | None, zone: ZoneInfo) -> Meetings:
    sessions = sorted(story.state.sessions, key=lambda one: one.starts_at)
    recorded = _SessionEvents.of(story.events)
    builder = _MeetingBuilder(story, recorded, zone)
    begins = [one.starts_at for one in sessions]
    spells = pairwise([*begins, None])
    return Meetings(
        journey=story.journey,
        learner=story.state.learner,
        name=name or story.state.learner,
        time_zone=zone.key,
        sessions=tuple(
            builder.build(one, recorded.flagged(since, until))
            for one, (since, until) in zip(sessions, spells, strict=True)
        ),
        flags_before=recorded.flagged(None, begins[0] if begins else None),
        as_of=story.as_of,
    )


@dataclass(slots=True)
class _SessionEvents:
    """The latest event of each kind about each session: a later one replaces an earlier one."""

    prepared: dict[SessionId, e.SessionPrepared] = field(default_factory=dict)
    attendance: dict[SessionId, e.AttendanceRecorded | e.AttendanceCorrected] = field(default_factory=dict)
    notes: dict[SessionId, Answers] = field(default_factory=dict)
    follow_ups: dict[SessionId, e.FollowUpSent | e.FollowUpCorrected] = field(default_factory=dict)
    corrected: dict[SessionId, tuple[str, ...]] = field(default_factory=dict)
    closed: dict[str, e.ActionItemClosed] = field(default_factory=dict)
    flags: list[e.RiskFlagRaised] = field(default_factory=list)

    @classmethod
    def of(cls, events: Iterable[JourneyEvent]) -> "_SessionEvents":
        found = cls()
        for event in events:
            found._take(event)
        return found

    def _take(self, event: JourneyEvent) -> None:
        if isinstance(event, e.AttendanceCorrected | e.NotesCorrected | e.FollowUpCorrected):
            self.corrected[event.session] = (*self.corrected.get(event.session, ()), event.reason)
        match event:
            case e.SessionPrepared():
                self.prepared[event.session] = event
            case e.AttendanceRecorded() | e.AttendanceCorrected():
                self.attendance[event.session] = event
            case e.NotesWritten() | e.NotesCorrected():
                self.notes[event.session] = event.answers
            case e.FollowUpSent() | e.FollowUpCorrected():
                self.follow_ups[event.session] = event
            case e.ActionItemClosed():
                self.closed[event.item] = event
            case e.RiskFlagRaised():
                self.flags.append(event)
            case _:
                pass

    def flagged(self, since: datetime | None, until: datetime | None) -> tuple[RiskFlag, ...]:
        return tuple(
            RiskFlag(one.flag, one.notes, one.at, one.by)
            for one in self.flags
            if (since is None or since <= one.at) and (until is None or one.at < until)
        )


class _MeetingBuilder:
    def __init__(self, story: Story, recorded: _SessionEvents, zone: ZoneInfo) -> None:
        self._recorded, self._kit, self._zone = recorded, story.kit, zone
        pathway = pathway_of(story.kit, story.state)
        self._plans = {one.id: one for one in pathway.sessions} if pathway else {}
        self._due = _due_dates(story.state)

    def build(self, one: SessionStanding, flags: tuple[RiskFlag, ...]) -> Meeting:
        plan, recorded = self._plans.get(one.session), self._recorded
        follow_up = recorded.follow_ups.get(one.session)
        return Meeting(
            session=one.session,
            title=plan.title if plan else one.session,
            purpose=plan.purpose if plan else None,
            mode=plan.mode if plan else None,
            starts_at=one.starts_at,
            starts_there=one.starts_at.astimezone(self._zone),
            agenda=self._agenda(one, plan),
            attendance=one.attendance,
            remark=recorded.attendance[one.session].notes if one.attendance else "",
            corrected=recorded.corrected.get(one.session, ()),
            notes=_filled_in(self._template(plan.notes if plan else None), recorded.notes.get(one.session)),
            summary=follow_up.summary if follow_up else None,
            next_steps=tuple(map(self._next_step, follow_up.items)) if follow_up else (),
            flags=flags,
        )

    def _agenda(self, one: SessionStanding, plan: Session | None) -> Agenda:
        """Preparation counts only for the date that it was made for: a reset clears it."""
        prepared = self._recorded.prepared.get(one.session) if one.prepared else None
        return Agenda(
            goal=plan.goal if plan else None,
            artifact=plan.artifact if plan else None,
            own_goal=prepared.goal if prepared else "",
            brought=prepared.artifact if prepared else "",
            preparation=_filled_in(
                self._template(plan.preparation if plan else None), prepared.answers if prepared else None
            ),
        )

    def _template(self, name: str | None) -> Template | None:
        return self._kit.template(name)

    def _next_step(self, step: e.ActionItem) -> NextStep:
        closed = self._recorded.closed.get(step.item)
        return NextStep(
            item=step.item,
            text=step.text,
            owner=step.owner,
            due_at=self._due.get(step.item, step.due_at),
            standing="open" if closed is None else "done" if closed.done else "given_up",
            reason=closed.reason if closed else "",
        )


def _filled_in(template: Template | None, answers: Answers | None) -> tuple[Answered, ...]:
    return beside_questions(template, answers) if answers is not None else ()


def _due_dates(state: JourneyState) -> Mapping[str, datetime]:
    """Of the steps that are still open, where the pauses have moved them; closing the journey settles none."""
    before = state.closing.before if state.closing else None
    return {one.item: one.due_at for one in (before or state).action_items}
