"""The rounds of a program, and one of them with its draft: whom it gives whom, and what can be decided about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.values import counted
from domain.words import plain
from interfaces.http.pages.asked import NOTHING
from interfaces.http.pages.rendering import When
from projections.views.rounds import RoundRow
from queries.rounds import WHY, LeftLearner, ProposedPair, RoundRecord, SetPair, standing

PAGE = 100
"""Pairs and learners without one, each, on a page."""


@dataclass(frozen=True, slots=True)
class RoundLine:
    number: int
    begun: When
    why: str
    standing: str
    waiting: str
    pairs: str
    fit: str
    sent: str
    refused: str
    withdrawn: str


@dataclass(frozen=True, slots=True)
class PairShown:
    learner: str
    learner_name: str
    mentor: str
    mentor_name: str
    journey: str
    points: str
    reason: str
    became: str
    pinned: bool


@dataclass(frozen=True, slots=True)
class LeftShown:
    learner: str
    name: str
    journey: str
    why: str
    says: str


@dataclass(frozen=True, slots=True)
class PairSet:
    """A pair that somebody pinned or forbade."""

    learner: str
    mentor: str
    learner_name: str
    mentor_name: str


@dataclass(frozen=True, slots=True)
class DraftShown:
    number: int
    made: str
    figures: Sequence[tuple[str, str]]
    remarks: Sequence[str]


@dataclass(frozen=True, slots=True)
class MatchingPage:
    program: str
    title: str
    number: int | None
    """Of the round that is shown; none: there was none yet."""
    standing: str
    is_open: bool
    can_release: bool
    can_take_back: bool
    stale: bool
    draft: DraftShown | None
    pairs: Sequence[PairShown]
    all_pairs: str
    """How many there are, where not all of them are shown."""
    left: Sequence[LeftShown]
    all_left: str
    pinned: Sequence[PairSet]
    forbidden: Sequence[PairSet]
    rounds: Sequence[RoundLine]
    waiting: str
    """Who waits for a mentor now."""
    acts: bool
    next: str | None
    """The address of the next pairs."""


def round_lines(rows: Sequence[RoundRow], now: datetime) -> list[RoundLine]:
    return [_line(one, now) for one in rows]


def _line(one: RoundRow, now: datetime) -> RoundLine:
    return RoundLine(
        number=one.number,
        begun=When.of(one.begun_at, now),
        why=WHY[one.cause],
        standing=standing(one.phase, one.taken_back_at),
        waiting=_number(one.waiting),
        pairs=_number(one.pairs),
        fit=NOTHING if one.mean_points is None else f"{one.mean_points:.0f}",
        sent=_number(one.sent if one.released_at else None),
        refused=_number(one.refused if one.released_at else None),
        withdrawn=_number(one.withdrawn if one.released_at else None),
    )


def _number(value: int | None) -> str:
    return NOTHING if value is None else f"{value:,}"


def matching_page(
    program: str,
    found: RoundRecord | None,
    rounds: Sequence[RoundLine],
    waiting: str,
    after: str,
    *,
    acts: bool,
) -> MatchingPage:
    """`after`: the last learner of the page before."""
    pairs = [one for one in found.pairs if one.learner > after] if found else []
    left = found.left if found and not after else ()
    is_open = bool(found and found.phase not in ("completed", "discarded"))
    return MatchingPage(
        program=program,
        title=f"Round {found.number}" if found else "Matching",
        number=found.number if found else None,
        standing=_standing(found) if found else "No round of matching has begun yet.",
        is_open=is_open,
        can_release=bool(found and found.phase == "drafted" and not found.stale),
        can_take_back=bool(found and found.released_at and not found.taken_back_at and _withdrawable(found)),
        stale=bool(is_open and found and found.stale),
        draft=_draft(found) if found else None,
        pairs=list(map(_pair, pairs[:PAGE])),
        all_pairs=_all(pairs, "pair"),
        left=list(map(_left, left[:PAGE])),
        all_left=_all(left, "learner"),
        pinned=_set_pairs(found, found.pinned) if found else (),
        forbidden=_set_pairs(found, found.forbidden) if found else (),
        rounds=rounds,
        waiting=waiting,
        acts=acts,
        next=f"/programs/{program}/matching/{found.number}?after={pairs[PAGE - 1].learner}"
        if found and len(pairs) > PAGE
        else None,
    )


def _withdrawable(found: RoundRecord) -> bool:
    return any(one.became in ("proposed", "unanswered", "not_sent", "questioned") for one in found.pairs)


def _all(those: Sequence[object], what: str) -> str:
    return f"The first {PAGE} of {counted(len(those), what)}." if len(those) > PAGE else ""


def _standing(found: RoundRecord) -> str:
    said = {
        "drafting": "The draft is being made. Nothing has been sent.",
        "drafted": "The draft waits for you to release it. Nothing has been sent.",
        "released": "Released; the proposals are being sent.",
        "completed": f"Released; {counted(len(found.pairs), 'proposal')} made.",
        "discarded": "Discarded; nothing was sent.",
    }[found.phase]
    if found.taken_back_at:
        return f"Taken back; {counted(found.count('withdrawn'), 'proposal')} withdrawn."
    return f"{said} Begun {WHY[found.cause]}."


def _draft(found: RoundRecord) -> DraftShown | None:
    one = found.draft
    if one is None:
        return None
    figures = [
        ("Learners who wait", f"{one.waiting:,}"),
        ("Get a mentor", f"{one.pairs:,}"),
        ("Get nobody", f"{one.unplaced:,}"),
        ("Mentors with a place", f"{one.mentors:,}, {one.free:,} free"),
        ("Mean fit of 100", NOTHING if one.mean_points is None else f"{one.mean_points:.0f}"),
        ("Pairs who would both rather have each other", f"{one.preferring:,}"),
    ]
    figures += [(f"Pairs ruled out: {plain(rule)}", f"{many:,}") for rule, many in one.obstacles.items()]
    return DraftShown(one.draft, f"Draft {one.draft}", figures, one.remarks)


def _pair(one: ProposedPair) -> PairShown:
    refused = f": {one.refused.code.replace('_', ' ')}" if one.refused else ""
    return PairShown(
        learner=one.learner,
        learner_name=one.learner_name or one.learner,
        mentor=one.mentor,
        mentor_name=one.mentor_name or one.mentor,
        journey=one.journey,
        points=f"{one.points:.0f}",
        reason=one.reason,
        became=f"{plain(one.became)}{refused}",
        pinned=one.pinned,
    )


_WHY_LEFT = {"excluded": "no mentor is possible", "below_least": "nobody fits well enough", "no_place": "no place left"}


def _left(one: LeftLearner) -> LeftShown:
    return LeftShown(
        one.learner, one.learner_name or one.learner, one.journey, _WHY_LEFT.get(one.why, plain(one.why)), one.says
    )


def _set_pairs(found: RoundRecord, those: Sequence[SetPair]) -> list[PairSet]:
    names = {one.learner: one.learner_name or one.learner for one in found.left}
    names |= {one.learner: one.learner_name or one.learner for one in found.pairs}
    mentors = {one.mentor: one.mentor_name or one.mentor for one in found.pairs}
    return [
        PairSet(one.learner, one.mentor, names.get(one.learner, one.learner), mentors.get(one.mentor, one.mentor))
        for one in those
    ]
