"""The ledger of a mentor: which journeys and groups have a place and which minutes of which weeks (R14 to R20, R84).

A place is reserved before a match is proposed or made, and whatever its holder records afterwards is followed: it is
confirmed, moved, or released. Only a reservation can be refused; what has happened is entered, even beyond the limits.
"""

import sys
from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never

from pydantic import AwareDatetime, Field

from domain.ids import SLUG, MentorId, ProgramId, StreamId
from domain.kit import Capacity
from domain.mentor.demand import Demand, week_of
from domain.mentor.limits import (
    Wanted,
    load_of,
    require_belonging,
    require_below_target,
    require_presence,
    require_room,
)
from domain.mentor.state import MentorState, Place
from domain.profiles import MentorProfile
from domain.values import Actor, Event, Frozen, Personal, changed

Standing = Literal["held", "confirmed"]
"""Of a place: reserved for what is proposed, or taken by a match."""
ReleaseReason = Literal["nothing_recorded", "offer_ended", "mentor_released", "journey_closed", "cohort_ended"]


class PlaceReserved(Event):
    """A place is kept for a match that is proposed or about to be made. Whoever holds it records that by `until`; a
    place for which nothing is recorded by then is given to whoever needs it."""

    type: ClassVar[str] = "mentor.place_reserved"
    holder: StreamId
    """The stream of the journey or of the group."""
    as_of: int
    """The version of that stream on which this was decided."""
    program: ProgramId
    places: int
    demand: Demand
    until: AwareDatetime
    past_capacity: bool = False
    """Somebody insisted on it, or what had happened was entered, whatever the limits."""
    reason: Personal = ""


class PlaceConfirmed(Event):
    """The match holds, so the place is taken."""

    type: ClassVar[str] = "mentor.place_confirmed"
    holder: StreamId
    as_of: int


class PlaceMoved(Event):
    """The dates of whoever has the place are others now: by a pause, a new date, a change of the pathway. Or they have
    joined or left a group that brings its mentor, and its members take no places of their own."""

    type: ClassVar[str] = "mentor.place_moved"
    holder: StreamId
    as_of: int
    demand: Demand
    """All of it, with the weeks that are over."""
    places: int | None = None
    """None: as many as before."""


class PlaceReleased(Event):
    """The place is free again."""

    type: ClassVar[str] = "mentor.place_released"
    holder: StreamId
    as_of: int
    reason: ReleaseReason


LedgerEvent = PlaceReserved | PlaceConfirmed | PlaceMoved | PlaceReleased


class ReservePlace(Frozen):
    """Keep a place, if the mentor has one. Whoever has one already, decided on the same version, keeps it."""

    mentor: Annotated[MentorId, SLUG]
    holder: StreamId
    as_of: int
    program: ProgramId
    places: int = Field(default=1, ge=0)
    demand: Demand = Demand()
    policy: Capacity
    """Of the kit that the holder follows."""
    until: AwareDatetime
    first_meeting: AwareDatetime
    own_places: int | None = None
    """The most learners that the mentor takes, from where people are kept; the profile counts before it."""
    urgent: bool = False
    """Whether the kit lets this learner past its limits, where it says `past_limit`."""
    past_capacity: bool = False
    reason: Personal = ""
    by: Actor = "ops"


class FollowHolder(Frozen):
    """Enter what a journey or a group has recorded, up to this version of its stream. Never refused."""

    mentor: Annotated[MentorId, SLUG]
    holder: StreamId
    as_of: int
    """The version of the last event in that stream that bears on the place."""
    program: ProgramId
    standing: Standing | None
    """None: it has no place with this mentor, or none any more."""
    because: ReleaseReason = "offer_ended"
    places: int = Field(default=1, ge=0)
    demand: Demand = Demand()
    since: AwareDatetime
    """Weeks that were over by then stay as they were entered."""
    until: AwareDatetime
    """Until when a place that is only reserved is kept, if nothing more is recorded."""
    by: Actor = "system"


LedgerCommand = ReservePlace | FollowHolder


def decide(state: MentorState, command: LedgerCommand, at: datetime) -> Sequence[LedgerEvent]:
    """Returns no events for what is entered already.

    Raises:
        Rejected: when the mentor has no room, or is away; with what is free, and when.
    """
    match command:
        case ReservePlace():
            return _reserve(state, command, at)
        case FollowHolder():
            return _follow(state, command, at)
        case _:
            assert_never(command)


