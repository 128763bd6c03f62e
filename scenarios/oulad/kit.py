"""The kit for a presentation of a module: one pathway for everybody, with the dates of the presentation."""

import re
from datetime import UTC, datetime, timedelta

from domain.kit import (
    Capacity,
    Escalation,
    Fulfillment,
    Intake,
    Kit,
    Milestone,
    Nudge,
    OpenCase,
    Pathway,
    Promise,
    Question,
    ServiceLevels,
    WrapUp,
)
from domain.kit.escalation import NoActivity, Overdue
from domain.values import EARLIEST, LATEST
from scenarios.oulad.tables import LONGEST, Assessment, OuladError, Presentation

_MONTHS = {"B": 2, "J": 10}
_A_DAY = timedelta(days=1)
_YEAR = re.compile("[0-9]{4}")
_FIRST_YEAR = (EARLIEST + LONGEST * _A_DAY).year + 1
_LAST_YEAR = (LATEST - LONGEST * _A_DAY).year - 1
"""All days of a presentation that starts in these years are valid dates in commands."""

WRAP_UP = timedelta(weeks=3)
"""The time after the end of the presentation in which late work is accepted and results are published."""

TUTOR = "tutor"
LEARNERS_A_TUTOR = 20
RESULT = "result"
PASS, DISTINCTION, FAIL, WITHDRAWN = "Pass", "Distinction", "Fail", "Withdrawn"
HIGHEST_EDUCATION, PREVIOUS_ATTEMPTS, CREDITS = "highest_education", "previous_attempts", "credits"


def starts_at(presentation: Presentation) -> datetime:
    """Day 0: the first of the month that the data names, at midnight UTC.

    Raises:
        OuladError: when the presentation is not named like 2013J (October) or 2014B (February), or lies where some of
            its days would be out of range.
    """
    year, month = presentation.code[:-1], _MONTHS.get(presentation.code[-1:])
    if not _YEAR.fullmatch(year) or month is None:
        raise OuladError(
            f"the presentation {presentation.code!r} has no month; names end in J (October) or B (February)"
        )
    if not _FIRST_YEAR <= int(year) <= _LAST_YEAR:
        raise OuladError(f"the presentation {presentation.code!r} is not from {_FIRST_YEAR} to {_LAST_YEAR}")
    return datetime(int(year), month, 1, tzinfo=UTC)


def milestone_id(assessment: str) -> str:
    return f"tma-{assessment}"


def tutor_marked(presentation: Presentation) -> tuple[Assessment, ...]:
    """The assessments that become milestones, in the order of their days."""
    marked = (one for one in presentation.assessments if one.kind == "TMA")
    return tuple(sorted(marked, key=lambda one: (_due_day(presentation, one), one.assessment)))


def make_kit(presentation: Presentation) -> Kit:
    """The same presentation always gives the same kit, with the same digest."""
    name = f"{presentation.module} {presentation.code}"
    length = presentation.days * _A_DAY
    return Kit(
        program=f"oulad-{presentation.module}-{presentation.code}".lower(),
        version="1",
        title=f"Open University module {name}",
        promise=Promise(
            outcome="The module completed and passed",
            audience="Students registered for the module",
            duration=length,
            cadence="Work handed in for every tutor-marked assessment",
            support="A tutor for every twenty students, who marks and comments on each piece of work",
            measures=("Share of students who stay to the end", "Share of assessments passed"),
            fulfilled_by=Fulfillment(outcome=RESULT, values=(PASS, DISTINCTION)),
        ),
        outcomes={RESULT: (PASS, DISTINCTION, FAIL, WITHDRAWN)},
        starts_at=starts_at(presentation),
        service_levels=ServiceLevels(milestone_review=timedelta(days=10), wrap_up=WRAP_UP),
        intake=Intake(
            questions=(
                Question(id=HIGHEST_EDUCATION, ask="What is your highest qualification so far?", required=False),
                Question(id=PREVIOUS_ATTEMPTS, ask="How often have you taken this module before?", kind="number"),
                Question(id=CREDITS, ask="For how many credits are you studying at present?", kind="number"),
            )
        ),
        pathways=(
            Pathway(
                id="module",
                title=name,
                mentor_type=TUTOR,
                milestones=tuple(
                    _milestone(presentation, nth, one) for nth, one in enumerate(tutor_marked(presentation), start=1)
                ),
                ends=length,
                ends_when_done=False,
            ),
        ),
        capacity=Capacity(learners_per_mentor=LEARNERS_A_TUTOR),
        escalations=_ESCALATIONS,
        wrap_up=WrapUp(checklist=("The result is recorded",)),
    )


def _milestone(presentation: Presentation, nth: int, one: Assessment) -> Milestone:
    return Milestone(
        id=milestone_id(one.assessment),
        title=f"Tutor-marked assessment {nth}",
        criteria=("40 points of 100 or more",),
        due=min(_due_day(presentation, one) + 1, presentation.days) * _A_DAY,  # what comes on the day is in time
        reminders=(timedelta(days=7),),
    )


def _due_day(presentation: Presentation, one: Assessment) -> int:
    return presentation.days if one.due is None else one.due


_ESCALATIONS = (
    Escalation(
        id="quiet",
        title="Two weeks without activity",
        when=NoActivity(no_activity_for=timedelta(weeks=2)),
        then=Nudge(nudge="learner"),
    ),
    Escalation(
        id="gone-quiet",
        title="Four weeks without activity",
        when=NoActivity(no_activity_for=timedelta(weeks=4)),
        then=OpenCase(open_case="mentor", respond_within=timedelta(days=3)),
    ),
    Escalation(
        id="work-missing",
        title="Work a week overdue",
        when=Overdue(overdue="milestone", by=timedelta(weeks=1)),
        then=OpenCase(open_case="mentor", respond_within=timedelta(days=3)),
    ),
    Escalation(
        id="marking-late",
        title="Marking overdue",
        when=Overdue(overdue="milestone_review"),
        then=Nudge(nudge="mentor"),
    ),
)
