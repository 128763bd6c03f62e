"""A program that asks for everything: offers, preparation, notes, follow-up, check-ins, ladders, ways on."""

from datetime import datetime

from domain.ids import CaseId, MentorId
from domain.journey.commands import AnswerOffer, OfferMatch
from domain.journey.events import (
    AttendanceRecorded,
    CaseOpened,
    JourneyEvent,
    MatchOffered,
    MentorMatched,
    PathwayStarted,
    RemediesOffered,
)
from domain.kit import OfferRemedies, OpenCase
from tests.domain.specification import Given, given
from tests.domain.stories import ANA, KIT, S1, day, kit_with, matching, plan

_FAST = KIT.pathways[0].model_dump()
_FORMED = {"preparation": "before", "notes": "after"}
FULL = kit_with(
    service_levels={"follow_up": "3 days"},
    matching={"asks": ["mentor", "learner"]},
    templates=[
        {"id": "before", "title": "Before", "questions": [{"id": "topic", "ask": "What shall it be about?"}]},
        {
            "id": "after",
            "title": "Notes",
            "questions": [
                {"id": "goal", "ask": "Which goal?"},
                {"id": "mood", "ask": "How was it?", "required": False},
            ],
        },
    ],
    pathways=[_FAST | {"sessions": [_FAST["sessions"][0] | _FORMED, *_FAST["sessions"][1:]]}],
    monitoring={"after_rematch": {"lasting": "20 days"}},
    checklists={"re-engagement": ["call them"]},
    wrap_up={"checklist": ["closing conversation", "portfolio shown"]},
    escalations=[
        {"id": one, "title": one, "when": when, "then": then, "later": later}
        for one, when, then, later in (
            ("unprepared", {"overdue": "preparation"}, {"nudge": "learner"}, []),
            (
                "no-notes",
                {"overdue": "notes"},
                {"nudge": "mentor"},
                [
                    {"after": "1 day", "then": {"nudge": "mentor"}},
                    {"after": "2 days", "then": {"open_case": "ops", "respond_within": "1 day"}},
                ],
            ),
            ("no-follow-up", {"overdue": "follow_up"}, {"open_case": "mentor"}, []),
            ("step-late", {"overdue": "action_item", "by": "1 day"}, {"nudge": "learner"}, []),
            ("no-check-in", {"overdue": "check_in"}, {"nudge": "mentor"}, []),
            ("offer-late", {"overdue": "offer"}, {"nudge": "ops"}, []),
            ("no-way-chosen", {"overdue": "remedy"}, {"open_case": "ops"}, []),
            ("unanswered", {"overdue": "case"}, {"open_case": "ops", "severity": "critical"}, []),
            (
                "silent",
                {"mentor_silent_for": "10 days"},
                {"nudge": "mentor"},
                [{"after": "4 days", "then": {"open_case": "ops"}}],
            ),
            (
                "quiet",
                {"no_activity_for": "7 days"},
                {"nudge": "learner"},
                [{"after": "7 days", "then": {"open_case": "ops", "checklist": "re-engagement"}}],
            ),
            (
                "missed-often",
                {"sessions_missed": 2, "within": "10 days"},
                {"offer": ["extra_support", "other_mentor", "pause", "reset"], "stands_for": "3 days"},
                [{"after": "5 days", "then": {"open_case": "ops"}}],
            ),
            ("setbacks", {"milestone_setbacks": 2}, {"open_case": "mentor"}, []),
            ("ill", {"risk_flag": "ill"}, {"open_case": "ops", "severity": "critical"}, []),
            ("any-flag", {"risk_flag": "any"}, {"nudge": "ops"}, []),
            (
                "help",
                {"help_asked": True},
                {"open_case": "mentor", "respond_within": "1 day"},
                [{"after": "2 days", "then": {"offer": ["extra_support"]}}],
            ),
            ("low", {"confidence_below": 4}, {"nudge": "mentor"}, []),
        )
    ],
)

offered: tuple[JourneyEvent, ...] = (
    *matching,
    MatchOffered(at=day(2, 6), mentor=ANA, asks=("mentor", "learner"), expires_at=day(4, 6)),
)
full_plan: PathwayStarted = plan.model_copy(
    update={"sessions": (plan.sessions[0].model_copy(update={"wants_preparation": True}), *plan.sessions[1:])}
)
together: tuple[JourneyEvent, ...] = (*matching, MentorMatched(at=day(3), mentor=ANA, check_in_by=day(17)), full_plan)
met: tuple[JourneyEvent, ...] = (
    *together,
    AttendanceRecorded(
        at=day(6, 1),
        session=S1,
        attendance="attended",
        notes_due_at=day(8, 1),
        follow_up_due_at=day(9, 1),
        check_in_by=day(36, 1),
    ),
)


def full(*events: JourneyEvent) -> Given:
    return given(*events, kit=FULL)


def matched_by_offer(story: Given, mentor: MentorId, at: datetime) -> Given:
    """The mentor is proposed, and both whom the program asks accept at once."""
    asked = story.when(OfferMatch(mentor=mentor), at=at).so()
    once = asked.when(AnswerOffer(answer="accept", who="mentor"), at=at).so()
    return once.when(AnswerOffer(answer="accept", who="learner"), at=at).so()


def case(nth: int, rule: str, about: str, at: datetime, step: int = 0) -> CaseOpened:
    """The case that a rung of a rule of this program opens while there is a mentor."""
    then = FULL.escalation(rule).ladder[step].then
    assert isinstance(then, OpenCase)
    return CaseOpened(
        at=at,
        case=CaseId(f"case-{nth}"),
        rule=rule,
        about=about,
        step=step,
        severity=then.severity,
        owner=then.open_case,
        respond_by=at + then.respond_within,
    )


def ways_on(rule: str, about: str, at: datetime, step: int = 0) -> RemediesOffered:
    then = FULL.escalation(rule).ladder[step].then
    assert isinstance(then, OfferRemedies)
    expires_at = at + then.stands_for
    return RemediesOffered(at=at, rule=rule, about=about, step=step, options=then.offer, expires_at=expires_at)
