"""When each session of a journey got the time that it has, and whether somebody chose it."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from domain.ids import SessionId
from domain.journey.events import JourneyEvent, SessionRescheduled
from domain.journey.evolve import evolve
from domain.journey.state import JourneyState


@dataclass(frozen=True, slots=True)
class Dating:
    starts_at: datetime
    version: int
    """Of the event that gave the session this time."""
    planned: datetime
    """The time that the plan gave it."""
    said: datetime | None = None
    """The time that somebody chose last, unless the session was planned anew since."""

    @property
    def chosen(self) -> bool:
        """A time that was chosen and then shifted by a pause is no longer the one that was chosen."""
        return self.said == self.starts_at


def dates(events: Iterable[tuple[int, JourneyEvent]]) -> Mapping[SessionId, Dating]:
    """`events`: all of a journey, in order, each with its version."""
    state: JourneyState | None = None
    found: dict[SessionId, Dating] = {}
    for version, event in events:
        before = state
        state = evolve(before, event)
        if before is None or state.sessions is not before.sessions:
            _look(found, state, version, event)
    return found


def _look(found: dict[SessionId, Dating], state: JourneyState, version: int, event: JourneyEvent) -> None:
    moved = event.session if isinstance(event, SessionRescheduled) else None
    planned = {one.session for one in getattr(event, "sessions", ())}
    for one in state.sessions:
        known = found.get(one.session)
        if one.session == moved and known:
            found[one.session] = _moved(known, one.starts_at, version)
        elif known is None or one.session in planned:
            found[one.session] = _planned(known, one.starts_at, version)
        elif known.starts_at != one.starts_at:
            found[one.session] = replace(known, starts_at=one.starts_at, version=version)


def _moved(known: Dating, starts_at: datetime, version: int) -> Dating:
    """A session that is given back the date of the plan, which a pause had shifted, was not chosen by anybody."""
    kept = known.said is None and starts_at == known.planned
    return replace(known, starts_at=starts_at, version=version, said=None if kept else starts_at)


def _planned(known: Dating | None, starts_at: datetime, version: int) -> Dating:
    """A plan that keeps the date that somebody chose leaves it chosen."""
    if known and known.chosen and known.starts_at == starts_at:
        return known
    return Dating(starts_at, version, starts_at)
