"""Why a journey stands where it does: what it waits for, by which line of its kit, what comes next, what came last.

Told from the log and the kit alone, so it can be asked of any journey: one that runs, one that closed, one that the
Temporal server has lost.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import assert_never

from domain.ids import JourneyId
from domain.journey import Awaited, JourneyEvent, Wait, next_action
from domain.journey import events as e
from domain.journey.timers import say
from domain.kit import Duty, Kit, Role
from interfaces.journey_story import Story, read_story
from interfaces.kit_lines import Lines
from interfaces.kit_words import DUTIES
from projections.timeline import Setting, in_words, setting_after
from store.database import Pool
from store.event_log import RecordedEvent


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody is awaited to do something."""

    duty: Duty
    says: str
    about: str
    who: Role
    since: datetime
    due_at: datetime
    rule: str
    source: str
    """The line of the kit that says so; empty for a kit that was published without its source."""
    commands: tuple[str, ...]
    """What can be done about it, as it is typed."""


@dataclass(frozen=True, slots=True)
class Comes:
    """Something that happens by itself."""

    at: datetime
    says: str
    label: str
    rule: str
    source: str
    stopped_by: Role


@dataclass(frozen=True, slots=True)
class Happened:
    """The last order that was obeyed, and all that came of it."""

    at: datetime
    events: tuple[str, ...]
    by: str | None
    command: str | None
    rule: str | None
    """Of the kit, when it came by itself or a rule added to it."""
    source: str


@dataclass(frozen=True, slots=True)
class Why:
    journey: JourneyId
    program: str
    version: str
    """Of the kit."""
    kit: str
    stage: str
    since: datetime
    paused_until: datetime | None
    ending: str | None
    waits: tuple[Waits, ...]
    comes: tuple[Comes, ...]
    """The earliest first."""
    last: Happened
    commands: tuple[str, ...]
    """What else can be done, whatever is awaited."""
    as_of: datetime


async def why(pool: Pool, journey: JourneyId) -> Why:
    """Raises NoSuchJourney when the log knows none of this name."""
    return why_of(await read_story(pool, journey))


def why_of(story: Story) -> Why:
    return _Telling(story).why()


class _Telling:
    def __init__(self, story: Story) -> None:
        self._story = story
        self._journey, self._kit, self._state = story.journey, story.kit, story.state
        self._lines = Lines(story.kit)
        self._setting = _setting(story.events)

    def why(self) -> Why:
        state, action = self._state, next_action(self._kit, self._state)
        waits = action if isinstance(action, Wait) else Wait(awaited=(), timers=())
        return Why(
            journey=self._journey,
            program=state.program,
            version=self._kit.version,
            kit=state.kit,
            stage=state.stage,
            since=state.stage_since,
            paused_until=state.pause.until if state.pause else None,
            ending=state.closing.ending if state.closing else None,
            waits=tuple(map(self._waits, waits.awaited)),
            comes=tuple(
                Comes(one.at, say(one.then), one.label, one.rule, self._lines.say(one.rule), one.stopped_by)
                for one in waits.timers
            ),
            last=self._last(self._story.recorded, self._story.events),
            commands=tuple(self._typed(*one) for one in self._always()),
            as_of=self._story.as_of,
        )

    def _waits(self, one: Awaited) -> Waits:
        return Waits(
            duty=one.duty,
            says=DUTIES[one.duty],
            about=one.about,
            who=one.who,
            since=one.since,
            due_at=one.due_at,
            rule=one.rule,
            source=self._lines.say(one.rule),
            commands=tuple(self._typed(*command) for command in commands_for(self._kit, one)),
        )

    def _last(self, recorded: Sequence[RecordedEvent], events: Sequence[JourneyEvent]) -> Happened:
        meta = recorded[-1].meta
        first = len(recorded) - 1
        while first and meta.get("order") and recorded[first - 1].meta.get("order") == meta["order"]:
            first -= 1
        rule = meta.get("rule") or next(filter(None, map(_rule_of, reversed(events[first:]))), None)
        return Happened(
            at=recorded[-1].occurred_at,
            events=tuple(in_words(self._kit, self._setting, event) for event in events[first:]),
            by=meta.get("by"),
            command=meta.get("command"),
            rule=rule,
            source=self._lines.say(rule),
        )

    def _typed(self, command: str, *fields: str) -> str:
        return " ".join((f"trellis send {self._journey} {command}", *(f"-f {field}" for field in fields)))

    def _always(self) -> Iterator[tuple[str, ...]]:
        if self._state.closing:
            yield "record_outcome", "kind=job", "value=..."
            return
        if self._state.pause:
            yield ("resume",)
        else:
            yield "pause", "reason=..."
        if self._state.stage == "sessions" and self._state.mentor and not self._state.pause:
            yield "release_mentor", "reason=..."
            yield "reset_pathway", "reason=..."
        yield "withdraw", "reason=..."
        yield "end_early", "reason=..."


def _setting(events: Iterable[JourneyEvent]) -> Setting:
    """What the words need to know of a journey, after these events."""
    setting: Setting | None = None
    for event in events:
        setting = setting_after(setting, event)
    assert setting, "a journey has events"
    return setting


def _rule_of(event: JourneyEvent) -> str | None:
    """The rule of the kit that an event names itself."""
    match event:
        case e.Nudged() | e.CaseOpened() | e.RemediesOffered():
            rung = "then" if event.step == 0 else f"later.{event.step - 1}"
            return f"escalations.{event.rule}.{rung}"
        case e.ReminderFellDue():
            return event.rule
        case _:
            return None


def commands_for(kit: Kit, one: Awaited) -> Iterator[tuple[str, ...]]:
    """What can be done about a duty, each with its fields."""
    name = one.about.partition(":")[2].partition("#")[0]
    match one.duty:
        case "intake":
            yield "submit_intake", *(f"answers.{question.id}=..." for question in kit.intake.questions[:1])
        case "intake_review":
            yield "review_intake", "verdict=approve"
            yield "review_intake", "verdict=more_information", "reason=..."
            yield "review_intake", "verdict=decline", "reason=..."
        case "match":
            yield ("offer_match" if kit.matching.asks else "approve_match"), "mentor=..."
        case "offer":
            yield from (("answer_offer", f"answer={one_way}") for one_way in ("accept", "decline", "more_information"))
        case "preparation":
            yield "prepare_session", f"session={name}", "answers:=..."
        case "attendance":
            yield "record_attendance", f"session={name}", "attendance=attended"
            yield "reschedule_session", f"session={name}", "starts_at=..."
        case "notes":
            yield "write_notes", f"session={name}", "answers:=..."
        case "follow_up":
            yield "send_follow_up", f"session={name}", "summary=...", "next_steps:=..."
        case "action_item":
            yield "close_action_item", f"item={name}"
        case "check_in":
            yield ("check_in",)
        case "milestone":
            yield "submit_milestone", f"milestone={name}"
            yield "waive_milestone", f"milestone={name}", "reason=..."
        case "milestone_review":
            verdicts = ("passed", "returned", "failed")
            yield from (("review_milestone", f"milestone={name}", f"verdict={verdict}") for verdict in verdicts)
        case "wrap_up":
            yield "complete_wrap_up", "done:=..."
        case "case":
            yield "resolve_case", f"case={name}", "resolution=..."
            yield "acknowledge_case", f"case={name}"
            yield "snooze_case", f"case={name}", "until=...", "reason=..."
            yield "reassign_case", f"case={name}", "owner=ops", "reason=..."
        case "remedy":
            yield "choose_remedy", "remedy=..."
        case _:
            assert_never(one.duty)
