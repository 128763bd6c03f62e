"""The mentors of a play with their ledgers: who has a place, and what is refused because all are taken."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, NamedTuple, Protocol

from domain.holding import Holder, may_have_news
from domain.ids import MentorId, ProgramId, StreamId
from domain.journey.commands import ApproveMatch, OfferMatch
from domain.journey.refusing import unknown_mentor
from domain.mentor import MENTOR, TOGETHER, MentorCommand, MentorEvent, MentorState, mentor_stream
from domain.mentor.adding import added
from domain.mentor.profile import ProfileChanges, completed
from domain.profiles import Check, MentorProfile
from domain.refusal import Rejected
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.recording import Append, Record


@dataclass(frozen=True, slots=True)
class PlayedMentor:
    """A mentor, as a file says."""

    mentor: MentorId
    changes: ProfileChanges = field(default_factory=ProfileChanges)
    onboarded_on: date | None = None
    checks: tuple[Check, ...] = ()
    attributes: Mapping[str, Any] = field(default_factory=dict)
    """What is kept beside their name, and counts where their profile says nothing."""
    time_zone: str | None = None


@dataclass(slots=True)
class _Ledger:
    state: MentorState
    version: int = 0


class Wanted(NamedTuple):
    """A place that a journey needs."""

    as_of: int
    at: datetime
    past_capacity: bool
    reason: str
    by: str


class PlayedHolder(Protocol):
    """A journey or a group that is played."""

    @property
    def version(self) -> int: ...
    @property
    def as_holder(self) -> Holder: ...


class PlayedMentors:
    """Their ledgers are brought up to date as the real ones are: before a reservation is refused, what those with a
    place have recorded is entered."""

    def __init__(self, record: Record) -> None:
        self._record = record
        self._ledgers: dict[MentorId, _Ledger] = {}
        self._known: dict[MentorId, PlayedMentor] = {}
        self._holders: dict[StreamId, PlayedHolder] = {}

    def add(self, program: ProgramId, mentors: Iterable[PlayedMentor], at: datetime, by: str = "ops") -> None:
        """Raises Rejected for a profile that is refused."""
        for one in mentors:
            self._known[one.mentor] = one
            commands = added(program, one.mentor, one.changes, onboarded_on=one.onboarded_on, checks=one.checks, by=by)
            events = TOGETHER.decide(self._ledger(one.mentor).state, commands, at)
            self._put(one.mentor, events, "AddMentors", by)

    def state(self, mentor: MentorId) -> MentorState:
        return self._ledger(mentor).state

    def profile(self, mentor: MentorId) -> MentorProfile:
        """With what is kept beside their name, where it says nothing itself."""
        return self._completed(mentor, self.state(mentor).profile)

    @property
    def all(self) -> Iterable[MentorId]:
        return self._known.keys()

    def reserve(self, mentor: MentorId, journey: PlayedJourney, command: ApproveMatch | OfferMatch | None) -> None:
        if self._known and mentor not in self._known:
            raise unknown_mentor(mentor)
        if command is None:
            return
        now = journey.now
        reason = command.reason if command.past_capacity else ""
        wanted = Wanted(journey.version, now, command.past_capacity, reason, command.by)
        own_places = self._completed(mentor, MentorProfile()).places
        self._holders[journey.stream] = journey
        reservation = journey.as_holder.reservation(mentor, wanted, own_places, now)
        try:
            self.carry_out(mentor, reservation, now)
        except Rejected:
            if not self.catch_up(mentor, now):
                raise
            self.carry_out(mentor, reservation, now)

    def follow(self, journey: PlayedJourney, now: datetime) -> None:
        """Enters what a journey has recorded with every mentor who had a part in it."""
        holder = journey.as_holder
        for mentor in sorted(holder.mentors):
            self._enter(mentor, holder, now)

    def know(self, stream: StreamId, holder: PlayedHolder) -> None:
        """That it may have places."""
        self._holders[stream] = holder

    def catch_up(self, mentor: MentorId, now: datetime) -> bool:
        """Enters what those with a place have recorded since. Returns whether anything was new."""
        state = self._ledger(mentor).state
        changed = False
        for stream in sorted(state.places):
            journey = self._holders[stream]
            if may_have_news(state, stream, journey.version, now):
                changed |= self._enter(mentor, journey.as_holder, now)
        return changed

    def _enter(self, mentor: MentorId, holder: Holder, now: datetime) -> bool:
        return self.carry_out(mentor, holder.as_command(mentor, now), now)

    def carry_out(self, mentor: MentorId, command: MentorCommand, now: datetime) -> bool:
        """Whether anything came of it. Raises Rejected."""
        events = MENTOR.decide(self._ledger(mentor).state, command, now)
        self._put(mentor, events, type(command).__name__, command.by)
        return bool(events)

    def _put(self, mentor: MentorId, events: Iterable[MentorEvent], command: str, by: str) -> None:
        if not (events := tuple(events)):
            return
        ledger, before = self._ledger(mentor), self._ledger(mentor).version
        ledger.state = MENTOR.fold(events, ledger.state)
        ledger.version += len(events)
        self._record(Append(mentor_stream(mentor), before, events, command, by))

    def _ledger(self, mentor: MentorId) -> _Ledger:
        return self._ledgers.setdefault(mentor, _Ledger(MENTOR.initial))

    def _completed(self, mentor: MentorId, profile: MentorProfile) -> MentorProfile:
        known = self._known.get(mentor)
        return completed(profile, known.attributes, known.time_zone) if known else profile
