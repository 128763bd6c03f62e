"""Random programs, and random ways through them: what hypothesis draws from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from domain.ids import LearnerId
from domain.journey import (
    COMMANDS,
    Awaited,
    CheckActivity,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    Rejected,
    StartJourney,
    Timer,
    awaited,
    decide,
    fold,
)
from domain.journey.commands import ReportActivity
from domain.journey.timers import timers
from domain.kit import Duty, Kit
from tests.domain.stories import KIT, NOON

_HOURS = st.integers(0, 24 * 12).map(lambda hours: f"{hours} hours")
_SOME_HOURS = st.integers(1, 24 * 12).map(lambda hours: f"{hours} hours")
_REMINDERS = st.lists(_HOURS, max_size=2)
_DUTIES = st.sampled_from(["intake_review", "match", "attendance", "milestone", "milestone_review", "case"])
_TRIGGERS = st.one_of(
    st.builds(lambda quiet: {"no_activity_for": quiet}, _SOME_HOURS),
    st.builds(lambda limit: {"sessions_missed_in_a_row": limit}, st.integers(1, 3)),
    st.builds(lambda duty, by: {"overdue": duty, "by": by}, _DUTIES, _HOURS),
    st.sampled_from([{"overdue": "intake"}, {"overdue": "wrap_up"}]),
)
_MEASURES = st.one_of(
    st.builds(lambda who: {"nudge": who}, st.sampled_from(["learner", "mentor", "ops"])),
    st.builds(
        lambda who, severity, within: {"open_case": who, "severity": severity, "respond_within": within},
        st.sampled_from(["mentor", "ops"]),
        st.sampled_from(["notice", "warning", "critical"]),
        _SOME_HOURS,
    ),
)


@st.composite
def kits(draw: st.DrawFn) -> Kit:
    """Small programs with everything in them that a rule can hang on."""

    def several(what: str, most: int, build: Any) -> list[dict[str, object]]:
        return [{"id": f"{what}{nth}", "title": what, **build()} for nth in range(draw(st.integers(0, most)))]

    def pathway(name: str) -> dict[str, object]:
        return {
            "id": name,
            "title": name,
            "mentor_type": "any",
            "ends": "20 days",
            "ends_when_done": draw(st.booleans()),
            "sessions": several("s", 3, lambda: {"purpose": "p", "after": draw(_HOURS), "reminders": draw(_REMINDERS)}),
            "milestones": several(
                "m", 2, lambda: {"due": draw(_HOURS), "reminders": draw(_REMINDERS), "rework": draw(_HOURS)}
            ),
        }

    duties = ["intake_review", "match", "attendance", "milestone_review", "wrap_up"]
    starts_at = draw(st.none() | st.integers(-30, 30))
    changes = {
        "starts_at": None if starts_at is None else NOON + timedelta(days=starts_at),
        "service_levels": {duty: draw(_HOURS) for duty in duties},
        "intake": KIT.intake.model_dump() | {"within": draw(_SOME_HOURS), "reminders": draw(_REMINDERS)},
        "pathways": [pathway("first") | {"when": {"goal": ["job"]}}, pathway("second")],
        "escalations": several("e", 5, lambda: {"when": draw(_TRIGGERS), "then": draw(_MEASURES)}),
        "pausing": {"limit": draw(_SOME_HOURS)},
    }
    return Kit.model_validate(KIT.model_dump() | changes)


_IDS = st.sampled_from(["s0", "s1", "s2", "m0", "m1", "case-1", "case-2", "first", "second", "nowhere"])
_WORDS = st.sampled_from(["", "because", "x" * 9_999])
_TIMES = st.sampled_from(["0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
_SOON = st.integers(-48, 24 * 30).map(lambda hours: NOON + timedelta(hours=hours))
_ANSWERS = st.dictionaries(
    st.sampled_from(["goal", "hours", "times", "note", "shoe size"]),
    st.sampled_from(["job", "promotion", "am", 7, 7.5, ["am"], ["am", "pm"], "", "x" * 9_999]),
    max_size=3,
)
_FIELDS: dict[str, st.SearchStrategy[object]] = {
    "answers": st.just({"goal": "job"}) | _ANSWERS,
    "pathway": st.none() | _IDS,
    "mentor": st.sampled_from(["ana", "ben"]),
    "session": _IDS,
    "milestone": _IDS,
    "case": _IDS,
    "starts_at": _TIMES | _SOON,
    "until": st.none() | _TIMES | _SOON,
    "attendance": st.sampled_from(["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_late"]),
    "score": st.none() | st.integers(0, 100),
    "kind": st.just("offer"),
    "reason": _WORDS,
    "resolution": st.just("called"),
    "value": st.just("analyst"),
    "notes": _WORDS,
    "feedback": _WORDS,
}
_VERDICTS = {
    "review_intake": st.sampled_from(["approve", "more_information", "decline"]),
    "review_milestone": st.sampled_from(["passed", "returned", "failed"]),
}


@st.composite
def any_command(draw: st.DrawFn) -> dict[str, object]:
    """Any command with any content, sensible or not, as it would be sent; some do not even parse."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    fields = [field for field in COMMANDS[name].model_fields if field != "by"]
    drawn = {field: draw(_VERDICTS[name] if field == "verdict" else _FIELDS[field]) for field in fields}
    return {"name": name, "payload": drawn}


