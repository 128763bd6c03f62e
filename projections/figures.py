"""What metrics count in the views. Every statement groups in Postgres and returns a bounded number of rows."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from projections.reading import View
from projections.sql import query
from store.database import Pool

Rows = Sequence[tuple[Any, ...]]

_BOARD = View(board=1)
_ATTENTION = View(board=4)
_DELIVERED = View(delivered=3)
_REVIEWS = View(qa_samples=1)
_WAITS = View(funnel=2, mentor_load=2)
_MESSAGES = View(messages=1)
_BULKS = View(bulks=1)

RULES = 50
"""So many rules of a program are counted on their own; the others together, as `other`."""
MATCHED_WITHIN_DAYS = (0.25, 1, 2, 3, 5, 7, 10, 14, 21, 28)
"""The upper bounds of how long learners wait for a mentor."""


async def journeys(pool: Pool) -> Rows:
    """Program, stage, status: journeys. The status is `active`, `paused`, or the ending."""
    return await _rows(_BOARD, pool, query("figures_journeys"))


async def waiting(pool: Pool, at: datetime) -> Rows:
    """Program, duty, role, age: how many wait for this, and how many seconds the first of them has waited at `at`. The
    age is a band, see the statement, and None in a row that sums up all of them, which alone has the seconds.
    """
    return await _rows(_ATTENTION, pool, query("figures_waiting"), at)


async def overdue(pool: Pool, at: datetime) -> Rows:
    """Program, duty, role, rule: how many are overdue at `at`."""
    return await _rows(_ATTENTION, pool, query("figures_overdue"), at, RULES)


async def cases(pool: Pool, at: datetime) -> Rows:
    """Program, severity, age: open cases, and how many seconds the first was open at `at`; the age as in `waiting`."""
    return await _rows(_ATTENTION, pool, query("figures_cases"), at)


async def sessions(pool: Pool) -> Rows:
    """Program, attendance, follow-up (None: none was asked for): sessions whose attendance is known."""
    return await _rows(_DELIVERED, pool, query("figures_sessions"))


async def milestones(pool: Pool) -> Rows:
    """Program, standing: milestones of all journeys."""
    return await _rows(_DELIVERED, pool, query("figures_milestones"))


async def outcomes(pool: Pool) -> Rows:
    """Program, kind: learners with an outcome of that kind. Kinds that no kit names were typed by somebody, and are
    counted together as `other`.
    """
    return await _rows(_DELIVERED, pool, query("figures_outcomes"))


async def promises(pool: Pool) -> Rows:
    """Program, how its promise stands: journeys."""
    return await _rows(_DELIVERED, pool, query("figures_promises"))


async def matching_waits(pool: Pool) -> Rows:
    """Program, number of the bucket (from 0, by MATCHED_WITHIN_DAYS): journeys that were matched, and the sum of the
    seconds that they had waited since their intake was approved.
    """
    seconds = [one * 86_400 for one in MATCHED_WITHIN_DAYS]
    return await _rows(_WAITS, pool, query("figures_matching_waits"), seconds)


async def settled_messages(pool: Pool) -> Rows:
    """Program, status: messages that were sent or skipped."""
    return await _rows(_MESSAGES, pool, query("figures_messages"))


async def reviews(pool: Pool) -> Rows:
    """Program: sessions that wait for a reviewer, and when the first open round closes."""
    return await _rows(_REVIEWS, pool, query("figures_reviews"))


async def bulk_actions(pool: Pool) -> Rows:
    """Action, status: how many."""
    return await _rows(_BULKS, pool, query("figures_bulk_actions"))


async def bulk_left(pool: Pool) -> Rows:
    """Action: journeys that those under way have yet to reach."""
    return await _rows(_BULKS, pool, query("figures_bulk_left"))


async def bulk_outcomes(pool: Pool) -> Rows:
    """Action, outcome: journeys of those that are finished."""
    return await _rows(_BULKS, pool, query("figures_bulk_outcomes"))


async def _rows(view: View, pool: Pool, statement: str, *parameters: object) -> Rows:
    return [tuple(row) for row in await view.fetch(pool, statement, *parameters)]
