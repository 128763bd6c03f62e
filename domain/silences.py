"""How long the learners of a program have been quiet: measured each day, so that a learner can be held against others.

In reading order: what is measured, event, command, state, evolve, decide. The stream is `silences-` and the program's
id. A measurement has moments instead of lengths: so many of the learners have been seen since then. So breaks, in which
the clocks of all rest, need no sums here.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Final, NamedTuple

from pydantic import AwareDatetime

from domain.decider import Decider
from domain.ids import PathwayId, ProgramId, Slug, StreamId
from domain.values import Actor, Event, Frozen

PERCENTS: Final = tuple(range(50, 100, 5))
LEAST_LEARNERS: Final = 20
"""With fewer on a pathway, nobody can be told from the others."""
FRESH_FOR: Final = timedelta(days=2)
"""An older measurement says nothing of today."""


def silences_stream(program: ProgramId) -> StreamId:
    return StreamId(f"silences-{program}")


class Silence(NamedTuple):
    """Of a learner whose journey is in its sessions and not paused."""

    pathway: PathwayId
    since: datetime
    """From when their inactivity counts."""


class PathwaySilences(Frozen):
    """How long the learners on one pathway have been quiet."""

    pathway: PathwayId
    learners: int
    seen_since: tuple[AwareDatetime, ...]
    """For each of PERCENTS: the latest moment since which so many percent of the learners have been seen."""


def measured(silences: Iterable[Silence]) -> tuple[PathwaySilences, ...]:
    """By pathway; those with too few learners are left out."""
    by_pathway: dict[PathwayId, list[datetime]] = {}
    for one in silences:
        by_pathway.setdefault(one.pathway, []).append(one.since)
    return tuple(
        PathwaySilences(pathway=pathway, learners=len(since), seen_since=seen_since(sorted(since, reverse=True)))
        for pathway, since in sorted(by_pathway.items())
        if len(since) >= LEAST_LEARNERS
    )


def seen_since(latest_first: Sequence[datetime]) -> tuple[datetime, ...]:
    """For each of PERCENTS. At most the others, such as ten of a hundred, were seen last before that moment."""
    return tuple(latest_first[place] for place in places(len(latest_first)))


def places(learners: int) -> tuple[int, ...]:
    """For each of PERCENTS, the place of the last learner of so many, of those who were seen last at first."""
    return tuple(-(-learners * percent // 100) - 1 for percent in PERCENTS)


class OthersSeen(Frozen):
    """What a journey is told of the others on its pathway."""

    measured_at: AwareDatetime
    learners: int
    seen_since: tuple[AwareDatetime, ...]
    """For each of PERCENTS."""

    def since(self, percent: int) -> datetime:
        return self.seen_since[PERCENTS.index(percent)]


class SilencesMeasured(Event):
    """How long the learners of a program had been quiet at this moment, by pathway."""

    type: ClassVar[str] = "silences.measured"
    measurement: Slug
    pathways: tuple[PathwaySilences, ...]

    def others(self, pathway: PathwayId | None) -> OthersSeen | None:
        """None: too few are on this pathway."""
        found = next((one for one in self.pathways if one.pathway == pathway), None)
        if found is None:
            return None
        return OthersSeen(measured_at=self.at, learners=found.learners, seen_since=found.seen_since)


EVENTS: dict[str, type[SilencesMeasured]] = {SilencesMeasured.type: SilencesMeasured}


class RecordSilences(Frozen):
    measurement: Slug
    """Names it: recorded once."""
    pathways: tuple[PathwaySilences, ...]
    by: Actor = "system"


class SilencesState(Frozen):
    latest: SilencesMeasured | None = None


INITIAL = SilencesState()


def evolve(_: SilencesState, event: SilencesMeasured) -> SilencesState:
    return SilencesState(latest=event)


def decide(state: SilencesState, command: RecordSilences, at: datetime) -> Sequence[SilencesMeasured]:
    """Returns no event for the latest measurement once more, and none as long as nobody can be measured."""
    if state.latest and state.latest.measurement == command.measurement:
        return []
    if not command.pathways and not (state.latest and state.latest.pathways):
        return []
    return [SilencesMeasured(at=at, measurement=command.measurement, pathways=command.pathways)]


SILENCES: Decider[RecordSilences, SilencesState, SilencesMeasured] = Decider(EVENTS, INITIAL, decide, evolve)
