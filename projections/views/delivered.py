"""What was delivered on each journey: sessions, by whom and for how long, follow-ups, milestones, outcomes, the ending.

A session takes as long as the kit says that held when its attendance was recorded. What nobody recorded, such as the
time that a mentor spends on preparation, is in no row. Whether a learner has what they were promised is judged by the
version that they began with, or where that one does not say it, by the version that their journey follows.
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Literal

from pydantic import AwareDatetime

from domain.ids import KitDigest, LearnerId, MentorId, MilestoneId, PathwayId, ProgramId, SessionId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit, Pathway, Session
from domain.kit.promising import Meaning
from domain.values import Frozen, changed
from projections.fold import DecodedEvent, Fold, Rows
from projections.fulfilling import Record, Settled, kept, mark, named
from projections.journeys import JOURNEY_CODEC
from projections.kits import Kits

FollowUp = Literal["owed", "in_time", "late"]
Deadline = Literal["met", "late", "missed"]


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
    promised: KitDigest
    """The version that the journey began with."""
    kit: KitDigest
    """The version that it follows."""
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
    planned: tuple[MilestoneId, ...] = ()
    """All that the pathway has now, settled or not."""
    unreviewed: tuple[MilestoneId, ...] = ()
    deadlines: Mapping[MilestoneId, Deadline] = {}
    outcomes: Mapping[str, int] = {}
    """How often each kind was recorded. What became of the learner is theirs, and not kept here."""
    latest: Mapping[str, str] = {}
    """Of each kind the mark of the last value, by which one that the kit names is found again."""
    ending: e.Ending | None = None
    closed_at: AwareDatetime | None = None


class Delivered(Fold[JourneyEvent, Delivery]):
    name = "delivered"
    version = 4
    handles = frozenset(
        one.type
        for one in (
            *(e.JourneyStarted, e.IntakeApproved, e.PathwayChosenAnew, e.MentorMatched, e.MentorReleased),
            *(e.PathwayStarted, e.PathwayReset, e.MovedToKit, e.SessionRescheduled, e.JourneyResumed),
            *(e.AttendanceRecorded, e.FollowUpSent, e.MilestoneReviewed, e.MilestoneWaived),
            *(e.MilestoneSubmitted, e.MilestoneDeadlineMissed),
            *(e.AttendanceCorrected, e.AttendanceTakenBack, e.FollowUpCorrected, e.ReviewCorrected),
            *(e.OutcomeRecorded, e.OutcomeCorrected, e.JourneyClosed, e.JourneyReopened),
        )
    )
    columns: ClassVar = {
        "delivered": (
            *("stream", "program", "learner", "promised", "kit", "began_at", "mentored", "started_at"),
            *("kept", "ending", "closed_at", "meanings"),
        ),
        "delivered_mentors": ("stream", "mentor"),
        "delivered_sessions": (
            *("stream", "place", "session", "attendance", "mentor", "starts_at", "mode", "length", "follow_up"),
        ),
        "delivered_milestones": ("stream", "milestone", "stands", "deadline"),
        "delivered_outcomes": ("stream", "kind", "times", "latest", "means"),
    }
    keys: ClassVar = {
        "delivered_mentors": "mentor",
        "delivered_sessions": "place",
        "delivered_milestones": "milestone",
        "delivered_outcomes": "kind",
    }
    codec = JOURNEY_CODEC
    state = Delivery

    def evolve(self, state: Delivery | None, event: JourneyEvent) -> Delivery:
        if isinstance(event, e.JourneyStarted):
            return Delivery(
                program=event.program,
                learner=event.learner,
                promised=event.kit,
                kit=event.kit,
                began_at=event.at,
            )
        if state is None:
            raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")
        return changed(state, _changes(state, event))

    def earlier_kits(self, state: Delivery) -> frozenset[str]:
        return frozenset((state.promised, state.kit, *(one.kit for one in state.sittings)))

    def rows(self, stream: str, state: Delivery, _: Sequence[DecodedEvent[JourneyEvent]], kits: Kits, /) -> Rows:
        judging, meaning, record = _judging(state, kits), _meaning(state, kits), _record(state)
        return {
            "delivered": [
                (
                    *(stream, state.program, state.learner, state.promised, state.kit, state.began_at),
                    *(bool(state.mentors), state.started_at),
                    *(kept(judging.promise.fulfilled_by, _pathway(state, judging), record), state.ending),
                    *(state.closed_at, list(dict.fromkeys(one.means for one in meaning.outcome_meanings))),
                )
            ],
            "delivered_mentors": [(stream, mentor) for mentor in state.mentors],
            "delivered_sessions": [
                (stream, place, *_session_row(one, _planned(one, kits))) for place, one in enumerate(state.sittings)
            ],
            "delivered_milestones": [
                (stream, milestone, _stands(state, milestone), state.deadlines.get(milestone))
                for milestone in dict.fromkeys((*state.milestones, *state.planned))
            ],
            "delivered_outcomes": [
                (stream, kind, times, named(record, kind, _values(judging, kind)), _means(meaning, record, kind))
                for kind, times in state.outcomes.items()
            ],
        }


def _judging(state: Delivery, kits: Kits) -> Kit:
    """The kit whose rule decides."""
    promised = kits.get(state.promised)
    return promised if promised.promise.fulfilled_by else kits.get(state.kit)


def _meaning(state: Delivery, kits: Kits) -> Kit:
    """The kit that says what outcomes count as."""
    promised = kits.get(state.promised)
    return promised if promised.outcome_meanings else kits.get(state.kit)


def _means(kit: Kit, record: Record, kind: str) -> list[Meaning]:
    """What the last outcome of this kind counts as."""
    those = (one for one in kit.outcome_meanings if one.outcome == kind)
    return list(dict.fromkeys(one.means for one in those if not one.values or named(record, kind, one.values)))


def _pathway(state: Delivery, kit: Kit) -> Pathway | None:
    return kit.pathway(state.pathway) if state.pathway else None


def _record(state: Delivery) -> Record:
    return Record(
        learner=state.learner,
        ended=state.ending is not None,
        planned=state.planned,
        settled=state.milestones,
        unreviewed=state.unreviewed,
        latest=state.latest,
    )


def _stands(state: Delivery, milestone: MilestoneId) -> str:
    unsettled = "unreviewed" if milestone in state.unreviewed else "open"
    return state.milestones.get(milestone, unsettled)


def _values(kit: Kit, kind: str) -> tuple[str, ...]:
    """Those that are the words of the kit, and so tell of nobody what they should not."""
    rule = kit.promise.fulfilled_by
    return (*kit.outcomes.get(kind, ()), *(rule.values if rule and rule.outcome == kind else ()))


def _changes(state: Delivery, event: JourneyEvent) -> Mapping[str, object]:
    match event:
        case e.IntakeApproved() | e.PathwayChosenAnew():
            return {"pathway": event.pathway}
        case e.MentorMatched():
            return {"mentor": event.mentor, "mentors": tuple(dict.fromkeys((*state.mentors, event.mentor)))}
        case e.MentorReleased():
            return {"mentor": None}
        case e.PathwayStarted():
            return {**_planned_anew(state, event), "started_at": event.starts_at}
        case e.PathwayReset():
            return _planned_anew(state, event)
        case e.MovedToKit():
            return {**_planned_anew(state, event), "kit": event.kit}
        case e.SessionRescheduled():
            return {"plan": {**state.plan, event.session: event.starts_at}}
        case e.JourneyResumed():
            return _later(state, event.at, event.paused_for)
        case e.AttendanceRecorded():
            return {"sittings": (*state.sittings, _sitting(state, event))}
        case e.AttendanceCorrected():
            return {"sittings": _corrected(state.sittings, event)}
        case e.AttendanceTakenBack():
            return {"sittings": _taken_back(state.sittings, event.session)}
        case e.FollowUpSent() | e.FollowUpCorrected():
            return {"sittings": tuple(_followed_up(one, event) for one in state.sittings)}
        case e.MilestoneSubmitted():
            return _handed_in(state, event.milestone)
        case e.MilestoneDeadlineMissed():
            return {"deadlines": {**state.deadlines, event.milestone: "missed"}}
        case e.MilestoneReviewed():
            return _judged(state, event.milestone, event.verdict)
        case e.ReviewCorrected() if event.verdict != event.was:
            return {**_judged(state, event.milestone, event.verdict), **_no_longer_missed(state, event)}
        case e.MilestoneWaived():
            return _judged(state, event.milestone, "waived")
        case e.OutcomeRecorded():
            return {
                "outcomes": {**state.outcomes, event.kind: state.outcomes.get(event.kind, 0) + 1},
                "latest": {**state.latest, event.kind: mark(state.learner, event.kind, event.value)},
            }
        case e.OutcomeCorrected() if state.latest.get(event.kind) == mark(state.learner, event.kind, event.replaces):
            return {"latest": {**state.latest, event.kind: mark(state.learner, event.kind, event.value)}}
        case e.JourneyClosed():
            return {"ending": event.ending, "closed_at": event.at}
        case e.JourneyReopened():
            return {"ending": None, "closed_at": None, **_later(state, event.at, event.moved_by)}
        case _:
            return {}


def _planned_anew(state: Delivery, event: e.PathwayStarted | e.PathwayReset | e.MovedToKit) -> Mapping[str, object]:
    """Work that is settled or waits for its review stays planned. After a new start no deadline of the rest is missed,
    and after a move none that lies ahead again."""
    stays = [one for one in state.planned if one in state.milestones or one in state.unreviewed]
    moved = isinstance(event, e.MovedToKit)
    anew = {one.milestone for one in event.milestones if one.due_at > event.at or not moved}
    return {
        "plan": {**state.plan, **{one.session: one.starts_at for one in event.sessions}},
        "planned": tuple(dict.fromkeys((*stays, *(one.milestone for one in event.milestones)))),
        "deadlines": {name: one for name, one in state.deadlines.items() if name not in anew},
    }


def _handed_in(state: Delivery, milestone: MilestoneId) -> Mapping[str, object]:
    """Late, once a deadline of it has passed, whichever attempt it is."""
    before = state.deadlines.get(milestone)
    return {
        "unreviewed": (*_without(state.unreviewed, milestone), milestone),
        "deadlines": {**state.deadlines, milestone: "late" if before in ("late", "missed") else "met"},
    }


def _judged(state: Delivery, milestone: MilestoneId, how: Settled | Literal["returned"]) -> Mapping[str, object]:
    """Also where an earlier verdict is corrected."""
    others = {name: one for name, one in state.milestones.items() if name != milestone}
    return {
        "milestones": others if how == "returned" else {**others, milestone: how},
        "unreviewed": _without(state.unreviewed, milestone),
    }


def _no_longer_missed(state: Delivery, event: e.ReviewCorrected) -> Mapping[str, object]:
    """The deadline of an attempt that only a wrong verdict had asked for."""
    if event.was != "returned" or state.deadlines.get(event.milestone) != "missed":
        return {}
    return {"deadlines": {**state.deadlines, event.milestone: "met"}}


def _without(those: tuple[MilestoneId, ...], milestone: MilestoneId) -> tuple[MilestoneId, ...]:
    return tuple(one for one in those if one != milestone)


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


def _taken_back(sittings: Sequence[Sitting], session: SessionId) -> tuple[Sitting, ...]:
    """Without the last of the session."""
    last = max((place for place, one in enumerate(sittings) if one.session == session), default=None)
    return tuple(one for place, one in enumerate(sittings) if place != last)


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
