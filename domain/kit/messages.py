"""What a program writes to people of its own accord, and at which hours it lets them be."""

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
"""A change of a journey that its learner or mentor is told of."""
Occasion = Literal["reminder", "nudge", "case", "offer", "remedies", "follow_up", "more_information", Change]
"""What makes a program write: a reminder falls due, a rule nudges, opens a case or offers ways on, a match is proposed,
a follow-up is sent, the intake leaves something open, or a journey changes."""
Topic = Literal["intake", "session", "milestone"]
"""What reminders are about."""


class Message(Frozen):
    """What is written on an occasion; `subject` and `text` are templates, the latter the name of a text of the kit.

    Of several that fit, the one that names the rule goes first, then the one that names the topic, then the role.
    """

    when: Occasion
    of: Topic | None = None
    """Only reminders of this. None: of anything."""
    rule: Slug | None = None
    """Only when this escalation is the reason. None: whichever is."""
    to: Role | None = None
    """Only to this role. None: to whomever it concerns."""
    subject: Text
    text: Text

    @property
    def meant_for(self) -> "Meant":
        """No two messages may be meant for the same."""
        return (self.when, self.rule, self.of, self.to)


Meant = tuple[str, str | None, str | None, str | None]
"""What a message is meant for: when, by which rule, of what, to whom; None: any."""


def by_meaning(messages: Mapping[str, Message]) -> Mapping[Meant, str]:
    """Their names, for `choose`."""
    found: dict[Meant, str] = {}
    for name, one in messages.items():
        found.setdefault(one.meant_for, name)
    return found


def choose(
    messages: Mapping[Meant, str], when: Occasion, to: Role, rule: str | None = None, of: Topic | None = None
) -> str | None:
    """The name of the message for this occasion; None when the kit has none. The narrowest that fits goes first."""
    for meant in product((when,), (rule, None), (of, None), (to, None)):
        if name := messages.get(meant):
            return name
    return None


_HOUR = re.compile(r"\d\d:\d\d(:\d\d)?", re.ASCII)


def _read_hour(value: Any) -> Any:
    if isinstance(value, str):
        try:
            return time.fromisoformat(value if _HOUR.fullmatch(value) else "")
        except ValueError as error:
            raise ValueError(f"{value[:20]!r} is no time of day; write for instance '21:00'") from error
    if isinstance(value, int):  # `21:00` without quotes is a number to some readers of YAML
        raise ValueError(f'{value!r} is no time of day; put it in quotes, as in "21:00"')
    return value


Hour = Annotated[time, BeforeValidator(_read_hour), PlainSerializer(lambda hour: f"{hour:%H:%M}", return_type=str)]
"""A time of day on the clock of the one who is written to."""


class QuietHours(Frozen):
    """Between these two times of day nothing is delivered; they may span midnight."""

    after: Hour
    until: Hour

    @model_validator(mode="after")
    def _end(self) -> "QuietHours":
        if self.after == self.until:
            raise ValueError("quiet hours that end when they begin never end; give them another end")
        return self

    def first_moment(self, at: datetime, zone: tzinfo) -> datetime:
        """The first moment from `at` on at which somebody in this time zone may be written to, in UTC."""
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
        same_hour = self.until.replace(fold=local.fold)  # the second of the two, when the clock has gone back already
        return datetime.combine(local.date(), same_hour, zone).astimezone(UTC)
