"""Commands for a duty, ready to be typed: with every required field, and with the options that exist now.

`...` stands for a text that only the sender knows; apart from that, the command is accepted as it stands.
"""

import shlex
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import assert_never, get_args

from pydantic_core import to_json

from domain.ids import JourneyId
from domain.journey import Awaited, JourneyState
from domain.journey.duty import pathway_of
from domain.journey.terms import Attendance, Verdict
from domain.kit import Form, Kit, Question, Template

_WORD = "..."
_MOST_MENTORS = 3
Typed = tuple[str, ...]
"""A command and its fields, each as it follows `-f`."""


@dataclass(frozen=True, slots=True)
class Setting:
    """What the suggestions depend on."""

    journey: JourneyId
    kit: Kit
    state: JourneyState
    at: datetime
    mentors: Sequence[str] = ()
    """The ids of the mentors who could be matched."""


def as_typed(journey: JourneyId, command: str, *fields: str) -> str:
    return " ".join(("trellis send", journey, command, *(f"-f {shlex.quote(field)}" for field in fields)))


def suggestions(now: Setting, one: Awaited) -> tuple[str, ...]:
    return tuple(as_typed(now.journey, *command) for command in commands_for(now, one))


def always(now: Setting) -> tuple[str, ...]:
    """Commands that are possible whatever the open duties are."""
    return tuple(as_typed(now.journey, *command) for command in _always(now.state))


def _always(state: JourneyState) -> Iterator[Typed]:
    if state.closing:
        yield "record_outcome", "kind=job", f"value={_WORD}"
        yield "reopen", f"reason={_WORD}"
        return
    if state.pause:
        yield ("resume",)
    else:
        yield "pause", f"reason={_WORD}"
    if state.stage == "sessions" and state.mentor and not state.pause:
        yield "release_mentor", f"reason={_WORD}", f"handover={_WORD}"
        yield "reset_pathway", f"reason={_WORD}"
    yield "withdraw", f"reason={_WORD}"
    yield "end_early", f"reason={_WORD}"


def commands_for(now: Setting, one: Awaited) -> Iterator[Typed]:
    """The commands for a duty, each with its fields."""
    name = one.about.partition(":")[2].partition("#")[0]
    match one.duty:
        case "intake":
            yield "submit_intake", *_answers(now.kit.intake)
        case "intake_review":
            yield "review_intake", "verdict=approve"
            yield "review_intake", "verdict=more_information", f"reason={_WORD}"
            yield "review_intake", "verdict=decline", f"reason={_WORD}"
        case "match":
            yield from _matches(now)
        case "offer":
            yield "answer_offer", "answer=accept", f"who={one.who}"
            codes = tuple(now.kit.matching.declines)
            for why in [f"code={code}" for code in codes] or [f"reason={_WORD}"]:
                yield "answer_offer", "answer=decline", f"who={one.who}", why
            yield "answer_offer", "answer=more_information", f"who={one.who}", f"reason={_WORD}"
            if now.state.offer and not now.state.offer.accepted:
                yield "withdraw_offer", f"reason={_WORD}"
        case "preparation":
            yield "prepare_session", f"session={name}", *_answers(_template(now, name, "preparation"))
        case "attendance":
            yield from _attendance(now, name)
        case "notes":
            yield "write_notes", f"session={name}", *_answers(_template(now, name, "notes"))
        case "follow_up":
            step = to_json([{"text": _WORD, "owner": "learner", "due_at": _later(now, 7)}]).decode()
            yield "send_follow_up", f"session={name}", f"summary={_WORD}", f"next_steps:={step}"
        case "action_item":
            yield "close_action_item", f"item={name}"
            yield "close_action_item", f"item={name}", "done:=false", f"reason={_WORD}"
        case "check_in":
            yield "check_in", f"notes={_WORD}"
        case "milestone":
            yield "submit_milestone", f"milestone={name}", f"note={_WORD}"
            yield "waive_milestone", f"milestone={name}", f"reason={_WORD}"
        case "milestone_review":
            for verdict in get_args(Verdict):
                yield "review_milestone", f"milestone={name}", f"verdict={verdict}", f"feedback={_WORD}"
        case "wrap_up":
            yield "complete_wrap_up", f"done:={to_json(now.kit.wrap_up.checklist).decode()}"
        case "case":
            yield from _case(now, name, one)
        case "remedy":
            options = now.state.remedies.options if now.state.remedies else ()
            yield from (("choose_remedy", f"remedy={option}") for option in options)
            yield "choose_remedy", "remedy:=null"
        case _:
            assert_never(one.duty)


def _matches(now: Setting) -> Iterator[Typed]:
    if now.state.asked:
        yield "approve_match", f"mentor={now.state.asked}", f"reason={_WORD}"
    if now.state.offer:
        return
    command = "offer_match" if now.kit.matching.asks else "approve_match"
    could_be = (one for one in now.mentors if one not in (now.state.mentor, now.state.learner))
    some = tuple(islice(could_be, _MOST_MENTORS)) or ("MENTOR",)
    yield from ((command, f"mentor={mentor}") for mentor in some)


def _attendance(now: Setting, session: str) -> Iterator[Typed]:
    standing = next((one for one in now.state.sessions if one.session == session), None)
    begun = standing is None or standing.starts_at <= now.at
    for attendance in get_args(Attendance):
        if begun or attendance.startswith("cancelled"):
            yield "record_attendance", f"session={session}", f"attendance={attendance}"
    if now.state.stage == "sessions":
        yield (
            "reschedule_session",
            f"session={session}",
            f"starts_at={_later(now, 1, standing.starts_at if standing else None)}",
        )


def _case(now: Setting, case: str, one: Awaited) -> Iterator[Typed]:
    yield "resolve_case", f"case={case}", f"resolution={_WORD}"
    yield "acknowledge_case", f"case={case}"
    yield "snooze_case", f"case={case}", f"until={_later(now, 1)}", f"reason={_WORD}"
    if one.who == "mentor" or now.state.mentor:
        other = "ops" if one.who == "mentor" else "mentor"
        yield "reassign_case", f"case={case}", f"owner={other}", f"reason={_WORD}"


def _template(now: Setting, session: str, which: str) -> Template | None:
    pathway = pathway_of(now.kit, now.state)
    plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
    return now.kit.template(getattr(plan, which)) if plan else None


def _answers(form: Form | None) -> Iterable[str]:
    """Every required question, with the first option if it has options."""
    return [_answer(question) for question in form.questions if question.required] if form else []


_ANSWERS: Mapping[str, str] = {"text": f"={_WORD}", "number": ":=1"}


def _answer(question: Question) -> str:
    match question.kind:
        case "choice":
            said = f"={question.options[0]}"
        case "choices":
            said = f":={to_json(question.options[:1]).decode()}"
        case kind:
            said = _ANSWERS[kind]
    return f"answers.{question.id}{said}"


def _later(now: Setting, days: int, than: datetime | None = None) -> str:
    at = (max(now.at, than or now.at) + timedelta(days=days)).astimezone(UTC).replace(second=0, microsecond=0)
    return at.isoformat().replace("+00:00", "Z")
