"""How each event moves a journey on. Needs no kit: the events carry every date."""

from collections.abc import Iterable
from dataclasses import fields
from datetime import datetime, timedelta
from typing import assert_never

from domain.ids import MilestoneId, SessionId
from domain.journey import events as e
from domain.journey.parts import changed, shifted
from domain.journey.saying import SAYING, what_is_said, with_word, word_of
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
    Spell,
    StageDuty,
    StageWait,
    Suspended,
    fired_key,
    is_support,
)

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
    if type(event) in SAYING:
        after = _remembered(after, event)
    return _sign_of_life(after, event) if isinstance(event, e.Deed) and event.by else after


def _remembered(state: JourneyState, event: e.JourneyEvent) -> JourneyState:
    """What was said is known again: the last about each thing, and all of the day of what may be said once a day."""
    if said := what_is_said(event):
        return changed(state, said={**state.said, said[0]: said[1]})
    if word := word_of(event):
        return changed(state, said_today=with_word(state.said_today, word), last_word=None)
    return state


def _after(state: JourneyState, event: e.JourneyEvent) -> JourneyState:
    match event:
        case e.JourneyStarted():
            return _started(event)
        case e.IntakeSubmitted():
            return changed(_wait(state, "intake_review", event.at, event.review_due_at), answers=event.answers)
        case e.AnswersGiven():
            return changed(state, answers_so_far={**(state.answers_so_far or {}), **event.answers})
        case e.MoreInformationRequested():
            return _wait(state, "intake", event.at, event.intake_due_at, again=True)
        case e.IntakeApproved():
            state = _wait(state, "match", event.at, event.match_due_at)
            return changed(state, stage="matching", stage_since=event.at, pathway=event.pathway)
        case e.PathwayChosenAnew():
            return changed(state, pathway=event.pathway)
        case e.MatchOffered():
            return _match_offered(state, event)
        case e.OfferAccepted():
            return _offer_accepted(state, event)
        case e.OfferDeclined() | e.OfferQuestioned():
            state = changed(state, offer=None, asked=None)
            return _seen(state, event.at) if event.who == "learner" else state
        case e.OfferExpired():
            return changed(state, offer=None)
        case e.MentorMatched():
            return _mentor_matched(state, event)
        case e.MentorReleased():
            state = _wait(state, "match", event.at, event.match_due_at, again=True)
            return changed(state, mentor=None, mentor_seen_at=None, mentor_quiet_from=None)
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
        case e.NotesWritten() | e.NotesCorrected():
            return _mentor_seen(_with_session(state, event.session, notes_due_at=None), event.at)
        case e.FollowUpSent() | e.FollowUpCorrected():
            return _follow_up_sent(state, event)
        case e.ActionItemClosed():
            return changed(state, action_items=tuple(one for one in state.action_items if one.item != event.item))
        case e.CheckedIn():
            return _mentor_seen(_check_in_due(state, event.at, event.check_in_by), event.at)
        case e.RiskFlagRaised():
            return changed(state, signs=state.signs + 1)
        case e.HelpAsked() | e.FeedbackGiven():
            return _seen(changed(state, signs=state.signs + 1), event.at)
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
            return changed(state, fired=(*state.fired, fired_key(event.rule, event.about)))
        case e.Nudged():
            return _raised(state, event)
        case e.CaseOpened():
            return _case_opened(state, event)
        case e.CaseAcknowledged():
            return _with_case(state, event, event.respond_by, acknowledged=True, snoozed_until=None)
        case e.CaseSnoozed():
            return _with_case(state, event, event.until, snoozed_until=event.until)
        case e.CaseReassigned() | e.CaseHandedOn():
            handed_on = isinstance(event, e.CaseHandedOn) and event.owner == "ops"
            anew = {"owner": event.owner, "acknowledged": False, "snoozed_until": None, "handed_on": handed_on}
            return _with_case(state, event, event.respond_by, **anew)
        case e.CaseResolved():
            return _case_resolved(state, event)
        case e.RemediesOffered():
            return _remedies_offered(state, event)
        case e.RemedyChosen():
            return changed(state, remedies=None, ladders=_without(state, state.remedies))
        case e.RemediesExpired() | e.RemediesWithdrawn():
            return changed(state, remedies=None)
        case e.WrapUpStarted():
            state = _wait(state, "wrap_up", event.at, event.due_at)
            return changed(state, stage="wrap_up", stage_since=event.at, offer=None)
        case e.OutcomeRecorded():
            return changed(state, outcomes=(*state.outcomes, Outcome(kind=event.kind, value=event.value)))
        case e.JourneyPaused():
            return changed(state, pause=Pause(since=event.at, until=event.until))
        case e.JourneyResumed():
            return _resumed(state, event.at, event.paused_for, event.ends_by)
        case e.JourneyClosed():
            return _closed(state, event)
        case e.AttendanceCorrected():
            return _attendance_corrected(state, event)
        case e.ReviewCorrected():
            return _mentor_seen(_review_corrected(state, event), event.at)
        case e.EscalationTakenBack():
            return _taken_back(state, event)
        case e.WrapUpTakenBack():
            return _wrap_up_taken_back(state, event)
        case e.OutcomeCorrected():
            wrong = Outcome(kind=event.kind, value=event.replaces)
            right = Outcome(kind=event.kind, value=event.value)
            return changed(state, outcomes=tuple(right if one == wrong else one for one in state.outcomes))
        case e.PauseChanged():
            assert state.pause, "only a pause that is there is changed"
            return changed(state, pause=Pause(since=state.pause.since, until=event.until))
        case e.JourneyReopened():
            return _reopened(state, event)
        case e.CommandRejected():
            return state
        case _:
            assert_never(event)


