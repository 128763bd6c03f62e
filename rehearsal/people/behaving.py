"""People whose learners are fitted to the Open University data, and whose mentors are assumed.

Each model is a file here, with what it rests on: when learners are active and leave (track), hand in (handing_in), come
to sessions (attending), speak (speaking) and respond to being reached (responding); how fast everybody answers
(answering), who answers a survey (surveying), and how mentors are (mentoring).
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Final

from domain.ids import LearnerId, MentorId
from domain.journey import Awaited, JourneyState
from domain.journey.duties import duties
from domain.journey.duty import Subject
from domain.journey.state import ActionItemStanding, Case, MilestoneStanding, Offer, RemedyOffer, SessionStanding
from domain.journey.terms import Attendance
from domain.kit import Kit
from domain.mentor.profile import ProfileChanges
from domain.survey import person_of
from rehearsal.people import answering, attending, doing, handing_in, mentoring, responding, speaking, surveying
from rehearsal.people.doing import Done
from rehearsal.people.draws import Draws
from rehearsal.people.fitted import Fitted, fitted
from rehearsal.people.person import Act, Arrival, Asking, Available, Reply, Seen
from rehearsal.people.track import Track, kind_of

DECLINED_INTAKES = 0.03
_ZONES: Final = ("Europe/London", "Europe/Berlin", "America/New_York", "Asia/Kolkata")
_SECOND, _HOUR, _DAY = timedelta(seconds=1), timedelta(hours=1), timedelta(days=1)
_LONGEST_TERM = 730
"""Days that a learner is followed for at most."""
_LEAVES_AT = timedelta(hours=20)


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
class _Learner:
    draws: Draws
    track: Track | None = None
    """From the day on which the pathway begins."""
    begins: datetime | None = None
    leaves_at: datetime | None = None
    """When they last meant to leave."""
    owed: set[tuple[str, datetime]] = field(default_factory=set)
    """What somebody has been asked for already."""
    seen: frozenset[int] = frozenset()
    """The ids of what was awaited at the last step."""
    last: Sequence[tuple[Awaited, Subject]] = ()
    """What was awaited then: as long as it is kept, nothing else has these ids."""

    def new(self, awaited: Sequence[tuple[Awaited, Subject]]) -> list[tuple[Awaited, Subject]]:
        """What nobody has been asked for. Most of what is awaited was so at the last step, in the very same objects."""
        found = []
        for wait, subject in awaited:
            if id(wait) not in self.seen and (wait.about, wait.due_at) not in self.owed:
                self.owed.add((wait.about, wait.due_at))
                found.append((wait, subject))
        self.seen, self.last = frozenset([id(wait) for wait, _ in awaited]), awaited
        return found

    def day(self, at: datetime) -> int:
        assert self.begins
        return max((at - self.begins).days, 0)


class Behaving:
    """See `rehearsal.people.person.People`. Of each open journey it remembers what has been asked for."""

    def __init__(self, crowd: Crowd, fit: Fitted | None = None) -> None:
        self._crowd, self._kit, self._fit = crowd, crowd.kit, fit or fitted()
        self._learners: dict[LearnerId, _Learner] = {}
        self._paces: dict[str, float] = {}

    # Who comes

    def learners(self, part: int = 0, of: int = 1) -> Iterable[Arrival]:
        crowd = self._crowd
        width = len(str(crowd.learners))
        for nth in range(part, crowd.learners, of):
            learner = LearnerId(f"learner-{nth + 1:0{width}}")
            at = (crowd.begins_at + crowd.arrive_within * (nth / crowd.learners)).replace(microsecond=0)
            draws = self._draws(learner)
            zone = _zone(draws)
            yield Arrival(learner, at, zone, doing.answers(self._kit, draws, zone))

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

    def acts(self, seen: Seen, at: datetime) -> Iterator[Act]:
        state = seen.state
        if state.closing:
            self._learners.pop(state.learner, None)
            return
        one = self._learner(state)
        if one.track:
            responding.respond(one.track, one.draws, seen.happened, one.day(at))
            yield from self._leaving(one, state)
            yield from self._spoken(one, seen, at)
        for wait, subject in one.new(duties(state)):
            yield from self._answer(one, seen, wait, subject, at)

    def stands(self, learner: LearnerId, act: Act) -> bool:
        """Who was brought back no longer leaves when they meant to."""
        one = self._learners.get(learner)
        return act.command != "withdraw" or one is None or one.leaves_at == act.at

    def attendance(self, seen: Seen, session: str, at: datetime) -> Attendance:
        one = self._learner(seen.state)
        if one.track is None:
            return "missed_by_learner"
        return attending.attendance(one.track, one.draws, one.day(at), session)

    def done_at(self, mentor: MentorId, about: str, since: datetime, within: timedelta) -> datetime | None:
        return self._when_done(mentor, "groups", about, since, within)

    def last_active(self, learner: LearnerId, before: datetime) -> datetime | None:
        one = self._learners.get(learner)
        if one is None or one.track is None or one.begins is None:
            return None
        noon = one.begins.replace(hour=12, minute=0, second=0, microsecond=0)
        day = one.track.latest((before - noon).days) if before >= noon else None
        return None if day is None else noon + day * _DAY

    def reply(self, asking: Asking, at: datetime) -> Reply | None:
        role, person = person_of(asking.respondent)
        draws = self._draws(person)
        delay = surveying.delay(draws, asking.request, role, asking.reminder)
        if delay is None:
            return None
        when, kind = (at + delay).replace(microsecond=0) + _SECOND, 0
        if role == "learner" and (one := self._learners.get(LearnerId(person))) and one.track:
            kind, active = one.track.kind, self._when_active(one, when)
            if active is None:
                return None
            when = active
        if when >= asking.open_until:
            return None
        by = "ops:desk" if role == "ops" else f"{role}:{person}"
        return Reply(when, surveying.answers(asking.survey, draws, asking.request, kind), by)

    # Learners

    def _learner(self, state: JourneyState) -> _Learner:
        one = self._learners.get(state.learner)
        if one is None:
            one = self._learners[state.learner] = _Learner(self._draws(state.learner))
        if one.track is None and state.stage == "sessions" and state.ends_at and state.quiet_from:
            one.begins = state.quiet_from
            days = min((state.ends_at - one.begins).days + 1, _LONGEST_TERM)
            one.track = Track(one.draws, self._fit, kind_of(one.draws, self._fit), days)
        return one

    @staticmethod
    def _leaving(one: _Learner, state: JourneyState) -> Iterator[Act]:
        """Said once for each day on which they mean to."""
        assert one.track
        assert one.begins
        left = one.track.left
        leaves_at = one.begins.replace(hour=0, minute=0, second=0) + left * _DAY + _LEAVES_AT if left else None
        if leaves_at and leaves_at != one.leaves_at:
            yield Act(leaves_at, "withdraw", {"reason": "No time.", "by": f"learner:{state.learner}"})
        one.leaves_at = leaves_at

    def _spoken(self, one: _Learner, seen: Seen, at: datetime) -> Iterator[Act]:
        assert one.track
        for happened in seen.happened:
            for command, given in speaking.said(one.draws, one.track.kind, happened):
                when = self._when_active(one, at + 2 * _HOUR)
                if when:
                    yield Act(when, command, {**given, "by": f"learner:{seen.state.learner}"})

    def _when_active(self, one: _Learner, at: datetime) -> datetime | None:
        """The same time of day on the first day of activity from then on; None: there is none."""
        if one.track is None:
            return at
        day = one.day(at)
        active = one.track.next(day)
        if active is None or not one.track.is_there(active):
            return None
        return at + (active - day) * _DAY

    # What is awaited

    def _answer(self, one: _Learner, seen: Seen, wait: Awaited, subject: Subject, at: datetime) -> Iterator[Act]:
        if is_of_group(seen.state, wait.duty, subject):
            return
        when = self._when(one, seen, wait, subject, at)
        if when is None:
            return
        when = max(when, at).replace(microsecond=0)
        if done := self._what(one, seen, wait, subject, when):
            command, given = done
            yield Act(when, command, {**given, "by": self._by(seen.state, wait, subject)}, wait.about)

    def _when(self, one: _Learner, seen: Seen, wait: Awaited, subject: Subject, at: datetime) -> datetime | None:
        since = at
        if isinstance(subject, SessionStanding) and wait.duty == "attendance":
            since = max(at, subject.starts_at + _HOUR)
        span = max(wait.due_at - since, _HOUR)
        if wait.who == "learner":
            return self._when_learner(one, wait, subject, since, span)
        who = self._mentor_of(seen.state, subject) if wait.who == "mentor" else "ops"
        return self._when_done(who, seen.journey, wait.about, since, span)

    def _when_done(self, who: str, where: str, about: str, since: datetime, span: timedelta) -> datetime | None:
        draws = self._draws(who)
        if who not in self._paces:
            self._paces[who] = mentoring.pace(draws)
        taken = answering.taken(self._draws(f"{who}/{where}"), about, span, self._paces[who])
        return mentoring.when_well(draws, since + taken) if taken is not None else None

    def _when_learner(
        self, one: _Learner, wait: Awaited, subject: Subject, since: datetime, span: timedelta
    ) -> datetime | None:
        if isinstance(subject, MilestoneStanding) and wait.duty == "milestone" and one.track and one.begins:
            due = one.day(wait.due_at)
            day = handing_in.day(one.track, one.draws, due, wait.about, self._fit)
            return None if day is None else max(since, one.begins + day * _DAY)
        if wait.duty == "intake":
            sends = one.draws.happens(answering.SENDS_INTAKE, "intake")
            return since + span * one.draws.uniform("intake when") / 2 if sends else None
        taken = answering.taken(one.draws, wait.about, span)
        return self._when_active(one, since + taken) if taken is not None else None

    def _what(self, one: _Learner, seen: Seen, wait: Awaited, subject: Subject, when: datetime) -> Done | None:
        """None: nobody here does it, as with a match, which the program finds."""
        kit, state, draws = seen.kit, seen.state, one.draws
        match wait.duty, subject:
            case "intake", _:
                return doing.intake(kit, draws, _zone(draws))
            case "intake_review", _:
                if draws.happens(DECLINED_INTAKES, "declined"):
                    return "review_intake", {"verdict": "decline", "reason": "It does not fit."}
                return "review_intake", {"verdict": "approve"}
            case "offer", Offer():
                return doing.offer(kit, draws, wait.who, wait.about, answering.ACCEPTS)
            case "preparation", SessionStanding():
                return "prepare_session", doing.form(kit, state, subject, "preparation")
            case "attendance", SessionStanding():
                came = self.attendance(seen, subject.name, subject.starts_at)
                return "record_attendance", {"session": subject.session, "attendance": came}
            case "notes", SessionStanding():
                return "write_notes", doing.form(kit, state, subject, "notes")
            case "follow_up", SessionStanding():
                return doing.follow_up(subject, when)
            case "action_item", ActionItemStanding():
                return "close_action_item", {"item": subject.item}
            case "check_in", _:
                return "check_in", {}
            case "milestone", MilestoneStanding():
                return "submit_milestone", {"milestone": subject.milestone, "link": "https://example.org/work"}
            case "milestone_review", MilestoneStanding():
                kind = one.track.kind if one.track else 0
                passes = subject.attempt > 1 or handing_in.passes(kind, draws, wait.about, self._fit)
                return doing.verdict(subject.milestone, passes=passes)
            case "remedy", RemedyOffer():
                return "choose_remedy", {
                    "remedy": draws.one_of(subject.options, "remedy", wait.about),
                    "reason": "It helps.",
                }
            case "case", Case():
                return "resolve_case", {"case": subject.case, "resolution": "Talked it over."}
            case "wrap_up", _:
                return "complete_wrap_up", {"done": kit.wrap_up.checklist}
            case _:
                return None

    def _mentor_of(self, state: JourneyState, subject: Subject) -> MentorId:
        mentor = subject.mentor if isinstance(subject, Offer) else state.mentor
        assert mentor, "only a mentor who is there has duties"
        return mentor

    def _by(self, state: JourneyState, wait: Awaited, subject: Subject) -> str:
        match wait.who:
            case "learner":
                return f"learner:{state.learner}"
            case "mentor":
                return f"mentor:{self._mentor_of(state, subject)}"
            case "ops":
                return "ops:desk"

    def _draws(self, person: str) -> Draws:
        return Draws(self._crowd.seed, self._crowd.replication, person)


def is_of_group(state: JourneyState, duty: str, subject: Subject) -> bool:
    """Whether it is recorded once for all members of the learner's group."""
    if state.cohort is None or not isinstance(subject, SessionStanding):
        return False
    return duty in ("attendance", "notes", "follow_up") and subject.session in state.cohort.times


def _zone(draws: Draws) -> str:
    return draws.one_of(_ZONES, "zone")
