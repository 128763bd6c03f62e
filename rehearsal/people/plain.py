"""Plain people: whoever owes something does it after a while, or not at all; some leave, more and more silently.

The simplest people with whom a program can be rehearsed. Nothing of them is calibrated: the figures below are round
assumptions, of which only the share that leaves is near a published one (31 % of the registrations in the Open
University data end in a withdrawal). They show how a program behaves under ordinary trouble, not what will happen.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from domain.ids import JourneyId, LearnerId, MentorId
from domain.journey import Awaited, JourneyState
from domain.journey.duties import duties
from domain.journey.duty import Subject
from domain.journey.state import ActionItemStanding, Case, MilestoneStanding, Offer, RemedyOffer, SessionStanding
from domain.journey.terms import Attendance
from domain.kit import Kit, Question
from domain.mentor.profile import ProfileChanges
from rehearsal.people.draws import Draws
from rehearsal.people.person import Act, Arrival, Available, Seen

LEAVES = 0.28
"""The share of learners who stop before the end."""
SAYS_SO = 0.4
"""The share of those who withdraw in words; the others fall silent."""
ATTENDS = 0.9
LATE = 0.05
ACCEPTS = 0.9
PASSES = 0.8
"""At the first attempt; all pass at the second."""
DOES_IN_TIME = 0.85
"""The share of what is owed that is done before it is due."""
DECLINED_INTAKES = 0.05
ANSWERS_INTAKE = 0.93
SLOW_MENTORS = 0.15
ILL_A_WEEK = 0.02
"""The share of the weeks in which a mentor does nothing."""
_ZONES = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Crowd:
    """How many people there are, and when they come. The same values make the same people in every process."""

    kit: Kit
    seed: int
    replication: int
    learners: int
    mentors: int
    begins_at: datetime
    arrive_within: timedelta
    """Learners come evenly in this time from the beginning."""


@dataclass(slots=True)
class _Journey:
    learner: Draws
    leaves_at: datetime | None = None
    owed: set[tuple[str, datetime]] = field(default_factory=set)
    """What somebody has been asked about already."""


class PlainPeople:
    """See `rehearsal.people.person.People`. It remembers of each journey what has been answered."""

    def __init__(self, crowd: Crowd) -> None:
        self._crowd = crowd
        self._kit = crowd.kit
        self._journeys: dict[JourneyId, _Journey] = {}
        self._seen: dict[LearnerId, _Journey] = {}

    # Who comes

    def learners(self) -> Iterable[Arrival]:
        crowd = self._crowd
        width = len(str(crowd.learners))
        for nth in range(crowd.learners):
            learner = LearnerId(f"learner-{nth + 1:0{width}}")
            at = crowd.begins_at + crowd.arrive_within * (nth / crowd.learners)
            draws = self._draws(learner)
            zone = draws.one_of(_ZONES, "zone")
            answers = {one.id: _answer(one, draws, zone) for one in self._kit.intake.questions}
            given = {name: one for name, one in answers.items() if one is not None}
            yield Arrival(learner, at.replace(microsecond=0), zone, given)

    def mentors(self) -> Sequence[Available]:
        kinds = sorted({one.mentor_type for one in self._kit.pathways})
        width = len(str(self._crowd.mentors))
        return [
            Available(
                MentorId(f"mentor-{nth + 1:0{width}}"),
                ProfileChanges(mentor_type=kinds[nth % len(kinds)]),
                _ZONES[nth % len(_ZONES)],
            )
            for nth in range(self._crowd.mentors)
        ]

    # What they do

    def acts(self, seen: Seen, at: datetime) -> Iterable[Act]:
        state = seen.state
        if state.closing:
            self._journeys.pop(seen.journey, None)
            return
        one = self._journey(seen)
        if one.leaves_at is None and state.stage == "sessions" and state.ends_at:
            yield from self._decide_to_leave(one, state, at)
        new = [(wait, subject) for wait, subject in duties(state) if (wait.about, wait.due_at) not in one.owed]
        for wait, subject in new:
            one.owed.add((wait.about, wait.due_at))
            yield from self._answer(one, seen, wait, subject, at)

    def attendance(self, seen: Seen, session: str, at: datetime) -> Attendance:
        one = self._journey(seen)
        if one.leaves_at and at > one.leaves_at:
            return "missed_by_learner"
        chance = one.learner.uniform("attendance", session)
        return "attended" if chance < ATTENDS - LATE else "late" if chance < ATTENDS else "missed_by_learner"

    def last_active(self, learner: LearnerId, before: datetime) -> datetime | None:
        """Within the last four days, until they leave."""
        one = self._seen.get(learner)
        latest = min(before, one.leaves_at) if one and one.leaves_at else before
        ago = self._draws(learner).uniform("active", latest.date().isoformat()) * 4
        return latest - ago * _DAY

    def _journey(self, seen: Seen) -> _Journey:
        one = self._journeys.get(seen.journey)
        if one is None:
            one = self._journeys[seen.journey] = self._seen[seen.state.learner] = _Journey(
                self._draws(seen.state.learner)
            )
        return one

    def _draws(self, person: str) -> Draws:
        return Draws(self._crowd.seed, self._crowd.replication, person)

    def _decide_to_leave(self, one: _Journey, state: JourneyState, at: datetime) -> Iterable[Act]:
        assert state.ends_at
        if not one.learner.happens(LEAVES, "leaves"):
            one.leaves_at = datetime.max.replace(tzinfo=at.tzinfo)
            return
        one.leaves_at = at + (state.ends_at - at) * one.learner.uniform("leaves when")
        if one.learner.happens(SAYS_SO, "says so"):
            yield Act(one.leaves_at, "withdraw", {"reason": "no time", "by": f"learner:{state.learner}"})

    def _answer(self, one: _Journey, seen: Seen, wait: Awaited, subject: Subject, at: datetime) -> Iterable[Act]:
        chance = one.learner if wait.who == "learner" else self._draws(f"{wait.who}/{seen.journey}")
        when = self._when(chance, wait, subject, at)
        if wait.who == "learner" and one.leaves_at and when > one.leaves_at:
            return
        mentor = subject.mentor if isinstance(subject, Offer) else seen.state.mentor
        if wait.who == "mentor" and mentor:
            when = self._when_mentor(mentor, when, at)
        by = {"learner": f"learner:{seen.state.learner}", "mentor": f"mentor:{mentor}", "ops": "ops:desk"}
        for command, given in self._what(chance, seen, wait, subject, when):
            yield Act(when, command, {**given, "by": by[wait.who]}, wait.about)

    def _when(self, chance: Draws, wait: Awaited, subject: Subject, at: datetime) -> datetime:
        """Mostly in the time that there is, sometimes up to as long again; after a session, not before it was held."""
        since = at
        if isinstance(subject, SessionStanding) and wait.duty == "attendance":
            since = max(at, subject.starts_at + _HOUR)
        span = max(wait.due_at - since, _HOUR)
        share = chance.uniform("when", wait.about)
        late = not chance.happens(DOES_IN_TIME, "in time", wait.about)
        return (since + span * (share + (1 if late else 0))).replace(microsecond=0)

    def _when_mentor(self, mentor: MentorId, when: datetime, at: datetime) -> datetime:
        draws = self._draws(mentor)
        if draws.happens(SLOW_MENTORS, "slow"):
            when += when - at
        if draws.happens(ILL_A_WEEK, "ill", "{}-{}".format(*when.isocalendar()[:2])):
            when += 7 * _DAY
        return when

    def _what(
        self, chance: Draws, seen: Seen, wait: Awaited, subject: Subject, when: datetime
    ) -> Iterable[tuple[str, Mapping[str, Any]]]:
        match wait.duty, subject:
            case "intake", _:
                if chance.happens(ANSWERS_INTAKE, "intake"):
                    yield "submit_intake", {"answers": self._answers_of(seen.state.learner)}
            case "intake_review", _:
                declined = chance.happens(DECLINED_INTAKES, "declined")
                yield (
                    "review_intake",
                    {"verdict": "decline", "reason": "no fit"} if declined else {"verdict": "approve"},
                )
            case "offer", Offer():
                yield "answer_offer", self._to_offer(chance, wait)
            case "preparation", SessionStanding():
                yield "prepare_session", self._form(seen, subject.session, "preparation")
            case "attendance", SessionStanding():
                turn = f"{subject.session}#{subject.turn}"
                yield "record_attendance", {"session": subject.session, "attendance": self.attendance(seen, turn, when)}
            case "notes", SessionStanding():
                yield "write_notes", self._form(seen, subject.session, "notes")
            case "follow_up", SessionStanding():
                step = {"text": "What was agreed.", "owner": "learner", "due_at": when + 4 * _DAY}
                yield "send_follow_up", {"session": subject.session, "summary": "A summary.", "next_steps": [step]}
            case "action_item", ActionItemStanding():
                yield "close_action_item", {"item": subject.item}
            case "check_in", _:
                yield "check_in", {}
            case "milestone", MilestoneStanding():
                yield "submit_milestone", {"milestone": subject.milestone, "link": "https://example.org/work"}
            case "milestone_review", MilestoneStanding():
                passes = subject.attempt > 1 or chance.happens(PASSES, "passes", wait.about)
                verdict = "passed" if passes else "returned"
                yield (
                    "review_milestone",
                    {"milestone": subject.milestone, "verdict": verdict, "feedback": "As discussed."},
                )
            case "remedy", RemedyOffer():
                yield "choose_remedy", {"remedy": subject.options[0], "reason": "that helps"}
            case "case", Case():
                yield "resolve_case", {"case": subject.case, "resolution": "Talked it over."}
            case "wrap_up", _:
                yield "complete_wrap_up", {"done": self._kit.wrap_up.checklist}
            case _:
                return  # a match is found by the program

    def _to_offer(self, chance: Draws, wait: Awaited) -> Mapping[str, Any]:
        if chance.happens(ACCEPTS, "accepts", wait.about):
            return {"answer": "accept", "who": wait.who}
        codes = list(self._kit.matching.declines)
        code = {"code": chance.one_of(codes, "code", wait.about)} if codes else {}
        return {"answer": "decline", "who": wait.who, "reason": "not for me", **code}

    def _form(self, seen: Seen, session: str, which: str) -> Mapping[str, Any]:
        pathway = seen.kit.pathway(seen.state.pathway) if seen.state.pathway else None
        plan = next((one for one in pathway.sessions if one.id == session), None) if pathway else None
        name = getattr(plan, which) if plan else None
        template = next((one for one in seen.kit.templates if one.id == name), None)
        questions = template.questions if template else ()
        return {"session": session, "answers": {one.id: _written(one) for one in questions if one.required}}

    def _answers_of(self, learner: LearnerId) -> Mapping[str, Any]:
        draws = self._draws(learner)
        zone = draws.one_of(_ZONES, "zone")
        given = {one.id: _answer(one, draws, zone) for one in self._kit.intake.questions}
        return {name: one for name, one in given.items() if one is not None}


def _answer(question: Question, draws: Draws, zone: str) -> object | None:
    """None: left open, as texts about wishes, employers and constraints are."""
    match question.kind:
        case "choice":
            return draws.one_of(question.options, "answer", question.id)
        case "choices":
            first = draws.one_of(question.options, "answer", question.id)
            return [first, *(one for one in question.options if one != first and draws.happens(0.4, question.id, one))]
        case "number":
            return 1 + int(draws.uniform("answer", question.id) * 10)
        case "text":
            if question.tells == "time_zone":
                return zone
            return "as agreed" if question.required else None


def _written(question: Question) -> object:
    match question.kind:
        case "choice":
            return question.options[0]
        case "choices":
            return list(question.options)
        case "number":
            return 5
        case "text":
            return "As discussed."
