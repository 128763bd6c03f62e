"""A program that is rehearsed: its journeys in shares, its mentors, and the rounds in which the two find each other."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from typing import Protocol

from domain.ids import JourneyId, MentorId
from domain.kit import Kit
from domain.mentor.ledger import ReservePlace
from domain.mentor.training import AcknowledgeTraining, Syllabus
from domain.mentor.utilization import Utilization, coming_weeks, utilization
from domain.profiles import Check
from domain.silences import SilencesMeasured, measured
from rehearsal.people.person import Asking, Available, Reply
from rehearsal.player.groups import Groups, GroupTally
from rehearsal.player.matching import Matchmaker
from rehearsal.player.mentors import PlayedMentor, PlayedMentors
from rehearsal.player.recording import Record
from rehearsal.player.share import Input, Moment, News, Proposal
from rehearsal.player.surveys import Count, Due, Surveys
from rehearsal.player.tally import Tally
from rehearsal.player.telling import Told

_DAY = timedelta(days=1)
_WEEK = timedelta(days=7)
MATCHES_AT = time(9)
"""When a day's matching is done, UTC."""


class Others(Protocol):
    """Mentors and ops."""

    def reply(self, asking: Asking, at: datetime) -> Reply | None: ...
    def done_at(self, mentor: MentorId, about: str, since: datetime, within: timedelta) -> datetime | None: ...


class Shares(Protocol):
    """All journeys, wherever they are played."""

    def advance(self, to: Moment, given: Sequence[Input], then: datetime | None) -> Sequence[News]:
        """See `Share.advance`. `then`: the moment after it, up to which they may go ahead (`Share.ahead`)."""
        ...

    def reservations(self, journeys: Collection[JourneyId]) -> Mapping[JourneyId, ReservePlace]:
        """See `Share.reservations`."""
        ...

    def tallies(self) -> Sequence[Tally]:
        """By learner."""
        ...


@dataclass(frozen=True, slots=True)
class WeekOfMentors:
    """How much of the mentors is used in the week that begins at a moment."""

    begins_at: datetime
    use: Sequence[Utilization]
    """By mentor."""


@dataclass(slots=True)
class Played:
    """One replication."""

    began_at: datetime
    ended_at: datetime
    mentors: Sequence[MentorId] = ()
    tallies: Sequence[Tally] = ()
    weeks: list[WeekOfMentors] = field(default_factory=list)
    rounds: int = 0
    waiting: list[tuple[datetime, int]] = field(default_factory=list)
    """How many waited for a mentor at each round."""
    surveys: Counter[Count] = field(default_factory=Counter)
    """How often each survey was asked, and what became of it."""
    groups: GroupTally | None = None
    """None: the kit forms none."""
    without_room: list[tuple[datetime, int]] = field(default_factory=list)
    """How many of them the round left without one."""


def rehearse(
    kit: Kit,
    shares: Shares,
    mentors: Iterable[Available],
    *,
    begins_at: datetime,
    until: datetime,
    people: Others,
    record: Record = lambda _: None,
    advanced: Callable[[datetime], None] = lambda _: None,
) -> Played:
    """Plays from the beginning until a moment. `people`: mentors and ops, as far as they have to do with more than
    one journey. `record` gets the events of mentors, of groups, and of those who are asked; `advanced` is
    told of each day."""
    return _Rehearsal(kit, shares, mentors, begins_at, people=people, record=record).play(until, advanced)


