"""Why a journey stands where it does: what it waits for, by which line of its kit, what comes next, what came last.

Told from the log and the kit alone, so it can be asked of any journey: one that runs, one that closed, one that the
Temporal server has lost.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import CaseId, JourneyId, MilestoneId, SessionId
from domain.journey import Awaited, CommandRejected, Wait, next_action
from domain.journey.outlook import pathway_of
from domain.journey.timers import say
from domain.journey.words import Words, behind
from domain.kit import Duty, Role
from domain.kit.words import DUTIES
from kits.lines import Lines
from queries.happened import Happened, happened_at
from queries.journey_record import Story, read_story
from queries.suggestions import Setting, always, suggestions
from store import people
from store.database import Pool


@dataclass(frozen=True, slots=True)
class Waits:
    """Somebody is awaited to do something."""

    duty: Duty
    says: str
    title: str | None
    """Of what it is about, where the kit gives it one."""
    about: str
    who: Role
    since: datetime
    due_at: datetime
    rule: str
    source: str
    """The line of the kit that says so; empty for a kit that was published without its source."""
    said: tuple[Words, ...]
    """What people wrote that whoever is awaited must have read. Personal."""
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
    """What was refused since is in `refused`."""
    refused: tuple[Happened, ...]
    commands: tuple[str, ...]
    """What else can be done, whatever is awaited."""
    as_of: datetime


async def why(pool: Pool, journey: JourneyId) -> Why:
    """Raises NoSuchJourney when the log knows none of this name."""
    return await why_with_mentors(pool, await read_story(pool, journey))


async def why_with_mentors(pool: Pool, story: Story) -> Why:
    """With the mentors who are known, where one is awaited."""
    wanted = story.state.wait is not None and story.state.wait.duty == "match"
    return why_of(story, [one.person_id for one in await people.of_kind(pool, "mentor")] if wanted else ())


def why_of(story: Story, mentors: Sequence[str] = ()) -> Why:
    """`mentors`: the ids of those who could be matched."""
    return _WhyBuilder(story, mentors).build()


class _WhyBuilder:
    def __init__(self, story: Story, mentors: Sequence[str]) -> None:
        self._story, self._kit, self._state = story, story.kit, story.state
        self._lines = Lines(story.kit)
        self._now = Setting(story.journey, story.kit, story.state, story.as_of, mentors)

    def build(self) -> Why:
        state, action = self._state, next_action(self._kit, self._state)
        waits = action if isinstance(action, Wait) else Wait(awaited=(), timers=())
        done, refused = self._latest()
        return Why(
            journey=self._story.journey,
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
            last=self._happened(done),
            refused=tuple(map(self._happened, refused)),
            commands=always(self._now),
            as_of=self._story.as_of,
        )

    def _latest(self) -> tuple[int, list[int]]:
        """The place of the last event that is no refusal, and those of the refusals since."""
        refused = [nth for nth, one in enumerate(self._story.events) if isinstance(one, CommandRejected)]
        done = next(nth for nth in reversed(range(len(self._story.events))) if nth not in refused)
        return done, [nth for nth in refused if nth > done]

    def _happened(self, place: int) -> Happened:
        return happened_at(self._story, place, self._kit, self._lines)

    def _waits(self, one: Awaited) -> Waits:
        return Waits(
            duty=one.duty,
            says=DUTIES[one.duty],
            title=self._title(one),
            about=one.about,
            who=one.who,
            since=one.since,
            due_at=one.due_at,
            rule=one.rule,
            source=self._lines.say(one.rule),
            said=behind(self._story.events, one),
            commands=suggestions(self._now, one),
        )

    def _title(self, one: Awaited) -> str | None:
        """That the kit gives what it is about: the rule of a case, a session, a milestone."""
        kind, _, rest = one.about.partition(":")
        name = rest.partition("#")[0]
        pathway = pathway_of(self._kit, self._state)
        if kind == "case":
            case = self._state.case(CaseId(name))
            rule = self._kit.find_escalation(case.rule) if case else None
            return rule.title if rule else None
        if pathway and kind in ("session", "preparation", "notes", "follow_up"):
            return pathway.title_of_session(SessionId(name))
        return pathway.title_of_milestone(MilestoneId(name)) if pathway and kind in ("milestone", "review") else None
