"""What every condition of an escalation answers, and the little that it sees of a journey and of a program.

A condition fires in one of three ways: at once, by facts (`subjects`); by the clock (`deadline`, with `by_clock`); or
when a duty is late (`duty` and `delay`, also with `by_clock`). What it fires for is its subject: a name such as
`missed-since:week-2`, by which a rule fires once for each row of missed sessions. Subjects are stored, so they never
change.
"""

from abc import abstractmethod
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, ClassVar, NamedTuple, Protocol, TypeAlias

from domain.kit.breaks import Break
from domain.kit.words import Duty, Role
from domain.values import Event, Frozen, counted, say_duration


class SessionFacts(Protocol):
    @property
    def held(self) -> bool: ...
    @property
    def owed_since(self) -> datetime | None: ...


class MissFacts(Protocol):
    @property
    def name(self) -> str: ...
    @property
    def at(self) -> datetime: ...


class MilestoneFacts(Protocol):
    @property
    def milestone(self) -> str: ...
    @property
    def status(self) -> str: ...
    @property
    def setbacks(self) -> int: ...
    @property
    def planned_attempt(self) -> int: ...


class ComparisonFacts(Protocol):
    """A look at how long others have been quiet."""

    @property
    def comparison(self) -> str: ...
    @property
    def seen_at(self) -> datetime:
        """The learner's latest sign when it was made. It says nothing of a later silence."""
        ...

    @property
    def counts_from(self) -> datetime:
        """When to look again; of one that found the learner beyond the others, when it was made."""
        ...


class OthersFacts(Protocol):
    def since(self, percent: int) -> datetime:
        """The latest moment since which so many percent of the others have been seen."""
        ...


class JourneyFacts(Protocol):
    """The facts of a journey that conditions look at. The state of a journey has them all."""

    @property
    def sessions(self) -> Sequence[SessionFacts]: ...
    @property
    def milestones(self) -> Sequence[MilestoneFacts]: ...
    @property
    def misses(self) -> Sequence[MissFacts]: ...
    @property
    def misses_in_a_row(self) -> Sequence[str]: ...
    @property
    def signs(self) -> int: ...
    @property
    def last_seen_at(self) -> datetime | None: ...
    @property
    def quiet_from(self) -> datetime | None: ...
    @property
    def comparisons(self) -> Sequence[ComparisonFacts]: ...
    @property
    def mentor(self) -> str | None: ...
    @property
    def mentor_seen_at(self) -> datetime | None: ...
    @property
    def mentor_quiet_from(self) -> datetime | None: ...


class Outline(NamedTuple):
    """What decides whether a program can ever meet a condition."""

    longest: timedelta
    """The length of its longest pathway."""
    sessions: Sequence[Sequence[timedelta]]
    """When the sessions of each pathway begin, in order."""
    never_asked: Mapping[str, str]
    """The duties that no journey of it ever has, each with why."""

    def over_by(self, moment: timedelta) -> str | None:
        """Why nothing happens so long into a pathway; None when something can."""
        if moment < self.longest:
            return None
        return f"the longest pathway ends after {say_duration(self.longest)}"

    def too_few_sessions(self, wanted: int) -> str | None:
        """Why nobody can miss so many sessions; None when somebody can."""
        most = max(map(len, self.sessions))
        return f"no pathway has more than {counted(most, 'session')}" if wanted > most else None


Breaks: TypeAlias = Sequence[Break]


class Deadline(NamedTuple):
    subject: str
    at: datetime


class Compared(NamedTuple):
    """What a look at the others came to."""

    seen_since: datetime | None
    """Since when as many of them had been seen as the condition names. None: there are none to compare with."""
    look_again_at: datetime | None
    """None: the learner is beyond them."""


