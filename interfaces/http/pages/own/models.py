"""What the pages of learners and mentors say."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from urllib.parse import urlencode

from domain.words import distance
from interfaces.http.pages.fields import Form
from interfaces.http.pages.reading import reading
from interfaces.http.pages.survey import moment
from queries.own_page import Shared

Lines = Sequence[tuple[str, str]]


def _said() -> str | None:
    return reading().tell()


@dataclass(frozen=True, slots=True)
class Link:
    address: str
    label: str
    about: str = ""
    """What it is about, for those who do not see where it stands."""


@dataclass(frozen=True, slots=True)
class Moment:
    """With the day of the week, as people say it who plan their own."""

    iso: str
    says: str
    relative: str

    @classmethod
    def of(cls, at: datetime, now: datetime) -> "Moment":
        return cls(at.isoformat(), moment(at, reading().zone), distance(at, now))


@dataclass(frozen=True, slots=True)
class ToDo:
    link: Link
    due: Moment
    late: bool
    soon: bool
    """Whether it is late, or due within two weeks."""


@dataclass(frozen=True, slots=True)
class Coming:
    when: Moment
    title: str
    says: str
    links: Sequence[Link]
    address: str = ""
    """Where the title leads."""
    lines: Lines = ()
    """What the learner prepared, for the mentor."""


@dataclass(frozen=True, slots=True)
class Held:
    title: str
    when: Moment
    how: str
    lines: Lines
    steps: Lines
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class Piece:
    title: str
    status: str
    attempts: Sequence[Lines]
    links: Sequence[Link]


@dataclass(frozen=True, slots=True)
class JourneyPart:
    """A journey, for the one whose page it is."""

    title: str
    says: str
    paused: Moment | None
    with_whom: str
    next: Coming | None
    """The next session."""
    todo: Sequence[ToDo]
    coming: Sequence[Coming]
    held: Sequence[Held]
    work: Sequence[Piece]
    deeds: Sequence[Link]
    """What can be done at any time."""
    more: Sequence[Link]


@dataclass(frozen=True, slots=True)
class LearnerPage:
    name: str
    zone: str
    journeys: Sequence[JourneyPart]
    surveys: Sequence[ToDo]
    link: str
    """The page about the link itself."""
    looked_at_by: str | None
    late: str
    """About views that are behind, or are being rebuilt."""
    said: str | None = field(default_factory=_said)
    """What was done on the page before."""


@dataclass(frozen=True, slots=True)
class GroupPart:
    """A group that the reader leads."""

    title: str
    says: str
    sessions: Sequence[Coming]


@dataclass(frozen=True, slots=True)
class MentorPage:
    name: str
    zone: str
    todo: Sequence[ToDo]
    coming: Sequence[Coming]
    groups: Sequence[GroupPart]
    learners: Sequence[tuple[Link, str]]
    """Each with where they stand."""
    left_out: int
    surveys: Sequence[ToDo]
    deeds: Sequence[Link]
    link: str
    looked_at_by: str | None
    late: str
    said: str | None = field(default_factory=_said)
    """What was done on the page before."""


@dataclass(frozen=True, slots=True)
class OneJourneyPage:
    """A learner, for their mentor; or a journey by itself, for the learner."""

    title: str
    zone: str
    part: JourneyPart
    about: Lines
    back: str
    looked_at_by: str | None
    said: str | None = field(default_factory=_said)
    """What was done on the page before."""


@dataclass(frozen=True, slots=True)
class SharedPage:
    title: str
    rows: Sequence[Shared]
    back: str


@dataclass(frozen=True, slots=True)
class DeedPage:
    form: Form
    background: Lines
    back: str
    zone: str
    looked_at_by: str | None = None


@dataclass(frozen=True, slots=True)
class LinkPage:
    until: Moment
    form: Form
    back: str


@dataclass(frozen=True, slots=True)
class LeavePage:
    form: Form
    leave: Sequence[tuple[str, Form]]
    """Each with the form that cancels it."""
    back: str
    zone: str
    said: str | None = field(default_factory=_said)
    """What was done on the page before."""


@dataclass(frozen=True, slots=True)
class Addresses:
    """The addresses below somebody's own page."""

    page: str

    def journey(self, journey: str) -> str:
        return f"{self.page}/journeys/{journey}"

    def deed(self, journey: str, command: str, of: str = "") -> str:
        return f"{self.journey(journey)}/{command}" + (f"?{urlencode({'of': of})}" if of else "")

    def group(self, cohort: str, session: str, what: str) -> str:
        return f"{self.page}/groups/{cohort}/{session}/{what}"
