"""How each event moves a journey on. Needs no kit: the events carry every date."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import assert_never

from domain.ids import MilestoneId, SessionId
from domain.journey import events as e
from domain.journey.state import (
    ActionItemStanding,
    Case,
    CheckInWait,
    Closing,
    JourneyState,
    Ladder,
    MilestoneStanding,
    Miss,
    Offer,
    Outcome,
    Pause,
    RemedyOffer,
    SessionStanding,
    StageDuty,
    StageWait,
    Standing,
    fired_key,
    is_support,
    word,
)
from domain.values import changed

Raised = e.Nudged | e.CaseOpened | e.RemediesOffered


def evolve(state: JourneyState | None, event: e.JourneyEvent) -> JourneyState:
    """The state after the event.

    Raises:
        ValueError: when the first event of a journey is not `JourneyStarted`.
    """
    if isinstance(event, e.JourneyStarted):
        return _started(event)
    if state is None:
        raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")
    after = _after(state, event)
    return _sign_of_life(after, event) if isinstance(event, e.Deed) and event.by else after


def _after(state: JourneyState, event: e.JourneyEvent) -> JourneyState:
    match event:
        case e.JourneyStarted():
            return _started(event)
        case e.IntakeSubmitted():
            return _to(_wait(state, "intake_review", event.at, event.review_due_at), answers=event.answers)
        case e.AnswersGiven():
            return _to(state, answers_so_far={**(state.answers_so_far or {}), **event.answers})
        case e.MoreInformationRequested():
            return _wait(state, "intake", event.at, event.intake_due_at, again=True)
        case e.IntakeApproved():
            state = _wait(state, "match", event.at, event.match_due_at)
            return _to(state, stage="matching", stage_since=event.at, pathway=event.pathway)
        case e.PathwayChosenAnew():
            return _to(state, pathway=event.pathway)
        case e.MatchOffered():
            return _match_offered(state, event)
        case e.OfferAccepted():
            return _offer_accepted(state, event)
        case e.OfferDeclined() | e.OfferQuestioned():
            state = _to(state, offer=None)
            return _seen(state, event.at) if event.who == "learner" else state
        case e.OfferExpired():
            return _to(state, offer=None)
        case e.MentorMatched():
            return _mentor_matched(state, event)
        case e.MentorReleased():
            state = _wait(state, "match", event.at, event.match_due_at, again=True)
            return _to(state, mentor=None, mentor_seen_at=None, mentor_quiet_from=None)
        case e.PathwayStarted():
            return _pathway_started(state, event)
        case e.PathwayReset() | e.MovedToKit():
            return _planned_anew(state, event)
        case e.SessionRescheduled():
            return _rescheduled(state, event)
        case e.SessionPrepared():
            return _seen(_with_session(state, event.session, prepared=True, preparation_due_at=None), event.at)
        case e.AttendanceRecorded():
            return _attendance_recorded(state, event)
        case e.NotesWritten():
            return _mentor_seen(_with_session(state, event.session, notes_due_at=None), event.at)
        case e.FollowUpSent():
            return _follow_up_sent(state, event)
        case e.ActionItemClosed():
            return _to(state, action_items=tuple(one for one in state.action_items if one.item != event.item))
        case e.CheckedIn():
            said = _to(state, last_word=word("check_in", event.notes, event.at))
            return _mentor_seen(_check_in_due(said, event.at, event.check_in_by), event.at)
        case e.RiskFlagRaised():
            return _sign(state, word(f"flag {event.flag}", event.notes, event.at))
        case e.HelpAsked():
            return _seen(_sign(state, word("help", event.notes, event.at)), event.at)
        case e.FeedbackGiven():
            return _seen(_sign(state, word(f"confidence {event.confidence}", event.notes, event.at)), event.at)
        case e.MilestoneSubmitted():
            return _seen(_milestone_submitted(state, event), event.at)
        case e.MilestoneDeadlineMissed():
            return _with_milestone(state, event.milestone, missed=True, setback=True)
        case e.MilestoneReviewed():
            return _mentor_seen(_milestone_reviewed(state, event), event.at)
        case e.MilestoneWaived():
            return _with_milestone(state, event.milestone, status="waived", review_due_at=None)
        case e.ActivitySeen():
            return _seen(state, event.last_active_at)
        case e.ReminderFellDue():
            return _to(state, fired=(*state.fired, fired_key(event.rule, event.about)))
        case e.Nudged():
            return _raised(state, event)
        case e.CaseOpened():
            return _case_opened(state, event)
        case e.CaseAcknowledged():
            return _with_case(state, event, event.respond_by, acknowledged=True, snoozed_until=None)
        case e.CaseSnoozed():
            return _with_case(state, event, event.until, snoozed_until=event.until)
        case e.CaseReassigned():
            return _with_case(state, event, event.respond_by, owner=event.owner, acknowledged=False, snoozed_until=None)
        case e.CaseResolved():
            return _case_resolved(state, event)
        case e.RemediesOffered():
            return _remedies_offered(state, event)
        case e.RemedyChosen():
            said = _to(state, last_word=word(f"remedy {event.remedy}", event.reason, event.at))
            return _to(said, remedies=None, ladders=_without(state, state.remedies))
        case e.RemediesExpired() | e.RemediesWithdrawn():
            return _to(state, remedies=None)
        case e.WrapUpStarted():
            state = _wait(state, "wrap_up", event.at, event.due_at)
            return _to(state, stage="wrap_up", stage_since=event.at, offer=None)
        case e.OutcomeRecorded():
            return _to(state, outcomes=(*state.outcomes, Outcome(kind=event.kind, value=event.value)))
        case e.JourneyPaused():
            return _to(state, pause=Pause(since=event.at, until=event.until))
        case e.JourneyResumed():
            return _resumed(state, event)
        case e.JourneyClosed():
            return _closed(state, event)
        case e.CommandRejected():
            return state
        case _:
            assert_never(event)


def fold(events: Iterable[e.JourneyEvent], state: JourneyState | None = None) -> JourneyState | None:
    """The state that these events lead to, from the beginning or from an earlier state."""
    for event in events:
        state = evolve(state, event)
    return state


def _to(state: JourneyState, **changes: object) -> JourneyState:
    return changed(state, changes)


def _started(event: e.JourneyStarted) -> JourneyState:
    return JourneyState(
        program=event.program,
        learner=event.learner,
        kit=event.kit,
        stage="intake",
        stage_since=event.at,
        wait=StageWait(duty="intake", turn=1, since=event.at, due_at=event.intake_due_at),
    )


def _wait(
    state: JourneyState, duty: StageDuty, since: datetime, due_at: datetime, *, again: bool = False
) -> JourneyState:
    turn = state.turns + 1 if again else state.turns
    return _to(state, wait=StageWait(duty=duty, turn=turn, since=since, due_at=due_at), turns=turn)


def _closed(state: JourneyState, event: e.JourneyClosed) -> JourneyState:
    return _to(
        state,
        stage="closed",
        stage_since=event.at,
        wait=None,
        offer=None,
        check_in=None,
        action_items=(),
        ladders=(),
        remedies=None,
        cases=(),
        pause=None,
        closing=Closing(ending=event.ending, at=event.at, reason=event.reason),
    )


# Matching


def _match_offered(state: JourneyState, event: e.MatchOffered) -> JourneyState:
    turn = state.offers_made + 1
    offer = Offer(mentor=event.mentor, pending=event.asks, turn=turn, since=event.at, expires_at=event.expires_at)
    return _to(state, offer=offer, offers_made=turn)


def _offer_accepted(state: JourneyState, event: e.OfferAccepted) -> JourneyState:
    assert state.offer, "only what is offered is accepted"
    pending = tuple(one for one in state.offer.pending if one != event.who)
    state = _to(state, offer=changed(state.offer, {"pending": pending}))
    return _seen(state, event.at) if event.who == "learner" else state


def _mentor_matched(state: JourneyState, event: e.MentorMatched) -> JourneyState:
    state = _to(
        state,
        mentor=event.mentor,
        offer=None,
        watched_until=event.watched_until,
        mentor_seen_at=event.at,
        mentor_quiet_from=event.at,
        wait=None if state.stage == "sessions" else state.wait,
    )
    if event.check_in_by is None:
        return _to(state, check_in=None)
    return _check_in_due(state, event.at, event.check_in_by)


# The pathway


def _pathway_started(state: JourneyState, event: e.PathwayStarted) -> JourneyState:
    return _to(
        state,
        stage="sessions",
        stage_since=event.at,
        wait=None,
        ends_at=event.ends_at,
        last_seen_at=event.starts_at,
        quiet_from=event.starts_at,
        mentor_seen_at=event.starts_at,
        mentor_quiet_from=event.starts_at,
        sessions=tuple(_session(one, event.at) for one in event.sessions),
        milestones=tuple(_milestone(one, event.at) for one in event.milestones),
    )


def _session(planned: e.PlannedSession, at: datetime, before: SessionStanding | None = None) -> SessionStanding:
    return SessionStanding(
        session=planned.session,
        planned_at=at,
        starts_at=planned.starts_at,
        attendance_due_at=planned.attendance_due_at,
        turn=before.turn + 1 if before else 1,
        preparation_due_at=planned.starts_at if planned.wants_preparation else None,
    )


def _milestone(planned: e.PlannedMilestone, at: datetime, before: MilestoneStanding | None = None) -> MilestoneStanding:
    attempt = before.attempt + 1 if before else 1
    return MilestoneStanding(
        milestone=planned.milestone, since=at, due_at=planned.due_at, attempt=attempt, planned_attempt=attempt
    )


def _session_moved(planned: e.PlannedSession, at: datetime, before: SessionStanding | None) -> SessionStanding:
    """By another kit: who has prepared it need not do so again, nor be reminded again when the date stays.

    It counts as planned now: what the other kit would have reminded of before is past.
    """
    anew = _session(planned, at, before)
    if before is None:
        return anew
    stays = before.starts_at == planned.starts_at
    return changed(
        anew,
        {
            "turn": before.turn if stays else anew.turn,
            "planned_at": min(at, planned.starts_at),
            "prepared": before.prepared,
            "preparation_due_at": None if before.prepared else anew.preparation_due_at,
        },
    )


def _milestone_moved(planned: e.PlannedMilestone, at: datetime, before: MilestoneStanding | None) -> MilestoneStanding:
    anew = _milestone(planned, at, before)
    if before is None:
        return anew
    if before.due_at == planned.due_at:
        return changed(before, {"since": at})
    return changed(anew, {"setbacks": before.setbacks, "planned_attempt": before.planned_attempt})


def _planned_anew(state: JourneyState, event: e.PathwayReset | e.MovedToKit) -> JourneyState:
    """Gives what is in the event its dates, and where these are others, another name; keeps what is settled, and what
    a reset left out."""
    sessions = {one.session: one for one in state.sessions}
    milestones = {one.milestone: one for one in state.milestones}
    planned = {one.session for one in event.sessions}
    moved = isinstance(event, e.MovedToKit)
    plan_session, plan_milestone = (_session_moved, _milestone_moved) if moved else (_session, _milestone)
    at = _on_the_clock(state, event.at, event.at)
    changes: dict[str, object] = {
        "sessions": (
            *(one for one in state.sessions if one.session not in planned and (one.attendance or not moved)),
            *(plan_session(one, at, sessions.get(one.session)) for one in event.sessions),
        ),
        "milestones": (
            *(one for one in state.milestones if one.settled or one.status == "submitted"),
            *(plan_milestone(one, at, milestones.get(one.milestone)) for one in event.milestones),
        ),
        "ends_at": event.ends_at or state.ends_at,
    }
    if isinstance(event, e.MovedToKit):
        return _check_in_due(_to(state, kit=event.kit, **changes), at, event.check_in_by)
    changes["last_word"] = word("reset", event.reason, event.at)
    return _seen(_to(state, misses_in_a_row=(), misses=(), **changes), event.at)


def _rescheduled(state: JourneyState, event: e.SessionRescheduled) -> JourneyState:
    before = state.session(event.session)
    return _with_session(
        state,
        event.session,
        starts_at=event.starts_at,
        attendance_due_at=event.attendance_due_at,
        preparation_due_at=event.starts_at if before and before.preparation_due_at else None,
        planned_at=event.at,
        moved=True,
    )


def _attendance_recorded(state: JourneyState, event: e.AttendanceRecorded) -> JourneyState:
    state = _with_session(
        state,
        event.session,
        attendance=event.attendance,
        held_at=event.at,
        owed_since=event.at,
        notes_due_at=event.notes_due_at,
        follow_up_due_at=event.follow_up_due_at,
    )
    match event.attendance:
        case "attended" | "late":
            state = _mentor_seen(_seen(_to(state, misses_in_a_row=()), event.at), event.at)
            return _check_in_due(state, event.at, event.check_in_by)
        case "missed_by_learner":
            return _mentor_seen(_missed(state, event), event.at)
        case "missed_by_mentor" | "cancelled_in_time" | "cancelled_late":
            return state
        case _:
            assert_never(event.attendance)


def _missed(state: JourneyState, event: e.AttendanceRecorded) -> JourneyState:
    session = state.session(event.session)
    assert session, "only a session of the journey is missed"
    return _to(
        state,
        misses_in_a_row=(*state.misses_in_a_row, session.name),
        misses=(*state.misses, Miss(name=session.name, at=event.at)),
    )


def _follow_up_sent(state: JourneyState, event: e.FollowUpSent) -> JourneyState:
    opened = tuple(
        ActionItemStanding(item=one.item, owner=one.owner, since=event.at, due_at=one.due_at) for one in event.items
    )
    state = _with_session(state, event.session, follow_up_due_at=None, next_steps=len(opened))
    return _mentor_seen(_to(state, action_items=(*state.action_items, *opened)), event.at)


def _check_in_due(state: JourneyState, at: datetime, due_at: datetime | None) -> JourneyState:
    if due_at is None:
        return state
    turn = state.check_in.turn + 1 if state.check_in else 1
    return _to(state, check_in=CheckInWait(turn=turn, since=at, due_at=due_at))


def _milestone_submitted(state: JourneyState, event: e.MilestoneSubmitted) -> JourneyState:
    return _with_milestone(
        state,
        event.milestone,
        status="submitted",
        since=event.at,
        submitted_at=event.at,
        review_due_at=event.review_due_at,
    )


def _milestone_reviewed(state: JourneyState, event: e.MilestoneReviewed) -> JourneyState:
    if event.verdict != "returned":
        return _with_milestone(
            state,
            event.milestone,
            status=event.verdict,
            score=event.score,
            review_due_at=None,
            setback=event.verdict == "failed",
        )
    return _with_milestone(
        state,
        event.milestone,
        status="open",
        score=event.score,
        attempt=event.attempt + 1,
        since=event.at,
        due_at=event.due_at,
        missed=False,
        review_due_at=None,
        setback=True,
    )


def _with_session(state: JourneyState, session: SessionId, moved: bool = False, **changes: object) -> JourneyState:
    return _to(
        state,
        sessions=tuple(
            changed(one, changes | ({"turn": one.turn + 1} if moved else {})) if one.session == session else one
            for one in state.sessions
        ),
    )


def _with_milestone(
    state: JourneyState, milestone: MilestoneId, setback: bool = False, **changes: object
) -> JourneyState:
    return _to(
        state,
        milestones=tuple(
            changed(one, changes | ({"setbacks": one.setbacks + 1} if setback else {}))
            if one.milestone == milestone
            else one
            for one in state.milestones
        ),
    )


# Escalations


def _raised(state: JourneyState, event: Raised) -> JourneyState:
    """Remembers that the rule came true, and the rung that was taken."""
    if event.step == 0:
        state = _to(state, fired=(*state.fired, fired_key(event.rule, event.about)))
        if is_support(event.about):
            return state
        ladder = Ladder(rule=event.rule, about=event.about, since=_on_the_clock(state, event.at, event.at))
        return _to(state, ladders=(*state.ladders, ladder))
    return _to(
        state,
        ladders=tuple(
            changed(one, {"step": event.step}) if (one.rule, one.about) == (event.rule, event.about) else one
            for one in state.ladders
        ),
    )


def _case_opened(state: JourneyState, event: e.CaseOpened) -> JourneyState:
    case = Case(
        case=event.case,
        rule=event.rule,
        about=event.about,
        severity=event.severity,
        owner=event.owner,
        step=event.step,
        opened_at=event.at,
        since=_on_the_clock(state, event.at, event.at),
        respond_by=_on_the_clock(state, event.at, event.respond_by),
        given=event.respond_by - event.at,
    )
    return _raised(_to(state, cases=(*state.cases, case), cases_opened=state.cases_opened + 1), event)


def _with_case(
    state: JourneyState, event: e.CaseAcknowledged | e.CaseSnoozed | e.CaseReassigned, due_at: datetime, **also: object
) -> JourneyState:
    changes = also | {
        "since": _on_the_clock(state, event.at, event.at),
        "respond_by": _on_the_clock(state, event.at, due_at),
    }
    return _to(
        state,
        cases=tuple(
            changed(one, changes | {"turn": one.turn + 1}) if one.case == event.case else one for one in state.cases
        ),
    )


def _case_resolved(state: JourneyState, event: e.CaseResolved) -> JourneyState:
    resolved = state.case(event.case)
    cases = tuple(one for one in state.cases if one.case != event.case)
    return _to(state, cases=cases, ladders=_without(state, resolved))


def _without(state: JourneyState, matter: Case | RemedyOffer | None) -> tuple[Ladder, ...]:
    if matter is None:
        return state.ladders
    return tuple(one for one in state.ladders if (one.rule, one.about) != (matter.rule, matter.about))


def _remedies_offered(state: JourneyState, event: e.RemediesOffered) -> JourneyState:
    remedies = RemedyOffer(
        rule=event.rule,
        about=event.about,
        step=event.step,
        options=event.options,
        since=_on_the_clock(state, event.at, event.at),
        expires_at=_on_the_clock(state, event.at, event.expires_at),
    )
    return _raised(_to(state, remedies=remedies), event)


# Signs of life, and pauses


def _sign(state: JourneyState, said: str) -> JourneyState:
    return _to(state, signs=state.signs + 1, last_word=said)


def _on_the_clock(state: JourneyState, at: datetime, date: datetime) -> datetime:
    """A date that was set at a moment. In a pause the clock stands where it stopped, and moves when it runs again."""
    return date - (at - state.pause.since) if state.pause else date


def _seen(state: JourneyState, at: datetime) -> JourneyState:
    """Begins a new spell. A sign from within a pause counts from its end, as nobody minds quiet in a pause."""
    if state.last_seen_at is None or state.last_seen_at >= at:
        return state
    return _to(state, last_seen_at=at, quiet_from=_counts_from(state, at))


def _sign_of_life(state: JourneyState, deed: e.Deed) -> JourneyState:
    """Of this learner or of their mentor, whichever did it; not of somebody else in the same role."""
    role, _, name = (deed.by or "").partition(":")
    if role == "learner" and name in ("", state.learner):
        return _seen(state, deed.at)
    if role == "mentor" and name in ("", state.mentor):
        return _mentor_seen(state, deed.at)
    return state


def _mentor_seen(state: JourneyState, at: datetime) -> JourneyState:
    if state.mentor_seen_at is None or state.mentor_seen_at >= at:
        return state
    return _to(state, mentor_seen_at=at, mentor_quiet_from=_counts_from(state, at))


def _counts_from(state: JourneyState, at: datetime) -> datetime:
    return state.pause.since if state.pause else max(at, state.resumed_at or at)


def _resumed(state: JourneyState, event: e.JourneyResumed) -> JourneyState:
    """Moves every date that still lies ahead by the length of the pause; what has been settled stays where it was."""
    by = event.paused_for
    return _to(
        state,
        pause=None,
        wait=_moved(state.wait, by, "since", "due_at") if state.wait else None,
        offer=_moved(state.offer, by, "since", "expires_at") if state.offer else None,
        check_in=_moved(state.check_in, by, "since", "due_at") if state.check_in else None,
        watched_until=_later(state.watched_until, by),
        ends_at=event.ends_by or _later(state.ends_at, by),
        quiet_from=_later(state.quiet_from, by),
        mentor_quiet_from=_later(state.mentor_quiet_from, by),
        resumed_at=event.at,
        sessions=tuple(_session_later(one, event.at, by) for one in state.sessions),
        milestones=tuple(one if one.settled else _milestone_later(one, event) for one in state.milestones),
        action_items=tuple(_moved(one, by, "since", "due_at") for one in state.action_items),
        ladders=tuple(_moved(one, by, "since") for one in state.ladders),
        remedies=_moved(state.remedies, by, "since", "expires_at") if state.remedies else None,
        cases=tuple(_moved(one, by, "since", "respond_by") for one in state.cases),
        misses=tuple(_moved(one, by, "at") for one in state.misses),
    )


def _later(at: datetime | None, by: timedelta) -> datetime | None:
    return at + by if at else None


def _moved(one: Standing, by: timedelta, *dates: str) -> Standing:
    return changed(one, {date: _later(getattr(one, date), by) for date in dates})


def _milestone_later(one: MilestoneStanding, event: e.JourneyResumed) -> MilestoneStanding:
    """Where the end of the term leaves less time than before, nobody is reminded of what is past."""
    later = _moved(one, event.paused_for, "since", "due_at", "review_due_at")
    if event.ends_by is None or later.due_at <= event.ends_by:
        return later
    since = event.at if one.status == "open" else later.since
    return changed(later, {"since": since, "due_at": max(one.due_at, event.ends_by)})


def _session_later(one: SessionStanding, resumed_at: datetime, by: timedelta) -> SessionStanding:
    """A session that began before the pause was held when it was held; only the words on it may come later."""
    one = _moved(one, by, "owed_since", "notes_due_at", "follow_up_due_at")
    if one.attendance:
        return one
    if one.starts_at >= resumed_at - by:
        one = _moved(one, by, "starts_at")
    return _moved(one, by, "planned_at", "attendance_due_at", "preparation_due_at")
