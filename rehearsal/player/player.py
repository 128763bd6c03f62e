"""Plays the journeys of a program side by side, in the order of time: a queue of moments, and nothing that waits."""

from collections import deque
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heapify, heappop, heapreplace
from types import MappingProxyType
from typing import NamedTuple

from domain.ids import KitDigest, LearnerId
from domain.kit import Kit
from domain.refusal import Rejected
from rehearsal.player.conducting import Conductor, Deed, ProgramAct
from rehearsal.player.journey import PlayedJourney
from rehearsal.player.mentors import PlayedMentor, PlayedMentors
from rehearsal.player.recording import Record
from rehearsal.player.stories import Story

_NO_KITS: Mapping[KitDigest, Kit] = MappingProxyType({})


class Refusal(NamedTuple):
    """A command that its journey rejected. It is recorded as well."""

    learner: LearnerId
    at: datetime
    command: str
    rejected: Rejected


class ProgramRefusal(NamedTuple):
    at: datetime
    deed: Deed
    rejected: Rejected


class Outcome(NamedTuple):
    journeys: Sequence[PlayedJourney]
    """In the order of the stories."""
    mentors: PlayedMentors
    refusals: Sequence[Refusal]
    refused: Sequence[ProgramRefusal] = ()
    """What could not be done in the program as a whole. Of this nothing is recorded."""


def play(
    kit: Kit,
    stories: Sequence[Story],
    mentors: Iterable[PlayedMentor],
    record: Record,
    *,
    kits: Mapping[KitDigest, Kit] = _NO_KITS,
    program: Sequence[ProgramAct] = (),
) -> Outcome:
    """Plays every story to its end, or until its journey waits for what nobody does. `kits`: other versions of the
    program, to which journeys may be moved. `program`: what is done in the program as a whole, in the order of time.

    Of one moment, what falls due comes first, on all journeys; then what is done in the program, what people do, in the
    order of the stories, and surveys.

    Raises:
        Rejected: when the profile of a mentor is refused.
    """
    ledgers = PlayedMentors(record)
    ledgers.add(kit.program_id, mentors, min((one.begins_at for one in stories), default=datetime.now(UTC)), "system")
    conductor = Conductor(kit, ledgers, record, program)
    going = [_Going(kit, one, ledgers, record, kits=kits, conductor=conductor) for one in stories]
    queue = [(one.begins, index) for index, one in enumerate(going)]
    heapify(queue)
    acts, refused = deque(program), []
    while queue or acts:
        turn, index = queue[0] if queue else (None, -1)
        moment = _Turn(acts[0].at, _PROGRAM) if acts else None
        if moment and (turn is None or moment < turn):
            conductor.ask_until(moment.at)
            refused += _conduct(conductor, acts.popleft(), going)
            queue = [(following, nth) for nth, one in enumerate(going) if (following := one.next)]
            heapify(queue)
            continue
        assert turn
        conductor.ask_until(turn.at)
        going[index].go_on(turn)
        if following := going[index].next:
            heapreplace(queue, (following, index))
        else:
            heappop(queue)
    conductor.ask_to_the_end()
    refusals = sorted((one for story in going for one in story.refusals), key=lambda one: one.at)
    return Outcome([one.journey for one in going], ledgers, refusals, refused)


def _conduct(conductor: Conductor, act: ProgramAct, going: Iterable["_Going"]) -> list[ProgramRefusal]:
    """Every journey is at that moment, as a command of somebody else may find it there."""
    for one in going:
        if one.journey.has_begun:
            one.journey.pass_time(act.at)
    try:
        conductor.do(act)
    except Rejected as rejected:
        return [ProgramRefusal(act.at, act.deed, rejected)]
    return []


_TIMERS, _PROGRAM, _PEOPLE = range(3)


class _Turn(NamedTuple):
    """The next turn of a story; they are taken in their order."""

    at: datetime
    rank: int


class _Going:
    """A story that is told up to a moment."""

    def __init__(
        self,
        kit: Kit,
        story: Story,
        mentors: PlayedMentors,
        record: Record,
        *,
        kits: Mapping[KitDigest, Kit],
        conductor: Conductor,
    ) -> None:
        self.story = story
        self.refusals: list[Refusal] = []
        self.journey = PlayedJourney(
            story.journey,
            story.learner,
            kit,
            places=mentors,
            record=record,
            last_active=story.last_active,
            others=lambda pathway: conductor.silences.others(pathway, self.journey.now),
            kits=kits,
            heard=conductor.heard,
        )
        conductor.take(self.journey, story.time_zone)
        self._told = 0

    @property
    def begins(self) -> _Turn:
        return _Turn(self.story.begins_at, _PEOPLE)

    @property
    def next(self) -> _Turn | None:
        if not self.journey.has_begun:
            return self.begins
        timer, acts = self.journey.next_timer, self.story.acts
        act = acts[self._told].at if self._told < len(acts) else None
        if timer and (act is None or timer.at <= act):
            return _Turn(timer.at, _TIMERS)
        return _Turn(act, _PEOPLE) if act else None

    def go_on(self, turn: _Turn) -> None:
        if turn.rank == _TIMERS:
            self.journey.pass_time(turn.at)
        elif not self.journey.has_begun:
            self.journey.begin(turn.at)
        else:
            self._act()

    def _act(self) -> None:
        at, command = self.story.acts[self._told]
        self._told += 1
        if rejected := self.journey.give(command, at):
            self.refusals.append(Refusal(self.story.learner, at, command.name, rejected))
