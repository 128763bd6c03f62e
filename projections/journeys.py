"""What the views of journeys have in common: they fold journey streams with the domain's own `evolve`."""

from typing import ClassVar, TypeVar

from domain.ids import JourneyId
from domain.journey import EVENTS, JourneyEvent, JourneyState, evolve
from domain.values import Frozen, changed
from projections.projection import Fold
from store.codec import Codec

S = TypeVar("S", bound=Frozen)

JOURNEY_CODEC: Codec[JourneyEvent] = Codec(EVENTS)


def journey_of(stream: str) -> JourneyId:
    return JourneyId(stream.removeprefix("journey-"))


class JourneyFold(Fold[JourneyEvent, JourneyState]):
    """A view whose rows follow from where a journey stands."""

    handles = frozenset(EVENTS)
    codec = JOURNEY_CODEC
    state = JourneyState
    keeps_answers: ClassVar[bool] = False
    """Whether its rows follow from what was answered in the intake. The rows themselves never say it."""

    def evolve(self, state: JourneyState | None, event: JourneyEvent) -> JourneyState:
        after = evolve(state, event)
        # What people answered and said is theirs: no view keeps what it does not need.
        answers = after.answers if self.keeps_answers else None
        if after.answers is answers and after.last_word is None:
            return after
        return changed(after, {"answers": answers, "last_word": None})

    def kit_of(self, state: JourneyState) -> str | None:
        return state.kit
