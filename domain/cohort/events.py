"""What can happen to a group. What is said here concerns every member, but for the exceptions that it names."""

from typing import Annotated, ClassVar, Final, get_args

from pydantic import AwareDatetime, Field

from domain.cohort.slots import Slot
from domain.ids import SLUG, JourneyId, KitDigest, LearnerId, MentorId, PathwayId, ProgramId, SessionId
from domain.journey.follow_ups import NextStep
from domain.journey.terms import Answers, Attendance
from domain.values import Event, Frozen, Instant, Personal

MEMBERS_AN_EVENT = 200
"""The most members in one event, which has at most 262,144 bytes: the ids of a member have up to 370 characters."""


class Entrant(Frozen):
    learner: Annotated[LearnerId, SLUG]
    journey: JourneyId


class PlannedSession(Frozen):
    session: Annotated[SessionId, SLUG]
    starts_at: Instant


class CameOtherwise(Frozen):
    """How a session went for one learner, where it is not what is said of the group."""

    learner: Annotated[LearnerId, SLUG]
    attendance: Attendance
    notes: Personal = ""


class FollowUpOfOne(Frozen):
    """What one learner is sent instead of what the group is sent."""

    learner: Annotated[LearnerId, SLUG]
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)


NOT_ANSWERING: Final = "not_answering"
"""The code where a journey gave no answer: it has not refused anything, and gets to know it all once it is repaired."""


class Refusal(Frozen):
    learner: LearnerId
    command: str
    code: str
    """Of the refusal, or NOT_ANSWERING."""


class CohortFormed(Event):
    """A group exists from now on, with its mentors: those who lead it, the first before the second."""

    type: ClassVar[str] = "cohort.formed"
    program: ProgramId
    kit: KitDigest
    pathway: PathwayId
    number: int
    """Counts the groups of the program, from 1."""
    mentors: tuple[MentorId, ...]
    least: int
    most: int
    slot: Slot | None = None
    """The hour of the week at which it was to meet. None: its sessions follow the pathway alone."""


class SessionsPlanned(Event):
    """When the group meets: each session that the pathway has in the mode `cohort`, once for all."""

    type: ClassVar[str] = "cohort.sessions_planned"
    sessions: tuple[PlannedSession, ...]


class MembersJoined(Event):
    """These learners belong to the group. Sessions that began before are not asked of them."""

    type: ClassVar[str] = "cohort.members_joined"
    members: tuple[Entrant, ...] = Field(max_length=MEMBERS_AN_EVENT)


class MemberLeft(Event):
    """A learner no longer belongs to the group. What was recorded of them stays."""

    type: ClassVar[str] = "cohort.member_left"
    learner: LearnerId
    reason: Personal = ""


class SessionMoved(Event):
    """The whole group meets at another time."""

    type: ClassVar[str] = "cohort.session_moved"
    session: SessionId
    starts_at: AwareDatetime


class AttendanceRecorded(Event):
    """How a session went for all who belonged to the group when it began, but for the exceptions."""

    type: ClassVar[str] = "cohort.attendance_recorded"
    session: SessionId
    attendance: Attendance
    notes: Personal = ""
    exceptions: tuple[CameOtherwise, ...] = ()
    corrects: bool = False
    """Whether it takes the place of what was recorded before."""
    reason: Personal = ""


class NotesRecorded(Event):
    """The notes of a session, for all who came."""

    type: ClassVar[str] = "cohort.notes_recorded"
    session: SessionId
    answers: Answers
    corrects: bool = False
    reason: Personal = ""


class FollowUpSent(Event):
    """The summary of a session and its next steps, for all who came, but for the exceptions."""

    type: ClassVar[str] = "cohort.follow_up_sent"
    session: SessionId
    summary: Personal
    next_steps: tuple[NextStep, ...]
    exceptions: tuple[FollowUpOfOne, ...] = ()
    corrects: bool = False
    reason: Personal = ""


class RosterCorrected(Event):
    """The journey of a member has another attendance than the group, as it was corrected or taken back there. The
    group goes by it, and tells nobody."""

    type: ClassVar[str] = "cohort.roster_corrected"
    session: SessionId
    learner: LearnerId
    attendance: Attendance | None
    """None: it was taken back, so nothing is recorded of this member."""


class MentorReplaced(Event):
    """Another mentor leads the group in the place of this one. No date moves."""

    type: ClassVar[str] = "cohort.mentor_replaced"
    mentor: MentorId
    replacement: MentorId
    reason: Personal = ""


class CohortClosed(Event):
    """The group meets no more. Members who had sessions ahead have them as their own again."""

    type: ClassVar[str] = "cohort.closed"
    reason: Personal = ""


class TellingRefused(Event):
    """Journeys of members did not take what the event at this version says. Nobody tries again by itself."""

    type: ClassVar[str] = "cohort.telling_refused"
    version: int
    refusals: tuple[Refusal, ...] = Field(max_length=MEMBERS_AN_EVENT)


class TellingRepeated(Event):
    """The journey of this member is told once more what the event at this version says, which it had refused."""

    type: ClassVar[str] = "cohort.telling_repeated"
    learner: LearnerId
    version: int


class RefusalDismissed(Event):
    """What the journey of this member refused of the event at this version needs nothing more. The journey is as it
    was."""

    type: ClassVar[str] = "cohort.refusal_dismissed"
    learner: LearnerId
    version: int
    reason: Personal = ""


class MembersTold(Event):
    """The journeys of all members know what happened up to this version, or have refused it."""

    type: ClassVar[str] = "cohort.members_told"
    version: int


CohortEvent = (
    CohortFormed
    | SessionsPlanned
    | MembersJoined
    | MemberLeft
    | SessionMoved
    | AttendanceRecorded
    | NotesRecorded
    | FollowUpSent
    | RosterCorrected
    | MentorReplaced
    | CohortClosed
    | TellingRefused
    | TellingRepeated
    | RefusalDismissed
    | MembersTold
)
EVENTS: dict[str, type[CohortEvent]] = {event.type: event for event in get_args(CohortEvent)}


def needs_telling(event: CohortEvent) -> bool:
    """Whether it may concern the journeys of members at all."""
    return not isinstance(event, MembersTold | TellingRefused | RefusalDismissed | RosterCorrected)
