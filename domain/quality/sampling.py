"""Which sessions a round looks at: a stratified sample, drawn from a seed, within the minutes that the kit allows.

The same sessions and the same seed give the same sample, in whatever order the sessions come. In reading order: what is
known of a session, what is drawn, the draw.
"""

import hashlib
import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Literal, NamedTuple

from pydantic import AwareDatetime

from domain.ids import JourneyId, MentorId, SessionId
from domain.kit.quality import Quality
from domain.values import Frozen

RULE = "stratified-1"
"""Names the way in which is drawn. Another way gets another name, so that each round tells how it came about."""

Stratum = Literal["due", "risk", "new", "other"]
"""Why a session is in the sample: its mentor's turn has come; a risk shows; the mentor is new; by chance alone."""
Risk = Literal["open_case", "missed_session", "low_mark"]
"""A case of the journey is open; a session of the journey was missed; the mentor's last review had low marks."""


class Held(Frozen):
    """A session that was held, and so can be looked at."""

    journey: JourneyId
    session: SessionId
    mentor: MentorId
    held_at: AwareDatetime
    meeting: str
    """The same for all who sat in one group session: it is looked at once."""
    sessions_of_mentor: int
    """How many the mentor has held in the program."""
    seen_at: AwareDatetime
    """When a session of the mentor was last looked at, or else when they held their first."""
    risks: tuple[Risk, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.journey}:{self.session}"


class Chosen(NamedTuple):
    held: Held
    stratum: Stratum
    is_twin: bool = False
    """Whether it stands for a session that is in the sample already, for another reviewer."""


class Sample(NamedTuple):
    chosen: Sequence[Chosen]
    """In an order that says nothing of which are twins."""
    sessions: int
    """From how many it was drawn; a group session is one."""
    mentors: int
    left: tuple[MentorId, ...]
    """Mentors whose turn had come, and for whom the minutes did not suffice. They come first in the next round."""


def sample(sessions: Iterable[Held], quality: Quality, seed: str, at: datetime) -> Sample:
    """`at`: when the round begins. Never everything: of several sessions, some stay unseen."""
    draws = _Draws(seed)
    held = _one_a_meeting(sessions, draws)
    many, twins = _sizes(len(held), quality, draws)
    turns = _turns(held, many, quality, at, draws)
    chosen = [Chosen(draws.first(those, quality), "due") for those in turns.now]
    chosen += _by_weight(held, chosen, many - len(chosen), quality, draws)
    doubled = sorted(chosen, key=lambda one: draws.of("twice", one.held.key))[:twins]
    everything = [*chosen, *(one._replace(is_twin=True) for one in doubled)]
    return Sample(
        chosen=sorted(everything, key=lambda one: draws.of("order", f"{one.held.key}:{one.is_twin}")),
        sessions=len(held),
        mentors=len({one.mentor for one in held}),
        left=turns.left,
    )


class _Turns(NamedTuple):
    now: Sequence[Sequence[Held]]
    """The sessions of each mentor whose turn it is."""
    left: tuple[MentorId, ...]


class _Draws:
    """Numbers from 0 to 1, each for a purpose and a name."""

    def __init__(self, seed: str) -> None:
        self._seed = seed

    def of(self, purpose: str, name: str) -> float:
        digest = hashlib.sha256(f"{self._seed}:{purpose}:{name}".encode()).digest()
        return (int.from_bytes(digest[:7], "big") + 1) / (2**56 + 1)

    def place(self, one: Held, quality: Quality) -> float:
        """The lower, the sooner it is drawn: without replacement, by weight (Efraimidis and Spirakis, 2006)."""
        return -math.log(self.of("sample", one.key)) / _weight(one, quality)

    def first(self, those: Iterable[Held], quality: Quality) -> Held:
        return min(those, key=lambda one: self.place(one, quality))


def _weight(one: Held, quality: Quality) -> float:
    weight = quality.new_weight if one.sessions_of_mentor < quality.new_until else 1.0
    return weight * (quality.risk_weight if one.risks else 1.0)


def _one_a_meeting(sessions: Iterable[Held], draws: _Draws) -> list[Held]:
    """Of a group session, the place of one learner stands for all; rather of one who shows a risk."""
    meetings: dict[str, list[Held]] = {}
    for one in sessions:
        meetings.setdefault(one.meeting, []).append(one)
    return [min(those, key=lambda one: (not one.risks, draws.of("meeting", one.key))) for those in meetings.values()]


def _sizes(sessions: int, quality: Quality, draws: _Draws) -> tuple[int, int]:
    """How many sessions are looked at, and how many of them twice. Fractions are rounded by the draw, so that over
    many rounds the share is what the kit says."""
    budget, draw = quality.minutes // quality.minutes_a_review, draws.of("size", "twins")
    most = min(sessions, max(1, math.floor(sessions * quality.most_share)))
    many = budget - min(budget // 2, _rounded(budget * quality.twice / (1 + quality.twice), draw))
    if many <= most:
        return many, budget - many
    return most, min(most, budget - most, _rounded(most * quality.twice, draw))


def _rounded(number: float, draw: float) -> int:
    whole = math.floor(number)
    return whole + (draw < number - whole)


def _turns(held: Sequence[Held], many: int, quality: Quality, at: datetime, draws: _Draws) -> _Turns:
    """Whose turn it is, the longest unseen first: as many as have to come now, so that none of the later rounds has
    more whose time is over than it can look at."""
    by_mentor: dict[MentorId, list[Held]] = {}
    for one in held:
        by_mentor.setdefault(one.mentor, []).append(one)
    waiting = sorted(by_mentor.values(), key=lambda those: (_unseen_since(those), draws.of("turn", those[0].mentor)))
    rounds_left = [
        max(0, (_unseen_since(those) + quality.every_mentor_within - at) // quality.every) for those in waiting
    ]
    wanted = max((nth - left * many for nth, left in enumerate(rounds_left, start=1)), default=0)
    due = sum(left == 0 for left in rounds_left)
    now = waiting[: min(many, max(wanted, due))]
    return _Turns(now, tuple(those[0].mentor for those in waiting[len(now) : due]))


def _unseen_since(those: Sequence[Held]) -> datetime:
    return min(one.seen_at for one in those)


def _by_weight(
    held: Sequence[Held], chosen: Sequence[Chosen], many: int, quality: Quality, draws: _Draws
) -> list[Chosen]:
    sessions_of, taken = Counter(one.mentor for one in held), Counter(one.held.mentor for one in chosen)
    seen, found = {one.held.key for one in chosen}, list[Chosen]()
    for one in sorted(held, key=lambda one: draws.place(one, quality)):
        if len(found) >= many:
            break
        if one.key not in seen and taken[one.mentor] < _most_of(sessions_of[one.mentor], quality):
            found.append(Chosen(one, _stratum(one, quality)))
            taken[one.mentor] += 1
    return found


def _most_of(sessions: int, quality: Quality) -> int:
    return max(1, math.floor(sessions * quality.most_share))


def _stratum(one: Held, quality: Quality) -> Stratum:
    if one.risks:
        return "risk"
    return "new" if one.sessions_of_mentor < quality.new_until else "other"


def strata(chosen: Iterable[Chosen]) -> Mapping[Stratum, int]:
    """How many sessions of each are in the sample, those that are scored twice counted once."""
    return Counter(one.stratum for one in chosen if not one.is_twin)
