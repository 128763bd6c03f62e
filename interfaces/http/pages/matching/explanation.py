"""Why a learner gets this mentor, what another choice would cost everybody, and a what-if."""

import re
from collections.abc import Mapping, Sequence, Sized
from dataclasses import dataclass

from domain.matching.explanation import Choice, Contribution, Exclusion
from domain.values import counted
from domain.words import plain
from interfaces.http.pages.asked import NOTHING
from queries.matching import Explained, Imagined

MOST = 50
"""Choices and exclusions, each, on a page."""


@dataclass(frozen=True, slots=True)
class Given:
    criterion: str
    points: str
    of: str
    share: float
    """Of 100, for the bar."""
    says: str


@dataclass(frozen=True, slots=True)
class ChoiceShown:
    mentor: str | None
    name: str
    points: str
    price: str
    says: str


@dataclass(frozen=True, slots=True)
class Excluded:
    mentor: str
    name: str
    because: str


@dataclass(frozen=True, slots=True)
class WhatIfShown:
    mentor: str
    name: str
    possible: bool
    says: str
    moves: Sequence[str]
    given: Sequence[Given]


@dataclass(frozen=True, slots=True)
class ExplanationPage:
    program: str
    number: int
    learner: str
    name: str
    journey: str
    mentor: str | None
    mentor_name: str
    says: str
    facts: Sequence[str]
    given: Sequence[Given]
    choices: Sequence[ChoiceShown]
    more_choices: str
    excluded: Sequence[Excluded]
    more_excluded: str
    what_if: WhatIfShown | None
    mentors: Sequence[tuple[str, str]]
    """Whom a what-if can ask about: every mentor of the round, with their name."""
    acts: bool
    """Whether the round is open, and the reader may decide about it."""
    pinned: bool


def _named(says: str, names: Mapping[str, str]) -> str:
    """With the names of those whose ids it has."""
    if not names:
        return says
    ids = "|".join(map(re.escape, sorted(names, key=len, reverse=True)))
    return re.sub(rf"(?<![\w.-])({ids})(?![\w-])", lambda found: names[found[1]], says)


def _waited(days: int) -> str:
    return f"Has waited for {counted(days, 'day')}" if days else "Has waited since today"


def explanation_page(
    program: str, number: int, found: Explained, imagined: Imagined | None, *, acts: bool
) -> ExplanationPage:
    one, names = found.explanation, found.names
    mentors = {choice.mentor for choice in one.choices if choice.mentor} | {out.mentor for out in one.excluded}
    return ExplanationPage(
        program=program,
        number=number,
        learner=one.learner,
        name=names.get(one.learner, one.learner),
        journey=one.journey,
        mentor=one.mentor,
        mentor_name=names.get(one.mentor, one.mentor) if one.mentor else "",
        says=_named(one.says, names),
        facts=[
            f"{_waited(one.waited_days)}; leaving them without a mentor costs {one.unmatched_price:.0f} points today.",
            f"The least fit that is proposed to them today is {one.least_points:.0f} points.",
        ],
        given=list(map(_given, one.contributions)),
        choices=[_choice(choice, names) for choice in one.choices[:MOST]],
        more_choices=_more(one.choices, "choice"),
        excluded=_excluded(one.excluded, names)[:MOST],
        more_excluded=_more({out.mentor: out for out in one.excluded}, "mentor"),
        what_if=_what_if(imagined) if imagined else None,
        mentors=sorted(((one, names.get(one, one)) for one in mentors), key=lambda pair: pair[1]),
        acts=acts,
        pinned=one.pinned,
    )


def _excluded(found: Sequence[Exclusion], names: Mapping[str, str]) -> list[Excluded]:
    """One for each mentor, with every rule that keeps them away."""
    why: dict[str, list[str]] = {}
    for one in found:
        why.setdefault(one.mentor, []).append(_named(one.says, names))
    return [Excluded(mentor, names.get(mentor, mentor), "; ".join(says)) for mentor, says in why.items()]


def _more(those: Sized, what: str) -> str:
    return f"The first {MOST} of {counted(len(those), what)}." if len(those) > MOST else ""


def _given(one: Contribution) -> Given:
    of = f"{one.of:.0f}" if one.of else "on top"
    share = round(100 * max(one.points, 0) / one.of, 1) if one.of else 0.0
    return Given(plain(one.criterion), f"{one.points:.0f}", of, min(share, 100.0), one.says)


def _choice(one: Choice, names: Mapping[str, str]) -> ChoiceShown:
    return ChoiceShown(
        mentor=one.mentor,
        name=names.get(one.mentor, one.mentor) if one.mentor else "nobody for now",
        points=NOTHING if one.points is None else f"{one.points:.0f}",
        price="not at any price" if one.price is None else f"{one.price:.0f}",
        says=_named(one.says, names),
    )


def _what_if(found: Imagined) -> WhatIfShown:
    one, names = found.what_if, found.names
    return WhatIfShown(
        mentor=one.mentor,
        name=names.get(one.mentor, one.mentor),
        possible=one.possible,
        says=_named(one.says, names),
        moves=[
            f"{names.get(move.learner, move.learner)}: {_whom(move.gets, names)} instead of {_whom(move.leaves, names)}"
            for move in one.choice.moves
        ],
        given=list(map(_given, one.choice.contributions)),
    )


def _whom(mentor: str | None, names: Mapping[str, str]) -> str:
    return names.get(mentor, mentor) if mentor else "nobody"