def fold(events: Iterable[e.JourneyEvent], state: JourneyState | None = None) -> JourneyState | None:
    """The state that these events lead to, from the beginning or from an earlier state."""
    for event in events:
        state = evolve(state, event)
    return state


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
    return changed(state, wait=StageWait(duty=duty, turn=turn, since=since, due_at=due_at), turns=turn)


def _closed(state: JourneyState, event: e.JourneyClosed) -> JourneyState:
    return changed(
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
        closing=Closing(
            ending=event.ending, at=event.at, reason=event.reason, done=event.done, before=_suspended(state)
        ),
    )


def _suspended(state: JourneyState) -> Suspended:
    return Suspended(**{name: getattr(state, name) for name in _SUSPENDED})


_SUSPENDED = tuple(one.name for one in fields(Suspended))


def _reopened(state: JourneyState, event: e.JourneyReopened) -> JourneyState:
    """As it stood; in a pause the clocks have stood anyway, and otherwise they stood from the closing until now."""
    assert state.closing, "only what was closed is reopened"
    before = state.closing.before
    assert before, "a journey is reopened by a version that keeps what a closing ended"
    state = changed(state, closing=None, **vars(before))
    if state.pause is None:
        state = _resumed(state, event.at, event.moved_by, event.ends_by)
    if event.due_at and state.wait:
        return _wait(state, state.wait.duty, event.at, event.due_at, again=True)
    return state


def _wrap_up_taken_back(state: JourneyState, event: e.WrapUpTakenBack) -> JourneyState:
    """Another wrap-up has another name."""
    state = changed(state, stage="sessions", stage_since=event.at, wait=None, turns=state.turns + 1)
    return _wait(state, "match", event.at, event.match_due_at) if event.match_due_at else state


# Matching


def _match_offered(state: JourneyState, event: e.MatchOffered) -> JourneyState:
    turn = state.offers_made + 1
    offer = Offer(mentor=event.mentor, pending=event.asks, turn=turn, since=event.at, expires_at=event.expires_at)
    return changed(state, offer=offer, offers_made=turn, asked=event.mentor)


def _offer_accepted(state: JourneyState, event: e.OfferAccepted) -> JourneyState:
    assert state.offer, "only what is offered is accepted"
    pending = tuple(one for one in state.offer.pending if one != event.who)
    state = changed(state, offer=changed(state.offer, pending=pending))
    return _seen(state, event.at) if event.who == "learner" else state


