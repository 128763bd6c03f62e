"""What is recorded about a mentor, a part for each topic. The stream is `mentor-` and the mentor's id."""

from domain.ids import MentorId, ProgramId, StreamId
from domain.profiles import Leave, MentorProfile
from domain.values import Frozen


def mentor_stream(mentor: MentorId) -> StreamId:
    return StreamId(f"mentor-{mentor}")


class MentorState(Frozen):
    acknowledged: frozenset[tuple[ProgramId, str]] = frozenset()
    """Pairs of a program and a step of its training."""
    profile: MentorProfile = MentorProfile()
    """As far as it is in the stream. `completed` adds what was only known before there were profiles."""
    programs: frozenset[ProgramId] | None = None
    """Those that the mentor belongs to. None: nobody has said, and any program may use them."""
    leave: tuple[Leave, ...] = ()
    """In order, without overlaps. What had ended when other leave was planned is left out."""

    def belongs_to(self, program: ProgramId) -> bool:
        return self.programs is None or program in self.programs


INITIAL = MentorState()
