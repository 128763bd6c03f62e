"""The rows of the page Today: what is to be done, about whom, by when, and what can be done about it in place."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import quote, urlencode

from domain.kit import Duty, Role, Severity
from domain.words import by_role, plain
from interfaces.http.pages.fields import Field, Form, Option
from interfaces.http.pages.filled_forms import typed
from interfaces.http.pages.rendering import When
from projections.views.messages import MessageRow
from queries.titles import Titles
from queries.today import Decision, Work

_SNOOZES: Sequence[tuple[str, timedelta]] = (
    ("for 4 hours", timedelta(hours=4)),
    ("until tomorrow", timedelta(days=1)),
    ("for 3 days", timedelta(days=3)),
    ("for a week", timedelta(days=7)),
    ("for two weeks", timedelta(days=14)),
)
_COMMANDS: Mapping[Duty, tuple[str, str]] = {
    "intake": ("submit_intake", "Fill in the intake"),
    "match": ("offer_match", "Choose a mentor"),
    "offer": ("answer_offer", "Answer the offer"),
    "preparation": ("prepare_session", "Send the preparation"),
    "attendance": ("record_attendance", "Say how it went"),
    "notes": ("write_notes", "Write the notes"),
    "follow_up": ("send_follow_up", "Send the follow-up"),
    "action_item": ("close_action_item", "Close it"),
    "check_in": ("check_in", "Check in"),
    "milestone": ("submit_milestone", "Hand in the work"),
    "milestone_review": ("review_milestone", "Review the work"),
    "wrap_up": ("complete_wrap_up", "Wrap up"),
    "remedy": ("choose_remedy", "Choose"),
}
"""The command for a duty, and the words of the link to its form."""
_FIELD_OF: Mapping[Duty, str] = {
    "preparation": "session",
    "attendance": "session",
    "notes": "session",
    "follow_up": "session",
    "action_item": "item",
    "milestone": "milestone",
    "milestone_review": "milestone",
}
"""The field of the command that says what it is about."""
_TO_DO: Mapping[Duty, str] = {
    "intake": "Intake to fill in",
    "intake_review": "Intake to review",
    "match": "Mentor to find",
    "offer": "Offer to answer",
    "preparation": "Preparation of a session",
    "attendance": "How a session went",
    "notes": "Notes of a session",
    "follow_up": "Follow-up of a session",
    "action_item": "Next step",
    "check_in": "Check-in",
    "milestone": "Work for a milestone",
    "milestone_review": "Work to review",
    "wrap_up": "Journey to wrap up",
    "remedy": "Way on to choose",
    "case": "Case",
}


@dataclass(frozen=True, slots=True)
class Step:
    """A link to where it is done."""

    address: str
    label: str


@dataclass(frozen=True, slots=True)
class Folded:
    """A form that is opened in place."""

    label: str
    form: Form


@dataclass(frozen=True, slots=True)
class Item:
    id: str
    title: str
    who: str
    """Whom it is about."""
    address: str | None
    program: str
    notes: Sequence[str] = ()
    severity: Severity | None = None
    due: When | None = None
    since: When | None = None
    late: bool = False
    buttons: Sequence[Form] = ()
    folded: Sequence[Folded] = ()
    steps: Sequence[Step] = ()


@dataclass(frozen=True, slots=True)
class Setting:
    """What rows depend on beside what they show."""

    now: datetime
    here: str
    """The address to come back to."""
    names: Mapping[str, str]
    titles: Mapping[str, Titles]
    takers: Mapping[tuple[str, str], str]
    acts: bool
    """Whether the reader may do something about it."""
    writes: bool
    """Whether the reader may write to people."""


def case_item(one: Work, to: Setting) -> Item:
    taken = to.takers.get((one.journey, one.case or ""))
    notes = [f"for {by_role(one.who)}"]
    if one.acknowledged:
        notes.append(f"taken by {taken}" if taken else "taken")
    return Item(
        id=f"case-{one.journey}-{one.case}",
        title=to.titles[one.program].of_rule(one.rule),
        who=_name(one.learner, to),
        address=_page(one.journey, to),
        program=one.program,
        notes=(*notes, *_mentor(one, to)),
        severity=one.severity,
        due=When.of(one.due_at, to.now),
        since=When.of(one.since, to.now),
        late=one.due_at <= to.now,
        buttons=_take(one, to) if to.acts and not one.acknowledged else (),
        folded=(_resolve(one, to), _snooze(one, to)) if to.acts else (),
    )


def duty_item(one: Work, to: Setting) -> Item:
    return Item(
        id=f"duty-{one.journey}-{one.about}",
        title=": ".join(filter(None, (_TO_DO[one.duty], to.titles[one.program].of_subject(one.about)))),
        who=_name(one.learner, to),
        address=_page(one.journey, to),
        program=one.program,
        notes=(*((f"for {by_role(one.who)}",) if one.who != "ops" else ()), *_mentor(one, to)),
        due=When.of(one.due_at, to.now),
        since=When.of(one.since, to.now),
        late=one.due_at <= to.now,
        steps=_steps(one, to) if to.acts else (),
    )


def message_item(one: MessageRow, to: Setting) -> Item:
    retry = Form(
        f"/messages/{quote(one.message, safe='')}/retry", "Send again", button="Send again", fixed={"back_to": to.here}
    )
    return Item(
        id=f"message-{one.message}",
        title=f"{_OUTCOME.get(one.status, plain(one.status))}: {plain(one.when)}",
        who=_name(one.recipient, to) if one.recipient != "ops" else "ops",
        address=_page(one.journey, to),
        program=one.program,
        notes=tuple(filter(None, (f"to {by_role(one.to)}", one.channel and f"by {one.channel}", one.because))),
        since=When.of(one.since, to.now),
        buttons=(retry,) if to.acts else (),
    )


_OUTCOME = {"not_taken": "Not delivered", "bounced": "Came back", "uncertain": "May not have arrived"}


def decision_item(one: Decision, to: Setting) -> Item:
    base = f"/programs/{quote(one.program, safe='')}"
    address, label, notes = {
        "round": (f"{base}/matching", "Look at the draft", f"{one.size or 0:,} pairs" if one.size != 1 else "1 pair"),
        "proposal": (f"/proposals/{quote(one.id, safe='')}", "Decide", "proposed"),
        "review": (f"{base}/reviews/{quote(one.id, safe='')}", "Read and release", "drafted"),
    }[one.kind]
    since = When.of(one.since, to.now)
    id_ = f"{one.kind}-{one.id}"
    steps = (Step(address, label),) if to.acts else ()
    return Item(id_, one.title, "", address, one.program, (notes,), since=since, steps=steps)


def _journey(journey: str) -> str:
    return f"/journeys/{quote(journey, safe='')}"


def _page(journey: str, to: Setting) -> str | None:
    """None: it is not for the reader."""
    return _journey(journey) if to.acts else None


def _name(person: str, to: Setting) -> str:
    return to.names.get(person, person)


def _mentor(one: Work, to: Setting) -> Iterable[str]:
    return (f"mentor {_name(one.mentor, to)}",) if one.mentor else ()


def _of_case(one: Work, to: Setting, command: str, title: str, fields: Sequence[Field] = ()) -> Form:
    fixed = {"case": one.case or "", "back_to": to.here}
    return Form(f"{_journey(one.journey)}/{command}", title, fields, button=title, fixed=fixed)


def _take(one: Work, to: Setting) -> Sequence[Form]:
    return (_of_case(one, to, "acknowledge_case", "Take"),)


def _resolve(one: Work, to: Setting) -> Folded:
    said = Field("resolution", "What was done about it", "lines", required=True, longest=10_000, rows=2)
    return Folded("Resolve", _of_case(one, to, "resolve_case", "Resolve the case", (said,)))


def _snooze(one: Work, to: Setting) -> Folded:
    options = [Option(typed(to.now + rest), label) for label, rest in _SNOOZES]
    until = Field("until", "Let it rest", "choice", required=True, given=(options[1].value,), options=options)
    reason = Field("reason", "Why", "text", required=True, longest=10_000)
    return Folded("Snooze", _of_case(one, to, "snooze_case", "Snooze the case", (until, reason)))


def _steps(one: Work, to: Setting) -> Sequence[Step]:
    if one.duty == "intake_review":
        return (Step(f"/intakes/{quote(one.journey, safe='')}?{urlencode({'back_to': to.here})}", "Review"),)
    command, label = _COMMANDS[one.duty]
    if one.duty == "match" and not to.titles[one.program].offers:
        command = "approve_match"
    given = {"back_to": to.here}
    if field := _FIELD_OF.get(one.duty):
        given[field] = one.about.partition(":")[2].partition("#")[0]
    steps = [Step(f"{_journey(one.journey)}/{command}?{urlencode(given)}", label)]
    if one.who == "mentor" and to.writes:
        steps.append(Step(_reminder(one, to), "Remind the mentor"))
    return steps


def _reminder(one: Work, to: Setting) -> str:
    subject = _TO_DO[one.duty]
    about = to.titles[one.program].of_subject(one.about)
    given = {
        "to": "mentor",
        "subject": f"{subject}{f': {about}' if about else ''}",
        "text": f"This has been due since {one.due_at:%d %b %Y}. Please do it now, or tell us what is in the way.",
        "back_to": to.here,
    }
    return f"{_journey(one.journey)}/send_message?{urlencode(given)}"


def persons(work: Iterable[Work], messages: Iterable[MessageRow]) -> set[str]:
    """Whose names are shown."""
    found = {one.learner for one in work} | {one.mentor for one in work if one.mentor}
    return found | {one.recipient for one in messages}


def owner_of(role: str) -> Role | None:
    """Whose work is `mine`."""
    return {"ops": "ops", "mentor": "mentor"}.get(role)  # type: ignore[return-value]
