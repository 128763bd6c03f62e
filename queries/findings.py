"""Findings with their words, how often each detector is right, what a mentor reads, and where there is drift."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from analysis.control import FALSE_ALARMS, Limits, limits
from analysis.intervals import Interval, proportion
from domain.finding import FINDINGS, FindingConfirmed, FindingDismissed, FindingRaised, findings_stream
from domain.ids import FindingId, JourneyId, MentorId, ProgramId
from domain.kit import Kit
from domain.kit.detectors import Detectors
from domain.refusal import NotFound
from kits.lookup import newest, newest_published
from projections.views import findings as view
from projections.views import session_scores
from projections.views.findings import FindingRow
from store.codec import Codec
from store.database import Pool
from store.event_log import EventLog

_CODEC = Codec(FINDINGS.events)
_FAMILY = 0.05
"""The chance that anybody at all is said to have drifted in a program in which nobody has."""


class NoSuchFinding(NotFound):
    def __init__(self, finding: str) -> None:
        super().__init__(f"there is no finding {finding[:150]!r}; `trellis findings list` lists those there are")


@dataclass(frozen=True, slots=True)
class FindingRecord:
    """A finding with its words. Personal data."""

    finding: FindingRow
    detects: str
    because: str
    quotes: Sequence[str]
    subject: str
    reason: str
    """Of the person who judged it; empty as long as nobody has."""


@dataclass(frozen=True, slots=True)
class DetectorRecord:
    """How often one version of a detector was right."""

    detector: str
    version: int
    detects: str
    in_use: bool
    """By the newest kit."""
    raised: int
    confirmed: int
    dismissed: int
    precision: Interval | None
    """The share that people confirmed of all that they judged. None: nobody has judged any."""


@dataclass(frozen=True, slots=True)
class Coaching:
    """What a mentor reads: what was confirmed in their own sessions, with the kind words of the kit."""

    finding: FindingId
    program: ProgramId
    journey: JourneyId
    session: str
    words: str
    because: str
    quotes: Sequence[str]
    at: datetime


@dataclass(frozen=True, slots=True)
class Drift:
    """A mentor whose figure lies outside of what chance explains, given the others of the program."""

    mentor: MentorId
    measure: str
    """`findings`: sessions with a confirmed finding; `marks`: the mean mark of reviews."""
    sessions: int
    value: float
    """The share of sessions, or the mean mark."""
    low: float
    high: float
    """What chance explains."""


async def finding_record(pool: Pool, finding: FindingId) -> FindingRecord:
    """Raises NoSuchFinding, BeingRebuilt."""
    row = await view.finding(pool, finding)
    if row is None:
        raise NoSuchFinding(finding)
    raised, judged = await _words(pool, row)
    return FindingRecord(
        finding=row,
        detects=detects(row.detector),
        because=raised.because,
        quotes=raised.quotes,
        subject=raised.subject,
        reason=judged.reason if judged else "",
    )


async def _words(pool: Pool, row: FindingRow) -> tuple[FindingRaised, FindingConfirmed | FindingDismissed | None]:
    raised: FindingRaised | None = None
    judged: FindingConfirmed | FindingDismissed | None = None
    for event in _CODEC.decode_known(await EventLog(pool).read_stream(findings_stream(row.journey))):
        if event.finding == row.id and isinstance(event, FindingRaised):
            raised = event
        elif event.finding == row.id and isinstance(event, FindingConfirmed | FindingDismissed):
            judged = event
    assert raised, "the view has it from the log"
    return raised, judged


async def detectors(pool: Pool, program: ProgramId) -> list[DetectorRecord]:
    """Those in use and those that have found anything, by name. Raises NoSuchProgram, BeingRebuilt."""
    kit = await newest(pool, program)
    used = {(one.name, one.version) for one in kit.detectors.used} if kit.detectors else set()
    tallies = {(one.detector, one.detector_version): one for one in await view.tallies(pool, program)}
    return [_detector(key, tallies.get(key), in_use=key in used) for key in sorted(used | tallies.keys())]


def _detector(key: tuple[str, int], tally: view.Tally | None, *, in_use: bool) -> DetectorRecord:
    confirmed, dismissed = (tally.confirmed, tally.dismissed) if tally else (0, 0)
    return DetectorRecord(
        *key,
        detects=detects(key[0]),
        in_use=in_use,
        raised=tally.raised if tally else 0,
        confirmed=confirmed,
        dismissed=dismissed,
        precision=proportion(confirmed, confirmed + dismissed),
    )


def detects(detector: str) -> str:
    """In words, what a detector of this name finds."""
    kind = Detectors.kinds().get(detector)
    return kind.detects if kind else "what a detector of another version of Trellis finds"


async def coaching(pool: Pool, mentor: MentorId, program: ProgramId | None = None, limit: int = 20) -> list[Coaching]:
    """The latest first. Raises BeingRebuilt."""
    programs = None if program is None else [program]
    rows = await view.findings(pool, programs=programs, standing="confirmed", mentor=mentor, limit=limit)
    kits: dict[ProgramId, Kit] = {}
    found = []
    for row in rows:
        kit = kits.get(row.program) or kits.setdefault(row.program, await newest(pool, row.program))
        raised, judged = await _words(pool, row)
        at = judged.at if judged else row.raised_at
        words = _kind_words(kit, row.detector)
        found.append(Coaching(row.id, row.program, row.journey, row.session, words, raised.because, raised.quotes, at))
    return found


def _kind_words(kit: Kit, detector: str) -> str:
    used = {one.name: one for one in kit.detectors.used} if kit.detectors else {}
    if one := used.get(detector):
        return one.coaching or one.suggestion
    kind = Detectors.kinds().get(detector)
    return kind.suggestion if kind else ""


async def drift(pool: Pool, program: ProgramId, at: datetime, over: timedelta) -> list[Drift]:
    """Whose figures of the time before `at` chance does not explain, by mentor. Empty: nobody's.

    Each mentor is held against all the others together. The limits are exact, and the wider the fewer sessions there
    are; they are set so that in a program without drift somebody is named in one of twenty looks at most.
    """
    await newest_published(pool, program)
    since = at - over
    of_sessions = {
        one.mentor: {1.0: one.found, 0.0: one.sessions - one.found}
        for one in await view.of_mentors(pool, program, since)
    }
    marks = await session_scores.marks_by_mentor(pool, program, since)
    return sorted(
        (*drifted("findings", of_sessions), *drifted("marks", {MentorId(one): of for one, of in marks.items()})),
        key=lambda one: (one.mentor, one.measure),
    )


_LEAST_OF_OTHERS = 10
"""Values of the other mentors. Fewer do not show what is usual: those of one session would leave no room at all."""


def drifted(measure: str, tallies: Mapping[MentorId, Mapping[float, int]]) -> Iterator[Drift]:
    """Whom chance does not explain. `tallies`: how often each value was seen of each mentor."""
    rare = min(FALSE_ALARMS, _FAMILY / 2 / max(1, len(tallies)))
    for mentor, own in tallies.items():
        n, others = sum(own.values()), _others(tallies, mentor)
        if not n or sum(others.values()) < _LEAST_OF_OTHERS:
            continue
        total, by_chance = sum(value * times for value, times in own.items()), limits(others, n, rare)
        if not by_chance.hold(total):
            yield _drift(measure, mentor, n, total, by_chance)


def _drift(measure: str, mentor: MentorId, n: int, total: float, by_chance: Limits) -> Drift:
    return Drift(mentor, measure, n, total / n, by_chance.low / n, by_chance.high / n)


def _others(tallies: Mapping[MentorId, Mapping[float, int]], mentor: MentorId) -> Mapping[float, int]:
    seen: dict[float, int] = {}
    for other, tally in tallies.items():
        if other != mentor:
            for value, times in tally.items():
                seen[value] = seen.get(value, 0) + times
    return seen
