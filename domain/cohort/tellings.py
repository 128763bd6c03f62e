"""What an event of a group means for the journeys of its members: the commands that they are sent."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple, assert_never

from domain.cohort.decide import Context
from domain.cohort.events import (
    AttendanceRecorded,
    CameOtherwise,
    CohortClosed,
    CohortEvent,
    CohortFormed,
    FollowUpOfOne,
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
from domain.cohort.state import CohortState, Meeting, Member
from domain.ids import CohortId, JourneyId, LearnerId, SessionId
from domain.journey import commands as c
from domain.journey.bases import NamedCommand
from domain.journey.cohort import JoinCohort, LeaveCohort
from domain.journey.cohort import Meeting as TimeOfSession
from domain.kit import Kit


class Telling(NamedTuple):
    """A command for the journey of one member."""

    learner: LearnerId
    journey: JourneyId
    command: NamedCommand


def command_id(cohort: CohortId, version: int) -> str:
    """Identifies the command that follows from the event at this version, in each journey: the same for ever."""
    return f"cohort:{cohort}:{version}"


class Step(NamedTuple):
    """An event of a group, and the group before and after it."""

    before: CohortState
    event: CohortEvent
    after: CohortState
    by: str
    """Who brought it about."""


def tellings(context: Context, step: Step, past: Sequence[Step] = ()) -> list[Telling]:
    """In the order of learners' ids. `past`: all steps from the first, for one that repeats an earlier."""
    if isinstance(step.event, TellingRepeated):
        repeated = past[step.event.version - 1]
        of_all = tellings(context, repeated) if _holds(repeated, step.after) else ()
        return [one for one in of_all if one.learner == step.event.learner]
    speaker = _Speaker(context.cohort, context.kit, step.before, step.after, step.by)
    return sorted(speaker.of(step.event), key=lambda one: one.learner)


def _holds(step: Step, now: CohortState) -> bool:
    """Whether what the event set is still so: the group may have moved the session again, or have another mentor."""
    match step.event:
        case SessionMoved():
            meeting = now.meeting(step.event.session)
            return meeting is not None and meeting.dated == step.after.version
        case MentorReplaced():
            return now.mentors[0] == step.after.mentors[0]
        case _:
            return True


def listens(telling: Telling, step: Step, now: CohortState) -> bool:
    """Whether the journey has not refused to join meanwhile, as the same membership."""
    then, member = step.after.members.get(telling.learner), now.members.get(telling.learner)
    same = then is not None and member is not None and then.since == member.since
    return not (same and member and member.refused)


