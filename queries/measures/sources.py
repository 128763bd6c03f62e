"""Where measures are counted: the rows of a view, and when each of them counts.

In a condition, `j` is the journey in the view `measured`, and `$2` the moment as of which it is counted; `$3` and `$4`
are the ends of the period, where there is one.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from projections.reading import View
from projections.views import measured

_FOLDER = Path(__file__).parent


@cache
def statement(name: str) -> str:
    """SQL in a file of this package."""
    return (_FOLDER / f"{name}.sql").read_text()


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    row: str
    """What one row is, in words."""
    counts: str
    """The week in which a row counts, in words."""
    rows_from: str
    """What stands behind `from`: a file in rows/. Sources of the same file and `split` are read together."""
    at: str
    """The moment by which a row counts in a week and a period, as SQL."""
    view: View
    split: str = "null"
    """By what the rows of several measures are told apart, as SQL: their `part`."""

    @property
    def rows(self) -> str:
        """As SQL."""
        return statement(f"rows/{self.rows_from}")


STARTED = Source(
    id="started",
    row="a journey whose pathway began",
    counts="in which the pathway began",
    rows_from="journeys",
    at="j.started_at",
    view=measured.ROWS,
)
ENDED = Source(
    id="ended",
    row="a journey that ended and was not declined at the intake",
    counts="in which the journey ended",
    rows_from="ended",
    at="case when j.ending <> 'declined' then j.closed_at end",
    view=measured.WITH_DELIVERED,
)
CONFIDENCE = Source(
    id="confidence",
    row="a journey whose learner said at least twice how confident they are",
    counts="in which the learner last said so",
    rows_from="journeys",
    at="j.confidence_at",
    view=measured.ROWS,
)
SESSIONS = Source(
    id="sessions",
    row="a session of one learner whose attendance is recorded; of a group, one for each member",
    counts="for which the session was planned",
    rows_from="sessions",
    at="s.at",
    view=measured.ROWS,
)
DUTIES = Source(
    id="duties",
    row="something that somebody was to do by a date, once that has passed; a pause moves it",
    counts="in which it was due",
    rows_from="duties",
    at="d.due_at",
    view=measured.ROWS,
    split="d.kind",
)
RESPONSES = Source(
    id="responses",
    row="something that somebody was to do, once it is done",
    counts="in which it was done",
    rows_from="duties",
    at="d.done_at",
    view=measured.ROWS,
    split="d.kind",
)
MILESTONES = Source(
    id="milestones",
    row="a milestone of a pathway that has been settled, or whose deadline was missed",
    counts="in which the pathway began",
    rows_from="milestones",
    at="j.started_at",
    view=measured.WITH_DELIVERED,
)
WEEKS = Source(
    id="weeks",
    row="a week of a journey, from the beginning of its pathway to its end, but for weeks that a pause took whole",
    counts="of which it tells",
    rows_from="weeks",
    at="(w.monday::timestamp at time zone 'UTC')",
    view=measured.WITH_ACTIVITY,
)
SURVEYS = Source(
    id="surveys",
    row="a survey that a learner or a mentor was asked about a journey, once it is answered or has expired",
    counts="in which it was asked",
    rows_from="surveys",
    at="r.requested_at",
    view=measured.WITH_SURVEYS,
)
ANSWERS = Source(
    id="answers",
    row="an answer on a scale, of a question of which the kit says what it tells",
    counts="in which it was given",
    rows_from="answers",
    at="q.answered_at",
    view=measured.WITH_SURVEYS,
    split="q.tells",
)
GAINS = Source(
    id="gains",
    row="a journey whose learner answered at least twice, in surveys, how confident they are",
    counts="in which they last answered",
    rows_from="gains",
    at="q.at",
    view=measured.WITH_SURVEYS,
)
SCORES = Source(
    id="scores",
    row="a question or a dimension of the rubric, scored for one session by a peer or in a review",
    counts="for which the session was planned",
    rows_from="scores",
    at="c.held_at",
    view=measured.WITH_SCORES,
    split="c.kind",
)
