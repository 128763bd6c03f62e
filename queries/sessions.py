"""Each session of a journey, with its agenda, notes, next steps, and the risks flagged after it.

A fold over the journey's events, with the titles of its kit. What people wrote is personal: it is shown to those who
meet, and never goes to logs, metrics or views.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import pairwise
from typing import Literal, Self
from zoneinfo import ZoneInfo

from domain.ids import JourneyId, SessionId
from domain.journey import JourneyEvent, JourneyState
from domain.journey import events as e
from domain.journey.duty import pathway_of
from domain.journey.state import SessionStanding
from domain.journey.terms import Answers, Attendance
from domain.kit import Role, Session, Template
from domain.refusal import NotFound
from queries.answers import Answered, answers_to
from queries.journey_record import JourneyRecord, read_record
from store import people
from store.database import Pool
from store.people import zone_of


class NoSuchSession(NotFound):
    """The journey has no session with this id."""

    def __init__(self, journey: JourneyId, session: str, known: Iterable[str]) -> None:
        there = ", ".join(known) or "none yet (sessions are scheduled once a mentor is matched)"
        super().__init__(f"Journey {journey!r} has no session {session!r}. Sessions: {there}")


@dataclass(frozen=True, slots=True)
class Agenda:
    goal: str | None
    artifact: str | None
    own_goal: str
    """The learner's own goal; empty if they gave none."""
    brought: str
    """What the learner brings for review, a link or a description; empty if nothing was named."""
    preparation: tuple[Answered, ...]
    """The learner's preparation; empty until it is submitted."""


@dataclass(frozen=True, slots=True)
class NextStep:
    item: str
    text: str
    owner: Role
    due_at: datetime
    standing: Literal["open", "done", "given_up"]
    reason: str
    """Why it was dropped, or a remark."""


@dataclass(frozen=True, slots=True)
class RiskFlag:
    flag: str
    notes: str
    at: datetime
    by: str | None
    """Set if the learner or the mentor raised it."""


@dataclass(frozen=True, slots=True)
class Meeting:
    session: SessionId
    title: str
    purpose: str | None
    """None, like its mode, if the present version of the kit has no such session."""
    mode: str | None
    starts_at: datetime
    """UTC. During a pause, the date before the shift that resuming will bring."""
    starts_there: datetime
    """The same time in the learner's time zone."""
    agenda: Agenda
    attendance: Attendance | None
    """None until attendance is recorded."""
    remark: str
    """The notes recorded with the attendance."""
    corrected: tuple[str, ...]
    """The reasons for corrections of attendance, notes or follow-up."""
    notes: tuple[Answered, ...]
    """By the template of the kit; empty until they are written."""
    summary: str | None
    """From the follow-up; None until it is sent."""
    next_steps: tuple[NextStep, ...]
    flags: tuple[RiskFlag, ...]
    """Those raised between the start of this session and the start of the next."""


@dataclass(frozen=True, slots=True)
class Meetings:
    journey: JourneyId
    learner: str
    name: str
    """The learner's name, or the id if the name is not known."""
    time_zone: str
    """The time zone of `starts_there`: the learner's, or UTC."""
    sessions: tuple[Meeting, ...]
    """Earliest first; empty until the pathway starts."""
    flags_before: tuple[RiskFlag, ...]
    """Those raised before the first session."""
    as_of: datetime

    def on_named_clocks(self) -> Self:
        """With the name of the time zone in `starts_there`: JSON keeps its offset alone."""
        zone = ZoneInfo(self.time_zone)
        sessions = (replace(one, starts_there=one.starts_there.astimezone(zone)) for one in self.sessions)
        return replace(self, sessions=tuple(sessions))

    def only(self, session: str) -> Meeting:
        """Raises NoSuchSession."""
        for one in self.sessions:
            if one.session == session:
                return one
        raise NoSuchSession(self.journey, session, (one.session for one in self.sessions))


async def meetings(pool: Pool, journey: JourneyId) -> Meetings:
    """Raises NoSuchJourney when the log has no such journey."""
    return await meetings_of(pool, await read_record(pool, journey))


async def meetings_of(pool: Pool, record: JourneyRecord) -> Meetings:
    learner = await people.get(pool, record.state.learner)
    return build_meetings(record, learner.name if learner else None, zone_of(learner))


def build_meetings(record: JourneyRecord, name: str | None, zone: ZoneInfo) -> Meetings:
    sessions = sorted(record.state.sessions, key=lambda one: one.starts_at)
    recorded = _SessionEvents.of(record.events)
    builder = _MeetingBuilder(record, recorded, zone)
    begins = [one.starts_at for one in sessions]
    spells = pairwise([*begins, None])
    return Meetings(
        journey=record.journey,
        learner=record.state.learner,
        name=name or record.state.learner,
        time_zone=zone.key,
        sessions=tuple(
            builder.build(one, recorded.flagged(since, until))
            for one, (since, until) in zip(sessions, spells, strict=True)
        ),
        flags_before=recorded.flagged(None, begins[0] if begins else None),
        as_of=record.as_of,
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
        if isinstance(event, e.AttendanceCorrected | e.AttendanceTakenBack | e.NotesCorrected | e.FollowUpCorrected):
            self.corrected[event.session] = (*self.corrected.get(event.session, ()), event.reason)
        match event:
            case e.SessionPrepared():
                self.prepared[event.session] = event
            case e.AttendanceRecorded() | e.AttendanceCorrected():
                self.attendance[event.session] = event
            case e.AttendanceTakenBack():
                for said in (self.attendance, self.notes, self.follow_ups):
                    said.pop(event.session, None)
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
    def __init__(self, record: JourneyRecord, recorded: _SessionEvents, zone: ZoneInfo) -> None:
        self._recorded, self._kit, self._zone = recorded, record.kit, zone
        pathway = pathway_of(record.kit, record.state)
        self._plans = {one.id: one for one in pathway.sessions} if pathway else {}
        self._due = _due_dates(record.state)

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
    return answers_to(template, answers) if answers is not None else ()


def _due_dates(state: JourneyState) -> Mapping[str, datetime]:
    """Of the open steps, after the shifts by pauses. Closing a journey does not settle steps."""
    before = state.closing.before if state.closing else None
    return {one.item: one.due_at for one in (before or state).action_items}
