"""What can be done on a journey now, each as a form with the options that hold now."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from urllib.parse import quote, urlencode

from domain.access import Caller, KeyRole
from domain.journey import COMMANDS, Awaited, JourneyState
from domain.journey.state import SessionStanding
from domain.values import either
from domain.words import plain
from interfaces.http.pages.fields import Field, Form, Option, form_of, questions
from interfaces.http.v1.commands import OF_MENTORS
from queries.command_choices import Around, Choices, checklist_for, choices_of, form_in
from queries.journey_record import JourneyRecord

GRAVE = frozenset(
    {
        "withdraw", "end_early", "release_mentor", "reset_pathway", "move_to_kit", "complete_wrap_up", "reopen",
        "withdraw_offer", "take_back_attendance",
    }
)  # fmt: skip
"""Before these are done, it is said what they will do."""
_TITLES: Mapping[str, str] = {
    "acknowledge_case": "Take the case", "check_in": "Record a check-in", "raise_risk_flag": "Raise a risk flag",
    "submit_intake": "Fill in the intake", "reschedule_session": "Move a session", "send_message": "Write a message",
    "move_to_kit": "Move to another version", "write_notes": "Write notes", "send_follow_up": "Send the follow-up",
    "release_mentor": "Release the mentor", "reset_pathway": "Begin the pathway anew", "pause": "Pause",
    "choose_pathway": "Choose another pathway", "record_outcome": "Record an outcome",
    "prepare_session": "Prepare a session", "submit_milestone": "Hand in work", "approve_match": "Match a mentor",
    "offer_match": "Propose a mentor", "answer_offer": "Answer the proposal", "choose_remedy": "Choose a way on",
    "withdraw_offer": "Take the proposal back", "close_action_item": "Close a next step",
    "complete_wrap_up": "Complete the journey",
    "give_feedback": "Record the learner's confidence", "ask_for_help": "Ask for help for the learner",
    "resolve_case": "Resolve the case", "snooze_case": "Snooze the case", "reassign_case": "Hand the case on",
    "join_cohort": "Join a group", "leave_cohort": "Leave the group", "waive_milestone": "Waive a milestone",
    "take_back_attendance": "Take back what was recorded",
}  # fmt: skip
_NOT_BY_HAND = frozenset({"round", "cohort", "attempt", "past_capacity"})
"""Fields that others fill in, or that hold by themselves."""
_CORRECTING = frozenset({"corrects", "replaces"})
_LABELS: Mapping[str, str] = {
    "starts_at": "New time", "until": "Until", "corrects": "This corrects what is recorded",
    "replaces": "The value that was wrong",
}  # fmt: skip
_MOST_MENTORS = 200


@dataclass(frozen=True, slots=True)
class Act:
    """Something that can be done, with its form and what helps to do it."""

    command: str
    form: Form
    checklist_name: str
    checklist: Sequence[str]


@dataclass(frozen=True, slots=True)
class ActLink:
    label: str
    address: str
    grave: bool


def title_of(command: str) -> str:
    return _TITLES.get(command, plain(command).capitalize())


def may_give(caller: Caller, command: str) -> bool:
    return caller.role is KeyRole.OPS or (caller.role is KeyRole.MENTOR and command in OF_MENTORS)


def act_on(record: JourneyRecord, command: str, around: Around, given: Mapping[str, str], back_to: str = "") -> Act:
    """`given` is filled in; of these, what identifies the subject is sent along unseen."""
    kind = COMMANDS[command]
    options = choices_of(command, record, around)
    fixed = {name: one for name, one in given.items() if name in ("session", "milestone", "case", "item")}
    asked = form_in(command, record, given.get("session"))
    instead: dict[str, Sequence[Field]] = {}
    if "answers" in kind.model_fields and asked is not None:
        known = record.state.answers or record.state.answers_so_far if command == "submit_intake" else None
        instead["answers"] = questions(asked, answers=known)
    form = form_of(
        kind,
        address_of(record.journey, command),
        title=title_of(command),
        choices={name: [Option(*one) for one in those] for name, those in options.items() if name not in fixed},
        instead=instead,
        given={**_usual(command, options), **{name: one for name, one in given.items() if name not in fixed}},
        fixed=fixed,
        without=sorted(_left_out(command, record, given)),
        labels=_LABELS,
        grave=command in GRAVE,
    )
    if back_to:
        form = replace(form, fixed={**form.fixed, "back_to": back_to})
    name, lines = checklist_for(command, record, given)
    return Act(command, form, name, lines)


def _usual(command: str, options: Mapping[str, Choices]) -> Mapping[str, str]:
    """What is meant mostly, and filled in: the next session is moved."""
    sessions = options.get("session", ())
    return {"session": sessions[0][0]} if command == "reschedule_session" and sessions else {}


def _left_out(command: str, record: JourneyRecord, given: Mapping[str, str]) -> set[str]:
    fields = COMMANDS[command].model_fields
    gone = {one for one in _NOT_BY_HAND if one in fields and one not in given and fields[one].default is not ...}
    if command in ("join_cohort", "leave_cohort"):
        gone.discard("cohort")
    if "corrects" in fields and not _is_recorded(command, record, given):
        gone |= _CORRECTING | ({"reason"} if command != "close_action_item" else set())
    if "answers" in fields and form_in(command, record, given.get("session")) is None:
        gone.add("answers")
    return gone


def _is_recorded(command: str, record: JourneyRecord, given: Mapping[str, str]) -> bool:
    """Whether the command could only correct what is there. Without a subject, it could do either."""
    state = record.state
    match command:
        case "record_attendance" | "write_notes" | "send_follow_up":
            session = next((one for one in state.sessions if one.session == given.get("session")), None)
            return session is None or _has(command, session, state)
        case "review_milestone":
            milestone = next((one for one in state.milestones if one.milestone == given.get("milestone")), None)
            return milestone is None or milestone.status not in ("open", "submitted")
        case "record_outcome":
            return bool(state.outcomes)
        case _:
            return False


def _has(command: str, session: SessionStanding, state: JourneyState) -> bool:
    match command:
        case "record_attendance":
            return session.attendance is not None
        case "write_notes":
            return session.notes_due_at is None and f"notes:{session.session}" in state.said
        case _:
            return session.follow_up_due_at is None and f"follow_up:{session.session}" in state.said


def address_of(journey: str, command: str, **given: str) -> str:
    base = f"/journeys/{quote(journey, safe='')}/{command}"
    return f"{base}?{urlencode(given)}" if given else base


# What is open


def commands_for(one: Awaited, state: JourneyState, *, asks: bool) -> Iterator[tuple[str, Mapping[str, str]]]:
    """The commands by which a duty is done, the usual one first, with what they are about."""
    name = one.about.partition(":")[2].partition("#")[0]
    match one.duty:
        case "intake":
            yield "submit_intake", {}
        case "intake_review":
            yield "review_intake", {}
        case "match":
            yield ("offer_match" if asks else "approve_match"), {"mentor": state.asked} if state.asked else {}
        case "offer":
            yield "answer_offer", {"who": one.who}
            yield "withdraw_offer", {}
        case "preparation":
            yield "prepare_session", {"session": name}
        case "attendance":
            yield "record_attendance", {"session": name}
            yield "reschedule_session", {"session": name}
        case "notes":
            yield "write_notes", {"session": name}
        case "follow_up":
            yield "send_follow_up", {"session": name}
        case "action_item":
            yield "close_action_item", {"item": name}
        case "check_in":
            yield "check_in", {}
        case "milestone":
            yield "submit_milestone", {"milestone": name}
            yield "waive_milestone", {"milestone": name}
        case "milestone_review":
            yield "review_milestone", {"milestone": name}
        case "wrap_up":
            yield "complete_wrap_up", {}
        case "case":
            yield from ((command, {"case": name}) for command in _OF_CASES)
        case "remedy":
            yield "choose_remedy", {}


_OF_CASES = ("resolve_case", "acknowledge_case", "snooze_case", "reassign_case")


def others(record: JourneyRecord, caller: Caller, around: Around) -> Sequence[ActLink]:
    """What can be done whatever is awaited."""
    names = [name for name in _others(record.state) if may_give(caller, name)]
    if all(one.digest == record.state.kit for one in around.versions):
        names = [name for name in names if name != "move_to_kit"]
    return [ActLink(title_of(one), address_of(record.journey, one), one in GRAVE) for one in names]


def _others(state: JourneyState) -> Iterator[str]:
    yield "send_message"
    if state.closing:
        yield from ("record_outcome", "reopen")
        return
    yield "resume" if state.pause else "pause"
    if state.stage == "sessions" and not state.pause:
        yield from ("reschedule_session", "record_attendance", "check_in", "submit_milestone", "waive_milestone")
    yield from ("raise_risk_flag", "ask_for_help", "give_feedback", "record_outcome")
    if state.stage == "matching" and not state.pause:
        yield "choose_pathway"
    if state.cohort:
        yield "leave_cohort"
    if state.stage == "sessions" and not state.pause:
        yield from (("release_mentor",) if state.mentor else ())
        yield "reset_pathway"
    yield from ("move_to_kit", "withdraw", "end_early")


def said(command: str, events: Sequence[str]) -> str:
    """What was done, for the next page."""
    if not events:
        return f"{title_of(command)}: nothing changed, it was so already."
    told = [plain(one.rpartition(".")[2]) for one in dict.fromkeys(events)]
    return f"{title_of(command)}: done. Recorded: {', '.join(told)}."


def unknown(name: str) -> str:
    return f"There is no command {name[:60]!r}; there are {either(COMMANDS)}."
