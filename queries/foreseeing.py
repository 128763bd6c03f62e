"""What a command would bring about if it were given now, in words. Nothing is changed by asking."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Literal

from domain.ids import JourneyId, KitDigest
from domain.journey import Awaited, JourneyEvent, JourneyState, NamedCommand, Timer
from domain.journey.foreseeing import Foreseen, foreseen
from domain.journey.moving import AdoptKit, MoveToKit
from domain.kit import Kit, Role
from domain.kit.words import DUTIES
from domain.notification import notices
from projections.views.timeline import Setting, in_words, setting_after
from queries.journey_record import JourneyRecord, read_record
from store import kits
from store.database import Pool
from store.errors import StoreError


@dataclass(frozen=True, slots=True)
class ForeseenEvent:
    type: str
    says: str


@dataclass(frozen=True, slots=True)
class ForeseenLetter:
    to: Role
    message: str
    """Its name in the kit, or that a person wrote it."""
    occasion: str


@dataclass(frozen=True, slots=True)
class ForeseenDuty:
    says: str
    about: str
    who: Role
    due_at: datetime


@dataclass(frozen=True, slots=True)
class ForeseenTimer:
    says: str
    rule: str
    change: Literal["stops", "starts", "moves"]
    at: datetime
    """For one that moves: the new time."""
    before: datetime | None = None
    """For one that moves: the time so far."""


@dataclass(frozen=True, slots=True)
class Preview:
    """What a command would bring about."""

    journey: JourneyId
    version: int
    """Of the journey on which this was worked out. Send it as `If-Match` or `if_version`, and the command is refused
    if the journey has moved on."""
    command: str
    events: tuple[ForeseenEvent, ...]
    """None: it would change nothing."""
    stage_before: str
    stage_after: str
    letters: tuple[ForeseenLetter, ...]
    """Those that would be sent, if their readers have an address and nothing happens meanwhile."""
    no_longer_awaited: tuple[ForeseenDuty, ...]
    newly_awaited: tuple[ForeseenDuty, ...]
    timers: tuple[ForeseenTimer, ...]
    cases_closed: tuple[str, ...]


async def preview(pool: Pool, journey: JourneyId, command: NamedCommand) -> Preview:
    """A mentor's free places, which a match takes, are not looked at.

    Raises NoSuchJourney; Rejected where the journey would refuse it.
    """
    record = await read_record(pool, journey)
    at = max(record.as_of, datetime.now(UTC))
    found = foreseen(record.kit, record.state, await _adopting(pool, command), at)
    after = await kits.load(pool, found.after.kit)
    return Preview(
        journey=journey,
        version=len(record.events),
        command=command.name,
        events=tuple(_events(record, after, found.events)),
        stage_before=record.state.stage,
        stage_after=found.after.stage,
        letters=tuple(_letters(after, found.events)),
        no_longer_awaited=tuple(map(_duty, found.no_longer_awaited)),
        newly_awaited=tuple(map(_duty, found.newly_awaited)),
        timers=tuple(sorted(_timers(found), key=lambda one: one.at)),
        cases_closed=_cases_closed(record.state, found.after),
    )


async def _adopting(pool: Pool, command: NamedCommand) -> NamedCommand | AdoptKit:
    if not isinstance(command, MoveToKit):
        return command
    try:
        kit = await kits.load(pool, KitDigest(command.kit))
    except StoreError:
        return command  # refused when it is decided
    return AdoptKit(by=command.by, digest=KitDigest(command.kit), content=kit, reason=command.reason)


def _events(record: JourneyRecord, after: Kit, foreseen_events: Sequence[JourneyEvent]) -> Iterable[ForeseenEvent]:
    setting: Setting | None = None
    for event in record.events:
        setting = setting_after(setting, event)
    for event in foreseen_events:
        setting = setting_after(setting, event)
        yield ForeseenEvent(event.type, in_words(after, setting, event))


def _letters(kit: Kit, events: Iterable[JourneyEvent]) -> Iterable[ForeseenLetter]:
    for event in events:
        for notice in notices(event):
            if notice.when == "message":
                yield ForeseenLetter(notice.to, "written by a person", notice.when)
            elif name := kit.message_for(notice.when, notice.to, notice.rule, notice.of):
                yield ForeseenLetter(notice.to, name, notice.when)


def _duty(one: Awaited) -> ForeseenDuty:
    return ForeseenDuty(DUTIES[one.duty], one.about, one.who, one.due_at)


def _timers(found: Foreseen) -> Iterable[ForeseenTimer]:
    yield from (_timer(one, "stops") for one in found.stopped)
    yield from (_timer(one, "starts") for one in found.started)
    for one, at in found.moved:
        yield ForeseenTimer(_says(one), one.rule, "moves", at, one.at)


def _timer(one: Timer, change: Literal["stops", "starts"]) -> ForeseenTimer:
    return ForeseenTimer(_says(one), one.rule, change, one.at)


def _says(one: Timer) -> str:
    return f"{one.label}: {one.then.in_words()}"


def _cases_closed(before: JourneyState, after: JourneyState) -> tuple[str, ...]:
    still = {one.case for one in after.cases}
    return tuple(one.case for one in before.cases if one.case not in still)
