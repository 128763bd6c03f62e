"""What happened on a journey, who asked for it, and by which rule: of its last order, or of any event."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from domain.ids import JourneyId, KitDigest
from domain.journey import CommandRejected, JourneyEvent
from domain.journey import events as e
from domain.journey.words import Words, words_of
from domain.kit import Kit
from kits.lines import Lines
from projections.timeline import Setting, in_words, setting_after
from queries.journey_record import Story, kit_of, read_story
from store.database import Pool


class NoSuchEvent(Exception):
    """The journey has no event of this number."""

    def __init__(self, journey: JourneyId, version: int, last: int) -> None:
        super().__init__(
            f"Journey {journey!r} has no event {version}. Its events are numbered 1 to {last}; see trellis timeline."
        )


@dataclass(frozen=True, slots=True)
class Happened:
    """One order that was obeyed, and all that came of it."""

    at: datetime
    version: int
    """Of the first of its events, in the journey's stream."""
    events: tuple[str, ...]
    by: str | None
    command: str | None
    rule: str | None
    """Of the kit, when it came by itself or a rule added to it."""
    source: str
    """The line of the kit that says so; empty where there is none."""
    said: tuple[Words, ...] = ()
    """What was written with it. Personal."""
    refused: bool = False


async def happened(pool: Pool, journey: JourneyId, version: int) -> Happened:
    """The order that brought an event about, by the version of the kit that held then.

    Raises:
        NoSuchJourney: when the log knows none of this name.
        NoSuchEvent: when it has no event of this number.
    """
    story = await read_story(pool, journey)
    if not 1 <= version <= len(story.events):
        raise NoSuchEvent(journey, version, len(story.events))
    digest = setting_of(story.events[:version]).kit
    kit = story.kit if digest == story.state.kit else await kit_of(pool, KitDigest(digest))
    return happened_at(story, version - 1, kit, Lines(kit))


def happened_at(story: Story, place: int, kit: Kit, lines: Lines) -> Happened:
    """What the order did that brought about the event in this place, counted from 0."""
    meta = story.recorded[place].meta
    first = last = place
    while first and _same_order(story, first - 1, place):
        first -= 1
    while last + 1 < len(story.recorded) and _same_order(story, last + 1, place):
        last += 1
    these = story.events[first : last + 1]
    rule = meta.get("rule") or next(filter(None, map(_rule_of, reversed(these))), None)
    return Happened(
        at=story.recorded[place].occurred_at,
        version=first + 1,
        events=_told(story, first, these, kit),
        by=meta.get("by"),
        command=meta.get("command"),
        rule=rule,
        source=lines.at(rule),
        said=tuple(words for event in these for words in words_of(event)),
        refused=isinstance(these[0], CommandRejected),
    )


def _same_order(story: Story, place: int, other: int) -> bool:
    order = story.recorded[other].meta.get("order")
    return order is not None and story.recorded[place].meta.get("order") == order


def _told(story: Story, first: int, these: Sequence[JourneyEvent], kit: Kit) -> tuple[str, ...]:
    return tuple(
        in_words(kit, setting_of(story.events[: first + nth]), event) for nth, event in enumerate(these, start=1)
    )


def setting_of(events: Sequence[JourneyEvent]) -> Setting:
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
        case e.EscalationTakenBack():
            return f"escalations.{event.rule}"
        case e.ReminderFellDue():
            return event.rule
        case _:
            return None
