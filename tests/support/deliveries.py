"""Journeys whose deliveries differ: sessions held, missed, moved and reset, reviews, outcomes and endings."""

from domain.ids import MentorId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from tests.projections.stories import AT, DAY, KIT, story

S1, TALK, LETTER = SessionId("s1"), SessionId("talk"), SessionId("letter")

_SESSIONS = [
    {"id": "s1", "title": "First meeting", "purpose": "to meet", "after": "2 days"},
    {"id": "talk", "title": "Talk", "purpose": "to talk", "after": "9 days", "mode": "cohort", "length": "90 minutes"},
    {
        "id": "letter",
        "title": "Notification",
        "purpose": "to write",
        "after": "16 days",
        "mode": "asynchronous",
        "length": "30 minutes",
    },
]


def with_sessions(version: str, sessions: list[dict[str, str]]) -> Kit:
    content = KIT.model_dump(mode="json")
    pathway = content["pathways"][0] | {"sessions": sessions}
    return Kit.model_validate(content | {"version": version, "pathways": [pathway]})


LONG = with_sessions("long", _SESSIONS)
SHORT = with_sessions("short", [_SESSIONS[0] | {"length": "20 minutes"}])
TALK_AT = AT + 20 * DAY


def told_by(kit: Kit, number: int, *after: JourneyEvent) -> list[JourneyEvent]:
    """The same as `told`, by this version."""
    begun, *rest = told(number, "max", *after)
    return [begun.model_copy(update={"kit": kit.digest}), *rest]


def told(number: int, mentor: str, *after: JourneyEvent) -> list[JourneyEvent]:
    """A journey by the long kit whose pathway began, and what happened then."""
    begun, sent, approved, matched, started = story(number, 5)
    assert isinstance(started, e.PathwayStarted)
    planned = [
        e.PlannedSession(session=session, starts_at=at, attendance_due_at=at + DAY)
        for session, at in ((S1, started.at + 2 * DAY), (TALK, TALK_AT), (LETTER, TALK_AT + 7 * DAY))
    ]
    return [
        begun.model_copy(update={"kit": LONG.digest}),
        *(sent, approved, matched.model_copy(update={"mentor": MentorId(mentor)})),
        started.model_copy(update={"sessions": tuple(planned)}),
        *after,
    ]


def held(
    session: SessionId, at: int, *, attendance: e.Attendance = "attended", owed: int | None = None
) -> JourneyEvent:
    """On this day; `owed`: until so many days later a follow-up is."""
    due = AT + (at + owed) * DAY if owed else None
    return e.AttendanceRecorded(at=AT + at * DAY, session=session, attendance=attendance, follow_up_due_at=due)


def follow_up(session: SessionId, at: int) -> JourneyEvent:
    return e.FollowUpSent(at=AT + at * DAY, session=session, summary="we talked", items=())


def reviewed(milestone: str, verdict: str, at: int) -> JourneyEvent:
    return e.MilestoneReviewed.model_validate(
        {"at": AT + at * DAY, "milestone": milestone, "attempt": 1, "verdict": verdict}
    )


def outcome(kind: str, value: str, at: int) -> JourneyEvent:
    return e.OutcomeRecorded(at=AT + at * DAY, kind=kind, value=value)


def ended(ending: e.Ending, at: int) -> JourneyEvent:
    return e.JourneyClosed(at=AT + at * DAY, ending=ending, reason="so it went")


_MISSED_AND_HELD_ANEW = (
    held(S1, 5, attendance="missed_by_learner"),
    e.PathwayReset(
        at=AT + 6 * DAY,
        reason="again",
        starts_at=AT + 6 * DAY,
        ends_at=AT + 60 * DAY,
        sessions=(e.PlannedSession(session=S1, starts_at=AT + 8 * DAY, attendance_due_at=AT + 9 * DAY),),
        milestones=(),
    ),
)


_A_PAUSE = (
    e.JourneyPaused(at=AT + 9 * DAY, reason="ill", until=AT + 30 * DAY),
    e.JourneyResumed(at=AT + 11 * DAY, paused_for=2 * DAY),
)


STORIES = (
    told(
        *(0, "max", held(S1, 7, owed=3), *_A_PAUSE, follow_up(S1, 12)),  # in time, only because of the pause
        *(held(TALK, 22, attendance="late", owed=1), follow_up(TALK, 25), held(LETTER, 30)),
        *(reviewed("cv", "returned", 31), reviewed("cv", "passed", 33)),
        *(outcome("interview", "one", 40), outcome("interview", "two", 41), ended("completed", 43)),
    ),
    # These two meet their mentor together; the pause moved the talk of the first.
    told(1, "max", held(S1, 7), held(TALK, 20, owed=2), reviewed("mock", "failed", 31), ended("withdrawn", 32)),
    told(2, "max", held(TALK, 20), outcome("job", "analyst", 50), ended("completed", 55)),
    told(
        *(3, "eva", *_MISSED_AND_HELD_ANEW, held(S1, 8)),
        e.MovedToKit(at=AT + 9 * DAY, kit=SHORT.digest, reason="another first meeting, and no talk"),
        e.MentorReleased(at=AT + 9 * DAY, mentor=MentorId("eva"), reason="moved away", match_due_at=AT + 12 * DAY),
        held(TALK, 20),
        e.MentorMatched(at=AT + 21 * DAY, mentor=MentorId("ada")),
        e.MilestoneWaived(at=AT + 22 * DAY, milestone=KIT.pathways[0].milestones[0].id, reason="has one"),
    ),
    [*story(4, 1), ended("declined", 3)],
)
