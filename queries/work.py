"""The work for each milestone, attempt by attempt: submissions and reviews. All of it is personal data."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime

from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.journey.duty import pathway_of
from domain.journey.terms import MilestoneStatus, Score, Verdict
from queries.journey_record import JourneyRecord


@dataclass(frozen=True, slots=True)
class Attempt:
    nth: int
    handed_in_at: datetime | None = None
    link: str = ""
    note: str = ""
    verdict: Verdict | None = None
    """None until it is reviewed."""
    score: Score | None = None
    feedback: str = ""
    corrected: str = ""
    """Why the verdict was corrected; empty if it was not."""


@dataclass(frozen=True, slots=True)
class Work:
    milestone: str
    title: str
    status: MilestoneStatus
    due_at: datetime
    attempts: tuple[Attempt, ...]
    """The submitted attempts."""
    waived: str
    """Why it was waived; empty if it was not."""


def work_of(record: JourneyRecord) -> tuple[Work, ...]:
    pathway = pathway_of(record.kit, record.state)
    return tuple(
        Work(
            milestone=one.milestone,
            title=pathway.title_of_milestone(one.milestone) if pathway else one.milestone,
            status=one.status,
            due_at=one.due_at,
            attempts=_attempts(record.events, one.milestone),
            waived=_waived(record.events, one.milestone) if one.status == "waived" else "",
        )
        for one in record.state.milestones
    )


def _attempts(events: Iterable[JourneyEvent], milestone: str) -> tuple[Attempt, ...]:
    found: dict[int, Attempt] = {}
    for event in events:
        match event:
            case e.MilestoneSubmitted(milestone=name, attempt=nth) if name == milestone:
                found[nth] = Attempt(nth, event.at, event.link, event.note)
            case e.MilestoneReviewed(milestone=name) | e.ReviewCorrected(milestone=name) if name == milestone:
                found[event.attempt] = replace(
                    found.get(event.attempt, Attempt(event.attempt)),
                    verdict=event.verdict,
                    score=event.score,
                    feedback=event.feedback,
                    corrected=event.reason if isinstance(event, e.ReviewCorrected) else "",
                )
            case _:
                pass
    return tuple(found[nth] for nth in sorted(found))


def _waived(events: Iterable[JourneyEvent], milestone: str) -> str:
    reasons = [one.reason for one in events if isinstance(one, e.MilestoneWaived) and one.milestone == milestone]
    return reasons[-1] if reasons else ""


def in_words(work: Iterable[Work]) -> Iterator[tuple[str, str]]:
    """A line for each attempt, and one if nothing was submitted."""
    for one in work:
        if one.waived:
            yield one.title, f"waived: {one.waived}"
        elif not one.attempts:
            yield one.title, f"{one.status}, due {one.due_at:%d %b %Y}"
        for attempt in one.attempts:
            yield f"{one.title}, attempt {attempt.nth}", "; ".join(_said(attempt))


def _said(one: Attempt) -> Iterator[str]:
    if one.handed_in_at:
        yield f"submitted {one.handed_in_at:%d %b %Y}"
    yield from filter(None, (one.link, one.note))
    score = f" with {one.score:g} points" if one.score is not None else ""
    yield f"{one.verdict}{score}" if one.verdict else "not reviewed yet"
    yield from filter(None, (one.feedback, one.corrected and f"corrected: {one.corrected}"))
