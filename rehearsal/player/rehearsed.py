"""A journey of a rehearsal with what its people are about to do."""

from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from datetime import datetime
from heapq import heappop, heappush
from itertools import count
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.holding import JourneyAsHolder
from domain.ids import CohortId, JourneyId, KitDigest, MentorId, PathwayId, RespondentId, SessionId, journey_id
from domain.journey import COMMANDS, JourneyEvent
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.journey.duties import NamesAwaited
from domain.journey.events import MentorMatched
from domain.journey.terms import Attendance
from domain.kit import Kit
from domain.matching.collecting import TRIED_OTHERWISE, ways
from domain.matching.forming import can_join
from domain.matching.forming import candidate as group_candidate
from domain.matching.pool import Candidate
from domain.matching.pooling import ENDED_OFFERS, Plan, candidate, plans
from domain.mentor.ledger import FollowHolder, ReservePlace
from domain.silences import OthersSeen, Silence
from domain.survey import DueSurvey, next_pulse, pulses_due, surveys_after
from rehearsal.people.person import Act, Arrival, People, Seen
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.letters import Letters
from rehearsal.player.recording import Append
from rehearsal.player.surveys import Count, Due, Surveys
from rehearsal.player.tally import Tally
from rehearsal.player.telling import CanJoin

Follows = tuple[KitDigest, str | None]
"""A version of the kit, and a pathway of it."""
Alike = tuple[KitDigest, str | None, JourneyId | None]
"""Journeys that ask the same of a mentor at a moment: those of a pathway that have no dates yet. The others, by id."""


class Waits(NamedTuple):
    """A journey for which a mentor is to be found."""

    candidate: Candidate
    as_of: int
    """The version of its stream."""
    alike: Alike


class NewestPlan(NamedTuple):
    """What the last of those who wait and follow the same pathway asks of a mentor."""

    journey: JourneyId
    plan: Plan | None


_ONCE_FOR_ALL = frozenset(("record_attendance", "write_notes", "send_follow_up"))
_Heard = Callable[["Rehearsed", Append], None]


class Rehearsed:
    """A journey with what its people are about to do."""

    def __init__(
        self,
        kit: Kit,
        people: People,
        arrival: Arrival,
        letters: Letters,
        *,
        heard: "_Heard",
        others: Callable[[PathwayId], OthersSeen | None],
        asked_elsewhere: Callable[[Due], bool],
        surveys: Counter[Count],
    ) -> None:
        """`asked_elsewhere`: takes surveys for others than the learner, and says so. `surveys`: where to count them."""
        self.arrival = arrival
        self.tally = Tally(arrival.learner, arrival.at)
        self.zone = ZoneInfo(arrival.time_zone) if arrival.time_zone else None
        self.pulse_at: datetime | None = None
        """Until then no pulse is due. None: the learner has had no mentor yet, or the kit has no pulse."""
        self._matched_at: datetime | None = None
        self._surveys = Surveys(people.reply, wrote=self._wrote, elsewhere=asked_elsewhere, counts=surveys)
        self._letters = letters
        self._people = people
        self._heard = heard
        self._acts: list[tuple[datetime, int, Act]] = []
        self._number = count()
        self._declined: dict[MentorId, None] = {}
        self._could_join: tuple[str | None, datetime] | None = None
        self._candidate: Candidate | None = None
        self.cohort: CohortId | None = None
        """The group that has told it something last."""
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
        at, survey_at = self._next_of_journey, self._surveys.next_at
        if at is None or survey_at is None:
            return at or survey_at
        return min(at, survey_at)

    @property
    def _next_of_journey(self) -> datetime | None:
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

    def go_on(self, until: datetime) -> None:
        """To just before a moment. Journeys do not touch each other, so each goes all the way at once. Of one moment,
        the journey comes first: a survey finds it as it is then."""
        surveys = self._surveys
        while True:
            at, survey_at = self._next_of_journey, surveys.next_at
            if survey_at and (at is None or survey_at < at):
                if survey_at >= until:
                    return
                surveys.go_on()
            elif at and at < until:
                self._step()
            else:
                return

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

    @property
    def can_join(self) -> bool:
        """A group, as far as it has been said."""
        return self._could_join is not None

    def joining(self) -> CanJoin | None:
        """None: nothing new."""
        journey, state = self.journey, self.journey.state
        could, can = self._could_join, (state.pathway, state.stage_since) if can_join(journey.kit, state) else None
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
        first, other = ways(journey.kit)
        refused = journey.give(first(mentor=mentor, by="system"), at)
        if refused and refused.code in TRIED_OTHERWISE:
            journey.give(other(mentor=mentor, by="system"), at)

    @property
    def follows(self) -> Follows:
        state = self.journey.state
        return state.kit, state.pathway

    @property
    def alike(self) -> Alike:
        state = self.journey.state
        has_own_dates = state.ends_at is not None or state.cohort is not None
        return *self.follows, self.journey.id if has_own_dates else None

    def waits(self) -> Waits:
        journey = self.journey
        found = self._candidate
        if found is None or not self._is_as_before(found):
            zone, state = self.arrival.time_zone, journey.state
            found = candidate(journey.kit, journey.kit, journey.id, state, declined=self._declined, time_zone=zone)
            self._candidate, self.is_urgent = found, found.urgent
        return Waits(found, journey.version, self.alike)

    def _is_as_before(self, before: Candidate) -> bool:
        """For a mentor, who looks at nothing else. The kit and the answers of a journey stay the same here."""
        wait = self.journey.state.wait
        return wait is not None and wait.since == before.waiting_since and len(self._declined) == len(before.declined)

    def plan(self, at: datetime) -> NewestPlan:
        journey = self.journey
        return NewestPlan(journey.id, next(iter(plans([(journey.kit, journey.state)], at)), None))

    def reservation(self, at: datetime) -> ReservePlace:
        """With no mentor, and of no version: the same for all that are alike."""
        return self.journey.as_holder.reservation(MentorId("anybody"), _Wanted(0, at), None, at)

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

    def find_pulses(self, at: datetime) -> bool:
        """Whether the learner is asked for one at this moment."""
        if self.pulse_at is None or self.pulse_at > at:
            return False
        journey = self.journey
        assert self._matched_at, "pulses are counted from the first match"
        found = pulses_due(journey.kit, journey.id, journey.state, self._matched_at, at)
        if found:  # otherwise the journey is not at the stage for it, and may be on another day
            self.pulse_at = next_pulse(journey.kit, self._matched_at, at)
        for due in found:
            self._ask(due, max(due.ask_at, at))
        return bool(found)

    def _ask(self, due: DueSurvey, at: datetime) -> None:
        self._surveys.plan(Due(at, due.survey, due.ask), lambda: self.journey.state)

    def _wrote(self, _: RespondentId, at: datetime) -> None:
        if letter := self._letters.about_survey("learner", at, self.zone):
            self.tally.add_letters((letter,))

    def _occasion(self, event: JourneyEvent) -> None:
        journey = self.journey
        if isinstance(event, MentorMatched) and self._matched_at is None:
            self._matched_at = event.at
            self.pulse_at = next_pulse(journey.kit, event.at, event.at)
        for due in surveys_after(journey.kit, journey.id, journey.state, event, journey.version):
            self._ask(due, due.ask_at)

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
