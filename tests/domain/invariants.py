"""What holds on every journey through every program, whatever is asked of it and whenever.

Each example is a drawn kit and a drawn sequence of commands, sensible and senseless, with every timer fired when due.
`python -m tests.domain.fuzz` looks at many more of them than the tests do.
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.ids import SessionId
from domain.journey import EVENTS, JourneyState, Rejected, Wait, awaited, decide, evolve, fold, next_action
from domain.journey.calendar import changes, session_key, status_of_session
from domain.journey.commands import ChooseRemedy, Pause, Resume
from domain.journey.duty import pathway_of
from domain.journey.events import (
    AttendanceCorrected,
    AttendanceTakenBack,
    CaseOpened,
    EscalationTakenBack,
    JourneyClosed,
    JourneyEvent,
    JourneyReopened,
    JourneyResumed,
    MatchOffered,
    MilestoneReviewed,
    Nudged,
    OfferAccepted,
    OfferDeclined,
    OfferQuestioned,
    PathwayReset,
    RemediesExpired,
    RemediesOffered,
    RemediesWithdrawn,
    RemedyChosen,
    ReminderFellDue,
    ReviewCorrected,
    WrapUpTakenBack,
)
from domain.journey.pathway import term_end
from domain.journey.state import is_support
from domain.journey.stored import STORED_STATE
from domain.journey.timers import timers
from domain.kit import Kit, OpenCase
from domain.kit.occasions import occasions
from domain.notification import (
    Entry,
    Invited,
    calls,
    contents,
    entry,
    may_call,
    notices,
    obsolete,
    telling,
    undone,
)
from tests.domain.journeys import Step


@dataclass(frozen=True)
class Way:
    """A way through a program, from setting out to the time when nobody does anything any more."""

    steps: Sequence[Step]

    @property
    def events(self) -> list[JourneyEvent]:
        return [event for step in self.steps for event in step.events]


CORRECTIONS = (
    AttendanceCorrected,
    AttendanceTakenBack,
    ReviewCorrected,
    EscalationTakenBack,
    WrapUpTakenBack,
    JourneyReopened,
)
Invariant = Callable[[Way], None]
INVARIANTS: list[Invariant] = []


def on_any_way(invariant: Invariant) -> Invariant:
    INVARIANTS.append(invariant)
    return invariant


@on_any_way
def an_open_journey_waits_for_something_and_a_closed_one_for_nothing(way: Way) -> None:
    for step in way.steps:
        action = next_action(step.kit_after, step.after)
        if step.after.closing:
            assert not isinstance(action, Wait)
            assert not (awaited(step.after) or timers(step.kit_after, step.after) or step.after.cases)
            assert (step.after.stage, step.after.wait, step.after.pause) == ("closed", None, None)
            assert step.after.closing.reason
        else:
            assert isinstance(action, Wait)
            assert action.awaited or action.timers
            assert list(action.timers) == sorted(action.timers, key=lambda one: one.at)
            assert action.next_timer == next(iter(action.timers), None)


@on_any_way
def whoever_is_written_to_is_written_to_on_an_occasion_that_the_kit_is_known_to_have(way: Way) -> None:
    """Or that one had which it followed before: a session that was planned by that is still told of. What a person
    writes in their own words needs no occasion."""
    known: set[object] = set()
    for step in way.steps:
        known |= {(one.when, one.to, one.rule, one.of) for one in occasions(step.kit_after)}
        for event in step.events:
            for notice in notices(event):
                assert notice.when == "message" or (notice.when, notice.to, notice.rule, notice.of) in known


@on_any_way
def every_letter_can_be_written_then_and_later(way: Way) -> None:
    last = way.steps[-1]
    for step in way.steps:
        state: JourneyState | None = step.before
        for event in step.events:
            state = evolve(state, event)
            told = notices(event)
            assert len({one.to for one in told}) == len(told), "a message is known by its event and its reader"
            for notice in told:
                obsolete(last.after, notice)
                undone(state, last.after, notice)
                assert contents(step.kit_after, state, notice, now=last.after).what or not notice.quote.strip()


@on_any_way
def calendars_show_what_the_journey_plans_and_every_invitation_counts_up(way: Way) -> None:
    """As if every invitation had been sent at once."""
    kits = {step.after.kit: step.kit_after for step in way.steps}
    told: dict[tuple[Invited, SessionId], tuple[Entry, int]] = {}
    for call in calls(way.events, kits):
        events = way.events[: call.version]
        then, was = fold(events), told.get((call.invited, call.session))
        assert then
        now = entry(kits, then, call.session, call.invited)
        said = telling(now, was[0] if was else None, call.notice.at)
        if isinstance(said, str):
            continue
        times = changes(events)[session_key(call.session)].times
        assert was is None or times > was[1], "a calendar takes no notice of what does not count up"
        shown = said.entry.model_copy(update={"status": "CANCELLED"}) if said.result == "cancelled" else said.entry
        told[call.invited, call.session] = shown, times
    last = way.steps[-1].after
    for one in last.sessions:
        if one.starts_at > way.events[-1].at and not one.attendance and not last.pause:
            for invited in (Invited("learner", last.learner), Invited("mentor", last.mentor or "")):
                (known, _), now = told.get((invited, one.session), (None, 0)), entry(kits, last, one.session, invited)
                assert now
                assert (known.status if known else "CANCELLED") == now.status
                assert known is None or known.status == "CANCELLED" or known == now


@on_any_way
def an_event_that_cannot_call_for_an_invitation_changes_no_calendar(way: Way) -> None:
    state: JourneyState | None = None
    for event in way.events:
        before, state = state, evolve(state, event)
        if before and not may_call(event):
            held = {one.session for one in state.sessions if one.attendance}
            shown = [
                {one.session: (one.starts_at, status_of_session(there, one)) for one in there.sessions}
                for there in (before, state)
            ]
            assert all(shown[0].get(one) == at for one, at in shown[1].items() if one not in held)
            assert (before.mentor, before.kit) == (state.mentor, state.kit)


@on_any_way
def nobody_is_awaited_twice_for_one_thing(way: Way) -> None:
    for step in way.steps:
        abouts = [one.about for one in awaited(step.after)]
        assert len(abouts) == len(set(abouts))


@on_any_way
def a_name_once_given_to_a_duty_is_never_given_to_another(way: Way) -> None:
    """What is dealt with and falls due again has another name, or the rules that came true would be silent."""
    gone: set[str] = set()
    before: set[str] = set()
    for step in way.steps:
        if any(isinstance(event, CORRECTIONS) for event in step.events):
            gone = set()  # what was dealt with by mistake is owed again
        if any(isinstance(event, AttendanceTakenBack) for event in step.events):
            before = set()  # nor is it known what followed from it
        if step.after.pause:
            continue
        now = {one.about for one in awaited(step.after)}
        gone |= before - now
        assert not gone & now, step.events
        before = now


@on_any_way
def nobody_is_kept_in_the_sessions_when_all_is_settled(way: Way) -> None:
    for step in way.steps:
        pathway = step.kit_after.pathway(step.after.pathway) if step.after.pathway else None
        if step.after.pause or step.after.stage != "sessions":
            continue
        if pathway and pathway.ends_when_done and step.after.settled:
            assert not step.after.sessions
            assert not step.after.milestones


@on_any_way
def once_the_learner_is_on_their_way_the_journey_ends_by_itself(way: Way) -> None:
    last = way.steps[-1].after
    assert last.closing or (last.wait and last.wait.duty in ("intake_review", "match"))


@on_any_way
def no_timer_lies_before_what_set_it(way: Way) -> None:
    for step in way.steps:
        if step.moved:
            return  # by the rules of the other kit, something may have been late before it came into force
        if any(isinstance(event, JourneyReopened) for event in step.events) and step.after.pause:
            continue  # a pause whose end passed while the journey was closed ends at once
        new = set(_moments(step.kit_after, step.after)) - set(_moments(step.kit, step.before))
        early = [one for one in timers(step.kit_after, step.after) if one.at < step.at and (one.rule, one.label) in new]
        if any(isinstance(event, CORRECTIONS) for event in step.events):
            # What was thought to be over has lasted all along, so that an escalation of it can be late.
            early = [one for one in early if not one.rule.startswith("escalations.")]
        assert not early, (early, step.events)


def _moments(kit: Kit, state: JourneyState | None) -> list[tuple[str, str]]:
    # A quiet rule has one place and one label in every spell, and activity of long ago makes it due at once.
    there = timers(kit, state) if state else ()
    return [(one.rule, one.label) for one in there if not one.label.startswith("check activity")]


@on_any_way
def a_timer_that_fired_is_gone(way: Way) -> None:
    for step in way.steps:
        if step.timer:
            assert step.events, f"{step.timer} did nothing"
            assert step.timer not in timers(step.kit_after, step.after)


@on_any_way
def reminders_and_escalations_come_once_and_every_rung_is_taken_once(way: Way) -> None:
    fired: Counter[tuple[str, str, int]] = Counter()
    for event in way.events:
        if isinstance(event, CORRECTIONS):
            fired.clear()  # what only a mistake asked for may be asked again
        if isinstance(event, ReminderFellDue | Nudged | CaseOpened | RemediesOffered):
            one = (event.rule, event.about, 0 if isinstance(event, ReminderFellDue) else event.step)
            fired[one] += 1
            assert fired[one] == 1


@on_any_way
def a_ladder_is_climbed_in_order_and_in_its_time(way: Way) -> None:
    begun: dict[tuple[str, str], tuple[datetime, int]] = {}
    for kit, event in ((step.kit_after, event) for step in way.steps for event in step.events):
        if isinstance(event, EscalationTakenBack):
            begun.pop((event.rule, event.about), None)
        if isinstance(event, Nudged | CaseOpened | RemediesOffered) and not is_support(event.about):
            rule = kit.escalation(event.rule)
            rung = rule.ladder[event.step]
            since, before = begun.get((event.rule, event.about), (event.at, -1))
            assert event.step == before + 1
            assert isinstance(event, CaseOpened) == isinstance(rung.then, OpenCase)
            assert event.at >= since + rung.after or rule.when.checks_activity  # which counts from the quiet
            begun[event.rule, event.about] = (since, event.step)


@on_any_way
def every_way_on_that_is_offered_can_be_taken(way: Way) -> None:
    for step in way.steps:
        end = term_end(step.kit_after, step.after)
        if step.after.remedies and not step.after.pause and (end is None or end > step.at):
            for remedy in step.after.remedies.options:
                assert decide(step.kit_after, step.after, ChooseRemedy(remedy=remedy), step.at)


@on_any_way
def what_is_offered_is_chosen_or_lapses_or_is_withdrawn_before_anything_else_is(way: Way) -> None:
    ended = (RemedyChosen, RemediesExpired, RemediesWithdrawn, JourneyClosed)
    stands = at_the_end = False
    for event in way.events:
        if isinstance(event, RemediesOffered):
            assert not stands
            stands = True
        elif isinstance(event, JourneyReopened):
            stands = at_the_end
        elif isinstance(event, ended):
            assert stands or isinstance(event, JourneyClosed)
            stands, at_the_end = False, stands


@on_any_way
def an_offered_match_is_answered_at_most_once_by_each(way: Way) -> None:
    answers: list[tuple[int, str]] = []
    offers = 0
    for event in way.events:
        offers += isinstance(event, MatchOffered)
        if isinstance(event, OfferAccepted | OfferDeclined | OfferQuestioned):
            answers.append((offers, event.who))
    assert len(answers) == len(set(answers))


@on_any_way
def no_attempt_is_judged_twice(way: Way) -> None:
    judged = [(one.milestone, one.attempt) for one in way.events if isinstance(one, MilestoneReviewed)]
    assert len(judged) == len(set(judged))


@on_any_way
def obeying_twice_changes_nothing(way: Way) -> None:
    for step in way.steps:
        try:
            again = decide(step.kit_after, step.after, step.command, step.at)
        except Rejected:
            continue
        assert not again, step.command


@on_any_way
def a_refusal_gives_a_reason_short_enough_to_record(way: Way) -> None:
    for step in way.steps:
        if step.refusal:
            assert 10 < len(str(step.refusal)) < 5_000


@on_any_way
def a_pause_shifts_every_deadline_by_exactly_its_length(way: Way) -> None:
    for step in way.steps:
        if not step.before or step.before.closing or step.before.pause or term_end(step.kit, step.before):
            continue
        before = step.before
        for hours in (1, 24 * 30):
            try:
                paused = _after(step.kit, before, Pause(reason="ill", until=step.at + timedelta(hours=hours)), step)
            except Rejected:
                continue
            later = step.at + timedelta(hours=hours)
            resumed = fold(decide(step.kit, paused, Resume(), later), paused)
            assert resumed
            _shifted(step.kit, before, resumed, timedelta(hours=hours))


@on_any_way
def neither_a_pause_nor_a_reset_moves_anything_past_the_end_of_a_term(way: Way) -> None:
    for step in way.steps:
        before = step.before
        end = term_end(step.kit, before) if before else None
        if before and end and any(isinstance(one, JourneyResumed | PathwayReset) for one in step.events):
            end = max(end, step.at)
            dates = {one.session: one.starts_at for one in before.sessions}
            due = {one.milestone: one.due_at for one in before.milestones}
            pathway = pathway_of(step.kit, before)
            assert pathway
            assert step.after.ends_at == end
            for session in (one for one in step.after.sessions if not one.attendance):
                over = session.starts_at + pathway.session(session.session).length
                assert over <= end or session.starts_at == dates[session.session]
            for milestone in step.after.milestones:
                assert milestone.due_at <= max(end, due[milestone.milestone])


def _after(kit: Kit, state: JourneyState, command: Pause, step: Step) -> JourneyState:
    after = fold(decide(kit, state, command, step.at), state)
    assert after
    assert (awaited(after), len(timers(kit, after))) == ((), 1)
    return after


def _shifted(kit: Kit, before: JourneyState, after: JourneyState, by: timedelta) -> None:
    assert [(one.about, one.since + by, one.due_at + by) for one in awaited(before)] == [
        (one.about, one.since, one.due_at) for one in awaited(after)
    ]
    assert [(one.rule, one.label, one.at + by) for one in timers(kit, before)] == [
        (one.rule, one.label, one.at) for one in timers(kit, after)
    ]
    assert [one for one in before.milestones if one.settled] == [one for one in after.milestones if one.settled]
    held = [[(one.session, one.starts_at, one.held_at) for one in state.sessions] for state in (before, after)]
    assert [one for one in held[0] if one[2]] == [one for one in held[1] if one[2]]


@on_any_way
def what_is_given_during_a_pause_counts_from_its_end(way: Way) -> None:
    for step in way.steps:
        if step.before and step.before.pause and any(isinstance(one, JourneyResumed) for one in step.events):
            since = [one.since for one in awaited(step.after) if one.since >= step.before.pause.since]
            assert all(one.due_at >= one.since for one in awaited(step.after))
            assert all(one <= step.at or step.after.sessions for one in since)
            assert all(ladder.since <= step.at for ladder in step.after.ladders)


@on_any_way
def a_move_in_a_pause_comes_to_the_same_as_one_before_it(way: Way) -> None:
    for step in way.steps:
        if not step.moved or len(step.events) > 1 or step.before is None or step.before.pause:
            continue  # what the other kit sets off is dated when it does
        one_hour, two_hours = step.at + timedelta(hours=1), step.at + timedelta(hours=2)
        then = fold(decide(step.kit, step.before, Pause(reason="ill"), step.at), step.before)
        moved = fold(decide(step.kit, then, step.command, one_hour), then)
        paused = fold(decide(step.kit_after, step.after, Pause(reason="ill"), step.at), step.after)
        for state in (moved, paused):
            assert state
            assert state.pause
        resumed = [fold(decide(step.kit_after, one, Resume(), two_hours), one) for one in (moved, paused)]
        assert resumed[0] == resumed[1]


@on_any_way
def a_pause_lasts_as_long_as_it_says(way: Way) -> None:
    for step in way.steps:
        for event in step.events:
            if isinstance(event, JourneyResumed):
                assert step.before
                assert step.before.pause
                assert step.before.pause.since + event.paused_for == step.at


@on_any_way
def the_events_tell_the_whole_story(way: Way) -> None:
    stored = [(EVENTS[event.type], event.model_dump_json()) for event in way.events]
    assert fold([kind.model_validate_json(text) for kind, text in stored]) == way.steps[-1].after


@on_any_way
def every_state_survives_being_written_down(way: Way) -> None:
    for step in way.steps:
        read = STORED_STATE.validate_json(STORED_STATE.dump_json(step.after))
        assert read == step.after
        assert next_action(step.kit_after, read) == next_action(step.kit_after, step.after)
        assert timers(step.kit_after, read) == timers(step.kit_after, step.after)


@on_any_way
def deciding_and_looking_ahead_change_nothing_themselves(way: Way) -> None:
    for step in way.steps:
        if not step.before or step.refusal:
            continue
        written = STORED_STATE.dump_json(step.before)
        assert tuple(decide(step.kit, step.before, step.command, step.at)) == step.events
        assert STORED_STATE.dump_json(step.before) == written


@on_any_way
def times_never_run_backwards(way: Way) -> None:
    state: JourneyState | None = None
    for event in way.events:
        after = evolve(state, event)
        if not isinstance(event, JourneyReopened):
            assert not state or after.stage_since >= state.stage_since
        if not isinstance(event, AttendanceCorrected | AttendanceTakenBack):
            assert not state or not state.last_seen_at or (after.last_seen_at or event.at) >= state.last_seen_at
        state = after


@on_any_way
def who_has_no_mentor_on_the_way_is_found_one(way: Way) -> None:
    for step in way.steps:
        state = step.after
        if state.stage in ("matching", "sessions") and state.mentor is None and not state.pause:
            assert "match" in [one.duty for one in awaited(state)]
