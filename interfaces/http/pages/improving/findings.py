"""What was found in a program: by detectors in what mentors wrote, in its feedback, and mentors whose figures drift."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal
from urllib.parse import quote, urlencode

from pydantic_core import to_json

from domain.finding import Standing
from domain.ids import FindingId, MentorId, ProgramId
from domain.values import Frozen
from interfaces.http.pages.asked import NOTHING
from interfaces.http.pages.fields import Form, form_of
from interfaces.http.pages.improving.proposals import make_form
from interfaces.http.pages.rendering import When
from interfaces.http.v1.findings import FindingConfirmation, FindingDismissal
from projections.views.findings import FindingRow
from queries.feedback.report import Feedback, FindingShown
from queries.findings import DetectorRecord, Drift, FindingRecord
from queries.titles import Titles

PAGE = 30
LOOK_OVER = timedelta(days=35)
"""How far back a look of the detectors reaches that somebody asks for, as /v1 has it."""
_MOST_OF_FEEDBACK = 30
Source = Literal["sessions", "feedback", "drift"]
SOURCES: Sequence[tuple[Source, str]] = (
    ("sessions", "in what mentors wrote"),
    ("feedback", "in the feedback"),
    ("drift", "drift of mentors"),
)
STANDINGS: Sequence[tuple[Standing, str]] = (
    ("open", "not judged yet"),
    ("confirmed", "confirmed"),
    ("dismissed", "dismissed"),
)
_MEASURES: Mapping[str, str] = {
    "findings": "share of sessions with a confirmed finding",
    "marks": "mean mark of reviews",
}


class Nothing(Frozen):
    """There is nothing to fill in."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked for. `standing`: empty for all."""

    source: Source | None
    standing: Standing | Literal["all"]
    detector: str
    mentor: str

    def address(self, program: ProgramId, after: str | None = None, drift_after: str | None = None) -> str:
        query = {
            "source": self.source or "",
            "standing": "" if self.standing == "open" else self.standing,
            "detector": self.detector,
            "mentor": self.mentor,
            "after": after or "",
            "drift_after": drift_after or "",
        }
        given = {name: value for name, value in query.items() if value}
        return f"/programs/{quote(program, safe='')}/findings{'?' if given else ''}{urlencode(given)}"

    def has(self, source: Source) -> bool:
        return self.source in (None, source)


@dataclass(frozen=True, slots=True)
class FindingLine:
    id: str
    detects: str
    session: str
    journey: str
    mentor: str
    raised: When
    standing: str
    by: str


@dataclass(frozen=True, slots=True)
class FromFeedback:
    id: str
    says: str
    because: str
    symptoms: Sequence[str]
    propose: Form | None


@dataclass(frozen=True, slots=True)
class Drifting:
    mentor: str
    name: str
    measure: str
    value: str
    expected: str
    sessions: int


@dataclass(frozen=True, slots=True)
class FindingsPage:
    program: str
    wanted: Wanted
    sources: Sequence[tuple[str, str]]
    standings: Sequence[tuple[str, str]]
    detectors: Sequence[DetectorRecord]
    rows: Sequence[FindingLine]
    feedback: Sequence[FromFeedback]
    left_out: int
    """Findings of the feedback that are not shown; its own page has them all."""
    shown: str
    """The time that the feedback is of."""
    drift: Sequence[Drifting]
    first_drift: str | None
    next_drift: str | None
    look: Form | None
    refused: Form | None
    first: str | None
    next: str | None

    @property
    def precision(self) -> Sequence[tuple[object, ...]]:
        return [
            (
                _title(one.detects),
                *(one.raised, one.confirmed, one.dismissed),
                f"{one.precision.estimate:.0%}" if one.precision else NOTHING,
                "yes" if one.in_use else "no",
            )
            for one in self.detectors
        ]


@dataclass(frozen=True, slots=True)
class FindingPage:
    """One finding, with its words."""

    id: str
    program: str
    detects: str
    because: str
    quotes: Sequence[str]
    subject: str
    session: str
    journey: str
    mentor: str | None
    name: str
    raised: When
    standing: str
    by: str
    reason: str
    forms: Sequence[Form]
    refused: Form | None


def line(one: FindingRow, detects: str, names: Mapping[str, str], titles: Titles, now: datetime) -> FindingLine:
    return FindingLine(
        id=one.id,
        detects=_title(detects),
        session=titles.named("session", one.session),
        journey=one.journey,
        mentor=_name(one.mentor, names),
        raised=When.of(one.raised_at, now),
        standing=dict(STANDINGS)[one.standing],
        by=one.decided_by or "",
    )


