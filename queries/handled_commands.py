"""The command behind an event of a journey: who sent it, or which rule, and all the events it led to."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import JourneyId, KitDigest
from domain.journey import CommandRejected, JourneyEvent
from domain.journey import events as e
from domain.journey.words import Words, words_of
from domain.kit import Kit
from domain.refusal import NotFound
from kits.lines import Lines
from projections.views.timeline import Setting, in_words, setting_after
from queries.journey_record import JourneyRecord, kit_of, read_record
from store.database import Pool


class NoSuchEvent(NotFound):
    """The journey has no event with this number."""

    def __init__(self, journey: JourneyId, version: int, last: int) -> None:
        super().__init__(
            f"Journey {journey!r} has no event {version}. Its events are numbered 1 to {last}; see trellis timeline."
        )


@dataclass(frozen=True, slots=True)
class HandledCommand:
    """One command that was handled, with its events."""

    at: datetime
    version: int
    """The version of its first event in the journey's stream."""
    events: tuple[str, ...]
    by: str | None
    command: str | None
    rule: str | None
    """The rule of the kit, if a timer sent the command or a rule added events to it."""
    source: str
    """Where the rule is in the kit; empty if there is none."""
    said: tuple[Words, ...] = ()
    """What people wrote with it. Personal."""
    refused: bool = False


async def handled_command(pool: Pool, journey: JourneyId, version: int) -> HandledCommand:
    """The command that led to an event, explained by the version of the kit of that time.

    Raises:
        NoSuchJourney: when the log has no such journey.
        NoSuchEvent: when the journey has no event with this number.
    """
    record = await read_record(pool, journey)
    if not 1 <= version <= len(record.events):
        raise NoSuchEvent(journey, version, len(record.events))
    digest = setting_of(record.events[:version]).kit
    kit = record.kit if digest == record.state.kit else await kit_of(pool, KitDigest(digest))
    return handled_command_at(record, version - 1, kit, Lines(kit))


def handled_command_at(record: JourneyRecord, place: int, kit: Kit, lines: Lines) -> HandledCommand:
    """The command that led to the event at this index, counted from 0."""
    meta = record.recorded[place].meta
    first = last = place
    while first and _same_order(record, first - 1, place):
        first -= 1
    while last + 1 < len(record.recorded) and _same_order(record, last + 1, place):
        last += 1
    these = record.events[first : last + 1]
    rule = meta.get("rule") or next(filter(None, map(_rule_of, reversed(these))), None)
    return HandledCommand(
        at=record.recorded[place].occurred_at,
        version=first + 1,
        events=_told(record, first, these, kit),
        by=meta.get("by"),
        command=meta.get("command"),
        rule=rule,
        source=lines.at(rule),
        said=tuple(words for event in these for words in words_of(event)),
        refused=isinstance(these[0], CommandRejected),
    )


def _same_order(record: JourneyRecord, place: int, other: int) -> bool:
    order = record.recorded[other].meta.get("order")
    return order is not None and record.recorded[place].meta.get("order") == order


def _told(record: JourneyRecord, first: int, these: Sequence[JourneyEvent], kit: Kit) -> tuple[str, ...]:
    return tuple(
        in_words(kit, setting_of(record.events[: first + nth]), event) for nth, event in enumerate(these, start=1)
    )


def setting_of(events: Sequence[JourneyEvent]) -> Setting:
    """What the wording of an event depends on, after these events."""
    setting: Setting | None = None
    for event in events:
        setting = setting_after(setting, event)
    assert setting, "a journey has events"
    return setting


def _rule_of(event: JourneyEvent) -> str | None:
    """The rule that the event itself names."""
    match event:
        case e.Nudged() | e.CaseOpened() | e.RemediesOffered():
            rung = "then" if event.step == 0 else f"later.{event.step - 1}"
            return f"escalations.{event.rule}.{rung}"
        case e.EscalationTakenBack():
            return f"escalations.{event.rule}"
        case e.ReminderFellDue():
            return event.rule
        case _:
            return None
