"""Why a rule of the kit has not fired on a journey, and what would have made it: reminders and escalations, one by one.

Only the log and the kit are read. What became of the messages of those that did fire is in the view of messages.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Literal, NamedTuple

from domain.ids import JourneyId, MilestoneId, SessionId
from domain.journey import events as e
from domain.journey import timers
from domain.journey.duties import duties
from domain.journey.duty import pathway_of
from domain.kit import Escalation, Nudge, OpenCase, Pathway, Role
from domain.kit.words import DUTIES, REMEDIES
from domain.values import either, say_duration
from domain.words import by_role, plain
from kits.lines import Lines
from queries.journey_record import JourneyRecord, read_record
from store.database import Pool

Standing = Literal["fired", "scheduled", "over", "not_met"]
"""`over`: what it is for was done, given up or moved before it fell due. `not_met`: its condition does not hold now."""


@dataclass(frozen=True, slots=True)
class RuleStanding:
    rule: str
    """Its place in the kit."""
    source: str
    """Where that is in its file; empty for a kit that was published without it."""
    says: str
    """What it does and when, in words."""
    standing: Standing
    at: datetime | None
    """When it fired last, or will fire unless something comes first."""
    because: str
    """Why it stands so."""
    version: int | None
    """Of the event by which it fired last."""
    near: bool = False
    """Whether it has not fired, and not much was missing: what it is about is there, and only the moment or the count
    was not."""


class _Because(NamedTuple):
    words: str
    near: bool = False


async def why_not(pool: Pool, journey: JourneyId) -> list[RuleStanding]:
    """Raises NoSuchJourney when the log has no such journey."""
    return rules_of(await read_record(pool, journey))


def rules_of(record: JourneyRecord) -> list[RuleStanding]:
    """Of the intake and of the pathway that the journey follows, then escalations, in the order of the kit."""
    return list(_Rules(record).all())


class _Rules:
    def __init__(self, record: JourneyRecord) -> None:
        self._record, self._kit, self._state = record, record.kit, record.state
        self._lines = Lines(record.kit)
        self._fired = _fired(record)
        self._coming: dict[str, tuple[datetime, Role]] = {}
        for one in timers(record.kit, record.state):
            self._coming.setdefault(one.rule, (one.at, one.stopped_by))

    def all(self) -> Iterator[RuleStanding]:
        for nth, after in enumerate(self._kit.intake.reminders):
            says = f"reminds the learner {say_duration(after)} after the intake was asked for"
            yield self._reminder(f"intake.reminders.{nth}", says, self._intake())
        if pathway := pathway_of(self._kit, self._state):
            yield from self._of_sessions(pathway)
            yield from self._of_milestones(pathway)
        yield from map(self._escalation, self._kit.escalations)

    def _of_sessions(self, pathway: Pathway) -> Iterator[RuleStanding]:
        for session in pathway.sessions:
            for rule, before in pathway.reminders_of_session(SessionId(session.id)):
                says = f"reminds the learner {say_duration(before)} before “{session.title}”"
                yield self._reminder(rule, says, self._session(session.id, before))

    def _of_milestones(self, pathway: Pathway) -> Iterator[RuleStanding]:
        for milestone in pathway.milestones:
            for rule, before in pathway.reminders_of_milestone(MilestoneId(milestone.id)):
                says = f"reminds the learner {say_duration(before)} before “{milestone.title}” is due"
                yield self._reminder(rule, says, self._milestone(milestone.id, before))

    def _reminder(self, rule: str, says: str, because: _Because) -> RuleStanding:
        return self._standing(rule, rule, says, "over", because)

    def _escalation(self, rule: Escalation) -> RuleStanding:
        says = f"{rule.title}: {_does(rule)} when {rule.when.in_words()}"
        return self._standing(rule.id, rule.place, says, "not_met", self._not_met(rule))

    def _standing(self, fired: str, place: str, says: str, otherwise: Standing, because: _Because) -> RuleStanding:
        source = self._lines.at(place)
        if fired in self._fired:
            at, version = self._fired[fired]
            return RuleStanding(place, source, says, "fired", at, "", version)
        coming = next((self._coming[one] for one in (place, f"{place}.then") if one in self._coming), None)
        if coming:
            stops = f"unless {by_role(coming[1])} {'act' if coming[1] == 'ops' else 'acts'} first"
            return RuleStanding(place, source, says, "scheduled", coming[0], stops, None)
        if still := self._stands_still():
            return RuleStanding(place, source, says, otherwise, None, still, None)
        return RuleStanding(place, source, says, otherwise, None, because.words, None, because.near)

    def _stands_still(self) -> str:
        if self._state.pause:
            return "the journey is paused, and its clocks stand still"
        return "the journey has ended" if self._state.closing else ""

    # Why a reminder did not go out

    def _intake(self) -> _Because:
        if self._state.answers is not None:
            return _Because("the intake was sent in before the reminder fell due")
        return _Because("it does not fall due any more: the intake is due before", near=True)

    def _session(self, session: str, before: timedelta) -> _Because:
        standing = next((one for one in self._state.sessions if one.session == session), None)
        if standing is None:
            return _Because("the session has no date: the pathway has not begun, or does not have it for this learner")
        if standing.attendance:
            over = plain(standing.attendance)
            return _Because(f"the session is over ({over}), and nobody is reminded of it any more")
        return _too_late("the session got its date", standing.starts_at, before, "begins")

    def _milestone(self, milestone: str, before: timedelta) -> _Because:
        standing = next((one for one in self._state.milestones if one.milestone == milestone), None)
        if standing is None:
            return _Because("the milestone has no date: the pathway has not begun")
        if standing.status != "open":
            return _Because(f"nothing is awaited from the learner: the milestone is {plain(standing.status)}")
        return _too_late("the milestone got its deadline", standing.due_at, before, "is due")

    # Why an escalation did not fire

    def _not_met(self, rule: Escalation) -> _Because:
        when = rule.when
        if when.in_sessions_only and self._state.stage != "sessions":
            stage = plain(self._state.stage)
            return _Because(f"it holds during the sessions, and the journey is in the stage {stage}")
        if when.duty:
            awaited = next((one for one, _ in duties(self._state) if one.duty == when.duty), None)
            if awaited is None:
                return _Because(f"{DUTIES[when.duty]} is not awaited from anybody now")
            by = f"{awaited.due_at:%d %b %Y %H:%M} UTC"
            return _Because(f"{DUTIES[when.duty]} is awaited by {by}, and it fired for it before", near=True)
        if when.by_clock:
            return _Because(f"nothing counts towards it now; it fires when {when.in_words()}")
        facts = when.counted_so_far(self._state)
        so_far = f" ({facts})" if facts else ""
        return _Because(f"it has not happened: it fires when {when.in_words()}{so_far}", near=bool(facts))


def _too_late(what: str, at: datetime, before: timedelta, verb: str) -> _Because:
    return _Because(
        f"{what} less than {say_duration(before)} ahead: it {verb} {at:%d %b %Y %H:%M} UTC, and the moment of the "
        "reminder had passed",
        near=True,
    )


def _fired(record: JourneyRecord) -> Mapping[str, tuple[datetime, int]]:
    """The rules that have fired, each with its last event."""
    found: dict[str, tuple[datetime, int]] = {}
    for version, event in enumerate(record.events, 1):
        if isinstance(event, e.ReminderFellDue | e.Nudged | e.CaseOpened | e.RemediesOffered):
            found[event.rule] = (event.at, version)
    return found


def _does(rule: Escalation) -> str:
    then = rule.then
    match then:
        case Nudge():
            return f"nudges {by_role(then.nudge)}"
        case OpenCase():
            return f"opens a case for {by_role(then.open_case)}"
        case _:
            return f"offers {either(REMEDIES[one] for one in then.offer)}"
