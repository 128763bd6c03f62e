"""What the commands and events of all topics are built on."""

from abc import abstractmethod
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin

from pydantic import StringConstraints, ValidationInfo, model_validator

from domain.limits import MAX_COMMAND_BYTES
from domain.values import AS_BEFORE, Actor, Event, Frozen, Personal, Truth

Events = Sequence[Event]


class ActorEvent(Event):
    """An event that says who did it. Whoever does it has given a sign of life."""

    by: Actor | None = None
    """The learner or the mentor who did it; None for others. An event that only one of the two ever causes is no
    `ActorEvent`."""


class Repeatable(Event):
    """An event whose command may come again. What it said is remembered as a digest, which tells a repeat from a
    change without keeping the text."""

    @abstractmethod
    def key_and_digest(self) -> tuple[str, str]:
        """What it is about, and a digest of what it says. Commands are compared by both, so that neither changes."""


class RepeatableDaily(Event):
    """An event whose command may come any number of times, and counts once a day when it says the same."""

    @abstractmethod
    def kind_and_text(self) -> tuple[str, str]:
        """As those of its `DailyCommand`."""


class Command(Frozen):
    name: ClassVar[str]
    by: Actor = "ops"


class NamedCommand(Command):
    """A command that people and other systems give. As a whole it is smaller than an event may be."""

    by: Annotated[Actor, StringConstraints(max_length=128)] = "ops"

    @model_validator(mode="after")
    def _fits_into_the_log(self, info: ValidationInfo) -> Self:
        if info.context == AS_BEFORE or not _holds_several(type(self)):
            return self
        size = len(self.__pydantic_serializer__.to_json(self))
        if size > MAX_COMMAND_BYTES:
            raise ValueError(
                f"the command has {size:,} bytes as JSON, and at most {MAX_COMMAND_BYTES:,} can be recorded; "
                "shorten its texts"
            )
        return self


@cache
def _holds_several(kind: type[NamedCommand]) -> bool:
    """Whether a command has fields of many values. The few texts of one that has none always fit into the log."""
    return any(_is_of_many(field.annotation) for field in kind.model_fields.values())


def _is_of_many(annotation: Any) -> bool:
    origin = get_origin(annotation)
    of_many = isinstance(origin, type) and issubclass(origin, Collection)
    return of_many or any(_is_of_many(one) for one in get_args(annotation))


class CorrectableCommand(NamedCommand):
    """A command that can also correct what it said before."""

    corrects: Truth = False
    """Take the place of what is recorded; `reason` says why."""
    reason: Personal = ""
    """Why what is recorded is corrected."""


class DailyCommand(NamedCommand):
    """A command that may come any number of times, and counts once a day when it says the same."""

    @abstractmethod
    def kind_and_text(self) -> tuple[str, str]:
        """What kind of thing it says, and the text of it."""


@dataclass(unsafe_hash=True, slots=True, kw_only=True)
class TimerCommand:
    """What a timer asks for. It is made from values that are known to be right, so nothing is validated.

    Never changed once it is made. Not frozen, as making a frozen one takes twice the time.
    """

    name: ClassVar[str]
    by: Actor = "system"

    def in_words(self) -> str:
        """What it does."""
        raise NotImplementedError


class TimedCommand(NamedCommand):
    """A command of people that a timer gives too."""

    @abstractmethod
    def in_words(self) -> str:
        """What it does."""


JourneyCommand = Command | TimerCommand