def _reserve(state: MentorState, command: ReservePlace, at: datetime) -> Sequence[LedgerEvent]:
    place = state.places.get(command.holder)
    if place and (place.confirmed or place.as_of >= command.as_of):
        return []
    if not command.past_capacity:
        _require_room(state, command)
    return [
        PlaceReserved(
            at=at,
            holder=command.holder,
            as_of=command.as_of,
            program=command.program,
            places=command.places,
            demand=command.demand,
            until=command.until,
            past_capacity=command.past_capacity,
            reason=command.reason,
        )
    ]


def _require_room(state: MentorState, command: ReservePlace) -> None:
    policy, profile = _policy(command), _profile(state, command)
    wanted = Wanted(command.mentor, command.program, command.places, command.demand)
    require_belonging(wanted, belongs=state.belongs_to(command.program))
    require_presence(wanted, state.leave, command.first_meeting)
    load = load_of(state.places, without=command.holder)
    require_room(wanted, state.places, load, policy, profile)
    if policy.overflow == "wait":
        require_below_target(wanted, load, policy, profile)


def _policy(command: ReservePlace) -> Capacity:
    """Without limits for urgent learners, where the kit says so; what mentors say about themselves still holds."""
    if command.policy.overflow == "past_limit" and command.urgent:
        return changed(command.policy, {"learners_per_mentor": sys.maxsize, "minutes_a_week": None})
    return command.policy


def _profile(state: MentorState, command: ReservePlace) -> MentorProfile:
    if state.profile.places is None and command.own_places is not None:
        return changed(state.profile, {"places": command.own_places})
    return state.profile


def _follow(state: MentorState, command: FollowHolder, at: datetime) -> Sequence[LedgerEvent]:
    place = state.places.get(command.holder)
    if command.standing is None:
        return _released(place, command, at) if place else []
    if command.as_of < (place.as_of if place else state.released.get(command.holder, 0)):
        return []  # something later is known already
    if place is None:
        return _entered(command, at)
    if place.confirmed and command.standing == "held":  # released, and proposed again, since this was last looked at
        return [*_released(place, command, at), *_entered(command, at)]
    events: list[LedgerEvent] = []
    demand, places = _moved(place.demand, command), command.places if command.places != place.places else None
    if demand != place.demand or places is not None:
        events.append(PlaceMoved(at=at, holder=command.holder, as_of=command.as_of, demand=demand, places=places))
    if command.standing == "confirmed" and not place.confirmed:
        events.append(PlaceConfirmed(at=at, holder=command.holder, as_of=command.as_of))
    return events


def _released(place: Place, command: FollowHolder, at: datetime) -> Sequence[PlaceReleased]:
    """What was read before the place was decided on does not release it. A reservation is left alone until its holder
    has had the time to record what it was for."""
    if command.as_of > place.as_of or (command.as_of == place.as_of and place.confirmed):
        return [PlaceReleased(at=at, holder=command.holder, as_of=command.as_of, reason=command.because)]
    if place.until and at >= place.until:
        return [PlaceReleased(at=at, holder=command.holder, as_of=place.as_of, reason="nothing_recorded")]
    return []


def _entered(command: FollowHolder, at: datetime) -> Sequence[LedgerEvent]:
    """What is followed had no place here: it began before there was a ledger, or goes on after it was closed."""
    reserved = PlaceReserved(
        at=at,
        holder=command.holder,
        as_of=command.as_of,
        program=command.program,
        places=command.places,
        demand=command.demand,
        until=command.until,
        past_capacity=True,
    )
    if command.standing == "held":
        return [reserved]
    return [reserved, PlaceConfirmed(at=at, holder=command.holder, as_of=command.as_of)]


def _moved(planned: Demand, command: FollowHolder) -> Demand:
    week = week_of(command.since)
    return planned.before(week).followed_by(command.demand.since(week))


def evolve(state: MentorState, event: LedgerEvent) -> MentorState:
    places, released = dict(state.places), state.released
    match event:
        case PlaceReserved():
            places[event.holder] = Place(
                program=event.program,
                places=event.places,
                demand=event.demand,
                confirmed=False,
                as_of=event.as_of,
                until=event.until,
            )
        case PlaceConfirmed():
            place = places[event.holder]
            places[event.holder] = changed(place, {"confirmed": True, "as_of": event.as_of, "until": None})
        case PlaceMoved():
            place = places[event.holder]
            many = place.places if event.places is None else event.places
            places[event.holder] = changed(place, {"demand": event.demand, "as_of": event.as_of, "places": many})
        case PlaceReleased():
            places.pop(event.holder, None)
            released = {**released, event.holder: event.as_of}
        case _:
            assert_never(event)
    return changed(state, {"places": places, "released": released})
