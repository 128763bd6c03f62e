"""The messages that a program sends to people, and the quiet hours in which it sends none."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from itertools import product
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, PlainSerializer, model_validator

from domain.ids import Slug
from domain.kit.words import Role, Text
from domain.values import Frozen

Change = Literal[
    "approved",
    "declined",
    "offer_withdrawn",
    "matched",
    "mentor_left",
    "session_moved",
    "session_cancelled",
    "submitted",
    "reviewed",
    "new_dates",
    "paused",
    "resumed",
    "wrap_up",
    "closed",
    "reopened",
]
"""A change of a journey that its learner or mentor is notified of."""
Occasion = Literal[
    "reminder", "nudge", "case", "offer", "remedies", "follow_up", "more_information", "invitation", "survey", Change
]
"""What a message is sent for: a reminder falls due, a rule nudges, opens a case or offers remedies, a match is
proposed, a follow-up is sent, more information is wanted for the intake, a calendar is to show a session, a survey
is to be answered, or a journey changes."""
NoticeReason = Occasion | Literal["message"]
"""Why somebody is written to: an occasion of the kit, or `message`: a person writes, in words of their own."""
Topic = Literal["intake", "session", "milestone"]
"""What a reminder is about."""


class Message(Frozen):
    """What is written on an occasion; `subject` and `text` are templates, the latter the name of a text of the kit.

    Of several that fit, the one that names the rule goes first, then the one that names the topic, then the role.
    """

    when: Occasion
    of: Topic | None = None
    """Only for reminders about this. None: about anything."""
    rule: Slug | None = None
    """Only for this escalation. None: for any."""
    to: Role | None = None
    """Only to this role. None: to any."""
    subject: Text
    text: Text

    @property
    def key(self) -> "MessageKey":
        """No two messages of a kit may have the same."""
        return (self.when, self.rule, self.of, self.to)


MessageKey = tuple[str, str | None, str | None, str | None]
"""What a message is for: the occasion, the rule, the topic, the role; None: any."""


def by_key(messages: Mapping[str, Message]) -> Mapping[MessageKey, str]:
    """Their names, for `find_message`."""
    found: dict[MessageKey, str] = {}
    for name, one in messages.items():
        found.setdefault(one.key, name)
    return found


def find_message(
    messages: Mapping[MessageKey, str], when: Occasion, to: Role, rule: str | None = None, of: Topic | None = None
) -> str | None:
    """The name of the most specific message for this occasion; None when the kit has none."""
    for key in product((when,), (rule, None), (of, None), (to, None)):
        if name := messages.get(key):
            return name
    return None


_HOUR = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)


def _read_hour(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return time.fromisoformat(value if _HOUR.fullmatch(value) else "")
        except ValueError as error:
            raise ValueError(f"{value[:20]!r} is no time of day; write for instance '21:00'") from error
    if isinstance(value, int):  # some YAML readers take `21:00` without quotes for a number
        raise ValueError(f'{value!r} is no time of day; put it in quotes, as in "21:00"')
    return value


Hour = Annotated[time, BeforeValidator(_read_hour), PlainSerializer(lambda hour: f"{hour:%H:%M}", return_type=str)]
"""A time of day in the time zone of the recipient."""


class QuietHours(Frozen):
    """Between these two times of day nothing is delivered; they may span midnight."""

    after: Hour
    until: Hour

    @model_validator(mode="after")
    def _end(self) -> "QuietHours":
        if self.after == self.until:
            raise ValueError("quiet hours cannot end when they begin; give them another end")
        return self

    def first_moment(self, at: datetime, zone: tzinfo) -> datetime:
        """The first moment from `at` on, in UTC, at which a message may reach somebody in this time zone."""
        local = at.astimezone(zone)
        clock = local.time()
        if self.after < self.until:
            quiet, tomorrow = self.after <= clock < self.until, False
        else:
            quiet, tomorrow = clock >= self.after or clock < self.until, clock >= self.after
        if not quiet:
            return at.astimezone(UTC)
        if tomorrow:
            return datetime.combine(local.date() + timedelta(days=1), self.until, zone).astimezone(UTC)
        same_hour = self.until.replace(fold=local.fold)  # of the two, once the clock has gone back
        return datetime.combine(local.date(), same_hour, zone).astimezone(UTC)
