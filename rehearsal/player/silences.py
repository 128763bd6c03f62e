"""How long the learners of a program have been quiet while its stories are told, measured now and then."""

from collections.abc import Iterable
from datetime import datetime

from domain.ids import PathwayId, ProgramId
from domain.silences import (
    FRESH_FOR,
    SILENCES,
    OthersSeen,
    RecordSilences,
    Silence,
    SilencesState,
    measured,
    silences_stream,
)
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.recording import Append, Record


class Silences:
    """The measurements of one program."""

    def __init__(self, program: ProgramId, record: Record) -> None:
        self._stream, self._record, self._version = silences_stream(program), record, 0
        self._state = SilencesState()

    def measure(self, measurement: str, journeys: Iterable[PlayedJourney], at: datetime) -> None:
        silences = (one for journey in journeys if (one := silence_of(journey, at)))
        command = RecordSilences(measurement=measurement, pathways=measured(silences))
        events = SILENCES.decide(self._state, command, at)
        if events:
            self._state = SILENCES.fold(events, self._state)
            self._record(Append(self._stream, self._version, tuple(events), type(command).__name__, command.by))
            self._version += len(events)

    def others(self, pathway: PathwayId, at: datetime) -> OthersSeen | None:
        """What a journey is told at this moment; None: too few are on the pathway, or nobody has measured lately."""
        latest = self._state.latest
        return latest.others(pathway) if latest and latest.at >= at - FRESH_FOR else None


def silence_of(journey: PlayedJourney, at: datetime) -> Silence | None:
    """None: the learner is not in the sessions, or the journey is paused."""
    state = journey.state
    if state.stage != "sessions" or state.pause or state.pathway is None or state.quiet_from is None:
        return None
    active = journey.last_active(at)
    return Silence(state.pathway, max(active, state.quiet_from) if active else state.quiet_from)
