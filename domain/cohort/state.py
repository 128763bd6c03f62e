"""A group as its stream has it. It holds no text of people: what was said is kept as digests."""

from collections.abc import Callable, Mapping
from typing import TypeVar, assert_never

from domain.cohort.events import (
    NOT_ANSWERING,
    AttendanceRecorded,
    CohortClosed,
    CohortEvent,
    CohortFormed,
    FollowUpSent,
    MemberLeft,
    MembersJoined,
    MembersTold,
    MentorReplaced,
    NotesRecorded,
    RefusalDismissed,
    RosterCorrected,
    SessionMoved,
    SessionsPlanned,
    TellingRefused,
    TellingRepeated,
    needs_telling,
)
from domain.cohort.slots import Slot
from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, PathwayId, ProgramId, SessionId
from domain.journey.repeating import digest
from domain.journey.terms import Attendance
from domain.values import Frozen, StoredInstant, changed

_T = TypeVar("_T")
GROUP = LearnerId("")
"""Stands for all of whom nothing else was said."""


class Member(Frozen):
    journey: JourneyId
    since: StoredInstant
    left_out: tuple[SessionId, ...] = ()
    """The sessions that had begun when they joined: these are not theirs."""
    refused: str | None = None
    """The code with which their journey refused to join: nothing else is told to it."""


class Meeting(Frozen):
    """A session of the group."""

    session: SessionId
    starts_at: StoredInstant
    dated: int = 0
    """The version of the event that gave it this time."""
    attendance: Mapping[LearnerId, Attendance] = {}
    """How it went: of GROUP, and of those who are exceptions. Empty: nobody has said."""
    taken_back: tuple[LearnerId, ...] = ()
    """Of whom nothing is recorded, whatever is recorded of the group: their journeys took it back."""
    said: Mapping[str, Mapping[LearnerId, str]] = {}
    """Digests of the attendance, the notes and the follow-up: of GROUP, and of those who are exceptions."""
    corrected_for: Mapping[str, str] = {}
    """Of those that were corrected, digests of the reason."""

    @property
    def settled(self) -> bool:
        return bool(self.attendance)

    @property
    def called_off(self) -> bool:
        return self.attendance.get(GROUP) in ("cancelled_in_time", "cancelled_late")

    def went(self, learner: LearnerId) -> Attendance | None:
        return None if learner in self.taken_back else self.attendance.get(learner) or self.attendance.get(GROUP)

    def held_with(self, learner: LearnerId) -> bool:
        return self.went(learner) in ("attended", "late")

    def said_of(self, what: str, learner: LearnerId) -> str | None:
        if learner in self.taken_back:
            return None
        said = self.said.get(what, {})
        return said.get(learner) or said.get(GROUP)


class RefusedTelling(Frozen):
    """What the journey of a member did not take."""

    of: int
    """The version of the event that it was to be told."""
    version: int
    """That of the event by which it was told last: the same, or a later one that repeats it."""
    command: str
    code: str
    again: bool = False
    """Whether it is being told again."""


class CohortState(Frozen):
    version: int = 0
    """Of the stream."""
    told: int = 0
    """The version up to which the journeys of members know what happened."""
    news: int = 0
    """The version of the latest event that may concern them."""
    program: ProgramId | None = None
    kit: KitDigest | None = None
    pathway: PathwayId | None = None
    number: int = 0
    mentors: tuple[MentorId, ...] = ()
    former_mentors: tuple[MentorId, ...] = ()
    least: int = 0
    most: int = 0
    slot: Slot | None = None
    meetings: tuple[Meeting, ...] = ()
    """The earliest first."""
    members: Mapping[LearnerId, Member] = {}
    former: Mapping[LearnerId, Member] = {}
    refusals: Mapping[LearnerId, tuple[RefusedTelling, ...]] = {}
    """What the journey of a member has refused, in order, until it takes it, somebody dismisses it, or they join again
    or leave."""
    closed_at: StoredInstant | None = None

    @property
    def over(self) -> bool:
        """Whether it is closed and everybody knows it."""
        return self.closed_at is not None and self.told >= self.news

    @property
    def formed(self) -> bool:
        return self.program is not None

    def meeting(self, session: str) -> Meeting | None:
        return next((one for one in self.meetings if one.session == session), None)

    @property
    def next_meeting(self) -> Meeting | None:
        return next((one for one in self.meetings if not one.settled), None)

    def listening(self) -> dict[LearnerId, Member]:
        """The members whose journeys are in the group."""
        return {learner: one for learner, one in self.members.items() if one.refused is None}

    def last_refusal(self, learner: LearnerId) -> RefusedTelling | None:
        return next(reversed(self.refusals.get(learner, ())), None)

    def invited(self, meeting: Meeting) -> dict[LearnerId, Member]:
        """The members who had joined when the session was to begin."""
        return {learner: one for learner, one in self.listening().items() if meeting.session not in one.left_out}


