"""Plays the journeys of a program side by side, in the order of time: a queue of moments, and nothing that waits."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from heapq import heapify, heappop, heapreplace
from types import MappingProxyType
from typing import NamedTuple

from domain.ids import KitDigest, LearnerId
from domain.kit import Kit
from domain.refusal import Rejected
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


class Outcome(NamedTuple):
    journeys: Sequence[PlayedJourney]
    """In the order of the stories."""
    mentors: PlayedMentors
    refusals: Sequence[Refusal]


def play(
    kit: Kit,
    stories: Sequence[Story],
    mentors: Iterable[PlayedMentor],
    record: Record,
    *,
    kits: Mapping[KitDigest, Kit] = _NO_KITS,
) -> Outcome:
    """Plays every story to its end, or until its journey waits for what nobody does. `kits`: other versions of the
    program, to which journeys may be moved.

    Of one moment, what falls due comes first, on all journeys; then what people do, in the order of the stories.

    Raises:
        Rejected: when the profile of a mentor is refused.
    """
    ledgers = PlayedMentors(record)
    ledgers.add(kit.program_id, mentors, min((one.begins_at for one in stories), default=datetime.now(UTC)), "system")
    going = [_Going(kit, one, ledgers, record, kits) for one in stories]
    queue = [(one.begins, index) for index, one in enumerate(going)]
    heapify(queue)
    while queue:
        turn, index = queue[0]
        going[index].go_on(turn)
        if following := going[index].next:
            heapreplace(queue, (following, index))
        else:
            heappop(queue)
    refusals = sorted((one for story in going for one in story.refusals), key=lambda one: one.at)
    return Outcome([one.journey for one in going], ledgers, refusals)


class _Turn(NamedTuple):
    """The next turn of a story; they are taken in their order."""

    at: datetime
    by_people: bool


class _Going:
    """A story that is told up to a moment."""

    def __init__(
        self, kit: Kit, story: Story, mentors: PlayedMentors, record: Record, kits: Mapping[KitDigest, Kit]
    ) -> None:
        self.story = story
        self.refusals: list[Refusal] = []
        self.journey = PlayedJourney(
            story.journey, story.learner, kit, places=mentors, record=record, last_active=story.last_active, kits=kits
        )
        self._told = 0

    @property
    def begins(self) -> _Turn:
        return _Turn(self.story.begins_at, by_people=True)

    @property
    def next(self) -> _Turn | None:
        timer, acts = self.journey.next_timer, self.story.acts
        act = acts[self._told].at if self._told < len(acts) else None
        if timer and (act is None or timer.at <= act):
            return _Turn(timer.at, by_people=False)
        return _Turn(act, by_people=True) if act else None

    def go_on(self, turn: _Turn) -> None:
        if not turn.by_people:
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