@dataclass(frozen=True)
class Move:
    """After so many hours, somebody gives a command: the one drawn, or the one that fits what is awaited."""

    after: timedelta
    anything: dict[str, object] | None
    nth: int


MOVES = st.lists(
    st.builds(
        Move,
        after=st.sampled_from([0, 0, 1, 5, 20, 48, 200]).map(lambda hours: timedelta(hours=hours)),
        anything=st.none() | st.none() | any_command(),
        nth=st.integers(0, 11),
    ),
    max_size=25,
)


_AT_LAST = Move(timedelta(days=400), None, 0)
"""Time enough for every timer; then nobody does anything any more."""


@dataclass(frozen=True)
class Step:
    """One command, where it was given, and what it did."""

    kit: Kit
    before: JourneyState | None
    command: JourneyCommand
    at: datetime
    events: tuple[JourneyEvent, ...]
    after: JourneyState
    timer: Timer | None = None
    """The one that fired, when it was a timer's command."""
    refusal: Rejected | None = None


def travel(kit: Kit, moves: list[Move]) -> Iterator[Step]:
    """The way through the program, in the order of time: every timer fires at its moment, before any later command."""
    at = NOON
    step = _step(kit, None, StartJourney(program=kit.program_id, learner=LearnerId("lea"), kit=kit.digest), at)
    yield step
    for move in [*moves, _AT_LAST]:
        until = at + move.after
        while (ahead := timers(kit, step.after)) and ahead[0].at <= until:
            at = max(at, ahead[0].at)
            step = _step(kit, step.after, _of_timer(ahead[0], move, at), at, ahead[0])
            yield step
        at = until
        command = _of_person(step.after, move)
        if command and move is not _AT_LAST:
            step = _step(kit, step.after, command, at)
            yield step


def _step(
    kit: Kit, before: JourneyState | None, command: JourneyCommand, at: datetime, timer: Timer | None = None
) -> Step:
    try:
        events, refusal = tuple(decide(kit, before, command, at)), None
    except Rejected as rejected:
        events, refusal = (), rejected
    after = fold(events, before)
    assert after
    return Step(kit, before, command, at, events, after, timer, refusal)


def _of_timer(timer: Timer, move: Move, at: datetime) -> JourneyCommand:
    if isinstance(timer.then, CheckActivity):
        return ReportActivity(last_active_at=at - timedelta(hours=move.nth * 7) if move.nth % 3 else None)
    return timer.then


def _of_person(state: JourneyState, move: Move) -> JourneyCommand | None:
    if move.anything:
        try:
            return COMMANDS[str(move.anything["name"])].model_validate(move.anything["payload"])
        except ValueError:
            return None
    waits = awaited(state)
    return _fitting(waits[move.nth % len(waits)], move.nth) if waits else None


def _fitting(wait: Awaited, nth: int) -> JourneyCommand:
    """A command that does what is awaited, in one of the ways that there are."""
    name, ways = _WAYS[wait.duty]
    about = wait.about.partition(":")[2].partition("#")[0]
    subject = {"attendance": "session", "milestone": "milestone", "milestone_review": "milestone", "case": "case"}
    named = {subject[wait.duty]: about} if wait.duty in subject else {}
    return COMMANDS[name].model_validate(named | ways[nth % len(ways)])


_WAYS: dict[Duty, tuple[str, list[dict[str, object]]]] = {
    "intake": ("submit_intake", [{"answers": {"goal": "job"}}, {"answers": {"goal": "promotion"}}]),
    "intake_review": (
        "review_intake",
        [{"verdict": "approve"}, {"verdict": "approve"}, {"verdict": "more_information", "reason": "which job?"}],
    ),
    "match": ("approve_match", [{"mentor": "ana"}, {"mentor": "ben"}]),
    "attendance": (
        "record_attendance",
        [{"attendance": "attended"}, {"attendance": "missed_by_learner"}, {"attendance": "missed_by_learner"}],
    ),
    "milestone": ("submit_milestone", [{}]),
    "milestone_review": (
        "review_milestone",
        [{"verdict": "returned"}, {"verdict": "passed", "score": 70}, {"verdict": "failed"}],
    ),
    "wrap_up": ("complete_wrap_up", [{}]),
    "case": ("resolve_case", [{"resolution": "called"}]),
}