def _mentor_matched(state: JourneyState, event: e.MentorMatched) -> JourneyState:
    state = changed(
        state,
        mentor=event.mentor,
        offer=None,
        asked=None,
        watched_until=event.watched_until,
        mentor_seen_at=event.at,
        mentor_quiet_from=event.at,
        wait=None if state.stage == "sessions" else state.wait,
    )
    if event.check_in_by is None:
        return changed(state, check_in=None)
    return _check_in_due(state, event.at, event.check_in_by)


# The pathway


def _pathway_started(state: JourneyState, event: e.PathwayStarted) -> JourneyState:
    return changed(
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
        turn=before.turn if stays else anew.turn,
        planned_at=min(at, planned.starts_at),
        prepared=before.prepared,
        preparation_due_at=None if before.prepared else anew.preparation_due_at,
    )


def _milestone_moved(planned: e.PlannedMilestone, at: datetime, before: MilestoneStanding | None) -> MilestoneStanding:
    anew = _milestone(planned, at, before)
    if before is None:
        return anew
    if before.due_at == planned.due_at:
        return changed(before, since=at)
    return changed(anew, setbacks=before.setbacks, planned_attempt=before.planned_attempt)


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
        return _check_in_due(changed(state, kit=event.kit, **changes), at, event.check_in_by)
    return _seen(changed(state, misses_in_a_row=(), misses=(), misses_since=event.at, **changes), event.at)


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
    if event.attendance == "missed_by_learner":
        state = _missed(state, event)
    state = _came(
        state,
        event.session,
        event.attendance,
        event.at,
        held_at=event.at,
        owed_since=event.at,
        notes_due_at=event.notes_due_at,
        follow_up_due_at=event.follow_up_due_at,
    )
    return _check_in_due(state, event.at, event.check_in_by)


def _missed(state: JourneyState, event: e.AttendanceRecorded) -> JourneyState:
    session = state.session(event.session)
    assert session, "only a session of the journey is missed"
    return changed(
        state,
        misses_in_a_row=(*state.misses_in_a_row, session.name),
        misses=(*state.misses, Miss(name=session.name, at=event.at)),
    )


def _came(
    state: JourneyState, session: SessionId, attendance: e.Attendance, at: datetime, **also: object
) -> JourneyState:
    """Whoever came gave a sign of life. The spells of quiet that it ended are kept with the session."""
    before = state
    match attendance:
        case "attended" | "late":
            state = _mentor_seen(_seen(changed(state, misses_in_a_row=()), at), at)
        case "missed_by_learner":
            state = _mentor_seen(state, at)
        case "missed_by_mentor" | "cancelled_in_time" | "cancelled_late":
            pass
        case _:
            assert_never(attendance)
    changes = also | {
        "attendance": attendance,
        "learner_before": _ended(before.last_seen_at, before.quiet_from, state.last_seen_at),
        "mentor_before": _ended(before.mentor_seen_at, before.mentor_quiet_from, state.mentor_seen_at),
    }
    return _with_session(state, session, False, **changes)


def _ended(seen_at: datetime | None, quiet_from: datetime | None, seen_now: datetime | None) -> Spell | None:
    if seen_at is None or quiet_from is None or seen_at == seen_now:
        return None
    return Spell(seen_at=seen_at, quiet_from=quiet_from)


def _attendance_corrected(state: JourneyState, event: e.AttendanceCorrected) -> JourneyState:
    """As if the right thing had been recorded when the wrong one was. Its misses and signs of life are exchanged; what
    only the wrong one asked for is no longer owed."""
    was = state.session(event.session)
    assert was, "only a session of the journey is corrected"
    assert was.held_at, "only what was recorded is corrected"
    assert was.owed_since, "only what was recorded is corrected"
    if event.was == event.attendance:
        return state
    state = _unseen(state, was)
    held = event.attendance in ("attended", "late")
    owed: dict[str, object] = {"notes_due_at": event.notes_due_at, "follow_up_due_at": event.follow_up_due_at}
    misses = [one for one in state.misses if one.name != was.name]
    counts = state.misses_since is None or was.held_at > state.misses_since
    if event.attendance == "missed_by_learner" and counts:
        misses.append(Miss(name=was.name, at=was.owed_since))
        misses.sort(key=lambda one: one.at)
    state = _came(state, event.session, event.attendance, was.held_at, **({} if held and was.held else owed))
    state = changed(state, misses=tuple(misses), misses_in_a_row=_in_a_row(state, misses))
    return _without_fired(state, f"notes:{was.session}#{was.turn}", f"follow_up:{was.session}#{was.turn}")


