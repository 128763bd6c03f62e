"""The forms of people's own pages: what can be done there, with the fields that it needs and the options that hold."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from domain.ids import CaseId
from domain.journey import COMMANDS, NamedCommand, Rejected
from domain.journey.sessions import template_of
from domain.journey.terms import Attendance
from domain.kit import Template
from domain.kit.words import REMEDIES
from domain.own_page import OwnRole
from domain.values import counted
from interfaces.http.pages.fields import Field, Form, Option, form_of, questions, typed
from queries.own_page import OwnJourney
from queries.sessions import Meeting
from queries.work import Work

OF_LEARNERS = frozenset(
    {
        "submit_intake", "answer_offer", "prepare_session", "submit_milestone", "close_action_item", "choose_remedy",
        "give_feedback", "ask_for_help", "pause", "resume",
    }
)  # fmt: skip
OF_MENTORS = frozenset(
    {
        "answer_offer", "record_attendance", "write_notes", "send_follow_up", "close_action_item", "check_in",
        "review_milestone", "resolve_case", "raise_risk_flag", "ask_for_help", "reschedule_session",
    }
)  # fmt: skip

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


@dataclass(frozen=True, slots=True)
class Deed:
    """Something that can be done now."""

    kind: type[NamedCommand]
    form: Form
    background: Sequence[tuple[str, str]] = ()
    """What to know beforehand, each with a label."""
    says: str = ""
    """What is said once it is done."""
    extra: Mapping[str, Any] | None = None
    """What the command says beside the fields."""


class Impossible(Exception):
    """It cannot be done now, for a reason in words."""


@dataclass(frozen=True, slots=True)
class _At:
    one: OwnJourney
    role: OwnRole
    of: str
    action: str

    def form(self, command: str, title: str, button: str, **options: Any) -> Form:
        return form_of(COMMANDS[command], self.action, title=title, button=button, says="", **options)

    def meeting(self) -> Meeting:
        """Raises Impossible."""
        found = next((met for met in self.one.meetings if met.session == self.of), None)
        if found is None:
            raise Impossible("There is no such session in this journey any more.")
        return found

    def work(self) -> Work:
        """Raises Impossible."""
        found = next((work for work in self.one.work if work.milestone == self.of), None)
        if found is None:
            raise Impossible("There is no such work in this journey any more.")
        return found

    def template(self, which: str) -> Template | None:
        try:
            return template_of(self.one.kit, self.one.state, self.of, which)
        except Rejected:
            return None


def deed(one: OwnJourney, role: OwnRole, command: str, of: str, action: str) -> Deed:
    """Raises Impossible; KeyError where there is no such command on this page."""
    if command not in (OF_LEARNERS if role == "learner" else OF_MENTORS):
        raise KeyError(command)
    if one.state.closing and command not in ("record_attendance", "write_notes"):
        raise Impossible("This journey has come to its end, so nothing more is to be done here.")
    return _DEEDS[command](_At(one, role, of, action))


# Of learners


def _intake(at: _At) -> Deed:
    if at.one.state.stage != "intake":
        raise Impossible("Your intake has been read already.")
    asked = questions(at.one.kit.intake, answers=at.one.state.answers or at.one.state.answers_so_far)
    title = f"Your intake: {at.one.kit.title}"
    form = at.form("submit_intake", title, "Send it in", instead={"answers": asked}, without=["partial"])
    return Deed(COMMANDS["submit_intake"], form, says="Your answers have arrived. Somebody reads them now.")


def _prepare(at: _At) -> Deed:
    met, template = at.meeting(), at.template("preparation")
    if met.attendance:
        raise Impossible(f"“{met.title}” is over, so there is nothing to prepare.")
    said = {each.question: each.answer for each in met.agenda.preparation}
    form = at.form(
        "prepare_session",
        f"Prepare “{met.title}”",
        "Send it to my mentor",
        instead={"answers": questions(template, answers=said) if template else ()},
        fixed={"session": at.of},
        given={"goal": met.agenda.own_goal, "artifact": met.agenda.brought},
        labels={"goal": "Your own goal for it", "artifact": "What you bring: a link, or where it is"},
    )
    background = [("Goal", met.agenda.goal), ("To look at together", met.agenda.artifact)]
    told = [(label, text) for label, text in background if text]
    return Deed(
        COMMANDS["prepare_session"], form, told, "Your mentor can see it now. You can change it until you meet."
    )


def _hand_in(at: _At) -> Deed:
    work = at.work()
    if work.status not in ("open", "submitted"):
        raise Impossible(f"“{work.title}” has been judged already.")
    last = work.attempts[-1] if work.attempts else None
    given = {"link": last.link, "note": last.note} if last and not last.verdict else {}
    form = at.form(
        "submit_milestone",
        f"Hand in “{work.title}”",
        "Hand it in",
        fixed={"milestone": at.of},
        given=given,
        labels={"link": "A link to it (https://…)", "note": "Where else it is, or what to know about it"},
    )
    feedback = [("Feedback on the last attempt", last.feedback)] if last and last.feedback else []
    return Deed(COMMANDS["submit_milestone"], form, feedback, f"“{work.title}” is handed in. Your mentor is told.")


def _step(at: _At) -> Deed:
    steps = {step.item: step for met in at.one.meetings for step in met.next_steps}
    step = steps.get(at.of)
    if step is None or all(item.item != at.of for item in at.one.state.action_items):
        raise Impossible("This step is not open any more.")
    form = at.form(
        "close_action_item",
        step.text,
        "Save",
        fixed={"item": at.of},
        without=["corrects"],
        labels={"done": "It is done", "reason": "Why it is given up, or a remark"},
    )
    return Deed(COMMANDS["close_action_item"], form, says="Saved.")


def _remedy(at: _At) -> Deed:
    offered = at.one.state.remedies
    if offered is None:
        raise Impossible("Nothing is offered any more.")
    options = [Option(one, REMEDIES[one].capitalize()) for one in offered.options]
    form = at.form(
        "choose_remedy",
        "How would you like to go on?",
        "Choose it",
        instead={"remedy": [Field("remedy", "What would help you?", "choice", False, (), options, nothing=True,
                                  hint="Leave it empty if you want none of these.")]},
        labels={"until": "If you choose a pause: until when"},
    )  # fmt: skip
    return Deed(COMMANDS["choose_remedy"], form, says="Thank you. The program takes it from here.")


def _feedback(at: _At) -> Deed:
    form = at.form(
        "give_feedback",
        "How is it going?",
        "Send it",
        labels={"confidence": "How confident are you, from 1 to 10?", "notes": "What you want to say"},
    )
    return Deed(COMMANDS["give_feedback"], form, says="Thank you. Your mentor and the program see it.")


def _pause(at: _At) -> Deed:
    if at.one.state.stage not in ("intake", "matching", "sessions", "wrap_up"):
        raise Impossible("There is nothing to pause.")
    form = at.form(
        "pause",
        "Pause",
        "Begin the pause",
        labels={"reason": "Why you need a pause", "until": "Until when"},
    )
    said = [("How long", f"At most {counted(at.one.kit.pausing.limit.days, 'day')}")]
    return Deed(COMMANDS["pause"], form, said, "You are on a pause. All dates move by its length.")


def _resume(at: _At) -> Deed:
    if at.one.state.pause is None:
        raise Impossible("You are not on a pause.")
    form = at.form("resume", "End the pause", "Go on now")
    return Deed(COMMANDS["resume"], form, says="Welcome back. Here are your new dates.")


# Of both


def _offer(at: _At) -> Deed:
    state, kit = at.one.state, at.one.kit
    if state.offer is None or at.role not in state.offer.pending:
        raise Impossible("You have answered, or it is offered no longer.")
    whom = at.one.name(state.offer.mentor if at.role == "learner" else state.learner)
    answers = [
        Option("accept", "Yes"),
        Option("decline", "No"),
        Option("more_information", "I want to know more"),
    ]
    codes = [Option(code, one.title) for code, one in kit.matching.declines.items()]
    instead = {"answer": [Field("answer", f"Do you want to work with {whom}?", "radios", True, (), answers)]}
    if codes:
        instead["code"] = [Field("code", "If no: why", "choice", False, (), codes)]
    form = at.form(
        "answer_offer",
        f"Your match: {whom}",
        "Answer",
        instead=instead,
        without=["who", *(() if codes else ("code",))],
        labels={"reason": "A line about why, or what you want to know"},
    )
    return Deed(COMMANDS["answer_offer"], form, says="Thank you for your answer.")


def _help(at: _At) -> Deed:
    form = at.form(
        "ask_for_help", "Ask for help", "Send it", labels={"notes": "What do you need? A person reads it and answers"}
    )
    return Deed(COMMANDS["ask_for_help"], form, says="It has arrived. Somebody will get in touch with you.")


# Of mentors


def _attendance(at: _At) -> Deed:
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


def _notes(at: _At) -> Deed:
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


def _follow_up(at: _At) -> Deed:
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


def _corrected(at: _At, command: str, title: str, *, there: bool, says: str, **options: Any) -> Deed:
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


def _review(at: _At) -> Deed:
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


def _check_in(at: _At) -> Deed:
    form = at.form("check_in", f"Check in with {at.one.other('mentor')}", "Save", labels={"notes": "How they are"})
    return Deed(COMMANDS["check_in"], form, says="Recorded. Thank you.")


def _flag(at: _At) -> Deed:
    form = at.form(
        "raise_risk_flag",
        f"Something worries me about {at.one.other('mentor')}",
        "Tell the program",
        labels={"flag": "In one word, such as overwhelmed", "notes": "What you have seen"},
    )
    return Deed(COMMANDS["raise_risk_flag"], form, says="Thank you. The program sees it.")


def _case(at: _At) -> Deed:
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
    return Deed(COMMANDS["resolve_case"], form, says="The case is closed.")


def _move(at: _At) -> Deed:
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


_DEEDS: Mapping[str, Callable[[_At], Deed]] = {
    "submit_intake": _intake,
    "answer_offer": _offer,
    "prepare_session": _prepare,
    "submit_milestone": _hand_in,
    "close_action_item": _step,
    "choose_remedy": _remedy,
    "give_feedback": _feedback,
    "ask_for_help": _help,
    "pause": _pause,
    "resume": _resume,
    "record_attendance": _attendance,
    "write_notes": _notes,
    "send_follow_up": _follow_up,
    "review_milestone": _review,
    "check_in": _check_in,
    "raise_risk_flag": _flag,
    "resolve_case": _case,
    "reschedule_session": _move,
}
