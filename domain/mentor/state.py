"""What is recorded about a mentor, a part for each topic. The stream is `mentor-` and the mentor's id."""

from domain.ids import MentorId, ProgramId, StreamId
from domain.values import Frozen


def mentor_stream(mentor: MentorId) -> StreamId:
    return StreamId(f"mentor-{mentor}")


class MentorState(Frozen):
    acknowledged: frozenset[tuple[ProgramId, str]] = frozenset()
    """Pairs of a program and a step of its training."""


INITIAL = MentorState()
