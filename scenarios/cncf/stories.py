"""What an applicant and their mentor do in the term: most of it as planned, some late, some not at all."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from domain.ids import LearnerId, MentorId
from domain.kit import Kit, Milestone, Pathway, Session
from scenarios.cncf.applicants import Applicant, Draws
from scenarios.cncf.rounds import Matched
from scenarios.format import ANSWERS, Script, Step

_ATTENDANCE = {"attended": 90, "late": 4, "missed_by_learner": 4, "missed_by_mentor": 1, "cancelled_in_time": 1}
_HELD = ("attended", "late")
_LEAVES, _FAILS = 0.05, 0.06
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Calendar:
    """The days before the term."""

    applications: datetime
    """The first of five days on which people apply."""
    approved: datetime
    first_round: datetime


def script(kit: Kit, one: Applicant, matched: Matched, days: Calendar, seed: int) -> Script:
    """Everything about one applicant, in the order of time."""
    draw = Draws(seed, one.learner)
    begins = days.applications + timedelta(hours=draw.between("applies", 0, 5 * 24 - 1))
    steps = [*_application(one, begins, days), *_offers(one.learner, matched)]
    pathway, mentor = kit.route(one.answers), matched.mentor_of(one.learner)
    if mentor and pathway:
        steps += _Term(kit, pathway, one.learner, mentor, draw).steps()
    else:
        last = max(pool.at for pool in matched.pools) + _DAY
        steps.append(_by("ops", last, "end_early", reason="No project had a place for this applicant in this term."))
    return Script(one.learner, begins, tuple(sorted(steps, key=lambda step: step.at)))


def _by(who: str, at: datetime, command: str, **fields: Any) -> Step:
    return Step(at, command, {"by": who, **fields})


def _application(one: Applicant, begins: datetime, days: Calendar) -> Iterator[Step]:
    yield _by(f"learner:{one.learner}", begins + _HOUR, "submit_intake", **{ANSWERS: dict(one.answers)})
    yield _by("ops:lead", days.approved, "review_intake", verdict="approve")


def _offers(learner: LearnerId, matched: Matched) -> Iterator[Step]:
    for offer in matched.offers[learner]:
        offered = offer.at + 2 * _HOUR
        why = f"Proposed by the round of {offer.at:%d %B}, with {offer.points:.0f} of 100 points"
        yield _by("ops:lead", offered, "offer_match", mentor=offer.mentor, reason=why)
        answer = {"answer": "decline", "code": offer.declined} if offer.declined else {"answer": "accept"}
        yield _by(f"mentor:{offer.mentor}", offered + 20 * _HOUR, "answer_offer", **answer)


class _Term:
    """The sessions and milestones of one journey, up to the day on which it ends for this learner."""

    def __init__(self, kit: Kit, pathway: Pathway, learner: LearnerId, mentor: MentorId, draw: Draws) -> None:
        assert kit.starts_at, "a term has a beginning"
        self._kit, self._pathway, self._draw = kit, pathway, draw
        self._starts_at, self._ends_at = kit.starts_at, kit.starts_at + pathway.ends
        self._learner, self._mentor = f"learner:{learner}", f"mentor:{mentor}"

    def steps(self) -> Iterator[Step]:
        leaves_at = self._leaves_at()
        for step in self._all():
            if step.at < leaves_at:
                yield step
        if leaves_at < self._ends_at:
            reason = "I have found work and cannot give the term the hours that it needs."
            yield _by(self._learner, leaves_at, "withdraw", reason=reason)

    def _leaves_at(self) -> datetime:
        """Some withdraw; whoever fails the midterm leaves a day later. Everybody else stays."""
        if self._draw.happens("leaves", _LEAVES):
            return self._starts_at + timedelta(days=self._draw.between("leaves on", 10, 70), hours=5)
        failing = next((one for one in self._pathway.milestones if self._fails(one)), None)
        return self._reviewed_at(failing) + _DAY if failing else self._ends_at + timedelta(days=30)

    def _fails(self, one: Milestone) -> bool:
        return one.id == "midterm" and self._draw.happens("fails the midterm", _FAILS)

    def _all(self) -> Iterator[Step]:
        for session in self._pathway.sessions:
            yield from self._session(session)
        for milestone in self._pathway.milestones:
            yield from self._milestone(milestone)
        done = list(self._kit.wrap_up.checklist)
        yield _by(self._mentor, self._ends_at + _DAY, "complete_wrap_up", done=done)

    def _session(self, one: Session) -> Iterator[Step]:
        at, draw = self._starts_at + one.after, self._draw
        if one.preparation and draw.happens(f"prepares {one.id}", 0.9):
            answers = self._filled_in(one.preparation)
            yield _by(self._learner, at - 12 * _HOUR, "prepare_session", session=one.id, answers=answers)
        attendance = draw.one(f"attendance {one.id}", _ATTENDANCE)
        yield _by(self._mentor, at + 2 * _HOUR, "record_attendance", session=one.id, attendance=attendance)
        if attendance in _HELD:
            yield from self._after(one, at)

    def _after(self, one: Session, at: datetime) -> Iterator[Step]:
        draw = self._draw
        if one.notes and draw.happens(f"notes {one.id}", 0.97):
            answers = self._filled_in(one.notes)
            yield _by(self._mentor, at + 4 * _HOUR, "write_notes", session=one.id, answers=answers)
        if self._kit.service_levels.follow_up:
            step = {"text": one.next_step or one.title, "owner": "learner", "due_at": at + 4 * _DAY}
            summary = f"We met for: {one.purpose}."
            fields = {"session": one.id, "summary": summary, "next_steps": [step]}
            yield _by(self._mentor, at + 6 * _HOUR, "send_follow_up", **fields)
            if draw.happens(f"next step {one.id}", 0.95):
                yield _by(self._learner, at + 3 * _DAY, "close_action_item", item=f"{one.id}-1")

    def _filled_in(self, template: str) -> Mapping[str, object]:
        form = self._kit.template(template)
        assert form, "the kit was checked"
        asked = [one for one in form.questions if one.required]
        return {one.id: _answer(one.kind, one.options) for one in asked}

    def _milestone(self, one: Milestone) -> Iterator[Step]:
        score = 30 if self._fails(one) else self._draw.between(f"score {one.id}", 60, 98)
        verdict = "failed" if self._fails(one) else "passed"
        yield _by(self._learner, self._submitted_at(one), "submit_milestone", milestone=one.id)
        given = {"milestone": one.id, "verdict": verdict, "score": score, "feedback": f"{one.title}: {verdict}."}
        yield _by(self._mentor, self._reviewed_at(one), "review_milestone", **given)

    def _submitted_at(self, one: Milestone) -> datetime:
        late = self._draw.happens(f"late {one.id}", 0.1)
        days = self._draw.between(f"day {one.id}", 1, 2)
        return self._starts_at + one.due + (timedelta(days=days) if late and one.id != "final" else -days * _DAY)

    def _reviewed_at(self, one: Milestone) -> datetime:
        return self._submitted_at(one) + timedelta(hours=self._draw.between(f"review {one.id}", 6, 40))


def _answer(kind: str, options: tuple[str, ...]) -> object:
    match kind:
        case "number":
            return 5.0
        case "choice":
            return options[0]
        case "choices":
            return list(options[:2])
        case _:
            return "As we said in the talk."