INITIAL = CohortState()


def evolve(state: CohortState, event: CohortEvent) -> CohortState:
    version = state.version + 1
    news = version if needs_telling(event) else state.news
    return _after(changed(state, {"version": version, "news": news}), event)


def _after(state: CohortState, event: CohortEvent) -> CohortState:
    match event:
        case CohortFormed():
            fields = ("program", "kit", "pathway", "number", "mentors", "least", "most", "slot")
            return changed(state, {name: getattr(event, name) for name in fields})
        case SessionsPlanned():
            planned = [
                Meeting(session=one.session, starts_at=one.starts_at, dated=state.version) for one in event.sessions
            ]
            return changed(state, {"meetings": _in_order(planned)})
        case MembersJoined():
            begun = tuple(one.session for one in state.meetings if one.starts_at < event.at)
            joined = {one.learner: Member(journey=one.journey, since=event.at, left_out=begun) for one in event.members}
            return changed(
                state,
                {
                    "members": {**state.members, **joined},
                    "former": _without(state.former, joined),
                    "refusals": _without(state.refusals, joined),
                },
            )
        case MemberLeft():
            gone = {event.learner: state.members[event.learner]}
            return changed(
                state,
                {
                    "members": _without(state.members, gone),
                    "former": {**state.former, **gone},
                    "refusals": _without(state.refusals, gone),
                },
            )
        case SessionMoved():
            return _with_meeting(state, event.session, starts_at=event.starts_at, dated=state.version)
        case AttendanceRecorded():
            return _attendance_recorded(state, event)
        case NotesRecorded():
            return _said(state, event, "notes", {GROUP: digest(event.answers)})
        case FollowUpSent():
            return _said(state, event, "follow_up", said_in_follow_up(event))
        case RosterCorrected():
            return _roster_corrected(state, event)
        case MentorReplaced():
            mentors = tuple(event.replacement if one == event.mentor else one for one in state.mentors)
            former = tuple(one for one in (*state.former_mentors, event.mentor) if one not in mentors)
            return changed(state, {"mentors": mentors, "former_mentors": tuple(dict.fromkeys(former))})
        case CohortClosed():
            return changed(state, {"closed_at": event.at})
        case TellingRefused():
            return _refused(state, event)
        case TellingRepeated():
            return _repeated(state, event)
        case RefusalDismissed():
            return _dismissed(state, event)
        case MembersTold():
            return _told(state, event)
        case _:
            assert_never(event)


def said_of_attendance(event: AttendanceRecorded) -> dict[LearnerId, str]:
    return {
        GROUP: digest(event.attendance, event.notes),
        **{one.learner: digest(one.attendance, one.notes) for one in event.exceptions},
    }


def said_in_follow_up(event: FollowUpSent) -> dict[LearnerId, str]:
    return {
        GROUP: _follow_up(event.summary, event.next_steps),
        **{one.learner: _follow_up(one.summary, one.next_steps) for one in event.exceptions},
    }


def _follow_up(summary: str, steps: object) -> str:
    assert isinstance(steps, tuple)
    return digest(summary, [(one.text, one.owner, one.due_at) for one in steps])


