"""The timeline: what happened on a journey, in words, one row an event that says something."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar, assert_never

from pydantic_core import from_json

from domain.ids import JourneyId, MilestoneId, PathwayId, SessionId, journey_stream
from domain.journey import EVENTS, JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from domain.values import Frozen, changed, counted, roughly
from projections.fold import DecodedEvent, Fold, Rows
from projections.journeys import JOURNEY_CODEC, journey_of
from projections.kits import Kits
from projections.reading import View
from projections.sql import query
from store.database import Pool


class Setting(Frozen):
    """What the words need to know of a journey besides the event."""

    kit: str
    pathway: PathwayId | None = None
    cases: Mapping[str, str] = {}
    """The rule of each case that was ever opened."""


class Timeline(Fold[JourneyEvent, Setting]):
    name = "timeline"
    version = 4
    handles = frozenset(EVENTS)
    columns: ClassVar = {"timeline": ("stream", "version", "position", "at", "type", "words")}
    adds = True
    codec = JOURNEY_CODEC
    state = Setting

    def evolve(self, state: Setting | None, event: JourneyEvent) -> Setting:
        return setting_after(state, event)

    def kit_of(self, state: Setting) -> str | None:
        return state.kit

    def rows(self, stream: str, state: Setting, events: Sequence[DecodedEvent[JourneyEvent]], kits: Kits, /) -> Rows:
        """Each in the words of the kit that held when it happened."""
        return {
            "timeline": [
                (
                    stream,
                    one.version,
                    one.position,
                    one.event.at,
                    one.event.type,
                    in_words(kits.get(one.kit or state.kit), state, one.event),
                )
                for one in events
                if not says_nothing(one.event)
            ]
        }


def says_nothing(event: JourneyEvent) -> bool:
    """A look at the others of whom there are too few, which a small program makes each week while somebody is quiet."""
    return isinstance(event, e.ComparedWithOthers) and event.seen_since is None


def setting_after(state: Setting | None, event: JourneyEvent) -> Setting:
    """Raises ValueError when the first event of a journey is not `JourneyStarted`."""
    match event:
        case e.JourneyStarted():
            return Setting(kit=event.kit)
        case e.IntakeApproved() | e.PathwayChosenAnew() if state:
            return changed(state, {"pathway": event.pathway})
        case e.MovedToKit() if state:
            return changed(state, {"kit": event.kit})
        case e.CaseOpened() if state:
            return changed(state, {"cases": {**state.cases, event.case: event.rule}})
        case _ if state:
            return state
        case _:
            raise ValueError(f"a journey begins with {e.JourneyStarted.type}, not with {event.type}")


def in_words(kit: Kit, setting: Setting, event: JourneyEvent) -> str:
    """A sentence without personal data, for people who did not write the kit."""
    pathway = setting.pathway
    match event:
        case e.JourneyStarted():
            return f"The journey through {kit.title} began; the intake is due {_day(event.intake_due_at)}"
        case e.IntakeSubmitted():
            return f"The learner sent in the intake; it is to be read by {_day(event.review_due_at)}"
        case e.AnswersGiven():
            many = len(event.answers)
            return f"{many} {'question' if many == 1 else 'questions'} of the intake answered; it is not sent in yet"
        case e.MoreInformationRequested():
            return f"More information was asked for; the intake is due again {_day(event.intake_due_at)}"
        case e.IntakeApproved():
            chosen = _pathway(kit, event.pathway)
            return f"The intake was approved for {chosen}; a mentor is due {_day(event.match_due_at)}"
        case e.MentorMatched():
            return f"Mentor {event.mentor} was matched"
        case e.PathwayStarted():
            planned = f"{_count(len(event.sessions), 'session')} and {_count(len(event.milestones), 'milestone')}"
            return f"The pathway began with {planned}; it ends {_day(event.ends_at)}"
        case e.SessionRescheduled():
            return f"{_session(kit, pathway, event.session)} was moved to {event.starts_at:%d %b %Y %H:%M} UTC"
        case e.AttendanceRecorded():
            return f"{_session(kit, pathway, event.session)}: {_ATTENDANCE[event.attendance]}"
        case e.AttendanceCorrected():
            which = _session(kit, pathway, event.session)
            if event.was == event.attendance:
                return f"The remark on {which} was corrected"
            return f"{which} was corrected: {_ATTENDANCE[event.attendance]} (recorded before: {_duty(event.was)})"
        case e.AttendanceTakenBack():
            which = _session(kit, pathway, event.session)
            return f"What was recorded of {which} was taken back (recorded before: {_duty(event.was)})"
        case e.MilestoneSubmitted():
            return f"{_milestone(kit, pathway, event.milestone)} was handed in{_attempt(event.attempt)}"
        case e.MilestoneDeadlineMissed():
            which = _milestone(kit, pathway, event.milestone)
            return f"{which} was not handed in by its deadline{_attempt(event.attempt)}"
        case e.MilestoneReviewed():
            score = f" with {event.score:g} points" if event.score is not None else ""
            again = f"; another attempt is due {_day(event.due_at)}" if event.due_at else ""
            return f"{_milestone(kit, pathway, event.milestone)} was reviewed: {event.verdict}{score}{again}"
        case e.ReviewCorrected():
            score = f" with {event.score:g} points" if event.score is not None else ""
            which = f"the review of {_milestone(kit, pathway, event.milestone)}{_attempt(event.attempt)}"
            was = f" (recorded before: {event.was})" if event.was != event.verdict else ""
            return f"{which[0].upper()}{which[1:]} was corrected: {event.verdict}{score}{was}"
        case e.ReminderFellDue():
            return f"The {event.to} was reminded: {_subject(kit, pathway, event)}"
        case e.ActivitySeen():
            return f"The learner was seen active on {_day(event.last_active_at)}"
        case e.ComparedWithOthers():
            return _comparison(event)
        case e.Nudged():
            return (
                f"{'Ops were' if event.to == 'ops' else f'The {event.to} was'} nudged: {_escalation(kit, event.rule)}"
            )
        case e.CaseOpened():
            who = "ops are" if event.owner == "ops" else f"the {event.owner} is"
            answer = f"{who} to answer by {_moment(event.respond_by)}"
            return f"A case was opened ({event.severity}): {_escalation(kit, event.rule)}; {answer}"
        case e.CaseResolved():
            return f"{_case(kit, setting, event.case)} was resolved"
        case e.WrapUpStarted():
            why = "everything is settled" if event.reason == "all_settled" else "the pathway has ended"
            return f"The wrap-up began, since {why}; it is due {_day(event.due_at)}"
        case e.WrapUpTakenBack():
            return "The wrap-up was taken back, since after the correction not everything is settled"
        case e.OutcomeCorrected():
            return f"An outcome was corrected: {event.kind}"
        case e.OutcomeRecorded():
            return f"An outcome was recorded: {event.kind}"
        case e.JourneyPaused():
            return f"The journey was paused, until {_day(event.until)} at the latest"
        case e.PauseChanged():
            return f"The pause was changed; it ends {_day(event.until)} at the latest"
        case e.JourneyResumed():
            at_most = f", to {_day(event.ends_by)} at most" if event.ends_by else ""
            return f"The journey went on; every open deadline moved by {roughly(event.paused_for)}{at_most}"
        case e.CohortJoined():
            dates = f"; {_count(len(event.sessions), 'session')} got the group's dates" if event.sessions else ""
            return f"The learner joined the group {event.cohort}{dates}"
        case e.CohortLeft():
            return f"The learner left the group {event.cohort}"
        case e.JourneyClosed():
            return f"The journey closed: {event.ending.replace('_', ' ')}"
        case e.JourneyReopened():
            was = event.ending.replace("_", " ")
            return f"The journey was reopened, in {event.stage.replace('_', '-')}; it had closed as {was}"
        case e.PathwayChosenAnew():
            return f"Another pathway was chosen: {_pathway(kit, event.pathway)}"
        case e.MatchOffered():
            asked = " and ".join(f"the {who}" for who in event.asks)
            return f"Mentor {event.mentor} was proposed; {asked} may answer until {_moment(event.expires_at)}"
        case e.OfferAccepted():
            return f"The {event.who} accepted the match with mentor {event.mentor}"
        case e.OfferDeclined():
            declined = kit.matching.declines.get(event.code or "")
            why = f": {declined.title}" if declined else ""
            return f"The {event.who} declined the match with mentor {event.mentor}{why}"
        case e.OfferQuestioned():
            return f"The {event.who} wants to know more before a match with mentor {event.mentor}"
        case e.OfferExpired():
            return f"The proposal of mentor {event.mentor} lapsed without an answer from everybody"
        case e.OfferWithdrawn():
            return f"The proposal of mentor {event.mentor} was withdrawn"
        case e.MentorReleased():
            return f"Mentor {event.mentor} left the journey; another is due {_day(event.match_due_at)}"
        case e.SessionPrepared():
            return f"The learner prepared {_session(kit, pathway, event.session)}"
        case e.NotesWritten():
            return f"The notes of {_session(kit, pathway, event.session)} were written"
        case e.NotesCorrected():
            return f"The notes of {_session(kit, pathway, event.session)} were corrected"
        case e.FollowUpSent():
            steps = _count(len(event.items), "next step")
            return f"The follow-up of {_session(kit, pathway, event.session)} was sent, with {steps}"
        case e.FollowUpCorrected():
            steps = _count(len(event.items), "next step")
            return f"The follow-up of {_session(kit, pathway, event.session)} was corrected, with {steps}"
        case e.ActionItemClosed():
            return f"The next step {event.item} was {'taken' if event.done else 'given up'}"
        case e.CheckedIn():
            return "Somebody checked in"
        case e.RiskFlagRaised():
            return f"A risk was flagged: {event.flag.replace('-', ' ')}"
        case e.HelpAsked():
            return "The learner asked for help"
        case e.MessageWritten():
            return f"A message was written to the {event.to}"
        case e.FeedbackGiven():
            return f"The learner gave feedback, with a confidence of {event.confidence} out of 10"
        case e.MilestoneWaived():
            return f"{_milestone(kit, pathway, event.milestone)} is not asked of this learner"
        case e.CaseAcknowledged():
            by = _moment(event.respond_by)
            return f"{_case(kit, setting, event.case)} was acknowledged; it is to be resolved by {by}"
        case e.CaseSnoozed():
            return f"{_case(kit, setting, event.case)} rests until {_moment(event.until)}"
        case e.CaseReassigned():
            to = f"{_by_role(event.owner)}, to answer by {_moment(event.respond_by)}"
            return f"{_case(kit, setting, event.case)} went to {to}"
        case e.CaseHandedOn():
            since = "the mentor left" if event.reason == "mentor_left" else "there is a mentor again"
            to = f"{_by_role(event.owner)}, to answer by {_moment(event.respond_by)}, since {since}"
            return f"{_case(kit, setting, event.case)} went to {to}"
        case e.EscalationTakenBack():
            return f"What followed from this was taken back, since it was corrected: {_escalation(kit, event.rule)}"
        case e.RemediesOffered():
            ways = " or ".join(_duty(one) for one in event.options)
            return f"The learner was offered {ways}, until {_moment(event.expires_at)}: {_escalation(kit, event.rule)}"
        case e.RemedyChosen():
            return (
                f"The learner chose: {_duty(event.remedy)}" if event.remedy else "The learner declined what was offered"
            )
        case e.RemediesExpired():
            return "What was offered lapsed without an answer"
        case e.RemediesWithdrawn():
            return f"What was offered was withdrawn, since {_WITHDRAWN[event.reason]}"
        case e.PathwayReset():
            work = f"{_count(len(event.sessions), 'session')} and {_count(len(event.milestones), 'milestone')}"
            beyond = f"; {_count(len(event.left_out), 'session')} would be too late for that" if event.left_out else ""
            return f"The pathway started again with {work}; it ends {_day(event.ends_at)}{beyond}"
        case e.MovedToKit():
            return f"The journey follows version {kit.version} of its program from here on"
        case e.CommandRejected():
            return f"The command {event.command} was refused: {event.reason}"
        case _:
            assert_never(event)


_ATTENDANCE: dict[e.Attendance, str] = {
    "attended": "the learner attended",
    "late": "the learner came late",
    "missed_by_learner": "the learner did not come",
    "missed_by_mentor": "the mentor did not come",
    "cancelled_in_time": "it was called off in time",
    "cancelled_late": "it was called off late",
}


_WITHDRAWN = {
    "dealt_with": "its reason is gone",
    "another_offer": "something else is offered",
    "wrap_up": "the wrap-up began",
}


def _moment(at: datetime) -> str:
    return f"{at:%d %b %Y %H:%M} UTC"


def _day(at: datetime) -> str:
    return f"{at:%d %b %Y}"


def _count(number: int, what: str) -> str:
    return f"{number} {what}{'' if number == 1 else 's'}"


def _attempt(number: int) -> str:
    return "" if number == 1 else f" (attempt {number})"


def _subject(kit: Kit, pathway: PathwayId | None, event: e.ReminderFellDue) -> str:
    """What a reminder is about, by its title in the kit where it has one."""
    name = event.about.partition(":")[2].partition("#")[0]
    match event.duty:
        case "attendance":
            return _session(kit, pathway, SessionId(name))
        case "milestone":
            return _milestone(kit, pathway, MilestoneId(name))
        case _:
            return _duty(event.duty)


def _duty(duty: str) -> str:
    return duty.replace("_", " ")


def _pathway(kit: Kit, pathway: PathwayId) -> str:
    found = kit.pathway(pathway)
    return found.title if found else pathway


def _session(kit: Kit, pathway: PathwayId | None, session: SessionId) -> str:
    known = kit.pathway(pathway) if pathway else None
    return known.title_of_session(session) if known else session


def _milestone(kit: Kit, pathway: PathwayId | None, milestone: MilestoneId) -> str:
    known = kit.pathway(pathway) if pathway else None
    return known.title_of_milestone(milestone) if known else milestone


def _by_role(role: str) -> str:
    return role if role == "ops" else f"the {role}"


def _case(kit: Kit, setting: Setting, case: str) -> str:
    rule = setting.cases.get(case)
    return f"The case “{_escalation(kit, rule)}” ({case})" if rule else f"Case {case}"


def _comparison(event: e.ComparedWithOthers) -> str:
    again = f"they are compared again on {_day(event.look_again_at)}" if event.look_again_at else ""
    if event.seen_since is None:
        return f"There are too few others to compare with; {again}"
    others = f"{counted(event.others, 'learner')} on the pathway, nearly all of whom were seen since"
    since = f"{others} {_day(event.seen_since)}"
    if event.look_again_at:
        return f"The learner is quiet, though not for longer than {since}; {again}"
    return f"The learner is quiet for longer than {since}"


def _escalation(kit: Kit, rule: str) -> str:
    return next((one.title for one in kit.escalations if one.id == rule), rule)


@dataclass(frozen=True, slots=True)
class Entry:
    journey: JourneyId
    version: int
    position: int
    at: datetime
    type: str
    words: str
    details: dict[str, Any]
    """The event's own data, from the log. May hold personal data."""
    by: str | None = None
    """Who brought it about: `ops:ana`; `system` for what came by itself. None where the log does not say."""
    command: str | None = None
    rule: str | None = None
    """The place in the kit, for what came by itself."""

    @property
    def refused(self) -> bool:
        return self.type == e.CommandRejected.type


_TIMELINE = View(timeline=1)


async def of_journey(pool: Pool, journey: JourneyId, after: int = 0, limit: int = 500) -> list[Entry]:
    """In the order in which things happened, from the version after `after`."""
    return [
        _entry(row)
        for row in await _TIMELINE.fetch(pool, query("timeline_of_journey"), journey_stream(journey), after, limit)
    ]


def _entry(row: Any) -> Entry:
    stream, version, position, at, kind, words, data, meta = row
    cause = from_json(meta)
    who = (cause.get("by"), cause.get("command"), cause.get("rule"))
    return Entry(journey_of(stream), version, position, at, kind, words, from_json(data), *who)