class _Rehearsal:
    def __init__(
        self,
        kit: Kit,
        shares: Shares,
        mentors: Iterable[Available],
        begins_at: datetime,
        *,
        people: Others,
        record: Record,
    ) -> None:
        self._kit = kit
        self._shares = shares
        self._begins_at = begins_at
        self._mentors = _mentors(kit, mentors, begins_at, record)
        self._matchmaker = Matchmaker(kit, self._mentors, shares.reservations)
        self._groups = Groups(kit, self._mentors, people.done_at, record)
        self._surveys = Surveys(people.reply, record=record)
        self._forms = {one.id: one for one in kit.surveys}
        self._every = kit.matching.rounds.every if kit.matching.rounds else _DAY

    def play(self, until: datetime, advanced: Callable[[datetime], None]) -> Played:
        played = Played(self._begins_at, until, tuple(self._mentors.all))
        next_round = next_week = now = _first_matching(self._begins_at)
        found: list[Input] = []
        while now < until:
            is_round = now >= next_round
            moment = Moment(now, is_round=is_round, telling=self._groups.telling(now))
            news = self._shares.advance(moment, found, min(now + _DAY, until))
            self._enter(news, now)
            self._survey(played, news, now)
            if now >= next_week:
                played.weeks.append(WeekOfMentors(now, self._use(now)))
                next_week += _WEEK
            found = [*self._meet(news, now, is_round=is_round)]
            found += self._match(played, news, now, is_round=is_round)
            found += self._measure(news, now)
            next_round += self._every if is_round else timedelta(0)
            advanced(now)
            now += _DAY
        news = self._shares.advance(Moment(until), found, None)
        self._enter(news, until)
        self._survey(played, news, until)
        self._hear_of_groups(news)
        played.groups = self._groups.tally if self._kit.cohorts else None
        played.tallies = self._shares.tallies()
        return played

    def _meet(self, news: Sequence[News], now: datetime, *, is_round: bool) -> list[Told]:
        """What mentors have recorded of their groups, and new groups: who gets a mentor by one needs no other."""
        self._hear_of_groups(news)
        told = self._groups.meet(now)
        if is_round:
            formed = self._groups.form(now)
            if self._kit.cohorts and self._kit.cohorts.brings_mentor:
                for one in formed:
                    self._matchmaker.waiting.pop(one.journey, None)
            told += formed
        return told

    def _hear_of_groups(self, news: Sequence[News]) -> None:
        self._groups.hear(
            [one for share in news for one in share.joining],
            [one for share in news for one in share.came],
            [one for share in news for one in share.not_taken],
        )

    def _measure(self, news: Sequence[News], now: datetime) -> list[SilencesMeasured]:
        """As the schedule of a running program does each day."""
        if not self._kit.rules_that_compare:
            return []
        pathways = measured(one for share in news for one in share.silences)
        return [SilencesMeasured(at=now, measurement=f"day-{now:%Y-%m-%d}", pathways=pathways)]

    def _match(self, played: Played, news: Sequence[News], now: datetime, *, is_round: bool) -> list[Proposal]:
        """All who wait, or those for whom the kit begins a round at once."""
        found = self._matchmaker.match(news, now, everybody=is_round)
        played.rounds = self._matchmaker.rounds
        if is_round and (waiting := len(self._matchmaker.waiting)):
            played.waiting.append((now, waiting))
            played.without_room.append((now, waiting - len(found)))
        return found

    def _enter(self, news: Sequence[News], now: datetime) -> None:
        """What the journeys have recorded of their places, in the order of time, whichever share they are in."""
        followed = sorted(
            ((at, command) for share in news for at, command in share.places),
            key=lambda one: (one[0], one[1].holder, one[1].mentor),
        )
        for _, command in followed:
            self._mentors.carry_out(command.mentor, command, now)
        self._matchmaker.hear(news)

    def _survey(self, played: Played, news: Sequence[News], until: datetime) -> None:
        """Mentors and ops are asked, whichever share it is about, in the order of time."""
        for at, ask in sorted((one for share in news for one in share.asks), key=lambda one: (one[0], one[1].request)):
            self._surveys.plan(Due(at, self._forms[ask.survey], ask))
        self._surveys.until(until)
        for counted in (self._surveys.counted(), *(share.surveys for share in news)):
            played.surveys.update(counted)

    def _use(self, now: datetime) -> Sequence[Utilization]:
        weeks, kit = coming_weeks(now, 1), self._kit
        return [
            utilization(self._mentors.state(one), kit.program_id, kit.capacity, self._mentors.profile(one), weeks)
            for one in self._mentors.all
        ]


def _first_matching(begins_at: datetime) -> datetime:
    day = begins_at.astimezone(UTC).date()
    first = datetime.combine(day, MATCHES_AT, UTC)
    return first if first >= begins_at else first + _DAY


def _mentors(kit: Kit, those: Iterable[Available], at: datetime, record: Record) -> PlayedMentors:
    """All of them are ready: onboarded, trained, and with the checks that the kit asks for."""
    mentors = PlayedMentors(record)
    checks = tuple(Check(check=one) for one in kit.matching.checks)
    known = [PlayedMentor(one.mentor, one.profile, at.date(), checks, time_zone=one.time_zone) for one in those]
    mentors.add(kit.program_id, known, at, "system")
    steps = kit.mentor_kit.training
    syllabus = Syllabus(program=kit.program_id, version=kit.version, kit=kit.digest, steps=steps)
    for one in known:
        for step in steps:
            command = AcknowledgeTraining(mentor=one.mentor, syllabus=syllabus, step=step, by="system")
            mentors.carry_out(one.mentor, command, at)
    return mentors