def _attendance_recorded(state: CohortState, event: AttendanceRecorded) -> CohortState:
    attendance = {GROUP: event.attendance, **{one.learner: one.attendance for one in event.exceptions}}
    meeting = state.meeting(event.session)
    assert meeting, "only a session of the group is spoken of"
    out = tuple(one for one in meeting.taken_back if one not in attendance)
    state = _with_meeting(state, event.session, attendance=attendance, taken_back=out)
    return _said(state, event, "attendance", said_of_attendance(event))


def _roster_corrected(state: CohortState, event: RosterCorrected) -> CohortState:
    """As if the member had been an exception, or had not been spoken of."""
    meeting, learner = state.meeting(event.session), event.learner
    assert meeting, "only a session of the group is spoken of"
    gone: Mapping[LearnerId, object] = {learner: None}
    attendance, said = _without(meeting.attendance, gone), _without(meeting.said.get("attendance", {}), gone)
    if event.attendance and event.attendance != meeting.attendance.get(GROUP):
        attendance |= {learner: event.attendance}
        said |= {learner: digest(event.attendance, "")}
    out = {*meeting.taken_back, learner} if event.attendance is None else {*meeting.taken_back} - {learner}
    return _with_meeting(
        state,
        event.session,
        attendance=attendance,
        taken_back=tuple(sorted(out)),
        said={**meeting.said, "attendance": said},
    )


def _said(
    state: CohortState,
    event: AttendanceRecorded | NotesRecorded | FollowUpSent,
    what: str,
    said: Mapping[LearnerId, str],
) -> CohortState:
    meeting = state.meeting(event.session)
    assert meeting, "only a session of the group is spoken of"
    why = {what: digest(event.reason)} if event.corrects else {}
    return _with_meeting(
        state, event.session, said={**meeting.said, what: said}, corrected_for={**meeting.corrected_for, **why}
    )


def _refused(state: CohortState, event: TellingRefused) -> CohortState:
    """Whoever's journey refused to join is told nothing more, until they are added again."""
    refusals, members = dict(state.refusals), dict(state.members)
    for one in event.refusals:
        if one.learner not in members:
            continue
        before = refusals.get(one.learner, ())
        of = next((each.of for each in before if each.version == event.version), event.version)
        refused = RefusedTelling(of=of, version=event.version, command=one.command, code=one.code)
        refusals[one.learner] = (*(each for each in before if each.of != of), refused)
        if one.command == "join_cohort" and one.code != NOT_ANSWERING:
            members[one.learner] = changed(members[one.learner], {"refused": one.code})
    return changed(state, {"refusals": refusals, "members": members})


def _repeated(state: CohortState, event: TellingRepeated) -> CohortState:
    """It counts as refused until the journey has taken it."""
    these = state.refusals[event.learner]
    again = {"version": state.version, "again": True}
    told = tuple(changed(one, again) if one.of == event.version else one for one in these)
    return changed(state, {"refusals": {**state.refusals, event.learner: told}})


def _dismissed(state: CohortState, event: RefusalDismissed) -> CohortState:
    return _without_refusals(state, lambda who, one: (who, one.of) == (event.learner, event.version))


def _told(state: CohortState, event: MembersTold) -> CohortState:
    state = changed(state, {"told": event.version})
    return _without_refusals(state, lambda _, one: one.again and one.version <= event.version)


def _without_refusals(state: CohortState, are_over: Callable[[LearnerId, RefusedTelling], bool]) -> CohortState:
    left = {who: tuple(one for one in those if not are_over(who, one)) for who, those in state.refusals.items()}
    return changed(state, {"refusals": {who: those for who, those in left.items() if those}})


def _with_meeting(state: CohortState, session: SessionId, **changes: object) -> CohortState:
    meetings = [changed(one, changes) if one.session == session else one for one in state.meetings]
    return changed(state, {"meetings": _in_order(meetings)})


def _in_order(meetings: list[Meeting]) -> tuple[Meeting, ...]:
    return tuple(sorted(meetings, key=lambda one: (one.starts_at, one.session)))


def _without(those: Mapping[LearnerId, _T], gone: Mapping[LearnerId, object]) -> dict[LearnerId, _T]:
    return {learner: one for learner, one in those.items() if learner not in gone}
