"""What the groups of a rehearsal did."""

from collections.abc import Sequence
from typing import NamedTuple

from rehearsal.player.program import Played

_WHY = {
    "too_few_alike": "too few learners share the first trait",
    "no_common_hours": "no hour of the week suits enough of them",
    "no_mentor": "no mentor is free to lead another group",
}
_NOT_TAKEN = {
    "wrong_stage": "the learner had no mentor yet, so their sessions had not begun",
    "journey_closed": "the journey was over",
    "journey_paused": "the journey was paused",
    "recorded_otherwise": "the learner had had the session before they joined",
    "unknown_session": "the session was not one of the learner's",
    "session_not_held": "the learner had not come",
}


class Because(NamedTuple):
    says: str
    many: int


class Grouped(NamedTuple):
    formed: int
    members: int
    meetings: int
    came: float | None
    """The share of members who came, over all meetings."""
    not_formed: int
    """Whose mentors turned out to have no time."""
    unplaced: Sequence[Because]
    """Who fitted into no group when groups were formed last."""
    refused: Sequence[Because]
    """What journeys did not take of what their group recorded."""

    @property
    def size(self) -> float:
        """The mean when they are formed."""
        return self.members / self.formed if self.formed else 0.0


def grouped(played: Played) -> Grouped | None:
    """None where the kit forms no groups."""
    done = played.groups
    if done is None:
        return None
    asked = done.came + done.stayed_away
    return Grouped(
        formed=done.formed,
        members=done.members,
        meetings=done.meetings,
        came=done.came / asked if asked else None,
        not_formed=done.not_formed,
        unplaced=[Because(_WHY.get(why, why), many) for why, many in done.unplaced.most_common()],
        refused=[Because(_NOT_TAKEN.get(code, code), many) for code, many in done.refused.most_common()],
    )
