"""They must have a channel in common."""

from typing import ClassVar

from domain.fit.overlap import SharedWords, listed
from domain.fit.terms import Terms
from domain.profiles import Trait, Words


class SharedChannel(SharedWords):
    name: ClassVar[str] = "channel"
    requires: ClassVar[str] = "they have a channel in common"
    tells: ClassVar[tuple[Trait, ...]] = ("channel",)
    columns: ClassVar[tuple[str, ...]] = ("channel",)
    of_learner: ClassVar[str] = "channel"
    of_mentor: ClassVar[str] = "channel"

    def reason(self, wanted: Words, _: Words, __: Terms) -> str:
        return f"cannot be reached by {listed(wanted)}"