class _Speaker(NamedTuple):
    cohort: CohortId
    kit: Kit
    before: CohortState
    after: CohortState
    by: str

    def of(self, event: CohortEvent) -> Iterable[Telling]:
        match event:
            case MembersJoined():
                return self._joined(event)
            case MemberLeft():
                return self._left(event)
            case SessionMoved():
                move = c.RescheduleSession(
                    session=event.session, starts_at=event.starts_at, cohort=self.cohort, by=self.by
                )
                return _all(self._invited(event.session), move)
            case AttendanceRecorded():
                return self._attendance(event)
            case NotesRecorded():
                return self._notes(event)
            case FollowUpSent():
                return self._follow_up(event)
            case MentorReplaced():
                return self._mentor(event)
            case CohortClosed():
                return self._closed(event)
            case CohortFormed() | SessionsPlanned() | RosterCorrected():
                return ()
            case TellingRefused() | TellingRepeated() | RefusalDismissed() | MembersTold():
                return ()
            case _:
                assert_never(event)

    def _joined(self, event: MembersJoined) -> Iterator[Telling]:
        join = JoinCohort(
            cohort=self.cohort,
            sessions=tuple(TimeOfSession(session=one.session, starts_at=one.starts_at) for one in self.after.meetings),
            since=event.at,
            mentor=self.after.mentors[0] if self._brings_mentor else None,
            by=self.by,
        )
        return (Telling(one.learner, one.journey, join) for one in event.members)

    def _left(self, event: MemberLeft) -> Iterator[Telling]:
        leave = LeaveCohort(cohort=self.cohort, reason=event.reason, by=self.by)
        listening = self.before.listening()
        return _all({event.learner: listening[event.learner]} if event.learner in listening else {}, leave)

    def _attendance(self, event: AttendanceRecorded) -> Iterator[Telling]:
        exceptions = {one.learner: one for one in event.exceptions}
        for learner, member in self._concerned(event.session, "attendance", corrects=event.corrects):
            said: AttendanceRecorded | CameOtherwise = exceptions.get(learner, event)
            anew = learner in self._meeting(event.session, self.before).taken_back
            manner = {"by": self.by} if anew else self._manner(event)
            record = c.RecordAttendance(session=event.session, attendance=said.attendance, notes=said.notes, **manner)
            yield Telling(learner, member.journey, record)

    def _notes(self, event: NotesRecorded) -> Iterator[Telling]:
        write = c.WriteNotes(session=event.session, answers=event.answers, **self._manner(event))
        return _all(dict(self._came(event.session, "notes", corrects=event.corrects)), write)

    def _follow_up(self, event: FollowUpSent) -> Iterator[Telling]:
        exceptions = {one.learner: one for one in event.exceptions}
        for learner, member in self._came(event.session, "follow_up", corrects=event.corrects):
            said: FollowUpSent | FollowUpOfOne = exceptions.get(learner, event)
            send = c.SendFollowUp(
                session=event.session, summary=said.summary, next_steps=said.next_steps, **self._manner(event)
            )
            yield Telling(learner, member.journey, send)

    def _mentor(self, event: MentorReplaced) -> Iterator[Telling]:
        """Journeys have the first of the mentors, where groups bring theirs."""
        if not self._brings_mentor or self.after.mentors[0] == self.before.mentors[0]:
            return iter(())
        mentor = self.after.mentors[0]
        approve = c.ApproveMatch(mentor=mentor, reason=event.reason, cohort=self.cohort, by=self.by)
        return _all(self.after.listening(), approve)

    def _closed(self, event: CohortClosed) -> Iterator[Telling]:
        """A group that has met for the last time leaves nothing to be undone."""
        if self.after.next_meeting is None:
            return iter(())
        leave = LeaveCohort(cohort=self.cohort, reason=event.reason, by=self.by)
        return _all(self.after.listening(), leave)

    @property
    def _brings_mentor(self) -> bool:
        return self.kit.cohorts is not None and self.kit.cohorts.brings_mentor

    def _manner(self, event: AttendanceRecorded | NotesRecorded | FollowUpSent) -> dict[str, object]:
        return {"corrects": event.corrects, "reason": event.reason, "by": self.by}

    def _meeting(self, session: SessionId, state: CohortState) -> Meeting:
        meeting = state.meeting(session)
        assert meeting, "only a session of the group is spoken of"
        return meeting

    def _invited(self, session: SessionId) -> dict[LearnerId, Member]:
        return self.after.invited(self._meeting(session, self.before))

    def _concerned(self, session: SessionId, what: str, *, corrects: bool) -> Iterator[tuple[LearnerId, Member]]:
        """A correction concerns those of whom something else was said before."""
        before, after = self._meeting(session, self.before), self._meeting(session, self.after)
        for learner, member in self._invited(session).items():
            if not corrects or before.said_of(what, learner) != after.said_of(what, learner):
                yield learner, member

    def _came(self, session: SessionId, what: str, *, corrects: bool) -> Iterator[tuple[LearnerId, Member]]:
        meeting = self._meeting(session, self.after)
        return (one for one in self._concerned(session, what, corrects=corrects) if meeting.held_with(one[0]))


def _all(members: Mapping[LearnerId, Member], command: NamedCommand) -> Iterator[Telling]:
    return (Telling(learner, one.journey, command) for learner, one in members.items())
