"""The history of a journey, from the latest, with what people wrote; refusals apart."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from urllib.parse import quote

from domain.ids import KitDigest
from domain.journey import CommandRejected, JourneyEvent
from domain.journey.words import Words, words_of
from domain.kit import Kit
from domain.words import plain
from interfaces.http.pages.rendering import When
from projections.views.timeline import Setting, in_words, says_nothing, setting_after
from queries.journey_record import JourneyRecord, kit_of
from store.database import Pool
from store.event_log import RecordedEvent

EVENTS_ON_A_PAGE = 50
_MOST_REFUSED = 20
_MENTOR = re.compile(r"\b([Mm]entor) ([\w-]+(?:\.[\w-]+)*)")


@dataclass(frozen=True, slots=True)
class Event:
    version: int
    at: When
    what: str
    said: Sequence[Words]
    by: str
    rule: str | None
    message: str
    """What became of the message that it sent; empty without one."""


@dataclass(frozen=True, slots=True)
class History:
    events: Sequence[Event]
    older: str | None
    newer: str | None


class Story:
    """Tells the events of a journey, each in the words of the kit that held then."""

    def __init__(self, record: JourneyRecord, of_event: Mapping[int, str], names: Mapping[str, str]) -> None:
        """`of_event`: what became of the message of an event; `names`: what people are called, by their ids."""
        self._record, self._of_event, self._names = record, of_event, names
        self._settings = list(_settings(record.events))
        self._kits: dict[str, Kit] = {record.state.kit: record.kit}

    async def history(self, pool: Pool, before: int | None, most: int = EVENTS_ON_A_PAGE) -> History:
        """The latest first, without refusals and without what says nothing."""
        version = min(before - 1 if before else self._last, self._last)
        shown: list[int] = []
        while version > 0 and len(shown) < most:
            shown += [] if self._is_refusal(version) or says_nothing(self._record.events[version - 1]) else [version]
            version -= 1
        base = f"/journeys/{quote(self._record.journey, safe='')}"
        older = f"{base}?part=history&before={version + 1}" if version > 0 else None
        return History(await self._told(pool, shown), older, f"{base}?part=history" if before else None)

    async def refused(self, pool: Pool) -> Sequence[Event]:
        versions = [version for version in range(self._last, 0, -1) if self._is_refusal(version)]
        return await self._told(pool, versions[:_MOST_REFUSED])

    @property
    def _last(self) -> int:
        return len(self._record.events)

    def _is_refusal(self, version: int) -> bool:
        return isinstance(self._record.events[version - 1], CommandRejected)

    async def _told(self, pool: Pool, versions: Sequence[int]) -> Sequence[Event]:
        for digest in {self._settings[version - 1].kit for version in versions} - self._kits.keys():
            self._kits[digest] = await kit_of(pool, KitDigest(digest))
        return [self._event(version) for version in versions]

    def _event(self, version: int) -> Event:
        event, recorded = self._record.events[version - 1], self._record.recorded[version - 1]
        setting = self._settings[version - 1]
        return Event(
            version,
            When.of(recorded.occurred_at, self._record.as_of),
            _named(in_words(self._kits[setting.kit], setting, event), self._names),
            words_of(event),
            _cause(recorded, self._names),
            recorded.meta.get("rule"),
            self._of_event.get(version, ""),
        )


def _settings(events: Iterable[JourneyEvent]) -> Iterator[Setting]:
    """What the words of each event need to know."""
    setting: Setting | None = None
    for event in events:
        setting = setting_after(setting, event)
        yield setting


def _cause(recorded: RecordedEvent, names: Mapping[str, str]) -> str:
    by, command = recorded.meta.get("by"), recorded.meta.get("command")
    return "automatic" if by in (None, "system") else f"{called(by, names)}, {plain(command or '')}"


def _named(sentence: str, names: Mapping[str, str]) -> str:
    """`Mentor m-1 was matched` with the name of the mentor."""
    return _MENTOR.sub(lambda found: f"{found[1]} {names.get(found[2], found[2])}", sentence)


def called(actor: str | None, names: Mapping[str, str]) -> str:
    """`mentor:m-1` as `Max Stone (mentor)`; others as they are recorded."""
    role, _, person = (actor or "").partition(":")
    return f"{names[person]} ({role})" if person in names else actor or ""
