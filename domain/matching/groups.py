"""Groups of learners who have something in common, with a time in the week that suits all of them and their mentors.

    form(Wanted(kit, pathway, ...), candidates, mentors) -> Formation

Learners who share the first of the kit's traits are brought together; those who also share the next ones first. In each
such set the hour that suits most of them is chosen, with mentors who lead the group then, until nobody is left or no
hour suits enough. Whoever is left joins a group that has room and meets when they can. The order of rows never matters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from domain.cohort.slots import Slot
from domain.ids import JourneyId, LearnerId, MentorId
from domain.kit import Cohorts, Kit, Pathway
from domain.matching.group_mentors import Columns, GroupMentors
from domain.matching.may_meet import MayMeet
from domain.matching.pool import Available, Candidate
from domain.matching.week_cells import CELLS, CELLS_A_DAY, Cells, book, cell_of, hours, slot_at, starts
from domain.profiles import LearnerProfile, MentorProfile
from domain.scheduling.free import Quiet
from domain.scheduling.week import WEEKDAYS, Window, read_window
from domain.values import Frozen, counted

_DAYTIME = (read_window("daily 09:00-21:00"),)


class Wanted(Frozen):
    """What groups are formed for."""

    kit: Kit
    pathway: Pathway
    begins: datetime
    """In the week from this day on the hours of different time zones are compared."""
    length: timedelta
    """Of the longest session."""
    key: str = ""
    """Of the hash that breaks ties."""
    quiet: Mapping[str, Quiet] = {}
    """By person, the hours in which they do not meet; of all others, those of the program."""
    taken: Mapping[MentorId, Sequence[tuple[Slot, timedelta]]] = {}
    """Hours of the week at which mentors lead other groups, and for how long."""


class Group(Frozen):
    members: tuple[tuple[LearnerId, JourneyId], ...]
    """By learner."""
    mentors: tuple[MentorId, ...]
    slot: Slot | None
    common: tuple[str, ...]
    """What all have in common, in words: `problem type: interviews`."""


Why = Literal["too_few_alike", "no_common_hours", "no_mentor", "version_without_groups"]


class Unplaced(Frozen):
    learner: LearnerId
    why: Why
    words: str


class Formation(Frozen):
    groups: tuple[Group, ...]
    unplaced: tuple[Unplaced, ...]
    """By learner."""


def form(wanted: Wanted, candidates: Sequence[Candidate], mentors: Sequence[Available]) -> Formation:
    """Raises ValueError where the kit forms no groups."""
    policy = wanted.kit.cohorts
    if policy is None:
        raise ValueError("the kit forms no groups")
    return _Forming(wanted, policy, candidates, mentors).result()


# Learners


@dataclass(frozen=True)
class _Learner:
    candidate: Candidate
    traits: tuple[str, ...]
    """Of those that the kit names, in its order; empty: they have not said."""
    row: int
    """Of the tables of hours, and of who may meet whom."""
    rank: tuple[object, ...]
    """Who is placed first: those whom few hours suit, then those who have waited longest."""

    @property
    def id(self) -> LearnerId:
        return self.candidate.learner


def _rows(learners: Iterable[_Learner]) -> NDArray[np.intp]:
    return np.array([one.row for one in learners], np.intp)


def _words(candidate: Candidate, trait: str) -> tuple[str, ...]:
    value: Any = getattr(candidate.profile, trait, None)
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


class _Left:
    """Those alike who are in no group yet, with how many of them can begin at each hour of the week."""

    def __init__(self, learners: Iterable[_Learner], starts_of: Cells, awake: Cells) -> None:
        self.learners = list(learners)
        self._starts, self._awake = starts_of, awake
        self.suits = starts_of[_rows(self.learners)].sum(axis=0)
        self.are_awake = awake[_rows(self.learners)].sum(axis=0)

    def take(self, members: Sequence[_Learner]) -> None:
        placed, rows = {one.id for one in members}, _rows(members)
        self.learners = [one for one in self.learners if one.id not in placed]
        self.suits -= self._starts[rows].sum(axis=0)
        self.are_awake -= self._awake[rows].sum(axis=0)


@dataclass
class _Draft:
    members: list[_Learner]
    mentors: tuple[MentorId, ...]
    columns: Columns
    """Of the mentors."""
    cell: int | None
    slot: Slot | None

    @property
    def traits(self) -> tuple[str, ...]:
        """Those of the first members who have said."""
        return tuple(next(filter(None, said), "") for said in zip(*(one.traits for one in self.members), strict=True))


class _Forming:
    def __init__(
        self, wanted: Wanted, policy: Cohorts, candidates: Sequence[Candidate], mentors: Sequence[Available]
    ) -> None:
        self._wanted, self._policy = wanted, policy
        able = sorted(filter(self._may_lead, mentors), key=lambda one: (self._hash(one.mentor), one.mentor))
        self._all_mentors = len(mentors)
        free = [self._free_of_mentor(one) for one in able]
        self._mentors = GroupMentors(able, free, wanted.length, wanted.kit.meeting.buffer)
        self._may_meet = MayMeet(candidates, able)
        self._starts = self._starts_at(self._free(one.learner, one.profile) for one in candidates)
        self._awake = self._starts_at(hours(_DAYTIME, one.profile.time_zone, wanted.begins) for one in candidates)
        """When it is day for them: it decides between hours that suit as many, for those who have not said."""
        many = self._starts.sum(axis=1).tolist()
        self._learners = [self._learner(row, one, many[row]) for row, one in enumerate(candidates)]
        self._drafts: list[_Draft] = []
        self._why: dict[LearnerId, tuple[Why, str]] = {}

    def result(self) -> Formation:
        left = sorted(self._learners, key=lambda one: one.rank)
        for depth in range(len(self._policy.by), 0, -1):
            left = [one for alike in _sets(left, depth) for one in self._gather(alike)]
        if not self._policy.by:
            left = self._gather(left)
        with_room = [one for one in self._drafts if len(one.members) < self._policy.most]
        left = [one for one in sorted(left, key=lambda one: one.rank) if not self._joins(one, with_room)]
        return Formation(
            groups=tuple(map(self._group, self._drafts)),
            unplaced=tuple(
                Unplaced(learner=one.id, why=self._why[one.id][0], words=self._why[one.id][1])
                for one in sorted(left, key=lambda one: one.id)
            ),
        )

    def _starts_at(self, free: Iterable[Cells]) -> Cells:
        """By row, when a meeting can begin."""
        found = [starts(one, self._wanted.length) for one in free]
        return np.array(found, bool).reshape(len(found), CELLS)

    def _learner(self, row: int, candidate: Candidate, many: int) -> _Learner:
        traits = tuple((_words(candidate, trait) or ("",))[0] for trait in self._policy.by)
        rank = (many, candidate.waiting_since, self._hash(candidate.learner), candidate.learner)
        return _Learner(candidate, traits, row, rank)

    def _free_of_mentor(self, one: Available) -> Cells:
        free, wanted = self._free(one.mentor, one.profile), self._wanted
        for slot, length in wanted.taken.get(one.mentor, ()):
            book(free, cell_of(slot, wanted.begins), length, wanted.kit.meeting.buffer)
        return free

    def _free(self, who: str, profile: LearnerProfile | MentorProfile) -> Cells:
        """By the hours that they gave, and outside their quiet hours."""
        zone, begins = profile.time_zone, self._wanted.begins
        free = hours(profile.availability, zone, begins)
        quiet = self._wanted.quiet.get(who) or _of_the_program(self._wanted.kit)
        if quiet is None:
            return free
        loud = [Window(days=WEEKDAYS, start=start, end=end) for start, end in quiet.leaves]
        return free & hours(tuple(loud), zone, begins)

    def _hash(self, *parts: str) -> str:
        return blake2b("|".join((self._wanted.key, *parts)).encode(), digest_size=8).hexdigest()

    def _may_lead(self, one: Available) -> bool:
        kind = one.profile.mentor_type
        rests = one.rests_until is not None and one.rests_until > self._wanted.begins
        return one.trained and one.free > 0 and not rests and kind in (None, self._wanted.pathway.mentor_type)

    # Forming

    def _gather(self, alike: Sequence[_Learner]) -> list[_Learner]:
        """Forms as many groups of these as there can be. Returns those who are left, with the reason."""
        left = _Left(alike, self._starts, self._awake)
        while len(left.learners) >= self._policy.least:
            draft = self._largest(left)
            if draft is None:
                return left.learners
            self._drafts.append(draft)
            left.take(draft.members)
        self._note(left.learners, "too_few_alike", self._too_few(left.learners))
        return left.learners

    def _too_few(self, left: Sequence[_Learner]) -> str:
        alike = f" with the same {self._policy.by[0].replace('_', ' ')}" if self._policy.by else ""
        are = "is" if len(left) == 1 else "are"
        return f"{counted(len(left), 'learner')}{alike} {are} left, and a group needs {self._policy.least}"

    def _note(self, those: Iterable[_Learner], why: Why, words: str) -> None:
        self._why |= {one.id: (why, words) for one in those}

    def _from_monday(self, cell: int) -> tuple[int, int]:
        """Its place in the week, so that equal hours are not decided by the day on which groups are formed."""
        day, at = divmod(cell, CELLS_A_DAY)
        return (day + self._wanted.begins.astimezone(UTC).weekday()) % 7, at

    def _largest(self, left: _Left) -> _Draft | None:
        """The group at the hour that suits most of them and some mentors."""
        least, most = self._policy.least, self._policy.most
        if not self._policy.common_hours:
            if draft := self._draft_at(None, left.learners):
                return draft
            self._note(
                left.learners, "no_mentor", self._no_leader("no mentor is left who can lead another group of them")
            )
            return None
        if not (left.suits >= least).any():
            self._note(left.learners, "no_common_hours", self._no_hours(left.suits))
            return None
        enough = np.flatnonzero((left.suits >= least) & (self._mentors.many_at >= self._policy.mentors))
        for cell in sorted(
            enough.tolist(), key=lambda one: (-min(left.suits[one], most), -left.are_awake[one], self._from_monday(one))
        ):
            able = [one for one in left.learners if self._starts[one.row, cell]]
            if draft := self._draft_at(cell, able):
                return draft
        nobody = "at none of the hours that suit enough of them is a mentor free to lead a group"
        self._note(left.learners, "no_mentor", self._no_leader(nobody))
        return None

    def _draft_at(self, cell: int | None, able: Sequence[_Learner]) -> _Draft | None:
        """None: too few mentors can lead it, or too few of these may meet them."""
        leading = self._leading(able, cell)
        if leading is None:
            return None
        chosen = self._chosen(able, leading)
        return self._draft(chosen, leading, cell) if len(chosen) >= self._policy.least else None

    def _no_leader(self, otherwise: str) -> str:
        if self._mentors.mentors:
            return otherwise
        return f"none of {counted(self._all_mentors, 'mentor')} can lead a group: by kind, training or minutes left"

    def _no_hours(self, suits: NDArray[np.int64]) -> str:
        return f"no hour suits more than {int(suits.max())} of those alike, and a group needs {self._policy.least}"

    def _chosen(self, able: Sequence[_Learner], leading: Columns) -> list[_Learner]:
        """Those who go first, and as many that those who are left over can still form a group."""
        fitting = [one for one, may in zip(able, self._may_meet.all_of(_rows(able), leading), strict=True) if may]
        most, least = self._policy.most, self._policy.least
        over = len(fitting) - most
        size = most if over <= 0 or over >= least else max(len(fitting) - least, least)
        return fitting[: min(size, most)]

    def _leading(self, able: Sequence[_Learner], cell: int | None) -> Columns | None:
        """As many mentors as the kit says. None: too few."""
        topics = Counter(word for one in able for word in one.candidate.profile.problem_type)
        best = self._mentors.best(self._policy.mentors, cell, topics, self._may_meet.welcome(_rows(able)))
        return best if len(best) == self._policy.mentors else None

    def _draft(self, members: list[_Learner], leading: Columns, cell: int | None) -> _Draft:
        mentors = [self._mentors.mentors[column] for column in leading]
        for column in leading.tolist():
            self._mentors.lead(column, cell)
        zone = mentors[0].profile.time_zone
        slot = slot_at(cell, zone, self._wanted.begins) if cell is not None else None
        return _Draft(members, tuple(one.mentor for one in mentors), leading, cell, slot)

    # Those who are left

    def _joins(self, one: _Learner, with_room: Iterable[_Draft]) -> bool:
        """Adds the learner to the smallest group with room that meets when they can and wants what they want."""
        row = _rows([one])
        fitting = [
            draft
            for draft in with_room
            if len(draft.members) < self._policy.most
            and (draft.cell is None or self._starts[one.row, draft.cell])
            and _alike(one.traits[:1], draft.traits)
            and self._may_meet.all_of(row, draft.columns).all()
        ]
        if not fitting:
            return False
        draft = min(fitting, key=lambda draft: (-_shared(one, draft.members[0]), len(draft.members), draft.cell or 0))
        draft.members.append(one)
        return True

    def _group(self, draft: _Draft) -> Group:
        members = sorted(draft.members, key=lambda one: one.id)
        common = [
            f"{trait.replace('_', ' ')}: {values.pop()}"
            for nth, trait in enumerate(self._policy.by)
            if len(values := {one.traits[nth] for one in members}) == 1 and values != {""}
        ]
        return Group(
            members=tuple((one.id, one.candidate.journey) for one in members),
            mentors=draft.mentors,
            slot=draft.slot,
            common=tuple(common),
        )


def _of_the_program(kit: Kit) -> Quiet | None:
    return Quiet.between(kit.quiet_hours.after, kit.quiet_hours.until) if kit.quiet_hours else None


def _sets(learners: Sequence[_Learner], depth: int) -> list[list[_Learner]]:
    """Those who have the same first traits, the largest sets first."""
    found: dict[tuple[str, ...], list[_Learner]] = {}
    for one in sorted(learners, key=lambda one: one.rank):
        found.setdefault(one.traits[:depth], []).append(one)
    return [found[traits] for traits in sorted(found, key=lambda traits: (-len(found[traits]), traits))]


def _alike(some: Sequence[str], others: Sequence[str]) -> bool:
    """Whether the first traits are the same, as far as both have said."""
    return all(mine == theirs or not mine or not theirs for mine, theirs in zip(some, others, strict=False))


def _shared(one: _Learner, other: _Learner) -> int:
    """How many of the first traits are the same."""
    for nth, (mine, theirs) in enumerate(zip(one.traits, other.traits, strict=True)):
        if mine != theirs:
            return nth
    return len(one.traits)
