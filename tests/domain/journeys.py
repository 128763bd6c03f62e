"""Random programs, and random ways through them: what hypothesis draws from."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, assert_never, get_args

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
from domain.journey.commands import AdoptKit, ReportActivity
from domain.journey.events import Attendance, MovedToKit
from domain.journey.timers import timers
from domain.kit import Duty, Kit, Remedy
from domain.silences import PERCENTS, OthersSeen
from tests.domain.stories import KIT, NOON

_HOURS = st.integers(0, 24 * 12).map(lambda hours: f"{hours} hours")
_SOME_HOURS = st.integers(1, 24 * 12).map(lambda hours: f"{hours} hours")
_REMINDERS = st.lists(_HOURS, max_size=2)
_ENDING_DUTIES = ["intake", "offer", "remedy", "wrap_up"]
"""Those that end at their due time, so that a rule can wait for no longer."""
_DUTIES = st.sampled_from([duty for duty in get_args(Duty) if duty not in _ENDING_DUTIES])
_ROLES = st.sampled_from(["learner", "mentor", "ops"])
_FLAGS = st.sampled_from(["ill", "moving"])
_REMEDIES = st.sampled_from(get_args(Remedy))
_TRIGGERS = st.one_of(
    st.builds(lambda quiet: {"no_activity_for": quiet}, _SOME_HOURS),
    st.builds(
        lambda percent, quiet: {"quieter_than": percent, "quiet_for": quiet}, st.sampled_from([50, 90]), _SOME_HOURS
    ),
    st.builds(lambda silence: {"mentor_silent_for": silence}, _SOME_HOURS),
    st.builds(lambda limit: {"sessions_missed_in_a_row": limit}, st.integers(1, 3)),
    st.builds(lambda limit, within: {"sessions_missed": limit, "within": within}, st.integers(1, 3), _SOME_HOURS),
    st.builds(lambda limit: {"milestone_setbacks": limit}, st.integers(1, 3)),
    st.builds(lambda flag: {"risk_flag": flag}, _FLAGS | st.just("any")),
    st.just({"help_asked": True}),
    st.builds(lambda limit: {"confidence_below": limit}, st.integers(2, 10)),
    st.builds(lambda duty, by: {"overdue": duty, "by": by}, _DUTIES, _HOURS),
    st.builds(lambda duty: {"overdue": duty}, st.sampled_from(_ENDING_DUTIES)),
)
_MEASURES = st.one_of(
    st.builds(lambda who: {"nudge": who}, _ROLES),
    st.builds(
        lambda who, severity, within: {"open_case": who, "severity": severity, "respond_within": within},
        st.sampled_from(["mentor", "ops"]),
        st.sampled_from(["notice", "warning", "critical"]),
        _HOURS,
    ),
    st.builds(
        lambda remedies, stands_for: {"offer": remedies, "stands_for": stands_for},
        st.lists(_REMEDIES, min_size=1, max_size=4, unique=True),
        _HOURS,
    ),
)
_LADDERS = st.lists(st.tuples(st.integers(1, 200), _MEASURES), max_size=3, unique_by=lambda rung: rung[0]).map(
    lambda rungs: [{"after": f"{hours} hours", "then": then} for hours, then in sorted(rungs, key=lambda one: one[0])]
)
_MONITORING = st.none() | st.builds(
    lambda first, every, lasting, closer: {
        "first_within": first,
        "check_in_every": every,
        "after_rematch": {"lasting": lasting, "check_in_every": closer},
    },
    _HOURS,
    _SOME_HOURS,
    _HOURS,
    _SOME_HOURS,
)
_FORM = {
    "id": "form",
    "title": "Form",
    "questions": [{"id": "what", "ask": "What?"}, {"id": "more", "ask": "What else?", "required": False}],
}
_MAYBE_FORM = st.sampled_from([None, "form"])


@st.composite
def kits(draw: st.DrawFn) -> Kit:
    """Small programs with everything in them that a rule can hang on."""

    def several(what: str, most: int, build: Any) -> list[dict[str, object]]:
        return [{"id": f"{what}{nth}", "title": what, **build()} for nth in range(draw(st.integers(0, most)))]

    def session() -> dict[str, object]:
        return {
            "purpose": "p",
            "after": draw(_HOURS),
            "reminders": draw(_REMINDERS),
            "preparation": draw(_MAYBE_FORM),
            "notes": draw(_MAYBE_FORM),
        }

    def pathway(name: str) -> dict[str, object]:
        return {
            "id": name,
            "title": name,
            "mentor_type": "any",
            "ends": "20 days",
            "ends_when_done": draw(st.booleans()),
            "sessions": several("s", 3, session),
            "milestones": several(
                "m", 2, lambda: {"due": draw(_HOURS), "reminders": draw(_REMINDERS), "rework": draw(_HOURS)}
            ),
        }

    def levels() -> dict[str, object]:
        duties = ["intake_review", "match", "offer", "attendance", "notes", "milestone_review", "wrap_up"]
        return {duty: draw(_HOURS) for duty in duties} | {"follow_up": draw(st.none() | _HOURS)}

    starts_at = draw(st.none() | st.integers(-30, 30))
    changes = {
        "starts_at": None if starts_at is None else NOON + timedelta(days=starts_at),
        "service_levels": levels(),
        "intake": KIT.intake.model_dump() | {"within": draw(_SOME_HOURS), "reminders": draw(_REMINDERS)},
        "matching": {"asks": draw(st.sampled_from([[], ["mentor"], ["learner"], ["mentor", "learner"]]))},
        "pathways": [pathway("first") | {"when": {"goal": ["job"]}}, pathway("second")],
        "templates": [_FORM],
        "monitoring": draw(_MONITORING),
        "cohorts": draw(st.sampled_from([None, {}, {"brings_mentor": True}])),
        "escalations": several(
            "e", 5, lambda: {"when": draw(_TRIGGERS), "then": draw(_MEASURES), "later": draw(_LADDERS)}
        ),
        "wrap_up": {"checklist": draw(st.sampled_from([[], ["closing conversation"]]))},
        "pausing": {"limit": draw(_SOME_HOURS)},
        "messages": {"invite": {"when": "invitation", "subject": "s", "text": "t.md"}},
        "texts": {"t.md": "t"},
    }
    return Kit.model_validate(KIT.model_dump() | changes)


_IDS = st.sampled_from(
    [
        "s0",
        "s1",
        "s2",
        "m0",
        "m1",
        "case-1",
        "case-2",
        "case-3",
        "s0-1",
        "s1-2",
        "s0-soon",
        "first",
        "second",
        "nowhere",
    ]
)
_WORDS = st.sampled_from(["", "because", "x" * 9_999])
_TIMES = st.sampled_from(["0001-01-01T00:00:00+14:00", "1970-01-01T00:00:00Z", "9999-12-31T23:59:59-12:00"])
_SOON = st.integers(-48, 24 * 30).map(lambda hours: NOON + timedelta(hours=hours))
_ANSWERS = st.dictionaries(
    st.sampled_from(["goal", "hours", "times", "note", "what", "shoe size"]),
    st.sampled_from(["job", "promotion", "am", 7, 7.5, ["am"], ["am", "pm"], "", "x" * 999]),
    max_size=3,
)
_NEXT_STEP = st.fixed_dictionaries({"text": _WORDS, "owner": _ROLES, "due_at": _TIMES | _SOON})
_FIELDS: dict[str, st.SearchStrategy[object]] = {
    "by": st.sampled_from(["ops", "ops:max", "learner:lea", "mentor:ana", "system"]),
    "answers": st.just({"goal": "job"}) | st.just({"what": "all"}) | _ANSWERS,
    "answer": st.sampled_from(["accept", "decline", "more_information"]),
    "who": st.sampled_from([None, "mentor", "learner"]),
    "pathway": st.none() | _IDS,
    "mentor": st.sampled_from(["ana", "ben"]),
    "round": st.sampled_from([None, "first-steps-1"]),
    "code": st.sampled_from([None, None, "no-time"]),
    "session": _IDS,
    "milestone": _IDS,
    "case": _IDS,
    "item": _IDS,
    "starts_at": _TIMES | _SOON,
    "since": _TIMES | _SOON,
    "cohort": st.sampled_from([None, "g.1", "g.2"]),
    "sessions": st.lists(st.fixed_dictionaries({"session": _IDS, "starts_at": _TIMES | _SOON}), max_size=3),
    "until": st.none() | _TIMES | _SOON,
    "attendance": st.sampled_from(get_args(Attendance)),
    "attempt": st.none() | st.integers(1, 3),
    "score": st.none() | st.integers(0, 100),
    "summary": _WORDS,
    "next_steps": st.lists(_NEXT_STEP, max_size=3),
    "done": st.booleans(),
    "flag": _FLAGS,
    "confidence": st.integers(1, 10),
    "partial": st.booleans(),
    "owner": st.sampled_from(["mentor", "ops"]),
    "remedy": st.none() | _REMEDIES,
    "kit": st.sampled_from(["", "0" * 64]),
    "kind": st.just("offer"),
    "reason": _WORDS,
    "resolution": st.just("called"),
    "value": st.sampled_from(["analyst", "nurse"]),
    "notes": _WORDS,
    "note": _WORDS,
    "handover": _WORDS,
    "to": st.sampled_from(["learner", "mentor"]),
    "subject": _WORDS,
    "text": _WORDS,
    "goal": _WORDS,
    "artifact": _WORDS,
    "link": st.sampled_from(["", "https://example.org/cv"]),
    "corrects": st.booleans(),
    "past_capacity": st.booleans(),
    "replaces": st.none() | st.just("analyst"),
    "feedback": _WORDS,
}
_OWN_FIELDS: dict[tuple[str, str], st.SearchStrategy[object]] = {
    ("review_intake", "verdict"): st.sampled_from(["approve", "more_information", "decline"]),
    ("review_milestone", "verdict"): st.sampled_from(["passed", "returned", "failed"]),
    ("complete_wrap_up", "done"): st.sampled_from([[], ["closing conversation"]]),
}
"""Fields that mean something else from command to command."""


@st.composite
def any_command(draw: st.DrawFn) -> dict[str, object]:
    """Any command with any content, sensible or not, as it would be sent; some do not even parse."""
    name = draw(st.sampled_from(sorted(COMMANDS)))
    drawn = {
        field: draw(_OWN_FIELDS[name, field] if (name, field) in _OWN_FIELDS else _FIELDS[field])
        for field in COMMANDS[name].model_fields
    }
    return {"name": name, "payload": drawn}


_ADOPT = "adopt the other kit"
_UNASKED: list[dict[str, object]] = [
    {"name": name, "payload": payload}
    for name, payload in (
        (_ADOPT, {}),
        ("pause", {"reason": "ill"}),
        ("resume", {}),
        ("offer_match", {"mentor": "ben"}),
        ("release_mentor", {"reason": "moved away"}),
        ("reset_pathway", {"reason": "another goal"}),
        ("ask_for_help", {"notes": "stuck", "by": "learner:lea"}),
        ("raise_risk_flag", {"flag": "ill"}),
        ("give_feedback", {"confidence": 2, "by": "learner:lea"}),
        ("pause", {"reason": "still ill"}),
        ("reopen", {"reason": "by mistake"}),
    )
]
"""What people may say at any time, unasked, and does fit mostly."""
_CORRECT = "correct something"
_CORRECTION: dict[str, object] = {"name": _CORRECT, "payload": {}}
"""Somebody was wrong: about a session, a verdict, or notes."""


@dataclass(frozen=True)
class Move:
    """After so many hours, somebody gives a command: the one drawn, or the one that fits what is awaited."""

    after: timedelta
    anything: dict[str, object] | None
    nth: int


_MOVE = st.builds(
    Move,
    after=st.sampled_from([0, 0, 1, 5, 20, 48, 200]).map(lambda hours: timedelta(hours=hours)),
    anything=st.none() | st.none() | st.sampled_from(_UNASKED) | st.just(_CORRECTION) | any_command(),
    nth=st.integers(0, 29),
)
_TO_THE_SESSIONS = [Move(timedelta(0), None, 0)] * 3
"""The intake is sent in, it is approved, and a mentor is found."""
MOVES = st.builds(
    lambda so_far, moves: _TO_THE_SESSIONS[:so_far] + moves,
    st.sampled_from([3, 3, 3, 2, 1, 0]),
    st.lists(_MOVE, min_size=12, max_size=50) | st.lists(_MOVE, max_size=12),
)


_LIVELY = 2_000
"""So many timers in a row are without end."""
_AT_LAST = Move(timedelta(days=400), None, 0)
"""Time enough for every timer; then nobody does anything any more."""


@dataclass(frozen=True)
class Step:
    """One command, where it was given, and what it did."""

    kit: Kit
    """By which it was decided."""
    before: JourneyState | None
    command: JourneyCommand
    at: datetime
    events: tuple[JourneyEvent, ...]
    after: JourneyState
    timer: Timer | None = None
    """The one that fired, when it was a timer's command."""
    refusal: Rejected | None = None

    @property
    def moved(self) -> bool:
        return any(isinstance(event, MovedToKit) for event in self.events)

    @property
    def kit_after(self) -> Kit:
        return self.command.content if self.moved and isinstance(self.command, AdoptKit) else self.kit


