"""Why a journey is in its present state: what it waits for, by which line of its kit, what comes next, what came last.

Only the log and the kit are read, so the query works for any journey: running, closed, or lost by Temporal.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import CaseId, JourneyId, MilestoneId, SessionId
from domain.journey import Awaited, CommandRejected, awaited, timers
from domain.journey.duty import pathway_of
from domain.journey.words import Words, behind
from domain.kit import Duty, Role
from domain.kit.words import DUTIES
from kits.lines import Lines
from queries.handled_commands import HandledCommand, handled_command_at
from queries.journey_record import JourneyRecord, read_record
from queries.suggestions import Setting, always, suggestions
from store import people
from store.database import Pool


@dataclass(frozen=True, slots=True)
class OpenDuty:
    """A duty that somebody has now."""

    duty: Duty
    says: str
    title: str | None
    """The title of its subject, if the kit has one."""
    about: str
    who: Role
    since: datetime
    due_at: datetime
    rule: str
    source: str
    """Where the rule is in the kit; empty for a kit that was published without its source."""
    said: tuple[Words, ...]
    """What people wrote that the person must read for this duty. Personal."""
    commands: tuple[str, ...]
    """Commands for it, ready to be typed."""


@dataclass(frozen=True, slots=True)
class UpcomingTimer:
    """A timer that will fire."""

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
    waits: tuple[OpenDuty, ...]
    comes: tuple[UpcomingTimer, ...]
    """Earliest first."""
    last: HandledCommand
    """Without rejected commands, which are in `refused`."""
    refused: tuple[HandledCommand, ...]
    commands: tuple[str, ...]
    """Commands that are possible whatever the open duties are."""
    as_of: datetime


async def why(pool: Pool, journey: JourneyId) -> Why:
    """Raises NoSuchJourney when the log has no such journey."""
    return await why_with_mentors(pool, await read_record(pool, journey))


async def why_with_mentors(pool: Pool, record: JourneyRecord) -> Why:
    """Suggests known mentors where a match is due."""
    wanted = record.state.wait is not None and record.state.wait.duty == "match"
    return why_of(record, [one.person_id for one in await people.of_kind(pool, "mentor")] if wanted else ())


def why_of(record: JourneyRecord, mentors: Sequence[str] = ()) -> Why:
    """`mentors`: the ids of those who could be matched."""
    return _WhyBuilder(record, mentors).build()


class _WhyBuilder:
    def __init__(self, record: JourneyRecord, mentors: Sequence[str]) -> None:
        self._record, self._kit, self._state = record, record.kit, record.state
        self._lines = Lines(record.kit)
        self._now = Setting(record.journey, record.kit, record.state, record.as_of, mentors)

    def build(self) -> Why:
        state = self._state
        done, refused = self._latest()
        return Why(
            journey=self._record.journey,
            program=state.program,
            version=self._kit.version,
            kit=state.kit,
            stage=state.stage,
            since=state.stage_since,
            paused_until=state.pause.until if state.pause else None,
            ending=state.closing.ending if state.closing else None,
            waits=tuple(map(self._waits, awaited(state))),
            comes=tuple(
                UpcomingTimer(
                    one.at, one.then.in_words(), one.label, one.rule, self._lines.at(one.rule), one.stopped_by
                )
                for one in timers(self._kit, state)
            ),
            last=self._happened(done),
            refused=tuple(map(self._happened, refused)),
            commands=always(self._now),
            as_of=self._record.as_of,
        )

    def _latest(self) -> tuple[int, list[int]]:
        """The index of the last event that is not a rejection, and the indexes of the rejections after it."""
        refused = [nth for nth, one in enumerate(self._record.events) if isinstance(one, CommandRejected)]
        done = next(nth for nth in reversed(range(len(self._record.events))) if nth not in refused)
        return done, [nth for nth in refused if nth > done]

    def _happened(self, place: int) -> HandledCommand:
        return handled_command_at(self._record, place, self._kit, self._lines)

    def _waits(self, one: Awaited) -> OpenDuty:
        return OpenDuty(
            duty=one.duty,
            says=DUTIES[one.duty],
            title=self._title(one),
            about=one.about,
            who=one.who,
            since=one.since,
            due_at=one.due_at,
            rule=one.rule,
            source=self._lines.at(one.rule),
            said=behind(self._record.events, one),
            commands=suggestions(self._now, one),
        )

    def _title(self, one: Awaited) -> str | None:
        """The title in the kit of the subject: the rule of a case, a session or a milestone."""
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
