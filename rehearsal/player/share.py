"""A share of the journeys of a rehearsal, with their people: what one process plays.

Journeys touch each other through their mentors alone. So they are played apart, from one moment of matching to the
next; there the shares say who waits and what became of places, and are told who was found (program.py).
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.holding import JourneyAsHolder
from domain.ids import JourneyId, KitDigest, MentorId, PathwayId, RespondentId, SessionId, journey_id
from domain.journey import COMMANDS, JourneyEvent
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.journey.duties import NamesAwaited
from domain.journey.events import MentorMatched, OfferDeclined
from domain.journey.refusing import Code
from domain.journey.terms import Attendance
from domain.kit import Kit
from domain.matching.forming import can_join
from domain.matching.forming import candidate as group_candidate
from domain.matching.pool import Candidate
from domain.matching.pooling import ENDED_OFFERS, Plan, candidate, is_unmatched, plans
from domain.mentor.ledger import FollowHolder, ReservePlace
from domain.silences import OthersSeen, Silence, SilencesMeasured
from domain.survey import Ask, DueSurvey, next_pulse, person_of, pulses_due, respondent_id, surveys_after
from rehearsal.people.person import Act, Arrival, People, Seen
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.letters import Letters
from rehearsal.player.recording import Append
from rehearsal.player.surveys import Count, Due, Surveys
from rehearsal.player.tally import Tally
from rehearsal.player.telling import Came, CanJoin, NotTaken, Told


class Proposal(NamedTuple):
    """A match that the program offers, or makes."""

    journey: JourneyId
    mentor: MentorId


Alike = tuple[KitDigest, str | None, JourneyId | None]
"""Journeys that ask the same of a mentor at a moment: those of a pathway that have no dates yet. The others, by id."""


Input = Proposal | Told | SilencesMeasured
"""What a share is given for its journeys."""


class Waits(NamedTuple):
    """A journey for which a mentor is to be found."""

    candidate: Candidate
    as_of: int
    """The version of its stream."""
    alike: Alike


class Asked(NamedTuple):
    """What journeys that are alike ask of a mentor at a moment."""

    reservation: ReservePlace
    """With no mentor, for no holder."""
    plan: Plan | None
    latest: JourneyId
    """The last of them, by id."""


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
    asked: Mapping[Alike, Asked]
    """By those for whom there is to be matching now."""
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
        self._queue: list[tuple[datetime, int, _Played]] = []
        self._number = count()
        self._open: dict[JourneyId, _Played] = {}
        self._changed: dict[JourneyId, _Played] = {}
        self._waiting: dict[JourneyId, _Played] = {}
        self._rests: list[tuple[MentorId, datetime]] = []
        self._surveys = Surveys(people.reply, wrote=self._wrote, elsewhere=self._pass_on)
        self._asks: list[tuple[datetime, Ask]] = []
        self._readers: dict[RespondentId, tuple[Tally, ZoneInfo | None]] = {}
        self._members: dict[JourneyId, _Played] = {}
        """All who are in a group, or have been."""
        self._came: list[Came] = []
        self._not_taken: list[NotTaken] = []
        self._measured: SilencesMeasured | None = None
        self._arrivals = iter(people.learners(part, of))
        self._next_arrival = next(self._arrivals, None)

    def advance(self, until: datetime, given: Iterable[Input], *, match: bool) -> News:
        """Puts what concerns its own journeys at the moment at which it stands, in this order, then plays to just
        before `until`. `match`: whether it is to say who waits then, or only the urgent ones."""
        for one in given:
            if isinstance(one, SilencesMeasured):
                self._measured = one
            elif isinstance(one, Told):
                self._tell(one, self._now)
            elif one.journey in self._open:
                self._propose(one, self._now)
        self._find_pulses(self._now)
        since, self._now = self._now, until
        while (arrival := self._next_arrival) and arrival.at < until:
            self._begin(arrival)
            self._next_arrival = next(self._arrivals, None)
        self._play(until)
        self._look_who_came(since, until)
        return self._news(until, everybody=match)

    def _play(self, until: datetime) -> None:
        """Of one moment, journeys come first: a survey finds them as they are then."""
        queue, surveys = self._queue, self._surveys
        while queue and (next_at := queue[0][0]) < until:
            if (survey_at := surveys.next_at) and survey_at < next_at:
                surveys.go_on()
                continue
            at, _, played = heappop(queue)
            if played.next_at == at:
                played.go_on(until, surveys)
                self._enqueue(played)
        surveys.until(until)

    def _begin(self, arrival: Arrival) -> None:
        played = _Played(
            *(self._kit, self._people, arrival, self._letters),
            heard=self._heard,
            surveyed=self._survey,
            others=lambda pathway: self._measured.others(pathway) if self._measured else None,
        )
        self.tallies.append(played.tally)
        self._open[played.journey.id] = played
        played.begin(arrival.at)
        self._enqueue(played)

    def _enqueue(self, played: "_Played") -> None:
        if at := played.next_at:
            heappush(self._queue, (at, next(self._number), played))

    def _heard(self, played: "_Played", append: Append) -> None:
        self._changed[played.journey.id] = played
        for event in append.events:
            if isinstance(event, OfferDeclined) and event.who == "mentor" and event.rests_until:
                self._rests.append((event.mentor, event.rests_until))

    # Surveys

    def _survey(self, played: "_Played", due: DueSurvey) -> None:
        self._readers[respondent_id("learner", played.journey.learner)] = played.tally, played.zone
        at = max(due.ask_at, self._now) if due.survey.every else due.ask_at
        self._surveys.plan(Due(at, due.survey, due.ask), lambda: played.journey.state)

    def _find_pulses(self, at: datetime) -> None:
        for played in self._open.values():
            if played.pulse_at and played.pulse_at <= at:
                for due in played.pulses(at):
                    self._survey(played, due)

    def _wrote(self, respondent: RespondentId, at: datetime) -> None:
        tally, zone = self._readers[respondent]
        if letter := self._letters.about_survey("learner", at, zone):
            tally.add_letters((letter,))

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

    def _look_who_can_join(self, changed: Iterable["_Played"]) -> list[CanJoin]:
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
        return News(
            places=places,
            rests=rests,
            waiting=waiting,
            settled=settled,
            asked=self._asked(at, everybody=everybody),
            asks=asks,
            surveys=self._surveys.counted(),
            joining=self._look_who_can_join(changed),
            came=came,
            not_taken=not_taken,
            silences=list(self._silences(at)) if self._kit.rules_that_compare else (),
        )

    def _silences(self, at: datetime) -> Iterator[Silence]:
        return (one for played in self._open.values() if (one := played.silence(at)))

    def _look_who_waits(self, changed: Iterable["_Played"]) -> tuple[list[Waits], list[JourneyId]]:
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

    def _asked(self, at: datetime, *, everybody: bool) -> dict[Alike, Asked]:
        latest: dict[Alike, _Played] = {}
        for one in self._waiting.values():
            if everybody or one.is_urgent:
                other = latest.get(one.alike)
                if other is None or other.journey.id < one.journey.id:
                    latest[one.alike] = one
        return {alike: one.asked(at) for alike, one in latest.items()}


_ONCE_FOR_ALL = frozenset(("record_attendance", "write_notes", "send_follow_up"))
_Heard = Callable[["_Played", Append], None]
_Surveyed = Callable[["_Played", DueSurvey], None]


class _Played:
    """A journey with what its people are about to do."""

    def __init__(
        self,
        kit: Kit,
        people: People,
        arrival: Arrival,
        letters: Letters,
        *,
        heard: "_Heard",
        surveyed: "_Surveyed",
        others: Callable[[PathwayId], OthersSeen | None],
    ) -> None:
        self.arrival = arrival
        self.tally = Tally(arrival.learner, arrival.at)
        self.zone = ZoneInfo(arrival.time_zone) if arrival.time_zone else None
        self.pulse_at: datetime | None = None
        """Until then no pulse is due. None: the learner has had no mentor yet, or the kit has no pulse."""
        self._matched_at: datetime | None = None
        self._surveyed = surveyed
        self._letters = letters
        self._people = people
        self._heard = heard
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = count()
        self._declined: dict[MentorId, None] = {}
        self._could_join: tuple[str | None, datetime] | None = None
        self.is_urgent = False
        """As long as it waits."""
        self._told = 0
        """The version up to which its places have been told of."""
        self._claims: dict[MentorId, Hashable] = {}
        """What was told last of each."""
        self.journey = PlayedJourney(
            journey_id(kit.program_id, arrival.learner),
            arrival.learner,
            kit,
            places=_AllReserved(),
            record=self._record,
            last_active=lambda until: people.last_active(arrival.learner, until),
            others=others,
            occasion=self._occasion if kit.asking and kit.surveys else None,
        )

    @property
    def next_at(self) -> datetime | None:
        """None also after the end: nobody does anything more about it."""
        if self.journey.is_over:
            return None
        timer = self.journey.next_timer
        act = self._acts[0][0] if self._acts else None
        if timer is None or act is None:
            return timer.at if timer else act
        return min(timer.at, act)

    def begin(self, at: datetime) -> None:
        self.journey.begin(at)

    def go_on(self, until: datetime, surveys: Surveys) -> None:
        """To just before a moment, or to the next survey. Journeys do not touch each other, so each goes all the way at
        once."""
        while (at := self.next_at) and at < until and not ((survey_at := surveys.next_at) and survey_at < at):
            self._step()

    def _step(self) -> None:
        """One timer, or one act; a timer of the same moment comes first."""
        timer = self.journey.next_timer
        if timer and (not self._acts or timer.at <= self._acts[0][0]):
            self.journey.pass_time(timer.at)
            return
        at, _, act = heappop(self._acts)
        self.journey.pass_time(at)
        is_owed = act.about is None or act.about in NamesAwaited(self.journey.state)
        if self._is_for_the_group(act):
            return
        if is_owed and self._people.stands(self.journey.learner, act):
            self.journey.give(COMMANDS[act.command].model_validate(act.input), at)

    def _is_for_the_group(self, act: Act) -> bool:
        """What the mentor was about to record of one learner, and now records of the whole group."""
        group = self.journey.state.cohort
        return group is not None and act.command in _ONCE_FOR_ALL and act.input["session"] in group.times

    def silence(self, at: datetime) -> Silence | None:
        """None: the learner is not in the sessions, or the journey is paused."""
        state = self.journey.state
        if state.stage != "sessions" or state.pause or state.pathway is None or state.quiet_from is None:
            return None
        active = self._people.last_active(self.journey.learner, at)
        return Silence(state.pathway, max(active, state.quiet_from) if active else state.quiet_from)

    def attendance(self, session: SessionId, at: datetime) -> Attendance:
        journey = self.journey
        return self._people.attendance(Seen(journey.id, journey.kit, journey.state, ()), session, at)

    def joining(self) -> CanJoin | None:
        """None: nothing new."""
        journey, state = self.journey, self.journey.state
        could, can = self._could_join, (state.pathway, state.stage_since) if can_join(state) else None
        if can == could:
            return None
        self._could_join = can
        if can is None or state.pathway is None:
            return CanJoin(journey.learner, None)
        found = group_candidate(journey.kit, journey.id, state, self.arrival.time_zone)
        return CanJoin(journey.learner, PathwayId(state.pathway), found)

    def propose(self, mentor: MentorId, at: datetime) -> None:
        """As a round does: offered, or made, as the kit of the journey wants it."""
        journey = self.journey
        first, other = (OfferMatch, ApproveMatch) if journey.kit.matching.asks else (ApproveMatch, OfferMatch)
        refused = journey.give(first(mentor=mentor, by="system"), at)
        if refused and refused.code in (Code.OFFER_NOT_POSSIBLE, Code.OFFER_REQUIRED):
            journey.give(other(mentor=mentor, by="system"), at)

    @property
    def alike(self) -> Alike:
        state = self.journey.state
        has_own_dates = state.ends_at is not None or state.cohort is not None
        return state.kit, state.pathway, self.journey.id if has_own_dates else None

    def waits(self) -> Waits:
        journey = self.journey
        zone = self.arrival.time_zone
        found = candidate(journey.kit, journey.kit, journey.id, journey.state, declined=self._declined, time_zone=zone)
        self.is_urgent = found.urgent
        return Waits(found, journey.version, self.alike)

    def asked(self, at: datetime) -> Asked:
        journey = self.journey
        reservation = journey.as_holder.reservation(MentorId("anybody"), _Wanted(0, at), None, at)
        plan = next(iter(plans([(journey.kit, journey.state)], at)), None)
        return Asked(reservation, plan, journey.id)

    def places(self, now: datetime) -> Iterable[tuple[datetime, FollowHolder]]:
        """What is new about its places, for each mentor who ever had a part in it."""
        holder: JourneyAsHolder = self.journey.as_holder
        if holder.bearing.as_of > self._told:
            self._told = holder.bearing.as_of
            for mentor in sorted(holder.mentors):
                claim = holder.claim(mentor)
                if mentor not in self._claims or claim != self._claims[mentor]:
                    self._claims[mentor] = claim
                    yield holder.bearing.since, holder.as_command(mentor, now)

    def pulses(self, at: datetime) -> Sequence[DueSurvey]:
        journey = self.journey
        assert self._matched_at, "pulses are counted from the first match"
        found = pulses_due(journey.kit, journey.id, journey.state, self._matched_at, at)
        if found:  # otherwise the journey is not at the stage for it, and may be on another day
            self.pulse_at = next_pulse(journey.kit, self._matched_at, at)
        return found

    def _occasion(self, event: JourneyEvent) -> None:
        journey = self.journey
        if isinstance(event, MentorMatched) and self._matched_at is None:
            self._matched_at = event.at
            self.pulse_at = next_pulse(journey.kit, event.at, event.at)
        for due in surveys_after(journey.kit, journey.id, journey.state, event, journey.version):
            self._surveyed(self, due)

    def _record(self, append: Append) -> None:
        events: Sequence[JourneyEvent] = append.events  # type: ignore[assignment]
        for event in events:
            if isinstance(event, ENDED_OFFERS):
                self._declined[event.mentor] = None
        journey = self.journey
        self.tally.add(journey.state, events)
        for event in events:
            self.tally.add_letters(self._letters.of(event, self.zone))
        self._heard(self, append)
        at = journey.now
        seen = Seen(journey.id, journey.kit, journey.state, events)
        for act in self._people.acts(seen, at):
            heappush(self._acts, (max(act.at, at), next(self._number), act))


class _Wanted(NamedTuple):
    as_of: int
    at: datetime
    past_capacity: bool = False
    reason: str = ""
    by: str = "system"


class _AllReserved:
    """The program has reserved the place before it proposes anybody."""

    def reserve(self, mentor: MentorId, journey: PlayedJourney, command: ApproveMatch | OfferMatch | None) -> None:
        pass
