"""A share of the journeys of a rehearsal, with their people: what one process plays.

Journeys touch each other through their mentors and groups alone. So they are played apart, from one moment of matching
to the next; there the shares say who waits and what became of places, and are told who was found (program.py). Until
they are told, they go ahead with those who have nothing to hear.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple

from domain.ids import CohortId, JourneyId, MentorId
from domain.journey.events import OfferDeclined
from domain.kit import Kit
from domain.matching.pooling import is_unmatched
from domain.mentor.ledger import FollowHolder, ReservePlace
from domain.silences import Silence, SilencesMeasured
from domain.survey import Ask, person_of
from rehearsal.people.person import Arrival, People
from rehearsal.player.letters import Letters
from rehearsal.player.recording import Append
from rehearsal.player.rehearsed import Follows, NewestPlan, Rehearsed, Waits
from rehearsal.player.surveys import Count, Due
from rehearsal.player.tally import Tally
from rehearsal.player.telling import Came, CanJoin, NotTaken, Told


class Proposal(NamedTuple):
    """A match that the program offers, or makes."""

    journey: JourneyId
    mentor: MentorId


Input = Proposal | Told | SilencesMeasured
"""What a share is given for its journeys."""


class Moment(NamedTuple):
    """A moment of matching, with what is known before of what may come of it."""

    at: datetime
    is_round: bool = False
    """Mentors are found for all who wait, rather than for the urgent ones, and groups are formed."""
    telling: Collection[CohortId] = ()
    """The groups that may have something to tell their members."""


class News(NamedTuple):
    """What a share has come to since it was asked last."""

    places: Sequence[tuple[datetime, FollowHolder]]
    """What journeys have recorded about their places, each for one mentor."""
    rests: Sequence[tuple[MentorId, datetime]]
    """Mentors who have declined, and until when they are left in peace."""
    waiting: Sequence[Waits]
    """Who has begun to wait, or waits otherwise than before."""
    settled: Sequence[JourneyId]
    """Who no longer waits."""
    plans: Mapping[Follows, NewestPlan]
    """Of those for whom there is to be matching now."""
    asks: Sequence[tuple[datetime, Ask]]
    """Surveys of mentors and of ops that were due, in the order of time."""
    surveys: Counter[Count]
    """What has become of surveys of learners."""
    joining: Sequence[CanJoin]
    """Who can join a group from now on, or no longer can."""
    came: Sequence[Came]
    """To sessions of groups, since the last news."""
    not_taken: Sequence[NotTaken]
    """Of what groups have told their members."""
    silences: Sequence[Silence]
    """Of those in their sessions, where a rule of the kit compares them."""


class Share:
    """Some of the journeys, each with its own clock and all at one moment."""

    def __init__(self, kit: Kit, people: People, *, part: int = 0, of: int = 1) -> None:
        """Every `of`-th learner from the one with the number `part`."""
        self.tallies: list[Tally] = []
        """One for each learner who came, in their order."""
        self._kit = kit
        self._people = people
        self._letters = Letters(kit)
        self._now = datetime.min.replace(tzinfo=UTC)
        self._queue: list[tuple[datetime, int, Rehearsed]] = []
        self._number = count()
        self._open: dict[JourneyId, Rehearsed] = {}
        self._changed: dict[JourneyId, Rehearsed] = {}
        self._waiting: dict[JourneyId, Rehearsed] = {}
        self._rests: list[tuple[MentorId, datetime]] = []
        self._surveys = Counter[Count]()
        self._held: Sequence[Rehearsed] = ()
        """Those who may be told something at the moment at which it stands."""
        self._asks: list[tuple[datetime, Ask]] = []
        self._members: dict[JourneyId, Rehearsed] = {}
        """All who are in a group, or have been."""
        self._came: list[Came] = []
        self._not_taken: list[NotTaken] = []
        self._measured: SilencesMeasured | None = None
        self._arrivals = iter(people.learners(part, of))
        self._next_arrival = next(self._arrivals, None)

    def advance(self, to: Moment, given: Iterable[Input]) -> News:
        """Puts what concerns its own journeys at the moment at which it stands, in this order, then plays to just
        before the next one."""
        for one in given:
            if isinstance(one, SilencesMeasured):
                self._measured = one
            elif isinstance(one, Told):
                self._tell(one, self._now)
            elif one.journey in self._open:
                self._propose(one, self._now)
        self._find_pulses(self._held)
        since, until = self._now, to.at
        self._now = until
        while (arrival := self._next_arrival) and arrival.at < until:
            self._begin(arrival)
            self._next_arrival = next(self._arrivals, None)
        self._play(until)
        self._look_who_came(since, until)
        news = self._news(until, everybody=to.is_round)
        self._held = [one for one in self._open.values() if self._waits_to_hear(one, to)]
        held = {one.journey.id for one in self._held}
        self._find_pulses(one for name, one in self._open.items() if name not in held)
        return news

    def ahead(self, moment: Moment, then: datetime) -> Iterator[None]:
        """While it is found out what comes of the moment at which it stands: plays on to just before `then`, one after
        another, those to whom nothing can come of it. May be left at any time."""
        there_is = [one for at, _, one in self._queue if at < then and one.next_at == at]
        for played in [one for one in there_is if not self._waits_to_hear(one, moment)]:
            played.go_on(then)
            self._enqueue(played)
            yield

    def _waits_to_hear(self, played: Rehearsed, moment: Moment) -> bool:
        """Whether something may come of the moment for the journey: a mentor, news of its group, or a group."""
        return (
            played.journey.id in self._waiting
            or played.cohort in moment.telling
            or (moment.is_round and played.can_join)
            or bool(self._kit.rules_that_compare)
        )

    def reservations(self, journeys: Collection[JourneyId]) -> Mapping[JourneyId, ReservePlace]:
        """What its own ones of these ask of a mentor who is proposed to them at the moment at which it stands."""
        return {one: self._waiting[one].reservation(self._now) for one in journeys if one in self._waiting}

    def _play(self, until: datetime) -> None:
        queue = self._queue
        while queue and queue[0][0] < until:
            at, _, played = heappop(queue)
            if played.next_at == at:
                played.go_on(until)
                self._enqueue(played)

    def _begin(self, arrival: Arrival) -> None:
        played = Rehearsed(
            *(self._kit, self._people, arrival, self._letters),
            heard=self._heard,
            asked_elsewhere=self._pass_on,
            surveys=self._surveys,
            others=lambda pathway: self._measured.others(pathway) if self._measured else None,
        )
        self.tallies.append(played.tally)
        self._open[played.journey.id] = played
        played.begin(arrival.at)
        self._enqueue(played)

    def _enqueue(self, played: Rehearsed) -> None:
        if at := played.next_at:
            heappush(self._queue, (at, next(self._number), played))

    def _heard(self, played: Rehearsed, append: Append) -> None:
        self._changed[played.journey.id] = played
        for event in append.events:
            if isinstance(event, OfferDeclined) and event.who == "mentor" and event.rests_until:
                self._rests.append((event.mentor, event.rests_until))

    # Surveys

    def _find_pulses(self, those: Iterable[Rehearsed]) -> None:
        for played in those:
            if played.find_pulses(self._now):
                self._enqueue(played)

    def _pass_on(self, due: Due) -> bool:
        """Mentors and ops have to do with journeys of other shares as well."""
        if person_of(due.ask.respondent)[0] == "learner":
            return False
        self._asks.append((due.at, due.ask))
        return True

    # Groups

    def _tell(self, one: Told, at: datetime) -> None:
        played = self._members.get(one.journey) or self._open.get(one.journey)
        if played is None:
            return
        self._members[one.journey] = played
        played.cohort = one.cohort
        if refused := played.journey.give(one.command, at):
            learner = played.journey.learner
            self._not_taken.append(NotTaken(one.cohort, one.version, learner, one.command.name, refused.code))
        self._enqueue(played)

    def _look_who_came(self, since: datetime, until: datetime) -> None:
        """To the sessions of their groups that began in this time. Journeys that are over or paused say nothing."""
        for played in self._members.values():
            state = played.journey.state
            if state.cohort and not (state.closing or state.pause):
                for one in state.cohort.sessions:
                    if since <= one.starts_at < until:
                        came = played.attendance(one.session, one.starts_at)
                        self._came.append(Came(state.cohort.cohort, one.session, state.learner, came))

    def _look_who_can_join(self, changed: Iterable[Rehearsed]) -> list[CanJoin]:
        if self._kit.cohorts is None:
            return []
        return [found for one in changed if (found := one.joining())]

    # Matching

    def _propose(self, one: Proposal, at: datetime) -> None:
        played = self._open[one.journey]
        played.propose(one.mentor, at)
        self._enqueue(played)

    def _news(self, at: datetime, *, everybody: bool) -> News:
        changed = sorted(self._changed.values(), key=lambda one: one.journey.id)
        places = [one for played in changed for one in played.places(at)]
        waiting, settled = self._look_who_waits(changed)
        rests, self._rests, self._changed = self._rests, [], {}
        asks, self._asks = self._asks, []
        came, self._came = self._came, []
        not_taken, self._not_taken = self._not_taken, []
        surveys = self._surveys.copy()
        self._surveys.clear()
        return News(
            places=places,
            rests=rests,
            waiting=waiting,
            settled=settled,
            plans=self._plans(at, everybody=everybody),
            asks=asks,
            surveys=surveys,
            joining=self._look_who_can_join(changed),
            came=came,
            not_taken=not_taken,
            silences=list(self._silences(at)) if self._kit.rules_that_compare else (),
        )

    def _silences(self, at: datetime) -> Iterator[Silence]:
        return (one for played in self._open.values() if (one := played.silence(at)))

    def _look_who_waits(self, changed: Iterable[Rehearsed]) -> tuple[list[Waits], list[JourneyId]]:
        waiting: list[Waits] = []
        settled: list[JourneyId] = []
        for one in changed:
            journey = one.journey.id
            if is_unmatched(one.journey.state):
                self._waiting[journey] = one
                waiting.append(one.waits())
            elif self._waiting.pop(journey, None):
                settled.append(journey)
            if one.journey.state.closing:
                self._open.pop(journey, None)  # one that is closed may still be told what its group has done
        return waiting, settled

    def _plans(self, at: datetime, *, everybody: bool) -> dict[Follows, NewestPlan]:
        newest: dict[Follows, Rehearsed] = {}
        for one in self._waiting.values():
            if everybody or one.is_urgent:
                other = newest.get(one.follows)
                if other is None or other.journey.id < one.journey.id:
                    newest[one.follows] = one
        return {follows: one.plan(at) for follows, one in newest.items()}
