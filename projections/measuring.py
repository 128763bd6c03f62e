"""What the measures of a program are counted from, kept for each journey: sessions, duties, weeks, confidence.

Everything here follows from the events of the journey alone. Nothing that anybody wrote is kept.
"""

from collections.abc import Collection, Iterator, Mapping
from datetime import date, datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime

from domain.ids import CohortId, KitDigest, MentorId, PathwayId, ProgramId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.values import Frozen, changed

DutyKind = Literal[
    "attendance",
    "notes",
    "follow_up",
    "check_in",
    "step",
    "milestone",
    "milestone_review",
    "intake_review",
    "match",
    "case",
]


_FIRST_MONDAY = date(1969, 12, 29)


class Sitting(Frozen):
    """A session whose attendance is known. One that was missed, and then planned anew and held, is two of these."""

    session: SessionId
    at: AwareDatetime
    """When it was planned to begin; else when its attendance was recorded."""
    attendance: e.Attendance
    mentor: MentorId | None
    prepared: bool | None
    """None: no preparation was asked for."""
    steps: int | None = None
    """Next steps in its follow-up; None while there is none."""


class Duty(Frozen):
    """Something that somebody was to do by a date. Both dates lie later by every pause while it was open."""

    kind: DutyKind
    about: str
    mentor: MentorId | None
    since: AwareDatetime
    due_at: AwareDatetime
    done_at: AwareDatetime | None = None
    dropped: bool = False
    """No longer asked: planned anew, or given up."""

    @property
    def is_open(self) -> bool:
        return self.done_at is None and not self.dropped


class Progress(Frozen):
    """A journey, as far as it is measured."""

    program: ProgramId
    kit: KitDigest
    """The version that the journey began with."""
    began_at: AwareDatetime
    pathway: PathwayId | None = None
    group: CohortId | None = None
    """The latest that the learner belonged to."""
    mentor: MentorId | None = None
    started_at: AwareDatetime | None = None
    """When the pathway began."""
    ending: e.Ending | None = None
    closed_at: AwareDatetime | None = None
    paused_at: AwareDatetime | None = None
    asks_preparation: tuple[SessionId, ...] = ()
    prepared: tuple[SessionId, ...] = ()
    sittings: tuple[Sitting, ...] = ()
    duties: tuple[Duty, ...] = ()
    signs: Mapping[date, int] = {}
    """Signs of life of the learner, by the Monday of the week."""
    still: tuple[date, ...] = ()
    """The weeks that a pause took whole."""
    first_confidence: int | None = None
    last_confidence: int | None = None
    """None until the learner has said it twice."""
    confidence_at: AwareDatetime | None = None
    raised: Mapping[str, str] = {}
    """What each case is about: the rule that opened it, and the subject. Only of those that are not resolved."""

    @property
    def cohort(self) -> str:
        """The group, or without one the month in which the journey began, UTC."""
        return self.group or f"{self.began_at:%Y-%m}"


def week_of(at: datetime) -> date:
    """The Monday of its week; instants are in UTC."""
    return at.date() - timedelta(days=at.weekday())


def number_of(week: date) -> int:
    """A week by its Monday, counted from the one in which 1970 began."""
    return (week - _FIRST_MONDAY).days // 7


def begun(event: e.JourneyStarted) -> Progress:
    return Progress(program=event.program, kit=event.kit, began_at=event.at)