def _title(detects: str) -> str:
    return f"{detects[:1].upper()}{detects[1:]}"


def _name(mentor: MentorId | None, names: Mapping[str, str]) -> str:
    return names.get(mentor, mentor) if mentor else NOTHING


def from_feedback(program: ProgramId, found: Feedback, *, acts: bool) -> tuple[list[FromFeedback], int]:
    """What nothing else explains, with its symptoms and a form that proposes a change; and how many are left out."""
    standing = [one for one in found.findings if one.explained_by is None]
    shown = [_from_feedback(program, one, found.findings, acts=acts) for one in standing[:_MOST_OF_FEEDBACK]]
    return shown, len(standing) - len(shown)


def _from_feedback(
    program: ProgramId, one: FindingShown, findings: Iterable[FindingShown], *, acts: bool
) -> FromFeedback:
    place = one.place
    named = "-".join(filter(None, (place.survey, place.question, place.option, place.level, place.group)))
    return FromFeedback(
        id=f"feedback-{quote(named, safe='')}",
        says=one.says,
        because=one.because,
        symptoms=[other.says for other in findings if other.explained_by == place],
        propose=make_form(program, evidence=to_json([one.evidence]).decode()) if acts else None,
    )


def period_of(found: Feedback) -> str:
    return f"{found.since} to {found.until - timedelta(days=1)}"


def drift_page(found: Sequence[Drift], after: str) -> tuple[Sequence[Drift], str | None]:
    """A page of them, by mentor and measure, and behind which one the next page begins. `after` as that: who drifts no
    more meanwhile moves nobody."""
    left = [one for one in found if _place(one) > tuple(after.split("~", 1))]
    shown = left[:PAGE]
    return shown, "~".join(_place(shown[-1])) if len(left) > PAGE else None


def _place(one: Drift) -> tuple[str, ...]:
    return one.mentor, one.measure


def drifting(one: Drift, names: Mapping[str, str]) -> Drifting:
    shares = one.measure == "findings"
    value, low, high = (f"{each:.0%}" if shares else f"{each:.2f}" for each in (one.value, one.low, one.high))
    measure = _MEASURES[one.measure]
    return Drifting(one.mentor, _name(one.mentor, names), measure, value, f"{low} to {high}", one.sessions)


def finding_page(
    found: FindingRecord,
    names: Mapping[str, str],
    titles: Titles,
    now: datetime,
    *,
    acts: bool,
    refused: Form | None = None,
) -> FindingPage:
    row = found.finding
    return FindingPage(
        id=row.id,
        program=row.program,
        detects=_title(found.detects),
        because=found.because,
        quotes=found.quotes,
        subject=found.subject,
        session=titles.named("session", row.session),
        journey=row.journey,
        mentor=row.mentor,
        name=_name(row.mentor, names),
        raised=When.of(row.raised_at, now),
        standing=dict(STANDINGS)[row.standing],
        by=row.decided_by or "",
        reason=found.reason,
        forms=_forms(row) if acts else (),
        refused=refused,
    )


def _forms(row: FindingRow) -> list[Form]:
    made = {"confirmed": confirm_form(row.id), "dismissed": dismiss_form(row.id)}
    return [form for standing, form in made.items() if standing != row.standing]


def confirm_form(finding: FindingId) -> Form:
    return form_of(
        FindingConfirmation,
        f"/findings/{finding}/confirm",
        title="Confirm it",
        says="The mentor reads it from then on, with the kind words of the kit.",
        button="Confirm",
        labels={"reason": "Why (needed to change a judgment)"},
    )


def dismiss_form(finding: FindingId) -> Form:
    return form_of(
        FindingDismissal,
        f"/findings/{finding}/dismiss",
        title="Dismiss it",
        says="The detector is wrong here, or it helps nobody. The mentor never sees it.",
        button="Dismiss",
        labels={"reason": "Why"},
    )


def look_form(program: ProgramId) -> Form:
    return form_of(
        Nothing,
        f"/programs/{quote(program, safe='')}/findings/look",
        title="Let the detectors look now",
        says=f"At the sessions of the last {LOOK_OVER.days} days, besides the looks of the program's schedule.",
        button="Look now",
    )
