"""The calculation of a draft, apart from where its pool comes from and where it is recorded. Takes seconds of CPU for
thousands of learners: run it in a thread."""

from typing import NamedTuple

from domain.kit import Kit
from domain.matching.contributions import contributions
from domain.matching.draft import Draft
from domain.matching.match import draft_of
from domain.matching.matched import Matched
from domain.matching.pool import Pool
from domain.round import RecordDraft, RoundState
from domain.round import events as e
from domain.values import together

_LONGEST = 500
_MOST_REMARKS = 50
_REASONS = 3
"""What is said of a pair to those who are asked: the criteria that give most."""


class Calculated(NamedTuple):
    pool: str
    """The JSON of the pool."""
    digest: str
    record: RecordDraft


def calculate(pool: Pool, kit: Kit, state: RoundState) -> Calculated:
    """Raises BadProblem where the costs of the kit are too large to be calculated with exactly."""
    matched = Matched(pool, kit)
    draft = draft_of(matched)
    return Calculated(pool.model_dump_json(), draft.pool, _record(pool, draft, matched, state))


def _record(pool: Pool, draft: Draft, matched: Matched, state: RoundState) -> RecordDraft:
    drafted = e.RoundDrafted(
        at=pool.at,
        draft=state.drafted.draft + 1 if state.drafted else 1,
        kit=draft.kit,
        pool=draft.pool,
        settings=state.settings,
        waiting=len(pool.candidates),
        mentors=len(pool.mentors),
        free=sum(one.free for one in pool.mentors),
        pairs=len(draft.pairs),
        unplaced=len(draft.unplaced),
        mean_points=draft.mean_points,
        certificate=e.Certificate.model_validate(draft.certificate.model_dump()),
        worst_off=tuple(e.Poor(learner=one.learner, mentor=one.mentor, points=one.points) for one in draft.worst_off),
        preferring=draft.preferring_in_all,
        obstacles={one.rule: one.pairs for one in draft.obstacles},
        remarks=tuple(one[:_LONGEST] for one in draft.remarks[:_MOST_REMARKS]),
    )
    return RecordDraft(drafted=drafted, pairs=_pairs(draft, matched), left=_left(draft))


def _pairs(draft: Draft, matched: Matched) -> tuple[e.Drafted, ...]:
    rows = {one.journey: row for row, one in enumerate(matched.roster.candidates)}
    return tuple(
        e.Drafted(
            journey=one.journey,
            learner=one.learner,
            mentor=one.mentor,
            points=one.points,
            pinned=one.pinned,
            reason=_reason(matched, rows[one.journey]),
        )
        for one in draft.pairs
    )


def _reason(matched: Matched, row: int) -> str:
    """Why these two, in words: what gives most of those criteria about which both sides have said something."""
    column = matched.mentor_of(row)
    assert column is not None, "a pair has a mentor"
    speaking = [one for one in contributions(matched.scores, row, column) if one.known and one.points > 0]
    best = sorted(speaking, key=lambda one: -one.points)[:_REASONS]
    return f"The mentor {together(one.says for one in best)}."[:_LONGEST] if best else ""


def _left(draft: Draft) -> tuple[e.Left, ...]:
    return tuple(
        e.Left(journey=one.journey, learner=one.learner, why=one.why, says=one.says[:_LONGEST])
        for one in draft.unplaced
    )
