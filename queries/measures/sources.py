"""Where measures are counted: the rows of a view, and when each of them counts.

In a condition, `j` is the journey in the view `measured`, and `$2` the moment as of which it is counted.
"""

from dataclasses import dataclass

from projections.reading import View
from projections.views import measured


@dataclass(frozen=True, slots=True)
class Source:
    id: str
    rows: str
    """What one row is, in words."""
    counts: str
    """The week in which a row counts, in words."""
    tables: str
    """What stands behind `from`."""
    at: str
    """The moment by which a row counts in a week and a period, as SQL."""
    view: View
    split: str = "null"
    """By what the rows of several measures are told apart, as SQL: their `part`."""


STARTED = Source(
    id="started",
    rows="a journey whose pathway began",
    counts="in which the pathway began",
    tables="views.measured as j",
    at="j.started_at",
    view=measured.ROWS,
)
ENDED = Source(
    id="ended",
    rows="a journey that ended and was not declined at the intake",
    counts="in which the journey ended",
    tables="views.measured as j join views.delivered as d on d.stream = j.stream"
    " left join (select stream, sum(times) as times from views.delivered_outcomes group by stream) as o"
    " on o.stream = j.stream",
    at="case when j.ending <> 'declined' then j.closed_at end",
    view=measured.WITH_DELIVERED,
)
CONFIDENCE = Source(
    id="confidence",
    rows="a journey whose learner said at least twice how confident they are",
    counts="in which the learner last said so",
    tables="views.measured as j",
    at="j.confidence_at",
    view=measured.ROWS,
)
SESSIONS = Source(
    id="sessions",
    rows="a session of one learner whose attendance is recorded; of a group, one for each member",
    counts="for which the session was planned",
    tables="views.measured as j join views.measured_sessions as s on s.stream = j.stream",
    at="s.at",
    view=measured.ROWS,
)
DUTIES = Source(
    id="duties",
    rows="something that somebody was to do by a date, once that has passed; a pause moves it",
    counts="in which it was due",
    tables="views.measured as j join views.measured_duties as d on d.stream = j.stream",
    at="d.due_at",
    view=measured.ROWS,
    split="d.kind",
)
RESPONSES = Source(
    id="responses",
    rows="something that somebody was to do, once it is done",
    counts="in which it was done",
    tables="views.measured as j join views.measured_duties as d on d.stream = j.stream",
    at="d.done_at",
    view=measured.ROWS,
    split="d.kind",
)
MILESTONES = Source(
    id="milestones",
    rows="a milestone of a pathway that has been settled, or whose deadline was missed",
    counts="in which the pathway began",
    tables="views.measured as j join views.delivered_milestones as m on m.stream = j.stream",
    at="j.started_at",
    view=measured.WITH_DELIVERED,
)
WEEKS = Source(
    id="weeks",
    rows="a week of a journey, from the beginning of its pathway to its end, but for weeks that a pause took whole",
    counts="of which it tells",
    tables="(select *, date_trunc('week', started_at at time zone 'UTC')::date as first_monday,"
    " (least(counts_until, $2::timestamptz) at time zone 'UTC')::date as last_day"
    " from views.measured where started_at <= $2::timestamptz) as j"
    " cross join lateral (select j.first_monday + 7 * n as monday from"
    " generate_series(0, (j.last_day - j.first_monday) / 7) as n) as g"
    " left join views.measured_weeks as w on w.stream = j.stream and w.week = g.monday"
    " left join (select stream, day - (day - date '1970-01-05') % 7 as monday, count(*) as days"
    " from views.daily_activity group by 1, 2) as a on a.stream = 'activity-' || j.journey and a.monday = g.monday",
    at="(g.monday::timestamp at time zone 'UTC')",
    view=measured.WITH_ACTIVITY,
)
SURVEYS = Source(
    id="surveys",
    rows="a survey that a learner or a mentor was asked about a journey, once it is answered or has expired",
    counts="in which it was asked",
    tables="views.measured as j join views.survey_requests as r on r.journey = j.journey",
    at="r.requested_at",
    view=measured.WITH_SURVEYS,
)
ANSWERS = Source(
    id="answers",
    rows="an answer on a scale, of a question of which the kit says what it tells",
    counts="in which it was given",
    tables="views.measured as j join views.survey_answers as q on q.journey = j.journey",
    at="q.answered_at",
    view=measured.WITH_SURVEYS,
    split="q.tells",
)
GAINS = Source(
    id="gains",
    rows="a journey whose learner answered at least twice, in surveys, how confident they are",
    counts="in which they last answered",
    tables="views.measured as j join (select journey, max(answered_at) as at,"
    " (array_agg(number order by answered_at desc))[1] - (array_agg(number order by answered_at))[1] as gain"
    " from views.survey_answers where tells = 'confidence' and role = 'learner' and kind = 'scale'"
    " group by journey having count(*) > 1) as q on q.journey = j.journey",
    at="q.at",
    view=measured.WITH_SURVEYS,
)
SCORES = Source(
    id="scores",
    rows="a question or a dimension of the rubric, scored for one session by a peer or in a review",
    counts="for which the session was planned",
    tables="views.measured as j join views.session_scores as c on c.journey = j.journey",
    at="c.held_at",
    view=measured.WITH_SCORES,
    split="c.kind",
)