def follow(state: Progress, event: JourneyEvent) -> Progress:
    state = _with_sign(state, event)
    match event:
        case e.IntakeSubmitted():
            return _asked(state, "intake_review", "", event.at, event.review_due_at)
        case e.MoreInformationRequested():
            return _done(state, "intake_review", "", event.at)
        case e.IntakeApproved():
            state = changed(_done(state, "intake_review", "", event.at), {"pathway": event.pathway})
            return _asked(state, "match", "", event.at, event.match_due_at)
        case e.PathwayChosenAnew():
            return changed(state, {"pathway": event.pathway})
        case e.MentorMatched():
            return _matched(state, event)
        case e.MentorReleased():
            return _asked(changed(state, {"mentor": None}), "match", "", event.at, event.match_due_at)
        case e.PathwayStarted() | e.PathwayReset() | e.MovedToKit():
            return _planned(state, event)
        case e.CohortJoined():
            return _sessions_planned(changed(state, {"group": event.cohort}), event.at, event.sessions)
        case e.SessionRescheduled():
            return _rescheduled(state, event)
        case e.SessionPrepared():
            return changed(state, {"prepared": tuple(dict.fromkeys((*state.prepared, event.session)))})
        case e.AttendanceRecorded():
            return _attended(state, event)
        case e.AttendanceCorrected():
            return _attendance_corrected(state, event)
        case e.AttendanceTakenBack():
            return _attendance_taken_back(state, event)
        case e.NotesWritten():
            return _done(state, "notes", event.session, event.at)
        case e.FollowUpSent() | e.FollowUpCorrected():
            return _followed_up(state, event)
        case e.ActionItemClosed():
            return _step_closed(state, event)
        case e.CheckedIn():
            return _check_in(_done(state, "check_in", "", event.at), event.at, event.check_in_by)
        case e.FeedbackGiven():
            return _confident(state, event)
        case e.MilestoneSubmitted():
            state = _done(state, "milestone", event.milestone, event.at)
            return _asked(state, "milestone_review", event.milestone, event.at, event.review_due_at, again=False)
        case e.MilestoneReviewed():
            return _reviewed(state, event)
        case e.ReviewCorrected():
            return _review_corrected(state, event)
        case e.MilestoneWaived():
            dropped = _dropped(state, "milestone", event.milestone)
            return _dropped(dropped, "milestone_review", event.milestone)
        case e.CaseOpened():
            state = changed(state, {"raised": {**state.raised, event.case: _cause(event)}})
            return _asked(state, "case", event.case, event.at, event.respond_by)
        case e.CaseAcknowledged():
            return _done(state, "case", event.case, event.at)
        case e.CaseResolved():
            return _settled(_done(state, "case", event.case, event.at), [event.case])
        case e.EscalationTakenBack():
            return _taken_back(state, event)
        case e.CaseReassigned() | e.CaseHandedOn():
            return _open_changed(state, "case", event.case, {"due_at": event.respond_by})
        case e.CaseSnoozed():
            return _done(state, "case", event.case, event.at)
        case e.JourneyPaused():
            return changed(state, {"paused_at": event.at})
        case e.JourneyResumed():
            return _resumed(state, event)
        case e.JourneyClosed():
            state = _done(state, "intake_review", "", event.at)
            return changed(state, {"ending": event.ending, "closed_at": event.at, "paused_at": None})
        case e.JourneyReopened():
            return changed(_later(state, event.moved_by), {"ending": None, "closed_at": None})
        case _:
            return state


# Duties


def _asked(
    state: Progress, kind: DutyKind, about: str, since: datetime, due_at: datetime, *, again: bool = True
) -> Progress:
    """What is open already is asked anew, unless `again` says that it stays as it was."""
    if any(one.is_open and (one.kind, one.about) == (kind, about) for one in state.duties):
        return _open_changed(state, kind, about, {"since": since, "due_at": due_at}) if again else state
    duty = Duty(kind=kind, about=about, mentor=state.mentor, since=since, due_at=due_at)
    return changed(state, {"duties": (*state.duties, duty)})


def _done(state: Progress, kind: DutyKind, about: str, at: datetime) -> Progress:
    return _open_changed(state, kind, about, {"done_at": at, "mentor": state.mentor})


def _dropped(state: Progress, kind: DutyKind, about: str) -> Progress:
    return _open_changed(state, kind, about, {"dropped": True})


def _open_changed(state: Progress, kind: DutyKind, about: str, changes: Mapping[str, object]) -> Progress:
    duties = tuple(
        changed(one, changes) if one.is_open and (one.kind, one.about) == (kind, about) else one for one in state.duties
    )
    return changed(state, {"duties": duties})


def _later(state: Progress, by: timedelta) -> Progress:
    return changed(
        state,
        {
            "duties": tuple(
                changed(one, {"since": one.since + by, "due_at": one.due_at + by}) if one.is_open else one
                for one in state.duties
            )
        },
    )


def _resumed(state: Progress, event: e.JourneyResumed) -> Progress:
    began = event.at - event.paused_for
    weeks = tuple(one for one in _whole_weeks(began, event.at) if one not in state.still)
    return changed(_later(state, event.paused_for), {"paused_at": None, "still": (*state.still, *weeks)})


def _whole_weeks(since: datetime, until: datetime) -> Iterator[date]:
    monday = week_of(since) + timedelta(weeks=1)
    while monday + timedelta(weeks=1) <= until.date():
        yield monday
        monday += timedelta(weeks=1)


# Matching and the plan


