"""Journeys told in full, through the domain's own decider, as material for the views."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta

from domain.ids import JourneyId, KitDigest, LearnerId, journey_stream
from domain.journey import (
    COMMANDS,
    CheckActivity,
    JourneyCommand,
    JourneyEvent,
    JourneyState,
    StartJourney,
    Wait,
    decide,
    fold,
    next_action,
)
from domain.kit import (
    Escalation,
    Kit,
    Milestone,
    Nudge,
    OpenCase,
    Pathway,
    Promise,
    Session,
)
from domain.kit.escalation import NoActivity, Overdue
from store import kits
from store.codec import encode
from store.database import Pool
from store.event_log import EventLog

AT = datetime(2026, 1, 5, 9, tzinfo=UTC)
DAY = timedelta(days=1)

KIT = Kit(
    program="ready",
    version="1",
    title="Job-ready",
    promise=Promise(
        outcome="a job", audience="anybody", duration=56 * DAY, cadence="weekly", support="a mentor", measures=("jobs",)
    ),
    pathways=(
        Pathway(
            id="main",
            title="Main",
            mentor_type="any",
            sessions=(Session(id="s1", title="First meeting", purpose="to meet", after=2 * DAY),),
            milestones=(Milestone(id="cv", title="CV", due=10 * DAY), Milestone(id="mock", title="Mock", due=20 * DAY)),
            ends=56 * DAY,
        ),
    ),
    escalations=(
        Escalation(
            id="quiet", title="Gone quiet", when=NoActivity(no_activity_for=7 * DAY), then=Nudge(nudge="learner")
        ),
        Escalation(
            id="late", title="Late review", when=Overdue(overdue="milestone_review"), then=OpenCase(open_case="ops")
        ),
    ),
)


SEGMENTED = Kit.model_validate(
    KIT.model_dump(mode="json")
    | {
        "version": "segmented",
        "intake": {
            "questions": [
                {"id": "goal", "ask": "What for?", "kind": "choice", "options": ["a job", "a raise"]},
                {"id": "hours", "ask": "How many hours a week?", "kind": "number"},
                {"id": "note", "ask": "Anything else?", "required": False},
            ]
        },
        "segments": [
            {"id": one, "title": one, "need": "work", "urgency": "soon", "level": "any", "when": {"goal": [goal]}}
            for one, goal in (("job-seekers", "a job"), ("risers", "a raise"))
        ],
    }
)
"""The same program, with a form and two kinds of learners."""


async def publish(pool: Pool, kit: Kit = KIT, at: datetime = AT) -> None:
    await kits.publish(pool, kit.model_dump_json(), digest=kit.digest, program=kit.program, version=kit.version, at=at)


def story(
    number: int, length: int | None = None, kit: Kit = KIT, answers: Mapping[str, str | int] = {}
) -> list[JourneyEvent]:
    """What happened on one journey, up to 15 events; numbers differ in mentor, times and how far it went."""
    events: list[JourneyEvent] = []
    for at, what in _course(number, kit, answers):
        if len(events) == length:
            break
        state = fold(events)
        command, moment = _timer(kit, state, what) if isinstance(what, str) else (what, at)
        events += decide(kit, state, command, moment)
    return events[:length]


def _course(number: int, kit: Kit, answers: Mapping[str, str | int]) -> Iterator[tuple[datetime, JourneyCommand | str]]:
    """What people ask for, and by their rules the timers that fire."""
    begun = AT + timedelta(hours=number)
    start = begun + 3 * DAY

    def asked(at: datetime, name: str, **payload: object) -> tuple[datetime, JourneyCommand]:
        return at, COMMANDS[name].model_validate(payload)

    yield begun, StartJourney(program=kit.program_id, learner=LearnerId(f"l-{number}"), kit=KitDigest(kit.digest))
    yield asked(begun + DAY, "submit_intake", answers=answers)
    yield asked(begun + 2 * DAY, "review_intake", verdict="approve", pathway="main")
    yield asked(start, "approve_match", mentor=f"m-{number % 3}", reason="they fit")  # the pathway begins with it
    yield asked(start + 2 * DAY, "record_attendance", session="s1", attendance="attended")
    yield asked(start + 9 * DAY, "submit_milestone", milestone="cv")
    yield start + 12 * DAY, "escalations.late"
    yield asked(start + 13 * DAY, "review_milestone", milestone="cv", verdict="passed", score=80)
    yield asked(start + 13 * DAY, "resolve_case", case="case-1", resolution="done")
    yield asked(start + 14 * DAY, "pause", reason="ill", until=start + 30 * DAY)
    yield asked(start + 16 * DAY, "resume")
    yield start + 22 * DAY, "pathways.main.milestones.mock.due"
    yield start + 58 * DAY, "pathways.main.ends"
    yield asked(start + 60 * DAY, "complete_wrap_up")


def _timer(kit: Kit, state: JourneyState | None, rule: str) -> tuple[JourneyCommand, datetime]:
    assert state
    action = next_action(kit, state)
    assert isinstance(action, Wait)
    timer = next(one for one in action.timers if one.rule == rule)
    assert not isinstance(timer.then, CheckActivity)
    return timer.then, timer.at


def answering(number: int, goal: str, length: int) -> list[JourneyEvent]:
    """The story by the kit with a form and segments, and with this answer."""
    return story(number, length, SEGMENTED, {"goal": goal, "hours": 3})


def journey(number: int) -> JourneyId:
    return JourneyId(f"ready.l-{number}")


async def tell(log: EventLog, number: int, events: Sequence[JourneyEvent], after: int = 0) -> None:
    """Appends the events of a journey from version `after` on, one append each."""
    for version, event in enumerate(events[after:], start=after):
        append_id = f"{journey(number)}:{version}"
        await log.append(journey_stream(journey(number)), version, append_id, encode([event], append_id))