def travel(kit: Kit, moves: list[Move], other: Kit | None = None) -> Iterator[Step]:
    """The way through the program, in the order of time: every timer fires at its moment, before any later command.

    `other` is another version of the program, that the journey may be moved to.
    """
    at = NOON
    step = _step(kit, None, StartJourney(program=kit.program_id, learner=LearnerId("lea"), kit=kit.digest), at)
    yield step
    for move in [*moves, _AT_LAST]:
        until = at + move.after
        for _ in range(_LIVELY):
            kit = step.kit_after
            ahead = timers(kit, step.after)
            if not ahead or ahead[0].at > until:
                break
            at = max(at, ahead[0].at)
            step = _step(kit, step.after, _of_timer(ahead[0], move, at), at, ahead[0])
            yield step
        else:
            raise AssertionError(f"{_LIVELY} timers fired and there is no end: {step}")
        at = until
        kit = step.kit_after
        if other and move.anything and move.anything["name"] == _ADOPT:
            command: JourneyCommand | None = AdoptKit(digest=other.digest, content=other, reason="a better one")
        else:
            command = _of_person(step.after, move, at)
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
        others = (at - timedelta(hours=move.nth * 5 + 9 * nth) for nth in range(len(PERCENTS)))
        return ReportActivity(
            last_active_at=at - timedelta(hours=move.nth * 7) if move.nth % 3 else None,
            others=OthersSeen(measured_at=at, learners=20, seen_since=tuple(others)) if move.nth % 2 else None,
        )
    return timer.then