def _matched(state: Progress, event: e.MentorMatched) -> Progress:
    matched = changed(_done(state, "match", "", event.at), {"mentor": event.mentor})
    return _check_in(matched, event.at, event.check_in_by)


def _check_in(state: Progress, at: datetime, due_at: datetime | None) -> Progress:
    return _asked(state, "check_in", "", at, due_at) if due_at else state


def _planned(state: Progress, event: e.PathwayStarted | e.PathwayReset | e.MovedToKit) -> Progress:
    names = {one.milestone for one in event.milestones}
    for duty in [one for one in state.duties if one.is_open]:
        if duty.kind == "attendance" or (duty.kind == "milestone" and duty.about not in names):
            state = _dropped(state, duty.kind, duty.about)
    state = _sessions_planned(state, event.at, event.sessions)
    for one in event.milestones:
        state = _asked(state, "milestone", one.milestone, event.at, one.due_at)
    if isinstance(event, e.MovedToKit):
        return _check_in(state, event.at, event.check_in_by)
    return changed(state, {"started_at": event.starts_at}) if isinstance(event, e.PathwayStarted) else state


def _sessions_planned(state: Progress, at: datetime, sessions: tuple[e.PlannedSession, ...]) -> Progress:
    """A duty to record attendance begins with the session."""
    for one in sessions:
        state = _asked(state, "attendance", one.session, max(at, one.starts_at), one.attendance_due_at)
    wanted = [one.session for one in sessions if one.wants_preparation]
    return changed(state, {"asks_preparation": tuple(dict.fromkeys((*state.asks_preparation, *wanted)))})


def _rescheduled(state: Progress, event: e.SessionRescheduled) -> Progress:
    dates = {"since": event.starts_at, "due_at": event.attendance_due_at}
    return _open_changed(state, "attendance", event.session, dates)


# Sessions


_HELD = ("attended", "late")


def _attended(state: Progress, event: e.AttendanceRecorded) -> Progress:
    planned = next((one for one in state.duties if _is_attendance(one, event.session)), None)
    sitting = Sitting(
        session=event.session,
        at=planned.since if planned else event.at,
        attendance=event.attendance,
        mentor=state.mentor,
        prepared=event.session in state.prepared if event.session in state.asks_preparation else None,
    )
    state = changed(_done(state, "attendance", event.session, event.at), {"sittings": (*state.sittings, sitting)})
    return _check_in(_owed(state, event), event.at, event.check_in_by)


def _is_attendance(one: Duty, session: SessionId) -> bool:
    return one.is_open and one.kind == "attendance" and one.about == session


def _owed(state: Progress, event: e.AttendanceRecorded | e.AttendanceCorrected) -> Progress:
    if event.notes_due_at:
        state = _asked(state, "notes", event.session, event.at, event.notes_due_at)
    if event.follow_up_due_at:
        state = _asked(state, "follow_up", event.session, event.at, event.follow_up_due_at)
    return state


def _attendance_corrected(state: Progress, event: e.AttendanceCorrected) -> Progress:
    """The last of the session: what was planned anew and recorded before stays as it is."""
    state = _sign_corrected(state, event)
    state = _last_sitting_changed(state, event.session, {"attendance": event.attendance})
    if event.attendance not in _HELD:
        state = _dropped(_dropped(state, "notes", event.session), "follow_up", event.session)
    return _owed(state, event)


def _attendance_taken_back(state: Progress, event: e.AttendanceTakenBack) -> Progress:
    """The last sitting of the session is none; how it went is asked for again, and what followed from it no more."""
    state = _signs_changed(state, event.session, -(event.was in _HELD))
    last = max((place for place, one in enumerate(state.sittings) if one.session == event.session), default=None)
    state = changed(state, {"sittings": tuple(one for place, one in enumerate(state.sittings) if place != last)})
    state = _dropped(_dropped(state, "notes", event.session), "follow_up", event.session)
    for duty in [one for one in state.duties if one.is_open and one.kind == "step"]:
        state = _dropped(state, "step", duty.about) if duty.about.rpartition("-")[0] == event.session else state
    return _asked(state, "attendance", event.session, event.at, event.attendance_due_at)


def _sign_corrected(state: Progress, event: e.AttendanceCorrected) -> Progress:
    return _signs_changed(state, event.session, (event.attendance in _HELD) - (event.was in _HELD))


