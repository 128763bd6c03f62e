"""What mentors can do on their own page."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any, get_args

from domain.ids import CaseId
from domain.journey import COMMANDS
from domain.journey.terms import Attendance
from domain.journey.words import behind_case
from domain.words import plain
from interfaces.http.pages.fields import Field, Form, Option, questions
from interfaces.http.pages.filled_forms import typed
from interfaces.http.pages.own.forms import At, Deed, Impossible

CAME: Mapping[Attendance, str] = {
    "attended": "They came",
    "late": "They came late",
    "missed_by_learner": "They did not come",
    "missed_by_mentor": "I could not come",
    "cancelled_in_time": "It was called off in time",
    "cancelled_late": "It was called off late",
}
_VERDICTS = {"passed": "Passed", "returned": "Returned, to be handed in again", "failed": "Failed"}
_WHY = Field("reason", "Why what was recorded is corrected", "lines", required=True, longest=2_000)


# Of mentors


def attendance(at: At) -> Deed:
    met = at.meeting()
    options = [Option(one, CAME[one]) for one in get_args(Attendance)]
    given = (met.attendance,) if met.attendance else ()
    came = Field("attendance", f"“{met.title}” with {at.one.other('mentor')}", "radios", True, given, options)
    return _corrected(
        at,
        "record_attendance",
        f"How did “{met.title}” go?",
        there=met.attendance is not None,
        instead={"attendance": [came]},
        given={"notes": met.remark},
        labels={"notes": "A remark"},
        says="Recorded. Thank you.",
    )


def take_back(at: At) -> Deed:
    met, whom = at.meeting(), at.one.other("mentor")
    if met.attendance is None:
        raise Impossible(f"Nobody has said how “{met.title}” with {whom} went, so there is nothing to take back.")
    form = at.form(
        "take_back_attendance",
        f"Take back what was recorded of “{met.title}” with {whom}",
        "Take it back",
        fixed={"session": at.of},
        labels={"reason": "Why it is taken back, such as: it was another learner"},
    )
    return Deed(
        COMMANDS["take_back_attendance"],
        form,
        [("It is recorded as", CAME[met.attendance])],
        "Taken back. The history keeps what was recorded, and you are asked again how it went.",
        asks_first=True,
    )


def notes(at: At) -> Deed:
    met, template = at.meeting(), at.template("notes")
    if template is None:
        raise Impossible("No notes are asked for after this session.")
    if met.attendance not in ("attended", "late"):
        raise Impossible("Say first how the session went; notes belong to sessions that were held.")
    there = any(each.answer is not None for each in met.notes)
    written = {each.question: each.answer for each in met.notes}
    return _corrected(
        at,
        "write_notes",
        f"Notes of “{met.title}” with {at.one.other('mentor')}",
        there=there,
        instead={"answers": questions(template, answers=written)},
        says="The notes are kept. You and the people who run the program can read them.",
    )


def follow_up(at: At) -> Deed:
    met = at.meeting()
    if met.attendance not in ("attended", "late"):
        raise Impossible("Say first how the session went; a follow-up belongs to a session that was held.")
    return _corrected(
        at,
        "send_follow_up",
        f"Follow-up of “{met.title}” for {at.one.other('mentor')}",
        there=met.summary is not None,
        given={"summary": met.summary or ""},
        labels={"summary": "What you agreed on"},
        says=f"Sent to {at.one.other('mentor')}.",
    )


def _corrected(at: At, command: str, title: str, *, there: bool, says: str, **options: Any) -> Deed:
    """What is recorded already is filled in, and changed with a reason."""
    instead = {**options.pop("instead", {}), **({"reason": [_WHY]} if there else {})}
    form = at.form(
        command,
        f"Correct: {title}" if there else title,
        "Correct it" if there else "Save",
        instead=instead,
        fixed={"session": at.of},
        without=["corrects", *(() if there else ("reason",))],
        **options,
    )
    form = _reason_last(form)
    corrected = "Corrected. The history keeps what was recorded before."
    return Deed(COMMANDS[command], form, says=corrected if there else says, extra={"corrects": True} if there else None)


def _reason_last(form: Form) -> Form:
    """Nobody says why before they have said what."""
    reasons = [one for one in form.fields if one.name == "reason"]
    return replace(form, fields=[*(one for one in form.fields if one.name != "reason"), *reasons])


def review(at: At) -> Deed:
    work = at.work()
    last = work.attempts[-1] if work.attempts else None
    if last is None or work.status == "waived":
        raise Impossible(f"“{work.title}” does not wait for a review.")
    there = last.verdict is not None
    verdicts = [Option(one, label) for one, label in _VERDICTS.items()]
    given = (last.verdict,) if last.verdict else ()
    title = f"Review “{work.title}” by {at.one.other('mentor')}"
    form = at.form(
        "review_milestone",
        f"Correct: {title}" if there else title,
        "Correct it" if there else "Give the verdict",
        fixed={"milestone": at.of},
        instead={
            "verdict": [Field("verdict", "Your verdict", "radios", True, given, verdicts)],
            **({"reason": [_WHY]} if there else {}),
        },
        without=["attempt", "corrects", *(() if there else ("reason",))],
        given={"feedback": last.feedback, **({"score": f"{last.score:g}"} if last.score is not None else {})},
        labels={"score": "Points, from 0 to 100", "feedback": "Feedback, which the learner reads"},
    )
    told = [("Link", last.link), ("What they say", last.note)]
    return Deed(
        COMMANDS["review_milestone"],
        _reason_last(form),
        [(label, text) for label, text in told if text],
        f"{at.one.other('mentor')} is told.",
        {"attempt": last.nth, **({"corrects": True} if there else {})},
    )


def check_in(at: At) -> Deed:
    form = at.form("check_in", f"Check in with {at.one.other('mentor')}", "Save", labels={"notes": "How they are"})
    return Deed(COMMANDS["check_in"], form, says="Recorded. Thank you.")


def flag(at: At) -> Deed:
    form = at.form(
        "raise_risk_flag",
        f"Something worries me about {at.one.other('mentor')}",
        "Tell the program",
        labels={"flag": "In one word, such as overwhelmed", "notes": "What you have seen"},
    )
    return Deed(COMMANDS["raise_risk_flag"], form, says="Thank you. The program sees it.")


def case(at: At) -> Deed:
    case = at.one.state.case(CaseId(at.of))
    if case is None:
        raise Impossible("This case is closed.")
    rule = at.one.kit.find_escalation(case.rule)
    form = at.form(
        "resolve_case",
        f"Close the case “{rule.title if rule else case.rule}” about {at.one.other('mentor')}",
        "Close the case",
        fixed={"case": at.of},
        labels={"resolution": "What was done about it"},
    )
    said = [(plain(each.what), each.text) for each in behind_case(at.one.record.events, at.of)]
    return Deed(COMMANDS["resolve_case"], form, said, "The case is closed.")


def move(at: At) -> Deed:
    met = at.meeting()
    if met.attendance:
        raise Impossible(f"“{met.title}” is over.")
    if at.of in at.one.state.group_times:
        raise Impossible("This session is one of a group, so only the program can move it.")
    form = at.form(
        "reschedule_session",
        f"Move “{met.title}” with {at.one.other('mentor')}",
        "Move it",
        fixed={"session": at.of},
        without=["cohort"],
        given={"starts_at": typed(met.starts_at)},
        labels={"starts_at": "When it begins now"},
    )
    return Deed(COMMANDS["reschedule_session"], form, says="Moved. You both are told.")
