"""What is recorded about a mentor, a part for each topic. The stream is `mentor-` and the mentor's id."""

from collections.abc import Mapping

from pydantic import AwareDatetime

from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, SessionId, StreamId
from domain.mentor.demand import Demand
from domain.profiles import Leave, MentorProfile
from domain.values import Frozen, Personal


def mentor_stream(mentor: MentorId) -> StreamId:
    return StreamId(f"mentor-{mentor}")


class Booked(Frozen):
    """A time that is kept for a session of a journey, or a meeting of a group."""

    holder: StreamId
    """The stream of the journey or the group."""
    session: SessionId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    as_of: int
    """The version of the holder's stream on which the time was decided."""
    booked_at: AwareDatetime


class Seat(Frozen):
    journey: JourneyId
    learner: LearnerId


class OfficeHours(Frozen):
    program: ProgramId
    starts_at: AwareDatetime
    ends_at: AwareDatetime
    seats: int
    taken: tuple[Seat, ...] = ()
    purpose: Personal = ""

    @property
    def left(self) -> int:
        return max(self.seats - len(self.taken), 0)


class Place(Frozen):
    """What one journey or one group has of a mentor."""

    program: ProgramId
    places: int
    """How many of the mentor's it takes. A group that brings its mentor takes one, and its members none; any other
    group takes none."""
    demand: Demand
    confirmed: bool
    as_of: int
    """The version of the holder's stream on which this was decided last."""
    until: AwareDatetime | None = None
    """Of one that is not confirmed: until when its holder has time to record what it was reserved for."""


class MentorState(Frozen):
    acknowledged: frozenset[tuple[ProgramId, str]] = frozenset()
    """Pairs of a program and a step of its training."""
    profile: MentorProfile = MentorProfile()
    """As far as it is in the stream. `completed` adds what was only known before there were profiles."""
    programs: frozenset[ProgramId] | None = None
    """Those that the mentor belongs to. None: nobody has said, and any program may use them."""
    leave: tuple[Leave, ...] = ()
    """In order, without overlaps. What had ended when other leave was planned is left out."""
    booked: Mapping[str, Booked] = {}
    """By holder and session. What had ended when something else was booked is left out."""
    office_hours: Mapping[str, OfficeHours] = {}
    """By id, without those that were canceled, and those that had ended when others were offered."""
    places: Mapping[StreamId, Place] = {}
    """By holder: the stream of the journey or of the group."""
    released: Mapping[StreamId, int] = {}
    """Holders whose place was released, with the version of their stream on which that was decided: what is read of an
    earlier one comes too late."""

    def belongs_to(self, program: ProgramId) -> bool:
        return self.programs is None or program in self.programs


INITIAL = MentorState()