def _unseen(state: JourneyState, session: SessionStanding) -> JourneyState:
    """The signs of life that its attendance gave are none, where no later one has come since."""
    changes: dict[str, object] = {}
    if session.learner_before and state.last_seen_at == session.held_at:
        changes |= {"last_seen_at": session.learner_before.seen_at, "quiet_from": session.learner_before.quiet_from}
    if session.mentor_before and state.mentor_seen_at == session.held_at:
        before = session.mentor_before
        changes |= {"mentor_seen_at": before.seen_at, "mentor_quiet_from": before.quiet_from}
    return changed(state, **changes) if changes else state


def _in_a_row(state: JourneyState, misses: Iterable[Miss]) -> tuple[str, ...]:
    """The misses since the last session that the learner came to."""
    held = [one.owed_since for one in state.sessions if one.held and one.owed_since]
    return tuple(miss.name for miss in misses if not held or miss.at > max(held))


def _without_fired(state: JourneyState, *abouts: str) -> JourneyState:
    """What is owed again after a correction has all its reminders again."""
    ends = tuple(f"|{about}" for about in abouts)
    return changed(state, fired=tuple(one for one in state.fired if not one.endswith(ends)))


def _follow_up_sent(state: JourneyState, event: e.FollowUpSent | e.FollowUpCorrected) -> JourneyState:
    """One that is corrected leaves only the next steps of the correction open; their numbers go on."""
    session = state.session(event.session)
    before = session.next_steps if session else 0
    replaced = {f"{event.session}-{nth}" for nth in range(1, before + 1)}
    opened = tuple(
        ActionItemStanding(item=one.item, owner=one.owner, since=event.at, due_at=one.due_at) for one in event.items
    )
    state = _with_session(state, event.session, follow_up_due_at=None, next_steps=before + len(opened))
    kept = (one for one in state.action_items if one.item not in replaced)
    return _mentor_seen(changed(state, action_items=(*kept, *opened)), event.at)


def _check_in_due(state: JourneyState, at: datetime, due_at: datetime | None) -> JourneyState:
    if due_at is None:
        return state
    turn = state.check_in.turn + 1 if state.check_in else 1
    return changed(state, check_in=CheckInWait(turn=turn, since=at, due_at=due_at))


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


def _review_corrected(state: JourneyState, event: e.ReviewCorrected) -> JourneyState:
    """As if the right verdict had been given; the attempt that only a wrong one asked for is not awaited."""
    one = state.milestone(event.milestone)
    assert one, "only a milestone of the journey is corrected"
    if event.was == event.verdict:
        return _with_milestone(state, event.milestone, score=event.score)
    returned = event.was == "returned"
    setbacks = one.setbacks - (event.was != "passed") - (returned and one.missed) + (event.verdict != "passed")
    again = event.verdict == "returned"
    state = _with_milestone(
        state,
        event.milestone,
        status="open" if again else event.verdict,
        attempt=event.attempt + again,
        score=event.score,
        since=event.at if again else one.since,
        due_at=event.due_at or one.due_at,
        missed=False,
        setbacks=setbacks,
    )
    return _without_fired(state, f"milestone:{event.milestone}#{event.attempt + 1}") if returned else state


def _with_session(state: JourneyState, session: SessionId, moved: bool = False, **changes: object) -> JourneyState:
    return changed(
        state,
        sessions=tuple(
            changed(one, **changes, **({"turn": one.turn + 1} if moved else {})) if one.session == session else one
            for one in state.sessions
        ),
    )


