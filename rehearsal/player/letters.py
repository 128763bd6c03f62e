"""The letters that a program sends: which events call for one, and which of them come in somebody's quiet hours."""

from collections.abc import Iterable
from datetime import datetime
from typing import NamedTuple
from zoneinfo import ZoneInfo

from domain.journey import JourneyEvent
from domain.kit import Kit, NoticeReason, Role, Topic
from domain.notification.notices import Notice, notices

_Occasion = tuple[NoticeReason, Role, str | None, Topic | None]


class Letter(NamedTuple):
    to: Role
    at: datetime
    """When it is delivered."""
    waited: bool
    """For the end of the quiet hours."""


class Letters:
    """Those of one kit. Only occasions for which the kit has a message count."""

    def __init__(self, kit: Kit) -> None:
        self._kit = kit
        self._sent: dict[_Occasion, bool] = {}

    def of(self, event: JourneyEvent, zone: ZoneInfo | None) -> Iterable[Letter]:
        """`zone`: the learner's; others read theirs when they come."""
        for one in notices(event):
            occasion = (one.when, one.to, one.rule, one.of)
            sent = self._sent.get(occasion)
            if sent is None:
                sent = self._sent[occasion] = self._is_sent(one)
            if sent:
                yield self._delivered(one.to, event.at, zone)

    def about_survey(self, to: Role, at: datetime, zone: ZoneInfo | None) -> Letter | None:
        """None: the kit has no message for it."""
        occasion: _Occasion = ("survey", to, None, None)
        if occasion not in self._sent:
            self._sent[occasion] = self._kit.message_for("survey", to) is not None
        return self._delivered(to, at, zone) if self._sent[occasion] else None

    def _is_sent(self, one: Notice) -> bool:
        """What a person writes is sent as it is."""
        return one.when == "message" or self._kit.message_for(one.when, one.to, one.rule, one.of) is not None

    def _delivered(self, to: Role, at: datetime, zone: ZoneInfo | None) -> Letter:
        quiet = self._kit.quiet_hours
        if quiet is None or zone is None or to != "learner":
            return Letter(to, at, waited=False)
        first = quiet.first_moment(at, zone)
        return Letter(to, first, waited=first > at)
