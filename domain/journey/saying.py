"""What people said, as digests: enough to tell a repeat from something else, and no text.

Each event that records what somebody said is known by a key, which names what it is about, and a digest of its content.
A command is a repeat when its own content has the digest that is recorded under its key.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from hashlib import blake2b
from typing import Any

from domain.journey import events as e

_MOST_OF_A_DAY = 100
CORRECTED = "/"
"""Stands in a digest between the content and the reason for which it was corrected."""


def digest(*content: object) -> str:
    plain = [one if type(one) in _PLAIN else _plain(one) for one in content]
    return blake2b(repr(plain).encode(), digest_size=8).hexdigest()


_PLAIN = frozenset((str, float, bool, type(None)))


def _plain(one: object) -> object:
    """The same for values that are equal, however they came to be."""
    if isinstance(one, datetime):
        return one.astimezone(UTC).isoformat()
    if isinstance(one, Mapping):
        return sorted((key, _plain(value)) for key, value in one.items())
    if isinstance(one, list | tuple):
        return [_plain(value) for value in one]
    return float(one) if isinstance(one, int) and not isinstance(one, bool) else one


def steps(those: Sequence[Any]) -> list[tuple[str, str, datetime]]:
    """The next steps of a follow-up, without the names that they are given."""
    return [(one.text, one.owner, one.due_at) for one in those]


def what_is_said(event: e.JourneyEvent) -> tuple[str, str] | None:
    """The key and the digest of an event that records what somebody said; None for others."""
    saying = _SAYINGS.get(type(event))
    return saying(event) if saying else None


def _corrected(content: str, reason: str) -> str:
    return f"{content}{CORRECTED}{digest(reason)}"


_SAYINGS: Mapping[type, Callable[[Any], tuple[str, str]]] = {
    e.MoreInformationRequested: lambda one: ("intake_review", digest("more_information", one.reason)),
    e.IntakeApproved: lambda one: ("intake_review", digest("approve", one.reason)),
    e.PathwayChosenAnew: lambda one: ("pathway", digest(one.pathway, one.reason)),
    e.MatchOffered: lambda one: ("offer", digest(one.mentor, one.reason)),
    e.OfferAccepted: lambda one: (f"answer:{one.who}", digest("accept", one.reason)),
    e.OfferDeclined: lambda one: (f"answer:{one.who}", digest("decline", one.reason)),
    e.OfferQuestioned: lambda one: (f"answer:{one.who}", digest("more_information", one.question)),
    e.MentorMatched: lambda one: ("match", digest(one.mentor, one.reason)),
    e.MentorReleased: lambda one: ("release", digest(one.reason, one.handover)),
    e.SessionPrepared: lambda one: (f"preparation:{one.session}", digest(one.answers, one.goal, one.artifact)),
    e.AttendanceRecorded: lambda one: (f"attendance:{one.session}", digest(one.attendance, one.notes)),
    e.AttendanceCorrected: lambda one: (
        f"attendance:{one.session}",
        _corrected(digest(one.attendance, one.notes), one.reason),
    ),
    e.NotesWritten: lambda one: (f"notes:{one.session}", digest(one.answers)),
    e.NotesCorrected: lambda one: (f"notes:{one.session}", _corrected(digest(one.answers), one.reason)),
    e.FollowUpSent: lambda one: (f"follow_up:{one.session}", digest(one.summary, steps(one.items))),
    e.FollowUpCorrected: lambda one: (
        f"follow_up:{one.session}",
        _corrected(digest(one.summary, steps(one.items)), one.reason),
    ),
    e.ActionItemClosed: lambda one: (f"item:{one.item}", digest(one.done, one.reason)),
    e.MilestoneSubmitted: lambda one: (f"work:{one.milestone}#{one.attempt}", digest(one.link, one.note)),
    e.MilestoneReviewed: lambda one: (
        f"verdict:{one.milestone}#{one.attempt}",
        digest(one.verdict, one.score, one.feedback),
    ),
    e.ReviewCorrected: lambda one: (
        f"verdict:{one.milestone}#{one.attempt}",
        _corrected(digest(one.verdict, one.score, one.feedback), one.reason),
    ),
    e.MilestoneWaived: lambda one: (f"waived:{one.milestone}", digest(one.reason)),
    e.CaseAcknowledged: lambda one: (f"acknowledged:{one.case}", digest()),
    e.CaseSnoozed: lambda one: (f"snoozed:{one.case}", digest(one.until, one.reason)),
    e.CaseReassigned: lambda one: (f"reassigned:{one.case}", digest(one.owner, one.reason)),
    e.CaseResolved: lambda one: (f"resolved:{one.case}", digest(one.resolution)),
    e.RemedyChosen: lambda one: ("remedy", digest(one.remedy, one.until, one.reason)),
    e.MovedToKit: lambda one: ("kit", digest(one.kit, one.reason)),
    e.OutcomeCorrected: lambda one: (f"outcome:{one.kind}", digest(one.value, one.replaces, one.reason)),
    e.JourneyPaused: lambda one: ("pause", digest(one.reason)),
    e.PauseChanged: lambda one: ("pause", digest(one.reason)),
    e.JourneyReopened: lambda one: ("reopen", digest(one.reason)),
}


# What may be said again and again, and counts once a day


def word(kind: str, said: str, at: datetime) -> str:
    """By this the same thing, said again on the same day (UTC), is known to have been said."""
    return f"{_day(at)} {kind}: {digest(said)}"


def word_of(event: e.JourneyEvent) -> str | None:
    """What may be said once a day, of an event that records it; None for others."""
    saying = _ONCE_A_DAY.get(type(event))
    return word(*saying(event), event.at) if saying else None


_ONCE_A_DAY: Mapping[type, Callable[[Any], tuple[str, str]]] = {
    e.CheckedIn: lambda one: ("check_in", one.notes),
    e.RiskFlagRaised: lambda one: (f"flag {one.flag}", one.notes),
    e.HelpAsked: lambda one: ("help", one.notes),
    e.FeedbackGiven: lambda one: (f"confidence {one.confidence}", one.notes),
    e.PathwayReset: lambda one: ("reset", one.reason),
}


SAYING: frozenset[type] = frozenset((*_SAYINGS, *_ONCE_A_DAY))
"""The events that record what somebody said."""


def with_word(said_today: tuple[str, ...], one: str) -> tuple[str, ...]:
    """The words of the day of this one, itself included."""
    day = one.partition(" ")[0]
    return (*(other for other in said_today if other.startswith(day)), one)[-_MOST_OF_A_DAY:]


def _day(at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d}"