def _with_milestone(
    state: JourneyState, milestone: MilestoneId, setback: bool = False, **changes: object
) -> JourneyState:
    return changed(
        state,
        milestones=tuple(
            changed(one, **changes, **({"setbacks": one.setbacks + 1} if setback else {}))
            if one.milestone == milestone
            else one
            for one in state.milestones
        ),
    )


# Escalations


def _raised(state: JourneyState, event: Raised) -> JourneyState:
    """Remembers that the rule came true, and the rung that was taken."""
    if event.step == 0:
        state = changed(state, fired=(*state.fired, fired_key(event.rule, event.about)))
        if is_support(event.about):
            return state
        ladder = Ladder(rule=event.rule, about=event.about, since=_on_the_clock(state, event.at, event.at))
        return changed(state, ladders=(*state.ladders, ladder))
    return changed(
        state,
        ladders=tuple(
            changed(one, step=event.step) if (one.rule, one.about) == (event.rule, event.about) else one
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
    return _raised(changed(state, cases=(*state.cases, case), cases_opened=state.cases_opened + 1), event)


def _with_case(
    state: JourneyState,
    event: e.CaseAcknowledged | e.CaseSnoozed | e.CaseReassigned | e.CaseHandedOn,
    due_at: datetime,
    **also: object,
) -> JourneyState:
    changes = also | {
        "since": _on_the_clock(state, event.at, event.at),
        "respond_by": _on_the_clock(state, event.at, due_at),
    }
    return changed(
        state,
        cases=tuple(
            changed(one, **changes, turn=one.turn + 1) if one.case == event.case else one for one in state.cases
        ),
    )


def _case_resolved(state: JourneyState, event: e.CaseResolved) -> JourneyState:
    resolved = state.case(event.case)
    cases = tuple(one for one in state.cases if one.case != event.case)
    return changed(state, cases=cases, ladders=_without(state, resolved))


def _taken_back(state: JourneyState, event: e.EscalationTakenBack) -> JourneyState:
    reason = (event.rule, event.about)
    return changed(
        state,
        fired=tuple(one for one in state.fired if one != fired_key(*reason)),
        ladders=tuple(one for one in state.ladders if (one.rule, one.about) != reason),
        cases=tuple(one for one in state.cases if (one.rule, one.about) != reason),
    )


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
    return _raised(changed(state, remedies=remedies), event)


# Signs of life, and pauses


def _on_the_clock(state: JourneyState, at: datetime, date: datetime) -> datetime:
    """A date that was set at a moment. In a pause the clock stands where it stopped, and moves when it runs again."""
    return date - (at - state.pause.since) if state.pause else date


def _seen(state: JourneyState, at: datetime) -> JourneyState:
    """Begins a new spell. A sign from within a pause counts from its end, as nobody minds quiet in a pause."""
    if state.last_seen_at is None or state.last_seen_at >= at:
        return state
    return changed(state, last_seen_at=at, quiet_from=_counts_from(state, at))


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
    return changed(state, mentor_seen_at=at, mentor_quiet_from=_counts_from(state, at))


def _counts_from(state: JourneyState, at: datetime) -> datetime:
    return state.pause.since if state.pause else max(at, state.resumed_at or at)


def _resumed(state: JourneyState, at: datetime, by: timedelta, ends_by: datetime | None) -> JourneyState:
    """Moves every date that still lies ahead by the time for which the clocks stood; what has been settled stays."""
    before, state = state, changed(shifted(state, by, at - by), pause=None, resumed_at=at)
    if ends_by is None:
        return state
    milestones = zip(before.milestones, state.milestones, strict=True)
    return changed(
        state,
        ends_at=ends_by,
        milestones=tuple(_within_term(one, later, at, ends_by) for one, later in milestones),
    )


def _within_term(
    before: MilestoneStanding, later: MilestoneStanding, at: datetime, ends_by: datetime
) -> MilestoneStanding:
    """Where the end of the term leaves less time than before, nobody is reminded of what is past."""
    if before.settled or later.due_at <= ends_by:
        return later
    since = at if before.status == "open" else later.since
    return changed(later, since=since, due_at=max(before.due_at, ends_by))
