"""Groups of learners who have something in common, with a time in the week that suits all of them and their mentors.

    form(Wanted(kit, pathway, ...), candidates, mentors) -> Formation

Learners who share the first of the kit's traits are brought together; those who also share the next ones first. In each
such set the hour that suits most of them is chosen, with mentors who lead the group then, until nobody is left or no
hour suits enough. Whoever is left joins a group that has room and meets when they can. The order of rows never matters.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from hashlib import blake2b
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from domain.cohort.slots import Slot, zone_named
from domain.ids import JourneyId, LearnerId, MentorId
from domain.kit import Cohorts, Kit, Pathway
from domain.matching.pool import Available, Candidate
from domain.profiles import LearnerProfile, MentorProfile
from domain.scheduling.free import Quiet
from domain.scheduling.week import WEEKDAYS, Week, Window, read_window
from domain.values import Frozen, counted

_CELL = 15
"""In minutes: fine enough for every time zone."""
_CELLS_A_DAY = 24 * 60 // _CELL
_CELLS = 7 * _CELLS_A_DAY
_STEP = 2
"""Groups begin at the full or half hour of the reference week, in cells."""
_DAYTIME = (read_window("daily 09:00-21:00"),)
Cells = NDArray[np.bool_]


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


# Hours


def hours(week: Week, zone: str | None, begins: datetime) -> Cells:
    """The cells in which somebody is free, of the eight days from midnight UTC of the day of `begins`: the week in
    which a group meets first, and a day more, for what begins at its end. All of them for those who have not said.
    """
    return _hours(week, zone or "UTC", begins.astimezone(UTC).date()).copy()


@lru_cache(maxsize=4_096)
def _hours(week: Week, zone: str, first_day: date) -> Cells:
    if not week:
        return np.ones(_CELLS + _CELLS_A_DAY, bool)
    free = np.zeros(_CELLS + _CELLS_A_DAY, bool)
    clock = zone_named(zone)
    origin = datetime.combine(first_day, time(), UTC)
    for nth in range(-1, 9):
        midnight = datetime.combine(first_day + timedelta(days=nth), time())
        for window in (one for one in week if WEEKDAYS[midnight.weekday()] in one.days):
            first, last = (
                ((midnight + timedelta(minutes=at)).replace(tzinfo=clock).astimezone(UTC) - origin).total_seconds() / 60
                for at in (window.start, window.end)
            )
            free[max(int(-(-first // _CELL)), 0) : max(int(last // _CELL), 0)] = True
    return free


def starts(free: Cells, length: timedelta) -> Cells:
    """The cells of the week at which something of this length can begin."""
    possible = free[:_CELLS].copy()
    if _many(length) > _CELLS_A_DAY:
        return np.zeros(_CELLS, bool)
    for nth in range(1, _many(length)):
        possible &= free[nth : nth + _CELLS]
    off_step = np.arange(_CELLS) % _STEP != 0
    possible[off_step] = False
    return possible


def _many(length: timedelta) -> int:
    """Of cells, rounded up."""
    return max(int(-(-length.total_seconds() // (60 * _CELL))), 1)


def _slot(cell: int, zone: str | None, begins: datetime) -> Slot:
    clock = zone_named(zone)
    first_day = datetime.combine(begins.astimezone(UTC).date(), time(), UTC)
    local = (first_day + timedelta(minutes=cell * _CELL)).astimezone(clock)
    return Slot(day=WEEKDAYS[local.weekday()], start=local.hour * 60 + local.minute, zone=clock.key)


def _cell(slot: Slot, begins: datetime) -> int:
    """The one at which a group meets in the week from the day of `begins`, or in which its meeting begins."""
    first_day = datetime.combine(begins.astimezone(UTC).date(), time(), UTC)
    return int((slot.first(first_day) - first_day).total_seconds() // (60 * _CELL)) % _CELLS


# Learners


@dataclass(frozen=True)
class _Learner:
    candidate: Candidate
    traits: tuple[str, ...]
    """Of those that the kit names, in its order; empty: they have not said."""
    starts: Cells = field(compare=False)
    row: int
    """Of the table of who may meet whom."""
    rank: tuple[object, ...]
    """Who is placed first: those whom few hours suit, then those who have waited longest."""

    @property
    def id(self) -> LearnerId:
        return self.candidate.learner


def _words(candidate: Candidate, trait: str) -> tuple[str, ...]:
    value: Any = getattr(candidate.profile, trait, None)
    if value is None:
        return ()
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)


@dataclass
class _Mentor:
    available: Available
    column: int
    free: Cells
    starts: Cells
    led: int = 0

    @property
    def id(self) -> MentorId:
        return self.available.mentor


@dataclass
class _Draft:
    members: list[_Learner]
    mentors: tuple[_Mentor, ...]
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
        rows = [self._learner(row, one) for row, one in enumerate(candidates)]
        self._learners = sorted(rows, key=lambda one: one.rank)
        self._all_mentors = len(mentors)
        able = sorted((one for one in mentors if self._may_lead(one)), key=lambda one: one.mentor)
        self._mentors = [self._mentor(column, one) for column, one in enumerate(able)]
        self._meets = _who_may_meet(candidates, able)
        self._starts = np.array([one.starts for one in rows], bool).reshape(len(rows), _CELLS)
        awake = [starts(hours(_DAYTIME, one.profile.time_zone, wanted.begins), wanted.length) for one in candidates]
        self._awake = np.array(awake, bool).reshape(len(rows), _CELLS)
        """When it is day for them: it decides between hours that suit as many, for those who have not said."""
        self._drafts: list[_Draft] = []
        self._why: dict[LearnerId, tuple[Why, str]] = {}

    def result(self) -> Formation:
        left = self._learners
        for depth in range(len(self._policy.by), 0, -1):
            left = [one for alike in _sets(left, depth) for one in self._gather(alike)]
        if not self._policy.by:
            left = self._gather(left)
        left = [one for one in sorted(left, key=lambda one: one.rank) if not self._joins(one)]
        return Formation(
            groups=tuple(map(self._group, self._drafts)),
            unplaced=tuple(
                Unplaced(learner=one.id, why=self._why[one.id][0], words=self._why[one.id][1])
                for one in sorted(left, key=lambda one: one.id)
            ),
        )

    def _mentor(self, column: int, one: Available) -> _Mentor:
        mentor = _Mentor(one, column, self._free(one.mentor, one.profile), np.zeros(_CELLS, bool))
        mentor.starts = starts(mentor.free, self._wanted.length)
        for slot, length in self._wanted.taken.get(one.mentor, ()):
            self._take(mentor, _cell(slot, self._wanted.begins), length)
        return mentor

    def _learner(self, row: int, candidate: Candidate) -> _Learner:
        profile = candidate.profile
        possible = starts(self._free(candidate.learner, profile), self._wanted.length)
        traits = tuple((_words(candidate, trait) or ("",))[0] for trait in self._policy.by)
        rank = (int(possible.sum()), candidate.waiting_since, self._hash(candidate.learner), candidate.learner)
        return _Learner(candidate, traits, possible, row, rank)

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
        left = list(alike)
        while len(left) >= self._policy.least:
            draft = self._largest(left)
            if draft is None:
                return left
            self._drafts.append(draft)
            placed = {one.id for one in draft.members}
            left = [one for one in left if one.id not in placed]
        self._note(left, "too_few_alike", self._too_few(left))
        return left

    def _too_few(self, left: Sequence[_Learner]) -> str:
        alike = f" with the same {self._policy.by[0].replace('_', ' ')}" if self._policy.by else ""
        are = "is" if len(left) == 1 else "are"
        return f"{counted(len(left), 'learner')}{alike} {are} left, and a group needs {self._policy.least}"

    def _note(self, those: Iterable[_Learner], why: Why, words: str) -> None:
        self._why |= {one.id: (why, words) for one in those}

    def _from_monday(self, cell: int) -> tuple[int, int]:
        """Its place in the week, so that equal hours are not decided by the day on which groups are formed."""
        day, at = divmod(cell, _CELLS_A_DAY)
        return (day + self._wanted.begins.astimezone(UTC).weekday()) % 7, at

    def _largest(self, left: Sequence[_Learner]) -> _Draft | None:
        """The group at the hour that suits most of them and some mentors."""
        if not self._policy.common_hours:
            leading = self._leading(left, None)
            if leading is None:
                self._note(left, "no_mentor", self._no_leader("no mentor is left who can lead another group"))
                return None
            return self._draft(self._chosen(left, leading), leading, None)
        suits = self._starts[[one.row for one in left]].sum(axis=0)
        if not (suits >= self._policy.least).any():
            self._note(left, "no_common_hours", self._no_hours(suits))
            return None
        enough = np.flatnonzero((suits >= self._policy.least) & self._can_be_led())
        awake = self._awake[[one.row for one in left]].sum(axis=0)
        most = self._policy.most
        for cell in sorted(
            enough.tolist(), key=lambda one: (-min(suits[one], most), -awake[one], self._from_monday(one))
        ):
            able = [one for one in left if one.starts[cell]]
            leading = self._leading(able, cell)
            chosen = self._chosen(able, leading) if leading else []
            if leading and len(chosen) >= self._policy.least:
                return self._draft(chosen, leading, cell)
        nobody = "at none of the hours that suit enough of them is a mentor free to lead a group"
        self._note(left, "no_mentor", self._no_leader(nobody))
        return None

    def _no_leader(self, otherwise: str) -> str:
        if self._mentors:
            return otherwise
        return f"none of {counted(self._all_mentors, 'mentor')} can lead a group: by kind, training or minutes left"

    def _can_be_led(self) -> Cells:
        free = [one.starts for one in self._mentors if one.available.free > one.led]
        led: Cells = np.array(free, int).reshape(len(free), _CELLS).sum(axis=0) >= self._policy.mentors
        return led

    def _no_hours(self, suits: NDArray[np.int64]) -> str:
        return f"no hour suits more than {int(suits.max())} of those alike, and a group needs {self._policy.least}"

    def _chosen(self, able: Sequence[_Learner], leading: Sequence[_Mentor]) -> list[_Learner]:
        """Those who go first, and as many that those who are left over can still form a group."""
        fitting = [one for one in able if self._meets[one.row, [lead.column for lead in leading]].all()]
        most, least = self._policy.most, self._policy.least
        over = len(fitting) - most
        size = most if over <= 0 or over >= least else max(len(fitting) - least, least)
        return fitting[: min(size, most)]

    def _leading(self, able: Sequence[_Learner], cell: int | None) -> list[_Mentor] | None:
        """As many mentors as the kit says, those who know the subject and have led least first. None: too few."""
        topics = Counter(word for one in able for word in one.candidate.profile.problem_type)
        welcome = self._meets[[one.row for one in able]].sum(axis=0)
        free = [one for one in self._mentors if one.available.free > one.led and (cell is None or one.starts[cell])]

        def order(one: _Mentor) -> tuple[object, ...]:
            known = sum(topics[word] for word in one.available.profile.expertise)
            return (-int(welcome[one.column]), -known, one.led, self._hash(one.id), one.id)

        chosen = sorted(free, key=order)[: self._policy.mentors]
        return chosen if len(chosen) == self._policy.mentors else None

    def _draft(self, members: list[_Learner], leading: Sequence[_Mentor], cell: int | None) -> _Draft:
        for one in leading:
            one.led += 1
            if cell is not None:
                self._take(one, cell, self._wanted.length)
        zone = leading[0].available.profile.time_zone
        slot = _slot(cell, zone, self._wanted.begins) if cell is not None else None
        return _Draft(members, tuple(leading), cell, slot)

    def _take(self, mentor: _Mentor, cell: int, length: timedelta) -> None:
        """With the time that the kit wants between two meetings."""
        buffer = self._wanted.kit.meeting.buffer
        around = _many(buffer) if buffer else 0
        taken = np.arange(cell - around, cell + _many(length) + around) % _CELLS
        mentor.free[taken] = False
        mentor.free[_CELLS:][taken[taken < _CELLS_A_DAY]] = False  # the same hours, a week later
        mentor.starts = starts(mentor.free, self._wanted.length)

    # Those who are left

    def _joins(self, one: _Learner) -> bool:
        """Adds the learner to the smallest group with room that meets when they can and wants what they want."""
        fitting = [
            draft
            for draft in self._drafts
            if len(draft.members) < self._policy.most
            and (draft.cell is None or one.starts[draft.cell])
            and _alike(one.traits[:1], draft.traits)
            and self._meets[one.row, [lead.column for lead in draft.mentors]].all()
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
            mentors=tuple(one.id for one in draft.mentors),
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


def _who_may_meet(learners: Sequence[Candidate], mentors: Sequence[Available]) -> NDArray[np.bool_]:
    """Learners by rows, mentors by columns. Only those of whom something is said are looked at pair by pair."""
    ids = {str(one.mentor) for one in mentors}
    particular = [bool(one.profile.languages or one.profile.never) for one in mentors]
    found = np.ones((len(learners), len(mentors)), bool)
    for row, one in enumerate(learners):
        profile = one.profile
        if profile.languages or profile.never or one.declined or str(one.learner) in ids:
            found[row] = [_may_meet(one, lead) for lead in mentors]
        else:
            for column in np.flatnonzero(particular).tolist():
                found[row, column] = _may_meet(one, mentors[column])
    return found


def _may_meet(learner: Candidate, mentor: Available) -> bool:
    """Nobody leads a group of which they are a member, or one with somebody whom either side does not want to meet; and
    they speak a common language, where both have said which."""
    mine, theirs = learner.profile, mentor.profile
    if str(learner.learner) == str(mentor.mentor):
        return False
    if mentor.mentor in mine.never or mentor.mentor in learner.declined or learner.learner in theirs.never:
        return False
    return not mine.languages or not theirs.languages or bool(set(mine.languages) & set(theirs.languages))