def _of_person(state: JourneyState, move: Move, at: datetime) -> JourneyCommand | None:
    if move.anything == _CORRECTION:
        return _correcting(state, move.nth)
    if move.anything and move.anything["name"] != _ADOPT:
        try:
            return COMMANDS[str(move.anything["name"])].model_validate(move.anything["payload"])
        except ValueError:
            return None
    waits = awaited(state)
    return _fitting(state, waits[move.nth % len(waits)], move.nth // 3, at) if waits else None


def _correcting(state: JourneyState, nth: int) -> JourneyCommand | None:
    """A command that corrects what is recorded, if anything is."""
    sessions: _Ways = [
        ("record_attendance", {"session": one.session, "attendance": attendance})
        for one in state.sessions
        if one.attendance
        for attendance in ("attended", "missed_by_learner", "missed_by_mentor", "cancelled_late")
        if attendance != one.attendance
    ]
    verdicts: _Ways = [
        ("review_milestone", {"milestone": one.milestone, "verdict": verdict})
        for one in state.milestones
        if one.score is not None or one.settled or one.attempt > 1
        for verdict in ("passed", "returned", "failed")
        if verdict != one.status
    ]
    notes: _Ways = [("write_notes", {"session": one.session, "answers": {"what": "else"}}) for one in state.sessions]
    backs: _Ways = [("take_back_attendance", {"session": one.session}) for one in state.sessions if one.attendance]
    ways = [one for one in (sessions, verdicts, notes, backs) if one]
    if not ways:
        return None
    those = ways[nth % len(ways)]
    name, payload = those[nth // 3 % len(those)]
    corrects = {} if name == "take_back_attendance" else {"corrects": True}
    return COMMANDS[name].model_validate(payload | corrects | {"reason": f"a slip {nth}"})


def _fitting(state: JourneyState, wait: Awaited, nth: int, at: datetime) -> JourneyCommand:
    """A command that does what is awaited, in one of the ways that there are."""
    ways = _ways(state, wait, at + timedelta(hours=1 + nth * 30))
    name, payload = ways[nth % len(ways)]
    return COMMANDS[name].model_validate(payload | {"by": wait.who})


_Ways = list[tuple[str, dict[str, object]]]


def _ways(state: JourneyState, wait: Awaited, soon: datetime) -> _Ways:
    about = wait.about.partition(":")[2].partition("#")[0]
    held = ("attended", "attended", "missed_by_learner", "missed_by_learner")
    session = next((one for one in state.sessions if one.session == about), None)
    if session and wait.duty == "attendance" and session.starts_at > soon:
        held = ("cancelled_in_time", "cancelled_late", "cancelled_in_time", "cancelled_late")
    match wait.duty:
        case "intake":
            return [("submit_intake", {"answers": {"goal": goal}}) for goal in ("job", "promotion")]
        case "intake_review":
            approve: tuple[str, dict[str, object]] = ("review_intake", {"verdict": "approve"})
            return [approve, ("review_intake", {"verdict": "more_information", "reason": "which job?"}), approve]
        case "match":
            mentors = [{"mentor": mentor} for mentor in ("ana", "ben")]
            return [(name, {**one}) for name in ("approve_match", "offer_match") for one in mentors]
        case "offer":
            answers = ("accept", "accept", "decline", "more_information")
            withdraw: tuple[str, dict[str, object]] = ("withdraw_offer", {"reason": "because"})
            answered: _Ways = [("answer_offer", {"answer": one, "reason": "because"}) for one in answers]
            return [*answered, withdraw]
        case "preparation":
            return [("prepare_session", {"session": about, "answers": {"what": "all"}})]
        case "attendance":
            return [("record_attendance", {"session": about, "attendance": one}) for one in held]
        case "notes":
            return [("write_notes", {"session": about, "answers": {"what": "all"}})]
        case "follow_up":
            steps = [{"text": "write", "owner": one, "due_at": soon} for one in ("learner", "mentor")]
            return [("send_follow_up", {"session": about, "summary": "well", "next_steps": steps})]
        case "action_item":
            return [("close_action_item", {"item": about, "done": one, "reason": "because"}) for one in (True, False)]
        case "check_in":
            return [("check_in", {"notes": one}) for one in ("", "all is well")]
        case "milestone":
            return [("submit_milestone", {"milestone": about})]
        case "milestone_review":
            named: dict[str, object] = {"milestone": about}
            return [("review_milestone", named | {"verdict": one}) for one in ("returned", "passed", "failed")]
        case "wrap_up":
            return [("complete_wrap_up", {"done": ["closing conversation"]})]
        case "case":
            snooze = ("snooze_case", {"case": about, "until": soon, "reason": "away"})
            return [
                ("resolve_case", {"case": about, "resolution": "called"}),
                ("acknowledge_case", {"case": about}),
                snooze,
                ("reassign_case", {"case": about, "owner": "ops", "reason": "away"}),
            ]
        case "remedy":
            assert state.remedies
            return [("choose_remedy", {"remedy": one}) for one in (*state.remedies.options, None)]
        case _:
            assert_never(wait.duty)
