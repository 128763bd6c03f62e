"""The forms of a group: attendance for all at once, notes, follow-up, another time, members, mentors, closing."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field

from domain.cohort import CohortState
from domain.cohort.events import CameOtherwise
from domain.cohort.state import GROUP, Meeting
from domain.ids import SLUG, CohortId, LearnerId, MentorId, SessionId, Slug
from domain.journey.follow_ups import NextStep
from domain.journey.terms import Answers, Attendance
from domain.kit import Kit, Session
from domain.values import Frozen, Instant, Personal
from interfaces.http.pages.cohorts.group import CohortPage
from interfaces.http.pages.fields import Field as FormField
from interfaces.http.pages.fields import Form, Option, form_of, questions
from interfaces.http.pages.filled_forms import typed

ATTENDANCES: Sequence[tuple[Attendance, str]] = (
    ("attended", "attended"),
    ("late", "came late"),
    ("missed_by_learner", "missed it"),
    ("missed_by_mentor", "the mentor did not come"),
    ("cancelled_in_time", "called off in time"),
    ("cancelled_late", "called off late"),
)
_Session = Annotated[SessionId, SLUG]


class AttendanceOfAll(BaseModel):
    """Say once for the whole group how the session went. Choose otherwise for those for whom it did."""

    model_config = ConfigDict(extra="allow")
    session: _Session
    attendance: Attendance = "attended"
    notes: Personal = ""
    reason: Personal = ""

    def exceptions(self, taken_back: Collection[LearnerId]) -> tuple[CameOtherwise, ...]:
        """Each choice names its learner, so that it means the same after somebody has joined or left. `taken_back`:
        those who are spoken of only where they are named."""
        said = (str(value).partition(":") for name, value in (self.model_extra or {}).items() if name.startswith("of"))
        return tuple(
            CameOtherwise.model_validate({"learner": learner, "attendance": how})
            for how, _, learner in said
            if how != self.attendance or learner in taken_back
        )


class NotesOfAll(Frozen):
    """Write down once what happened, for all who came."""

    session: _Session
    answers: Answers = Field(default={})
    reason: Personal = ""


class FollowUpOfAll(Frozen):
    """Send a summary and the next steps to all who came."""

    session: _Session
    summary: Personal = Field(min_length=1)
    next_steps: tuple[NextStep, ...] = Field(min_length=1, max_length=20)
    reason: Personal = ""


class AnotherTime(Frozen):
    """Move the session for all members."""

    session: _Session
    starts_at: Instant


class Newcomer(Frozen):
    """Add a learner with an open journey in the program. Sessions that have begun are not asked of them."""

    learner: Slug


class Leaver(Frozen):
    """Take a learner out of the group. What lies ahead of them keeps its dates, as their own."""

    learner: Slug
    reason: Personal = ""


class Retried(Frozen):
    """Tell the journey again what it refused, once the reason is gone, such as the end of a pause."""

    learner: Slug


class Dismissed(Frozen):
    """Take what the journey refused off the roster: it was seen to in the journey itself, where nothing changes now."""

    learner: Slug
    reason: Personal = ""


class AnotherMentor(Frozen):
    """Replace a mentor of the group. No date moves."""

    mentor: Annotated[MentorId, SLUG]
    replacement: Annotated[MentorId, SLUG]
    reason: Personal = ""


class Closing(Frozen):
    """Close the group. Members who have sessions ahead keep them, as their own."""

    reason: Personal = ""


@dataclass(frozen=True, slots=True)
class GroupForms:
    """What can be done for a group now, by whoever may do all of it."""

    attendance: Sequence[Form] = ()
    """Of each session that has begun: the first of which nobody has said how it went comes first."""
    notes: Sequence[Form] = ()
    follow_ups: Sequence[Form] = ()
    times: Sequence[Form] = ()
    roster: Sequence[Form] = ()
    """Members, what their journeys refused, mentors, and closing."""

    @property
    def every(self) -> Sequence[Form]:
        return [*self.attendance, *self.notes, *self.follow_ups, *self.times, *self.roster]

    def with_refused(self, refused: Form) -> "GroupForms":
        """With that form as it was filled in, and what is wrong with it."""
        return GroupForms(*(_instead(those, refused) for those in _parts(self)))


def _parts(forms: GroupForms) -> Sequence[Sequence[Form]]:
    return forms.attendance, forms.notes, forms.follow_ups, forms.times, forms.roster


def _instead(those: Sequence[Form], refused: Form) -> Sequence[Form]:
    return [refused if (one.action, one.fixed) == (refused.action, refused.fixed) else one for one in those]


@dataclass(frozen=True, slots=True)
class GroupPage:
    group: CohortPage
    forms: GroupForms
    refused: Form | None
    """The form that was sent and refused: it is shown open."""


def group_forms(
    group: CohortId,
    kit: Kit,
    state: CohortState,
    names: Mapping[str, str],
    begun: Sequence[SessionId],
    *,
    mentors: Sequence[tuple[str, str]],
) -> GroupForms:
    """`begun`: the sessions that have begun. `mentors`: those to choose from, with their names; none where they are
    too many for a list."""
    held = [one for one in state.meetings if one.session in begun]
    plans = _plans(kit, state)
    due = sorted(held, key=lambda one: (one.settled, one.starts_at))
    came = [one for one in held if any(map(one.held_with, state.invited(one)))]
    return GroupForms(
        attendance=[attendance_form(group, state, one, plans, names) for one in due],
        notes=[form for one in came if (form := notes_form(group, kit, plans.get(one.session), one))],
        follow_ups=[follow_up_form(group, one, plans) for one in came],
        times=[time_form(group, one, plans) for one in state.meetings if not one.settled],
        roster=list(_roster_forms(group, state, names, mentors)),
    )


def _plans(kit: Kit, state: CohortState) -> Mapping[str, Session]:
    pathway = kit.pathway(state.pathway) if state.pathway else None
    return {one.id: one for one in pathway.sessions} if pathway else {}


def attendance_form(
    group: CohortId, state: CohortState, one: Meeting, plans: Mapping[str, Session], names: Mapping[str, str]
) -> Form:
    title = _title(one, plans)
    corrects = one.settled
    group_went = one.attendance.get(GROUP, "attended")
    form = form_of(
        AttendanceOfAll,
        f"/cohorts/{group}/attendance",
        title=f"{'Correct the attendance of' if corrects else 'Attendance of'} {title}",
        button="Correct the attendance" if corrects else "Record the attendance",
        choices={"attendance": [Option(value, label) for value, label in ATTENDANCES]},
        given={"attendance": group_went},
        fixed={"session": one.session},
        without=() if corrects else ("reason",),
        labels={"attendance": "Everybody", "notes": "Remark", "reason": "Why it is corrected"},
    )
    everybody, *others = form.fields
    members = [
        _member(nth, learner, names.get(learner, learner), one)
        for nth, learner in enumerate(sorted(state.invited(one), key=lambda one: names.get(one, one)))
    ]
    return replace(form, fields=[everybody, *members, *others])


def _member(nth: int, learner: LearnerId, name: str, of: Meeting) -> FormField:
    options = [Option(f"{value}:{learner}", label) for value, label in ATTENDANCES]
    went = of.attendance.get(learner)
    given = (f"{went}:{learner}",) if went else ()
    hint = "It was taken back: nothing is recorded unless you choose." if learner in of.taken_back else ""
    return FormField(f"of{nth}", name, "choice", options=options, given=given, hint=hint, in_place=True)


def notes_form(group: CohortId, kit: Kit, plan: Session | None, one: Meeting) -> Form | None:
    """None: the kit has no form for the notes of this session."""
    template = kit.template(plan.notes) if plan else None
    if plan is None or template is None:
        return None
    corrects = "notes" in one.said
    return form_of(
        NotesOfAll,
        f"/cohorts/{group}/notes",
        title=f"{'Correct the notes of' if corrects else 'Notes of'} {plan.title}",
        button="Correct the notes" if corrects else "Write the notes",
        instead={"answers": questions(template)},
        fixed={"session": one.session},
        without=() if corrects else ("reason",),
        labels={"reason": "Why they are corrected"},
    )


def follow_up_form(group: CohortId, one: Meeting, plans: Mapping[str, Session]) -> Form:
    corrects = "follow_up" in one.said
    return form_of(
        FollowUpOfAll,
        f"/cohorts/{group}/follow-up",
        title=f"{'Correct the follow-up of' if corrects else 'Follow-up of'} {_title(one, plans)}",
        button="Correct the follow-up" if corrects else "Send the follow-up",
        fixed={"session": one.session},
        without=() if corrects else ("reason",),
        labels={"reason": "Why it is corrected"},
    )


def time_form(group: CohortId, one: Meeting, plans: Mapping[str, Session]) -> Form:
    return form_of(
        AnotherTime,
        f"/cohorts/{group}/move",
        title=f"Move {_title(one, plans)}",
        button="Move it for all",
        given={"starts_at": typed(one.starts_at)},
        fixed={"session": one.session},
        labels={"starts_at": "Begins"},
    )


def _roster_forms(
    group: CohortId, state: CohortState, names: Mapping[str, str], mentors: Sequence[tuple[str, str]]
) -> Iterator[Form]:
    members = [Option(one, names.get(one, one)) for one in sorted(state.members)]
    refusing = [Option(one, names.get(one, one)) for one in sorted(state.refusals)]
    leading = [Option(one, names.get(one, one)) for one in state.mentors]
    others = [Option(one, name) for one, name in mentors if one not in state.mentors]
    takes_over = "Who takes over" if others else "Id of the mentor who takes over"
    yield form_of(Newcomer, f"/cohorts/{group}/members", title="Add a learner", labels={"learner": "Id of the learner"})
    if members:
        yield form_of(
            Leaver,
            f"/cohorts/{group}/members/remove",
            title="Take a learner out",
            choices={"learner": members},
            grave=True,
        )
    if refusing:
        yield form_of(
            Retried,
            f"/cohorts/{group}/members/retry",
            title="Tell a journey again what it refused",
            button="Tell it again",
            choices={"learner": refusing},
        )
        yield form_of(
            Dismissed,
            f"/cohorts/{group}/members/dismiss",
            title="Dismiss what a journey refused",
            button="Dismiss it",
            choices={"learner": refusing},
        )
    yield form_of(
        AnotherMentor,
        f"/cohorts/{group}/mentor",
        title="Replace a mentor",
        choices={"mentor": leading, **({"replacement": others} if others else {})},
        labels={"replacement": takes_over, "mentor": "Who leads it no more"},
    )
    yield form_of(Closing, f"/cohorts/{group}/close", title="Close the group", grave=True)


def _title(one: Meeting, plans: Mapping[str, Session]) -> str:
    plan = plans.get(one.session)
    return plan.title if plan else one.session