def _signs_changed(state: Progress, session: SessionId, more: int) -> Progress:
    """Whoever came gave a sign of life in the week of the session, and nobody else did."""
    sitting = next((one for one in reversed(state.sittings) if one.session == session), None)
    if not more or sitting is None:
        return state
    week = week_of(sitting.at)
    signs = {**state.signs, week: max(state.signs.get(week, 0) + more, 0)}
    return changed(state, {"signs": {one: many for one, many in signs.items() if many}})


def _last_sitting_changed(state: Progress, session: SessionId, changes: Mapping[str, object]) -> Progress:
    places = [place for place, one in enumerate(state.sittings) if one.session == session][-1:]
    sittings = tuple(changed(one, changes) if place in places else one for place, one in enumerate(state.sittings))
    return changed(state, {"sittings": sittings})


def _followed_up(state: Progress, event: e.FollowUpSent | e.FollowUpCorrected) -> Progress:
    """Next steps that a correction leaves out are no longer asked."""
    state = _last_sitting_changed(state, event.session, {"steps": len(event.items)})
    state = _done(state, "follow_up", event.session, event.at)
    if isinstance(event, e.FollowUpCorrected):
        for duty in [one for one in state.duties if one.is_open and one.kind == "step"]:
            left_by = duty.about.rpartition("-")[0]
            state = _dropped(state, "step", duty.about) if left_by == event.session else state
    for item in event.items:
        state = _asked(state, "step", item.item, event.at, item.due_at) if item.owner == "learner" else state
    return state


def _step_closed(state: Progress, event: e.ActionItemClosed) -> Progress:
    """Also where it is corrected. A step that was given up was not taken, and counts so once it was due."""
    changes = {"done_at": event.at if event.done else None}
    places = [place for place, one in enumerate(state.duties) if (one.kind, one.about) == ("step", event.item)][-1:]
    duties = tuple(changed(one, changes) if place in places else one for place, one in enumerate(state.duties))
    return changed(state, {"duties": duties})


# Milestones


def _reviewed(state: Progress, event: e.MilestoneReviewed) -> Progress:
    state = _done(state, "milestone_review", event.milestone, event.at)
    if event.verdict == "returned" and event.due_at:
        return _asked(state, "milestone", event.milestone, event.at, event.due_at)
    return state


def _review_corrected(state: Progress, event: e.ReviewCorrected) -> Progress:
    """The attempt that only a wrong verdict asked for is not asked; the one that the right verdict asks for is."""
    if event.was == event.verdict:
        return state
    if event.was == "returned":
        return _dropped(state, "milestone", event.milestone)
    if event.verdict == "returned" and event.due_at:
        return _asked(state, "milestone", event.milestone, event.at, event.due_at)
    return state


# Cases


def _cause(event: e.CaseOpened | e.EscalationTakenBack) -> str:
    return f"{event.rule} {event.about}"


def _taken_back(state: Progress, event: e.EscalationTakenBack) -> Progress:
    """Nobody had to answer a case that was opened for nothing. What was answered stays so."""
    cases = [case for case, cause in state.raised.items() if cause == _cause(event)]
    for case in cases:
        state = _dropped(state, "case", case)
    return _settled(state, cases)


def _settled(state: Progress, cases: Collection[str]) -> Progress:
    return changed(state, {"raised": {case: cause for case, cause in state.raised.items() if case not in cases}})


# The learner


def _confident(state: Progress, event: e.FeedbackGiven) -> Progress:
    if state.first_confidence is None:
        return changed(state, {"first_confidence": event.confidence})
    return changed(state, {"last_confidence": event.confidence, "confidence_at": event.at})


def _with_sign(state: Progress, event: JourneyEvent) -> Progress:
    at = _sign_of_life(state, event)
    if at is None:
        return state
    week = week_of(at)
    return changed(state, {"signs": {**state.signs, week: state.signs.get(week, 0) + 1}})


def _sign_of_life(state: Progress, event: JourneyEvent) -> datetime | None:
    """When the learner did something, if this event says so."""
    match event:
        case e.SessionPrepared() | e.MilestoneSubmitted() | e.FeedbackGiven() | e.HelpAsked():
            return event.at
        case e.AttendanceRecorded() if event.attendance in _HELD:
            planned = next((one for one in state.duties if _is_attendance(one, event.session)), None)
            return planned.since if planned and planned.since < event.at else event.at
        case e.ActionItemClosed() if event.done and any(_is_step(one, event.item) for one in state.duties):
            return event.at
        case e.ActivitySeen():
            return event.last_active_at
        case _:
            return None


def _is_step(one: Duty, item: str) -> bool:
    return one.is_open and one.kind == "step" and one.about == item
