"""What was delivered on each journey: sessions, by whom and for how long, follow-ups, milestones, outcomes, the ending.

A session takes as long as the kit says that held when its attendance was recorded. What nobody recorded, such as the
time that a mentor spends on preparation, is in no row.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, ClassVar, Literal

from pydantic import AwareDatetime

from domain.ids import KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Session
from domain.values import Frozen, changed
from projections.journeys import JOURNEY_CODEC
from projections.kits import Kits
from projections.projection import Fold, Rows, Told, query
from projections.reading import View
from store.database import Pool

FollowUp = Literal["owed", "in_time", "late"]
Settled = Literal["passed", "failed", "waived"]


class Sitting(Frozen):
    """A session whose attendance is known. One that was missed, and then planned anew and held, is two of these."""

    session: SessionId
    attendance: e.Attendance
    kit: KitDigest
    pathway: PathwayId | None
    mentor: MentorId | None
    starts_at: AwareDatetime | None
    follow_up: FollowUp | None = None
    """None: none was asked for."""
    follow_up_due_at: AwareDatetime | None = None
    """Later by every pause since."""


class Delivery(Frozen):
    program: ProgramId
    learner: LearnerId
    kit: KitDigest
    """The version that the journey follows."""
    began_at: AwareDatetime
    pathway: PathwayId | None = None
    mentor: MentorId | None = None
    """At present."""
    mentors: tuple[MentorId, ...] = ()
    """All that were ever matched."""
    started_at: AwareDatetime | None = None
    """When the pathway began."""
    plan: Mapping[SessionId, AwareDatetime] = {}
    """When each session begins, or was to begin."""
    sittings: tuple[Sitting, ...] = ()
    milestones: Mapping[MilestoneId, Settled] = {}
    outcomes: Mapping[str, int] = {}
    """How often each kind was recorded. What became of the learner is theirs, and not kept here."""
    ending: e.Ending | None = None
    closed_at: AwareDatetime | None = None


class Delivered(Fold[JourneyEvent, Delivery]):
    name = "delivered"
    version = 2
    handles = frozenset(
        one.type
        for one in (
            *(e.JourneyStarted, e.IntakeApproved, e.PathwayChosenAnew, e.MentorMatched, e.MentorReleased),
            *(e.PathwayStarted, e.PathwayReset, e.MovedToKit, e.SessionRescheduled, e.JourneyResumed),
            *(e.AttendanceRecorded, e.FollowUpSent, e.MilestoneReviewed, e.MilestoneWaived),
            *(e.AttendanceCorrected, e.FollowUpCorrected, e.ReviewCorrected),
            *(e.OutcomeRecorded, e.JourneyClosed, e.JourneyReopened),
        )
    )
    columns: ClassVar = {
        "delivered": (
            *("stream", "program", "learner", "kit", "began_at", "mentored", "started_at"),
            *("passed", "failed", "waived", "ending", "closed_at"),
        ),
        "delivered_mentors": ("stream", "mentor"),
        "delivered_sessions": (
            *("stream", "place", "session", "attendance", "mentor", "starts_at", "mode", "length", "follow_up"),
        ),
        "delivered_outcomes": ("stream", "kind", "times"),
    }
    codec = JOURNEY_CODEC
    state = Delivery

    def evolve(self, state: Delivery | None, event: JourneyEvent) -> Delivery:
        if isinstance(event, e.JourneyStarted):
            return Delivery(program=event.program, learner=event.learner, kit=event.kit, began_at=event.at)
        if state is None:
            raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def earlier_kits(self, state: Delivery) -> frozenset[str]:
        return frozenset(one.kit for one in state.sittings)

    def rows(self, stream: str, state: Delivery, _: Sequence[Told[JourneyEvent]], kits: Kits, /) -> Rows:
        settled = list(state.milestones.values())
        return {
            "delivered": [
                (
                    *(stream, state.program, state.learner, state.kit, state.began_at),
                    *(bool(state.mentors), state.started_at),
                    *(settled.count("passed"), settled.count("failed"), settled.count("waived")),
                    *(state.ending, state.closed_at),
                )
            ],
            "delivered_mentors": [(stream, mentor) for mentor in state.mentors],
            "delivered_sessions": [
                (stream, place, *_session_row(one, _planned(one, kits))) for place, one in enumerate(state.sittings)
            ],
            "delivered_outcomes": [(stream, kind, times) for kind, times in state.outcomes.items()],
        }


def _changes(state: Delivery, event: JourneyEvent) -> Mapping[str, object]:
    match event:
        case e.IntakeApproved() | e.PathwayChosenAnew():
            return {"pathway": event.pathway}
        case e.MentorMatched():
            return {"mentor": event.mentor, "mentors": tuple(dict.fromkeys((*state.mentors, event.mentor)))}
        case e.MentorReleased():
            return {"mentor": None}
        case e.PathwayStarted():
            return {"plan": _planned_anew(state, event), "started_at": event.starts_at}
        case e.PathwayReset():
            return {"plan": _planned_anew(state, event)}
        case e.MovedToKit():
            return {"plan": _planned_anew(state, event), "kit": event.kit}
        case e.SessionRescheduled():
            return {"plan": {**state.plan, event.session: event.starts_at}}
        case e.JourneyResumed():
            return _later(state, event.at, event.paused_for)
        case e.AttendanceRecorded():
            return {"sittings": (*state.sittings, _sitting(state, event))}
        case e.AttendanceCorrected():
            return {"sittings": _corrected(state.sittings, event)}
        case e.FollowUpSent() | e.FollowUpCorrected():
            return {"sittings": tuple(_followed_up(one, event) for one in state.sittings)}
        case e.ReviewCorrected() if event.verdict == "returned":
            return {"milestones": {name: one for name, one in state.milestones.items() if name != event.milestone}}
        case e.MilestoneReviewed() | e.ReviewCorrected() if event.verdict != "returned":
            return {"milestones": {**state.milestones, event.milestone: event.verdict}}
        case e.MilestoneWaived():
            return {"milestones": {**state.milestones, event.milestone: "waived"}}
        case e.OutcomeRecorded():
            return {"outcomes": {**state.outcomes, event.kind: state.outcomes.get(event.kind, 0) + 1}}
        case e.JourneyClosed():
            return {"ending": event.ending, "closed_at": event.at}
        case e.JourneyReopened():
            return {"ending": None, "closed_at": None, **_later(state, event.at, event.moved_by)}
        case _:
            return {}


def _planned_anew(
    state: Delivery, event: e.PathwayStarted | e.PathwayReset | e.MovedToKit
) -> Mapping[SessionId, AwareDatetime]:
    return {**state.plan, **{one.session: one.starts_at for one in event.sessions}}


def _later(state: Delivery, at: datetime, by: timedelta) -> Mapping[str, object]:
    """What had not begun when the clocks stopped, and what is still owed, lies later by the time for which they did."""
    stopped_at = at - by
    return {
        "plan": {
            session: starts_at + by if starts_at >= stopped_at else starts_at
            for session, starts_at in state.plan.items()
        },
        "sittings": tuple(_owed_later(one, by) for one in state.sittings),
    }


def _owed_later(one: Sitting, by: timedelta) -> Sitting:
    return changed(one, {"follow_up_due_at": one.follow_up_due_at + by}) if one.follow_up_due_at else one


def _sitting(state: Delivery, event: e.AttendanceRecorded) -> Sitting:
    return Sitting(
        session=event.session,
        attendance=event.attendance,
        kit=state.kit,
        pathway=state.pathway,
        mentor=state.mentor,
        starts_at=state.plan.get(event.session),
        follow_up="owed" if event.follow_up_due_at else None,
        follow_up_due_at=event.follow_up_due_at,
    )


def _corrected(sittings: Sequence[Sitting], event: e.AttendanceCorrected) -> tuple[Sitting, ...]:
    """The last of the session: what was planned anew and recorded before stays as it is."""
    places = [place for place, one in enumerate(sittings) if one.session == event.session]
    changes: dict[str, object] = {"attendance": event.attendance}
    if event.follow_up_due_at:
        changes |= {"follow_up": "owed", "follow_up_due_at": event.follow_up_due_at}
    elif event.attendance not in ("attended", "late"):
        changes |= {"follow_up": None, "follow_up_due_at": None}
    return tuple(changed(one, changes) if place in places[-1:] else one for place, one in enumerate(sittings))


def _followed_up(one: Sitting, event: e.FollowUpSent | e.FollowUpCorrected) -> Sitting:
    if one.session != event.session or one.follow_up_due_at is None:
        return one
    follow_up: FollowUp = "in_time" if event.at <= one.follow_up_due_at else "late"
    return changed(one, {"follow_up": follow_up, "follow_up_due_at": None})


def _planned(one: Sitting, kits: Kits) -> Session | None:
    """None where the pathway of that version has no such session: it was left over from an earlier one."""
    pathway = kits.get(one.kit).pathway(one.pathway) if one.pathway else None
    return next((plan for plan in pathway.sessions if plan.id == one.session), None) if pathway else None


def _session_row(one: Sitting, plan: Session | None) -> tuple[object, ...]:
    known = (plan.mode, plan.length) if plan else (None, None)
    return one.session, one.attendance, one.mentor, one.starts_at, *known, one.follow_up


@dataclass(frozen=True, slots=True)
class Learners:
    """How many set out, and how they fared. Who set out twice counts twice."""

    begun: int
    mentored: int
    """For whom a mentor was ever matched."""
    under_way: int
    completed: int
    withdrawn: int
    ended_early: int
    declined: int
    passed: int
    """Milestones, of all of them together."""
    failed: int
    waived: int
    days_median: float | None
    """From the start of the pathway to the end of the journey, of those who completed."""


@dataclass(frozen=True, slots=True)
class Sessions:
    """Counted for each learner: one that six learners came to was held six times."""

    held: int
    missed_by_learner: int
    missed_by_mentor: int
    cancelled: int
    follow_ups_wanted: int
    follow_ups_sent: int
    follow_ups_in_time: int


@dataclass(frozen=True, slots=True)
class Time:
    """What the sessions that were held took of the mentors, by the lengths that the kit gives.

    A cohort session of one mentor at one time counts once, however many learners came (R20).
    """

    meetings: int
    live: timedelta
    asynchronous: timedelta
    """In sessions where nobody meets."""
    of_unknown_length: int
    """Meetings that are in neither."""


@dataclass(frozen=True, slots=True)
class Outcome:
    kind: str
    recorded: int
    learners: int


@dataclass(frozen=True, slots=True)
class Totals:
    """What was delivered to those who began in some time, until now."""

    learners: Learners
    sessions: Sessions
    time: Time
    mentors: int
    """That were ever matched."""
    outcomes: tuple[Outcome, ...]
    learners_with_outcome: int
    """Of any kind."""
    kits: Mapping[KitDigest, int]
    """How many learners follow which version."""


_DELIVERED = View(delivered=1)


async def totals(pool: Pool, program: str, since: date | None = None, until: date | None = None) -> Totals:
    """Of the journeys that began in [since, until); without either, of all of the program."""
    those = (program, since, until)
    *kinds, any_kind = [Outcome(*row) for row in await _DELIVERED.fetch(pool, query("delivered_outcomes"), *those)]
    (mentors,) = await _only(pool, "delivered_mentors", those)
    return Totals(
        learners=Learners(*await _only(pool, "delivered_journeys", those)),
        sessions=Sessions(*await _only(pool, "delivered_sessions", those)),
        time=Time(*await _only(pool, "delivered_time", those)),
        mentors=mentors,
        outcomes=tuple(kinds),
        learners_with_outcome=any_kind.learners,
        kits={KitDigest(kit): many for kit, many in await _DELIVERED.fetch(pool, query("delivered_kits"), *those)},
    )


async def _only(pool: Pool, name: str, those: tuple[object, ...]) -> tuple[Any, ...]:
    """The one row of a statement that has always one."""
    (row,) = await _DELIVERED.fetch(pool, query(name), *those)
    return tuple(row)
