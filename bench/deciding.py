"""What the rules themselves cost, without any server: a journey of twelve weeks, decided, folded and looked ahead.

Each step is what a journey's workflow asks of the core: decide a command or a timer, fold the events, say what comes
next. The floor, in the same run: reading the same events from the JSON that the log keeps.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from time import process_time

from bench.options import quick
from bench.table import Figure, report
from domain.ids import LearnerId, MentorId
from domain.journey import (
    COMMANDS,
    EVENTS,
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
from domain.journey.commands import ReportActivity
from domain.kit import Kit
from runtime import ending
from runtime.exits import Exit

START = datetime(2026, 3, 2, 9, tzinfo=UTC)
WEEKS = 12
KIT = Kit.model_validate(
    {
        "program": "twelve-weeks",
        "version": "1",
        "title": "Twelve weeks",
        "promise": {
            "outcome": "a portfolio",
            "audience": "beginners",
            "duration": "12 weeks",
            "cadence": "weekly",
            "support": "a mentor",
            "measures": ["portfolios shown"],
        },
        "intake": {"questions": [{"id": "goal", "ask": "What for?"}], "reminders": ["3 days"]},
        "pathways": [
            {
                "id": "main",
                "title": "Main",
                "mentor_type": "any",
                "ends": "13 weeks",
                "sessions": [
                    {"id": f"s{week}", "title": "Session", "purpose": "go on", "after": f"{7 * week + 3} days"}
                    for week in range(WEEKS)
                ],
                "milestones": [
                    {"id": f"m{nth}", "title": "Work", "due": f"{14 * nth + 9} days", "reminders": ["2 days"]}
                    for nth in range(WEEKS // 2)
                ],
            }
        ],
        "escalations": [
            {"id": "quiet", "title": "Quiet", "when": {"no_activity_for": "7 days"}, "then": {"nudge": "learner"}},
            *(
                {"id": f"late-{duty}", "title": "Late", "when": {"overdue": duty}, "then": {"open_case": "ops"}}
                for duty in ("intake_review", "match", "attendance", "milestone", "milestone_review", "case")
            ),
        ],
    }
)


def commands() -> Iterator[tuple[datetime, JourneyCommand]]:
    """The commands that people send in the course of the journey, with their times."""

    def person(days: float, name: str, **payload: object) -> tuple[datetime, JourneyCommand]:
        return START + timedelta(days=days), COMMANDS[name].model_validate(payload)

    yield START, StartJourney(program=KIT.program_id, learner=LearnerId("lea"), kit=KIT.digest)
    yield person(1, "submit_intake", answers={"goal": "a job"})
    yield person(2, "review_intake", verdict="approve")
    yield person(3, "approve_match", mentor=MentorId("ana"))
    for week in range(WEEKS):
        yield person(7 * week + 6.2, "record_attendance", session=f"s{week}", attendance="attended")
        if week % 2 == 0:
            work = f"m{week // 2}"
            yield person(7 * week + 10, "submit_milestone", milestone=work)
            yield person(7 * week + 10.1, "review_milestone", milestone=work, verdict="returned", score=50)
            yield person(7 * week + 11, "submit_milestone", milestone=work)
            yield person(7 * week + 11.1, "review_milestone", milestone=work, verdict="passed", score=80)
    yield person(7 * WEEKS + 5, "complete_wrap_up")


class Journey:
    """Runs as its workflow runs it."""

    def __init__(self) -> None:
        self.events: list[JourneyEvent] = []
        self.steps = 0
        self.state: JourneyState | None = None
        self.wait: Wait | None = None

    def run(self) -> None:
        for at, command in commands():
            while self.wait and (timer := self.wait.next_timer) and timer.at <= at:
                seen = ReportActivity(last_active_at=timer.at - timedelta(days=1))
                self.step(seen if isinstance(timer.then, CheckActivity) else timer.then, timer.at)
            self.step(command, at)
        assert self.state
        assert self.state.closing

    def step(self, command: JourneyCommand, at: datetime) -> None:
        decided = decide(KIT, self.state, command, at)
        self.events += decided
        self.state = fold(decided, self.state)
        assert self.state
        action = next_action(KIT, self.state)
        self.wait = action if isinstance(action, Wait) else None
        self.steps += 1


def main() -> None:
    rounds = 20 if quick() else 200
    journey = Journey()
    journey.run()
    whole = _seconds(lambda: Journey().run(), rounds)
    stored = [(EVENTS[event.type], event.model_dump_json()) for event in journey.events]
    floor = _seconds(lambda: [kind.model_validate_json(text) for kind, text in stored], rounds)
    against = f"reading its {len(stored)} events from JSON"
    figures = [
        Figure("journey", whole * 1e3, "ms", whole / floor, against, "under 25"),
        Figure("step", whole / journey.steps * 1e6, "µs"),
        Figure("journeys_a_second", 1 / whole, "1/s"),
    ]
    report(f"A journey of {WEEKS} weeks, {len(stored)} events in {journey.steps} steps, on one core", figures)


def _seconds(work: Callable[[], object], rounds: int) -> float:
    """The least CPU seconds of several rounds, which other load on the machine affects least."""

    def once() -> float:
        began = process_time()
        work()
        return process_time() - began

    return min(once() for _ in range(rounds))


if __name__ == "__main__":
    main()
    ending.leave(Exit.OK)
