"""What the views of journeys have in common: they fold journey streams with the domain's own `evolve`."""

from typing import ClassVar

from domain.ids import JourneyId
from domain.journey import EVENTS, JourneyEvent, JourneyState, evolve
from domain.journey.parts import changed
from projections.projection import Fold
from store.codec import Codec

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
        """What people answered, said and gave as reasons is theirs: no view keeps what it does not need."""
        after = evolve(state, event)
        without: dict[str, object] = {}
        if after.answers is not None and not self.keeps_answers:
            without["answers"] = None
        if after.answers_so_far is not None:
            without["answers_so_far"] = None
        if after.last_word is not None:
            without["last_word"] = None
        if after.outcomes:
            without["outcomes"] = ()
        if after.closing and after.closing.reason:
            without["closing"] = changed(after.closing, reason="")
        return changed(after, **without) if without else after

    def kit_of(self, state: JourneyState) -> str | None:
        return state.kit
