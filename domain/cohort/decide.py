"""What a group does when it is asked."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from domain.cohort.commands import (
    AddMembers,
    CloseCohort,
    Command,
    CorrectRoster,
    DismissRefused,
    FormCohort,
    MoveSession,
    RecordAttendance,
    RecordNotes,
    RemoveMember,
    ReplaceMentor,
    ReportTold,
    RetryRefused,
    SendFollowUp,
)
from domain.cohort.events import (
    MEMBERS_AN_EVENT,
    AttendanceRecorded,
    CohortClosed,
    CohortEvent,
    CohortFormed,
    Entrant,
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
)
from domain.cohort.state import (
    GROUP,
    CohortState,
    Meeting,
    said_in_follow_up,
    said_of_attendance,
)
from domain.ids import CohortId, LearnerId, SessionId
from domain.journey.bases import CorrectableCommand
from domain.journey.refusing import Code as OfJourneys
from domain.journey.refusing import in_words, require_reason, require_within_a_year
from domain.journey.repeating import digest
from domain.journey.sessions import require_complete
from domain.kit import Cohorts, Kit, Pathway
from domain.refusal import RefusalCode, Rejected
from domain.values import counted, either, together

Events = Sequence[CohortEvent]


class Code(RefusalCode):
    """Why a group refuses a command, beside the codes that it shares with journeys."""

    EXISTS = "cohort_exists"
    UNKNOWN = "unknown_cohort"
    CLOSED = "cohort_closed"
    FULL = "cohort_full"
    """`most`: how many it takes; `members`: how many it has; `wanted`: how many were to join."""
    TOO_FEW = "too_few_members"
    """`least`: how many it needs; `members`: how many there were to be."""
    UNKNOWN_MEMBER = "unknown_member"
    """`learners`: those who do not belong to the group, or did not when the session began."""
    CANNOT_JOIN = "learners_cannot_join"
    """`learners`: those who cannot; `codes`: of each, in the same order, what is in the way."""
    MENTORS = "mentors_do_not_fit"
    """`mentors`: those of the group."""


_CALLED_OFF: Final = ("cancelled_in_time", "cancelled_late")


@dataclass(frozen=True, slots=True)
class Context:
    """What a group is decided by, beside its own past."""

    cohort: CohortId
    kit: Kit

    @property
    def policy(self) -> Cohorts:
        """Raises Rejected where the program forms no groups."""
        if self.kit.cohorts is None:
            raise Rejected(OfJourneys.NO_COHORTS, "this program forms no groups; a kit says in `cohorts` how it does")
        return self.kit.cohorts

    def pathway(self, state: CohortState) -> Pathway:
        pathway = self.kit.pathway(state.pathway) if state.pathway else None
        assert pathway, "a group is formed on a pathway of its kit"
        return pathway


def decide(context: Context, state: CohortState, command: Command, at: datetime) -> Events:
    """No events for what was recorded before in the same words. Raises Rejected."""
    if isinstance(command, FormCohort):
        return _form(context, state, command, at)
    if isinstance(command, ReportTold):
        return _told(state, command, at)
    if isinstance(command, CorrectRoster):
        return _roster_corrected(state, command, at)
    if not state.formed:
        raise Rejected(Code.UNKNOWN, f"there is no group {context.cohort!r}; `trellis cohort list` has those there are")
    if isinstance(command, CloseCohort):
        return [] if state.closed_at else [CohortClosed(at=at, reason=command.reason)]
    if not isinstance(command, RetryRefused | DismissRefused):
        _require_open(context, state)
    return _RULES[type(command)](context, state, command, at)


def _require_open(context: Context, state: CohortState) -> None:
    if state.closed_at:
        raise Rejected(Code.CLOSED, f"the group {context.cohort!r} was closed on {state.closed_at:%d %B %Y}")


# Members


def _form(context: Context, state: CohortState, command: FormCohort, at: datetime) -> Events:
    policy = context.policy
    if state.formed:
        return _formed_before(context, state, command)
    pathway = context.kit.pathway(command.pathway)
    if pathway is None:
        known = [one.id for one in context.kit.pathways]
        raise Rejected(
            OfJourneys.UNKNOWN_PATHWAY,
            f"the kit has no pathway {command.pathway!r}; it has: {', '.join(known)}",
            {"pathways": known},
        )
    _require_sessions(pathway, [one.session for one in command.sessions])
    _require_mentors(policy, command)
    _require_size(policy, len({one.learner for one in command.members}))
    formed = CohortFormed(
        at=at,
        program=command.program,
        kit=command.kit,
        pathway=command.pathway,
        number=command.number,
        mentors=command.mentors,
        least=policy.least,
        most=policy.most,
        slot=command.slot,
    )
    return [formed, SessionsPlanned(at=at, sessions=command.sessions), *_joined(command.members, at)]


def _formed_before(context: Context, state: CohortState, command: FormCohort) -> Events:
    members = {one.learner for one in command.members}
    if (command.pathway, command.mentors) == (state.pathway, state.mentors) and members <= state.members.keys():
        return []
    raise Rejected(Code.EXISTS, f"there is a group {context.cohort!r} already; form this one under another number")


def _require_sessions(pathway: Pathway, planned: Sequence[str]) -> None:
    known = [one.id for one in pathway.sessions if one.mode == "cohort"]
    if strange := [one for one in planned if one not in known]:
        raise Rejected(
            OfJourneys.UNKNOWN_SESSION,
            f"{strange[0]!r} is no session of {pathway.title} that a group has together; there are: "
            + (", ".join(known) or "none, as none is in the mode `cohort`"),
            {"sessions": known},
        )


def _require_mentors(policy: Cohorts, command: FormCohort) -> None:
    mentors = command.mentors
    if len(set(mentors)) != len(mentors) or len(mentors) > policy.mentors:
        at_most = counted(policy.mentors, "mentor")
        raise Rejected(
            Code.MENTORS, f"a group of this program is led by {at_most}, each of them once", {"mentors": mentors}
        )
    _require_no_member(mentors, (one.learner for one in command.members))


def _require_no_member(mentors: Iterable[str], learners: Iterable[str]) -> None:
    if both := set(mentors) & set(learners):
        raise Rejected(
            Code.MENTORS, f"{min(both)!r} cannot lead a group and be a member of it", {"mentors": sorted(both)}
        )


def _require_size(policy: Cohorts, members: int) -> None:
    if members < policy.least:
        needed = counted(policy.least, "member")
        raise Rejected(
            Code.TOO_FEW,
            f"a group of this program needs at least {needed}, and this one would have {members}",
            {"least": policy.least, "members": members},
        )
    if members > policy.most:
        raise _full(policy.most, 0, members)


def _full(most: int, members: int, wanted: int) -> Rejected:
    left = f"{most - members} of {most} places are left" if members else f"it takes {most}"
    return Rejected(
        Code.FULL,
        f"{counted(wanted, 'learner')} would be too many for the group: {left}",
        {"most": most, "members": members, "wanted": wanted},
    )


def _joined(entrants: Iterable[Entrant], at: datetime) -> Events:
    members = list({one.learner: one for one in entrants}.values())
    return [
        MembersJoined(at=at, members=tuple(members[first : first + MEMBERS_AN_EVENT]))
        for first in range(0, len(members), MEMBERS_AN_EVENT)
    ]


def _add(_: Context, state: CohortState, command: AddMembers, at: datetime) -> Events:
    listening = state.listening()
    new = [one for one in command.members if one.learner not in listening]
    _require_no_member(state.mentors, (one.learner for one in new))
    more = {one.learner for one in new} - state.members.keys()
    if len(state.members) + len(more) > state.most:
        raise _full(state.most, len(state.members), len(more))
    return _joined(new, at)


def _remove(_: Context, state: CohortState, command: RemoveMember, at: datetime) -> Events:
    if command.learner in state.former:
        return []
    _require_members([command.learner], state.members)
    return [MemberLeft(at=at, learner=command.learner, reason=command.reason)]


def _require_members(learners: Iterable[LearnerId], members: Mapping[LearnerId, object], when: str = "") -> None:
    if strange := sorted({one for one in learners if one not in members}):
        raise Rejected(
            Code.UNKNOWN_MEMBER,
            f"{together(strange[:5])} {'does' if len(strange) == 1 else 'do'} not belong to the group{when}",
            {"learners": strange},
        )


def _replace(_: Context, state: CohortState, command: ReplaceMentor, at: datetime) -> Events:
    if command.replacement in state.mentors:
        if command.mentor not in state.mentors:
            return []
        raise Rejected(Code.MENTORS, f"{command.replacement!r} leads the group already", {"mentors": state.mentors})
    if command.mentor not in state.mentors:
        raise Rejected(
            Code.MENTORS,
            f"{command.mentor!r} does not lead the group; its mentors are {together(state.mentors)}",
            {"mentors": state.mentors},
        )
    _require_no_member([command.replacement], state.members)
    return [MentorReplaced(at=at, mentor=command.mentor, replacement=command.replacement, reason=command.reason)]


# Sessions


def _meeting(state: CohortState, session: SessionId) -> Meeting:
    if found := state.meeting(session):
        return found
    known = [one.session for one in state.meetings]
    raise Rejected(
        OfJourneys.UNKNOWN_SESSION,
        f"{session!r} is not a session of the group; it has: {', '.join(known) or 'none'}",
        {"sessions": known},
    )


def _move(context: Context, state: CohortState, command: MoveSession, at: datetime) -> Events:
    meeting = _meeting(state, command.session)
    if meeting.starts_at == command.starts_at:
        return []
    if meeting.settled:
        raise Rejected(OfJourneys.SESSION_OVER, f"session {meeting.session!r} is over: {_how(meeting)}")
    if command.starts_at <= at:
        raise Rejected(OfJourneys.DATE_OUT_OF_RANGE, "the new time lies in the past; give a later one")
    _require_in_term(context, state, command)
    return [SessionMoved(at=at, session=meeting.session, starts_at=command.starts_at)]


def _require_in_term(context: Context, state: CohortState, command: MoveSession) -> None:
    if context.kit.starts_at is None:
        return
    pathway = context.pathway(state)
    latest = context.kit.starts_at + pathway.ends - pathway.session(command.session).length
    if command.starts_at > latest:
        raise Rejected(
            OfJourneys.DATE_OUT_OF_RANGE,
            f"the session would not be over when the term ends; choose {latest:%d %B %Y at %H:%M} UTC at the latest",
            {"latest": latest.isoformat()},
        )


def _attendance(_: Context, state: CohortState, command: RecordAttendance, at: datetime) -> Events:
    meeting = _meeting(state, command.session)
    if meeting.starts_at > at and command.attendance not in _CALLED_OFF:
        raise Rejected(
            OfJourneys.SESSION_NOT_BEGUN,
            f"session {meeting.session!r} has not begun: it is on {meeting.starts_at:%d %B %Y at %H:%M} UTC. Until "
            f"then it can be moved, or called off: {either(_CALLED_OFF)}",
            {"starts_at": meeting.starts_at.isoformat()},
        )
    excepted = (one.learner for one in command.exceptions)
    _require_members(excepted, state.invited(meeting), ", or did not when the session began")
    event = AttendanceRecorded(at=at, **_content(command))
    what = f"session {meeting.session!r} has been recorded as {_how(meeting)}" if meeting.settled else ""
    return [event] if _is_news(meeting, "attendance", said_of_attendance(event), command, what) else []


def _notes(context: Context, state: CohortState, command: RecordNotes, at: datetime) -> Events:
    meeting = _held(state, command.session)
    template = context.kit.template(context.pathway(state).session(meeting.session).notes)
    if template is None:
        raise Rejected(OfJourneys.NO_TEMPLATE, f"the kit has no template for the notes of session {meeting.session!r}")
    require_complete(template, command.answers)
    event = NotesRecorded(at=at, **_content(command))
    what = f"the notes of session {meeting.session!r} have been written"
    return [event] if _is_news(meeting, "notes", {GROUP: digest(event.answers)}, command, what) else []


def _follow_up(_: Context, state: CohortState, command: SendFollowUp, at: datetime) -> Events:
    meeting = _held(state, command.session)
    came = {learner: one for learner, one in state.invited(meeting).items() if meeting.held_with(learner)}
    _require_members((one.learner for one in command.exceptions), came, ", or did not come")
    event = FollowUpSent(at=at, **_content(command))
    what = f"the follow-up of session {meeting.session!r} has been sent"
    if not _is_news(meeting, "follow_up", said_in_follow_up(event), command, what):
        return []
    for step in (*command.next_steps, *(step for one in command.exceptions for step in one.next_steps)):
        require_within_a_year(step.due_at, at, "a next step would be due at a moment")
    return [event]


def _held(state: CohortState, session: SessionId) -> Meeting:
    meeting = _meeting(state, session)
    if not any(one in ("attended", "late") for one in meeting.attendance.values()):
        raise Rejected(
            OfJourneys.SESSION_NOT_HELD, f"session {session!r} has not been held; record the attendance first"
        )
    return meeting


def _content(command: CorrectableCommand) -> dict[str, Any]:
    return {name: getattr(command, name) for name in type(command).model_fields if name != "by"}


def _is_news(
    meeting: Meeting, what: str, said: Mapping[LearnerId, str], command: CorrectableCommand, there: str
) -> bool:
    """Whether it is said for the first time, or corrects what was. False for a repeat. Raises Rejected otherwise."""
    before = meeting.said.get(what)
    if before is None:
        if command.corrects:
            raise Rejected(
                OfJourneys.NOTHING_TO_CORRECT,
                "this is not recorded yet, so there is nothing to correct; leave `corrects` out",
            )
        return True
    if before == said:
        if command.corrects and meeting.corrected_for.get(what) != digest(command.reason):
            raise Rejected(OfJourneys.NOTHING_TO_CORRECT, f"{there}, in just these words; there is nothing to correct")
        return False
    if not command.corrects:
        raise Rejected(
            OfJourneys.RECORDED_OTHERWISE,
            f"{there}, and this says something else; to correct it, give the command again with `corrects` and a "
            "`reason`",
        )
    require_reason(command.reason, "say why what is recorded is corrected")
    return True


def _how(meeting: Meeting) -> str:
    return in_words(meeting.attendance[GROUP])


# What members were told


def _told(state: CohortState, command: ReportTold, at: datetime) -> Events:
    if command.version <= state.told:
        return []
    refused = [
        TellingRefused(at=at, version=command.version, refusals=command.refusals[first : first + MEMBERS_AN_EVENT])
        for first in range(0, len(command.refusals), MEMBERS_AN_EVENT)
    ]
    return [*refused, MembersTold(at=at, version=command.version)]


def _retry(context: Context, state: CohortState, command: RetryRefused, at: datetime) -> Events:
    """Each of what was refused by itself, in order, as the journey is to be told it."""
    _require_members([command.learner], state.members)
    member = state.members[command.learner]
    if member.refused:
        _require_open(context, state)
        return _joined([Entrant(learner=command.learner, journey=member.journey)], at)
    refused = state.refusals.get(command.learner, ())
    return [TellingRepeated(at=at, learner=command.learner, version=one.of) for one in refused if not one.again]


def _dismiss(_: Context, state: CohortState, command: DismissRefused, at: datetime) -> Events:
    learner = command.learner
    _require_members([learner], state.members)
    if state.members[learner].refused:
        raise Rejected(
            OfJourneys.NOT_IN_COHORT,
            f"the journey of {learner} has refused to join, and is told nothing of the group; let it join again, or "
            "take the learner out of the group",
        )
    refused = state.refusals.get(learner, ())
    return [RefusalDismissed(at=at, learner=learner, version=one.of, reason=command.reason) for one in refused]


def _roster_corrected(state: CohortState, command: CorrectRoster, at: datetime) -> Events:
    """Nothing while journeys are being told something: theirs may be what was recorded before."""
    meeting = state.meeting(command.session)
    if meeting is None or state.version != command.version or state.told < state.news:
        return []
    if command.learner not in state.invited(meeting) or meeting.went(command.learner) == command.attendance:
        return []
    return [RosterCorrected(at=at, session=command.session, learner=command.learner, attendance=command.attendance)]


_RULES: Mapping[type, Callable[[Context, CohortState, Any, datetime], Events]] = {
    AddMembers: _add,
    RemoveMember: _remove,
    MoveSession: _move,
    RecordAttendance: _attendance,
    RecordNotes: _notes,
    SendFollowUp: _follow_up,
    ReplaceMentor: _replace,
    RetryRefused: _retry,
    DismissRefused: _dismiss,
}