class Condition(Frozen):
    """When an escalation fires. Its first field is one that no other condition has: kits tell it by that."""

    example: ClassVar[str]
    """As a kit writes it."""
    by_clock: ClassVar[bool] = False
    """Whether it fires as time passes, rather than at once when something happens."""
    in_sessions_only: ClassVar[bool] = False
    """Whether the clock fires it, or a later step of its ladder, only in the stage of the sessions."""
    checks_activity: ClassVar[bool] = False
    """Whether the learner's latest activity is looked up before the clock fires it."""
    stopped_by: ClassVar[Role] = "ops"
    """Who can keep the clock from firing it."""
    rests_in_breaks: ClassVar[bool] = False
    """Whether its clock, and those of the later steps of its ladder, rest in the breaks of the kit."""
    after: ClassVar[frozenset[str] | None] = None
    """The stored types of the events after one of which it can be met at once. None: after any, as it looks at the
    journey."""
    wants_a_person: ClassVar[bool] = False
    """Whether it says that a learner is in trouble, so that a person has to look before anything is offered."""

    # What it says

    @abstractmethod
    def in_words(self) -> str:
        """For people, after `when`: `there is no activity for 7 days`."""

    def counted_so_far(self, journey: JourneyFacts) -> str:  # noqa: ARG002
        """For people: what has come together towards it; empty where nothing has, or there is nothing to count."""
        return ""

    # When it fires

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], at: datetime) -> Iterable[str]:  # noqa: ARG002
        """The subjects for which the condition is met after these events. Firing twice for one subject is prevented."""
        return ()

    def deadline(self, journey: JourneyFacts, breaks: Breaks = ()) -> Deadline | None:  # noqa: ARG002
        """For what it fires by the clock and when, unless something happens before. In breaks its clock may rest."""
        return None

    @property
    def comparison(self) -> str | None:
        """Names the comparison with others by which it fires; None: it makes none."""
        return None

    def compared(self, quiet_from: datetime, others: OthersFacts | None, at: datetime) -> Compared:
        """A learner who has been quiet from then on, against the others; `others`: None if there are none to compare
        with. Asked only of a condition that names a `comparison`."""
        raise NotImplementedError

    @property
    def duty(self) -> Duty | None:
        """The duty that is late when it fires."""
        return None

    @property
    def delay(self) -> timedelta:
        """How long after its due time the duty counts as late."""
        return timedelta(0)

    # What becomes of it later

    def still_holds(self, journey: JourneyFacts, subject: str, awaited: Collection[str]) -> bool:  # noqa: ARG002
        """Whether what it fired for is still so; `awaited` are the names of the duties that somebody has. What somebody
        said stays so, until a person declares the matter dealt with."""
        return True

    def has_grounds(self, journey: JourneyFacts, subject: str) -> bool:  # noqa: ARG002
        """Whether by the facts as they are it fires for this subject: if a correction takes its grounds away, the
        escalation is taken back. Always False for what no correction of a session or a milestone touches."""
        return False

    # What the checker of kits asks

    @property
    def earliest(self) -> timedelta | None:
        """How long into a pathway it fires at the earliest; None when the length of pathways does not limit it."""
        return timedelta(0)

    def never(self) -> tuple[str, str] | None:
        """The field by which it can never fire, and why, whatever the program. Such a kit is not read at all."""
        return None

    def unreachable(self, program: Outline) -> str | None:  # noqa: ARG002
        """Why it never fires in this program; None when it can."""
        return None

    def no_later_steps(self) -> str | None:
        """Why no later step of its ladder is ever taken; None when they can be."""
        return None


def of_type(happened: Iterable[Event], *stored: str) -> list[Any]:
    """Those events whose stored type is one of these."""
    return [one for one in happened if one.type in stored]


@lru_cache(maxsize=10_000)
def to_the_minute(moment: datetime) -> str:
    return moment.isoformat()[:16]


def quiet_since(last_seen_at: datetime) -> str:
    """The subject of rules about a silence."""
    return f"quiet-since:{to_the_minute(last_seen_at)}"
