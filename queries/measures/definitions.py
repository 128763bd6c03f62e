"""Each measure of a program, defined once: what is counted, of what, when it counts, and which events it comes from.

Everything that shows a rate or a mean of a program takes it from here: the page, the API, the command line, metrics,
the monthly review, pilots.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

from analysis.samples import ANY, SHARES, Scale
from domain.journey import events as e
from domain.kit.promising import MEANINGS, Meaning
from domain.quality.scores import ScoreCorrected, SessionScored
from domain.survey.events import SurveyAnswered, SurveyExpired, SurveyRequested
from projections.views.measured import GAIN
from projections.views.session_scores import SCALES
from queries.measures.sources import (
    ANSWERS,
    CONFIDENCE,
    DUTIES,
    ENDED,
    GAINS,
    MILESTONES,
    RESPONSES,
    SCORES,
    SESSIONS,
    STARTED,
    SURVEYS,
    WEEKS,
    Source,
)

Kind = Literal["leading", "lagging"]
Unit = Literal["share", "hours", "points", "days", "steps"]


@dataclass(frozen=True, slots=True)
class Measure:
    id: str
    """Stable: used in addresses, metrics and stored reviews."""
    title: str
    kind: Kind
    """Leading measures move while a journey is under way; lagging ones are known at its end."""
    unit: Unit
    numerator: str
    """Of a share: which of the rows are counted. Of a mean: the value of a row. In words."""
    denominator: str
    """Which rows there are at all, in words."""
    events: tuple[str, ...]
    """The stored types of the events that it comes from."""
    source: Source
    counted: str
    """Whether a row is in the denominator, as SQL."""
    meets: str = "true"
    """Whether it is in the numerator too, as SQL; of a mean, nothing."""
    value: str | None = None
    """The value of a row as SQL; None for a share."""
    scale: Scale = SHARES
    """Where values can lie."""
    ends: tuple[str, str] | None = None
    """Of a scale that each question has for itself: its ends, as SQL."""
    part: str | None = None
    """Which rows of a source that splits them."""
    good: Literal["high", "low"] = "high"
    of_mentor: bool = False
    """Whether it tells what mentors do, and so may be shown to a mentor about themself."""

    @property
    def is_share(self) -> bool:
        return self.value is None

    @property
    def window(self) -> str:
        return f"the week {self.source.counts}"


def _types(*events: type[e.JourneyEvent]) -> tuple[str, ...]:
    return tuple(one.type for one in events)


_DUE = "(d.done_at is not null or d.due_at <= least(j.counts_until, $2::timestamptz))"
_IN_TIME = "d.done_at <= d.due_at"
_HOURS = "greatest(0, date_part('epoch', d.done_at - d.since) / 3600)"


def _in_time(
    id_: str, kind: str, title: str, what: str, events: tuple[str, ...], *, of_mentor: bool = False
) -> Measure:
    return Measure(
        id=id_,
        title=title,
        kind="leading",
        unit="share",
        numerator=f"{what}, and in time",
        denominator=f"{what}, or overdue, whose date has passed",
        events=events,
        source=DUTIES,
        counted=_DUE,
        part=kind,
        meets=_IN_TIME,
        of_mentor=of_mentor,
    )


def _response(id_: str, kind: str, title: str, what: str, events: tuple[str, ...], *, of_mentor: bool) -> Measure:
    return Measure(
        id=id_,
        title=title,
        kind="leading",
        unit="hours",
        numerator=f"hours {what}, without pauses",
        denominator="those that were done; what is still owed is in the share in time",
        events=events,
        source=RESPONSES,
        counted="d.done_at is not null",
        part=kind,
        value=_HOURS,
        scale=Scale(least=0.0),
        good="low",
        of_mentor=of_mentor,
    )


_SESSION = _types(
    e.PathwayStarted, e.SessionRescheduled, e.AttendanceRecorded, e.AttendanceCorrected, e.AttendanceTakenBack
)
_NOTES = _types(e.AttendanceRecorded, e.NotesWritten)
_FOLLOW_UP = _types(e.AttendanceRecorded, e.FollowUpSent)
_REVIEW = _types(e.MilestoneSubmitted, e.MilestoneReviewed)
_INTAKE = _types(e.IntakeSubmitted, e.IntakeApproved, e.MoreInformationRequested, e.JourneyClosed)
_MATCH = _types(e.IntakeApproved, e.MentorReleased, e.MentorMatched)
_CASE = _types(e.CaseOpened, e.CaseAcknowledged, e.CaseSnoozed, e.CaseResolved)
_MEET = "s.attendance in ('attended', 'late', 'missed_by_learner', 'missed_by_mentor')"
_HELD = "s.attendance in ('attended', 'late')"

_LEADING = (
    Measure(
        id="attendance",
        title="Sessions held",
        kind="leading",
        unit="share",
        numerator="sessions that the learner attended, in time or late",
        denominator="sessions held, or missed by the learner or the mentor; none that were called off",
        events=_SESSION,
        source=SESSIONS,
        counted=_MEET,
        meets=_HELD,
    ),
    Measure(
        id="preparation",
        title="Sessions prepared",
        kind="leading",
        unit="share",
        numerator="those that the learner prepared",
        denominator="sessions held or missed for which the kit asks for a preparation",
        events=(*_SESSION, e.SessionPrepared.type),
        source=SESSIONS,
        counted=f"{_MEET} and s.prepared is not null",
        meets="s.prepared",
    ),
    _in_time("follow_up", "follow_up", "Follow-ups in time", "follow-ups sent", _FOLLOW_UP, of_mentor=True),
    _in_time("notes", "notes", "Notes in time", "notes written", _NOTES, of_mentor=True),
    Measure(
        id="next_steps",
        title="Next steps in a follow-up",
        kind="leading",
        unit="steps",
        numerator="next steps, each with an owner and a day",
        denominator="sessions held for which a follow-up was sent",
        events=_FOLLOW_UP,
        source=SESSIONS,
        counted=f"{_HELD} and s.steps is not null",
        value="s.steps",
        scale=Scale(least=0.0),
        of_mentor=True,
    ),
    _in_time(
        "steps_taken", "step", "Next steps taken in time", "next steps of learners taken",
        _types(e.FollowUpSent, e.FollowUpCorrected, e.ActionItemClosed),
    ),
    _in_time(
        "milestones_in_time", "milestone", "Milestones handed in on time", "milestones handed in",
        _types(e.PathwayStarted, e.MilestoneSubmitted),
    ),
    _in_time(
        "check_ins", "check_in", "Check-ins in time", "check-ins of mentors made",
        _types(e.MentorMatched, e.AttendanceRecorded, e.CheckedIn), of_mentor=True,
    ),
    Measure(
        id="active_weeks",
        title="Weeks with a sign of the learner",
        kind="leading",
        unit="share",
        numerator="weeks in which the learner attended, prepared, handed in, took a next step, asked for help, said how"
        " confident they are, or was active on the platform",
        denominator="weeks of journeys whose pathway began, without those that a pause took whole",
        events=(
            *_types(
                e.SessionPrepared, e.AttendanceRecorded, e.MilestoneSubmitted, e.ActionItemClosed, e.FeedbackGiven,
                e.HelpAsked, e.ActivitySeen, e.JourneyResumed,
            ),
            "activity.learner_was_active",
        ),
        source=WEEKS,
        counted="(w.signs >= 0 or w.days > 0)",
        meets="(w.signs > 0 or w.days > 0)",
    ),
    Measure(
        id="active_days",
        title="Days active in a week",
        kind="leading",
        unit="days",
        numerator="days of a week on which the learner was active on the platform",
        denominator="weeks of journeys whose pathway began, without those that a pause took whole",
        events=("activity.learner_was_active",),
        source=WEEKS,
        counted="(w.signs >= 0 or w.days > 0)",
        value="w.days",
        scale=Scale(0.0, 7.0),
    ),
    _response(
        "attendance_hours", "attendance", "Until attendance is recorded", "from the beginning of a session until its"
        " attendance was recorded", _SESSION, of_mentor=True,
    ),
    _response(
        "notes_hours", "notes", "Until notes are written", "from the record of a session until its notes", _NOTES,
        of_mentor=True,
    ),
    _response(
        "follow_up_hours", "follow_up", "Until the follow-up is sent", "from the record of a session until its"
        " follow-up", _FOLLOW_UP, of_mentor=True,
    ),
    _response(
        "review_hours", "milestone_review", "Until a milestone is reviewed", "from a submission until its review",
        _REVIEW, of_mentor=True,
    ),
    _response(
        "intake_hours", "intake_review", "Until an intake is answered", "from an intake until it was approved, sent"
        " back or declined", _INTAKE, of_mentor=False,
    ),
    _response(
        "match_hours", "match", "Until a mentor is found", "from the approval, or the loss of a mentor, until the"
        " match", _MATCH, of_mentor=False,
    ),
    _response(
        "case_hours", "case", "Until a case is answered", "from the opening of a case until somebody took it up",
        _CASE, of_mentor=False,
    ),
    _in_time("reviews", "milestone_review", "Reviews in time", "milestones reviewed", _REVIEW, of_mentor=True),
    _in_time("intakes", "intake_review", "Intakes answered in time", "intakes answered", _INTAKE),
    _in_time("matches", "match", "Mentors found in time", "mentors found", _MATCH),
    _in_time("cases", "case", "Cases answered in time", "cases answered", _CASE),
)  # fmt: skip

_ANSWERED = (SurveyAnswered.type,)
_ASKED = (SurveyRequested.type, SurveyAnswered.type, SurveyExpired.type)
_SCORED = (SessionScored.type, ScoreCorrected.type)


def _told(id_: str, title: str, tells: str, role: str) -> Measure:
    return Measure(
        id=id_,
        title=title,
        kind="leading",
        unit="points",
        numerator="the answer, on the scale of the question",
        denominator=f"answers of {role}s on a scale that tell {tells}; comparable while the scale stays the same",
        events=_ANSWERED,
        source=ANSWERS,
        part=tells,
        counted=f"q.kind = 'scale' and q.number is not null and q.role = '{role}'",
        value="q.number",
        scale=ANY,
        ends=("q.scale_least", "q.scale_most"),
    )


def _scored(id_: str, title: str, kind: str, scale: str) -> Measure:
    return Measure(
        id=id_,
        title=title,
        kind="leading",
        unit="points",
        numerator=scale,
        denominator="scores of others: what mentors say of their own sessions is not in it",
        events=_SCORED,
        source=SCORES,
        part=kind,
        counted="c.scorer_role <> 'self'",
        value="c.value",
        scale=SCALES[kind],
    )


_HEARD = (
    Measure(
        id="surveys_answered",
        title="Surveys answered",
        kind="leading",
        unit="share",
        numerator="those that were answered",
        denominator="surveys about journeys that were answered or expired",
        events=_ASKED,
        source=SURVEYS,
        counted="r.status in ('answered', 'expired')",
        meets="r.status = 'answered'",
    ),
    _told("clarity", "Clarity, as learners say", "clarity", "learner"),
    _told("confidence", "Confidence, as learners say", "confidence", "learner"),
    _told("usefulness", "Usefulness, as learners say", "usefulness", "learner"),
    _told("satisfaction", "Satisfaction, as learners say", "satisfaction", "learner"),
    _told("mentor_satisfaction", "Satisfaction, as mentors say", "satisfaction", "mentor"),
    _told("preparation_said", "Preparation, as mentors say", "preparation", "mentor"),
    _scored("rubric_questions", "Sessions by the questions of the rubric", "question", "1 for yes, 0.5 for partly, 0"),
    _scored("rubric_dimensions", "Sessions by the dimensions of the rubric", "dimension", "the mark, from 1 to 5"),
)

_ENDING = _types(e.JourneyStarted, e.JourneyClosed, e.JourneyReopened)

_LAGGING = (
    Measure(
        id="completion",
        title="Completed",
        kind="lagging",
        unit="share",
        numerator="those that were completed",
        denominator="journeys that ended, without those declined at the intake",
        events=_ENDING,
        source=ENDED,
        counted="j.ending <> 'declined'",
        meets="j.ending = 'completed'",
    ),
    Measure(
        id="promise_kept",
        title="Promise kept",
        kind="lagging",
        unit="share",
        numerator="those for whom the promise is fulfilled, by the rule of the kit",
        denominator="journeys that ended and for which it is known; where the kit has no rule, none",
        events=(*_ENDING, *_types(e.MilestoneReviewed, e.OutcomeRecorded, e.OutcomeCorrected)),
        source=ENDED,
        counted="j.ending <> 'declined' and d.kept in ('fulfilled', 'unfulfilled')",
        meets="d.kept = 'fulfilled'",
    ),
    Measure(
        id="retention",
        title="Still there after four weeks",
        kind="lagging",
        unit="share",
        numerator="those that were not left within 28 days: under way, completed, or ended later",
        denominator="journeys whose pathway began at least 28 days ago",
        events=(*_ENDING, e.PathwayStarted.type),
        source=STARTED,
        counted="j.started_at <= $2::timestamptz - interval '28 days'",
        meets="(j.ending is null or j.ending = 'completed' or j.closed_at > j.started_at + interval '28 days')",
    ),
    Measure(
        id="projects",
        title="Milestones passed",
        kind="lagging",
        unit="share",
        numerator="those that were passed",
        denominator="milestones that were passed or failed, or whose deadline passed without a submission; none that"
        " were waived",
        events=_types(e.PathwayStarted, e.MilestoneSubmitted, e.MilestoneDeadlineMissed, e.MilestoneReviewed),
        source=MILESTONES,
        counted="(m.stands in ('passed', 'failed') or m.stands = 'open' and m.deadline = 'missed')",
        meets="m.stands = 'passed'",
    ),
    Measure(
        id="skill_gain",
        title="Gain in confidence",
        kind="lagging",
        unit="points",
        numerator="the last confidence that the learner said, less the first, on the scale of 1 to 5",
        denominator="journeys whose learner said it at least twice",
        events=_types(e.FeedbackGiven),
        source=CONFIDENCE,
        counted="j.gain is not null",
        value="j.gain",
        scale=GAIN,
    ),
    Measure(
        id="skill_gain_surveys",
        title="Gain in confidence, by surveys",
        kind="lagging",
        unit="points",
        numerator="the last answer that tells confidence, less the first, on the scale of the question",
        denominator="journeys whose learner answered at least twice",
        events=_ANSWERED,
        source=GAINS,
        counted="q.gain is not null",
        value="q.gain",
        scale=ANY,
        ends=("-q.widest", "q.widest"),
    ),
    Measure(
        id="outcomes",
        title="With an outcome",
        kind="lagging",
        unit="share",
        numerator="those of whom an outcome of any kind is recorded, such as an interview, a job kept, a promotion",
        denominator="journeys that ended, without those declined at the intake",
        events=(*_ENDING, e.OutcomeRecorded.type),
        source=ENDED,
        counted="j.ending <> 'declined'",
        meets="o.times is not null",
    ),
)


def _meant(id_: str, title: str, meaning: Meaning) -> Measure:
    return Measure(
        id=id_,
        title=title,
        kind="lagging",
        unit="share",
        numerator=f"those of whom an outcome is recorded that counts as {MEANINGS[meaning]}, by the kit; of a kind the"
        " latest",
        denominator=f"journeys that ended, without those declined at the intake, and whose kit says what counts as"
        f" {MEANINGS[meaning]}",
        events=(*_ENDING, *_types(e.OutcomeRecorded, e.OutcomeCorrected)),
        source=ENDED,
        counted=f"j.ending <> 'declined' and '{meaning}' = any (d.meanings)",
        meets=f"'{meaning}' = any (o.means)",
    )


_MEANT = (
    _meant("interviews", "With an interview", "interview"),
    _meant("jobs", "With a job", "job"),
    _meant("promotions", "With a promotion", "promotion"),
    _meant("project_outcomes", "With a project of their own", "project"),
)

MEASURES: Mapping[str, Measure] = {one.id: one for one in (*_LEADING, *_HEARD, *_LAGGING, *_MEANT)}
"""All of them, in the order in which they are shown."""
