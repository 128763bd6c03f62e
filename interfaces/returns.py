"""What a program gives in return for what is put into it: what was promised, what was delivered, at what mentor cost.

Nothing is guessed. A share or a mean of nothing is `None`, and in words "not known"; what mentors do besides their
sessions is recorded nowhere, and is in no figure.
"""

from dataclasses import dataclass
from datetime import date, timedelta

from domain.ids import ProgramId
from domain.kit import Kit, Promise
from domain.values import say_duration
from interfaces.listing import Listing
from interfaces.naming_kits import newest
from projections import delivered
from projections.delivered import Learners, Outcome, Sessions, Totals
from store import kits
from store.database import Pool

UNKNOWN = "not known"


@dataclass(frozen=True, slots=True)
class Cost:
    """Hours of mentors, by the lengths of sessions in the kit. A cohort session counts once for all its learners."""

    mentors: int
    """That were ever matched."""
    meetings: int
    live_hours: float
    live_hours_per_learner: float | None
    """Of those who had a mentor."""
    live_hours_per_completed: float | None
    asynchronous_hours: float
    """In sessions where nobody meets."""
    meetings_of_unknown_length: int
    """They are in none of the hours."""


@dataclass(frozen=True, slots=True)
class Return:
    program: str
    title: str
    version: str
    """Of the kit whose promise this is: the newest."""
    promise: Promise
    promised_otherwise: int
    """How many learners follow a version that promises in other words."""
    since: date | None
    until: date | None
    """The first day that is left out. What is told is of those who began in this time, until now."""
    learners: Learners
    completion_rate: float | None
    """Of those whose journey has ended, other than by a declined intake."""
    sessions: Sessions
    sessions_per_learner: float | None
    """Of those who had a mentor."""
    outcomes: tuple[Outcome, ...]
    learners_with_outcome: int
    cost: Cost


async def the_return(pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None) -> Return:
    """Of those who began in [since, until); without either, of everybody.

    Raises:
        NoSuchProgram: when no kit of it is published.
    """
    kit = await newest(pool, program)
    totals = await delivered.totals(pool, program, since, until)
    learners, sessions = totals.learners, totals.sessions
    return Return(
        program=kit.program,
        title=kit.title,
        version=kit.version,
        promise=kit.promise,
        promised_otherwise=await _promised_otherwise(pool, kit, totals),
        since=since,
        until=until,
        learners=learners,
        completion_rate=_per(learners.completed, learners.completed + learners.withdrawn + learners.ended_early),
        sessions=sessions,
        sessions_per_learner=_per(sessions.held, learners.mentored),
        outcomes=totals.outcomes,
        learners_with_outcome=totals.learners_with_outcome,
        cost=_cost(totals),
    )


async def _promised_otherwise(pool: Pool, kit: Kit, totals: Totals) -> int:
    promises = {digest: (await kits.load(pool, digest)).promise for digest in totals.kits}
    return sum(totals.kits[digest] for digest, promise in promises.items() if promise != kit.promise)


def _cost(totals: Totals) -> Cost:
    live = _hours(totals.time.live)
    return Cost(
        mentors=totals.mentors,
        meetings=totals.time.meetings,
        live_hours=live,
        live_hours_per_learner=_per(live, totals.learners.mentored),
        live_hours_per_completed=_per(live, totals.learners.completed),
        asynchronous_hours=_hours(totals.time.asynchronous),
        meetings_of_unknown_length=totals.time.of_unknown_length,
    )


def _hours(time: timedelta) -> float:
    return time / timedelta(hours=1)


def _per(much: float, many: int) -> float | None:
    return much / many if many else None


def listings(told: Return) -> tuple[Listing, ...]:
    return (
        Listing(
            "What was promised, and what was delivered", ("", "promised", "delivered"), _promised_and_delivered(told)
        ),
        Listing("Outcomes", ("kind", "recorded", "learners who had any"), _outcomes(told)),
        Listing("At what mentor cost", ("", ""), _costs(told.cost)),
    )


def introduction(told: Return) -> str:
    """Which promise this is, and to whom it was delivered."""
    otherwise = f"; {_learners(told.promised_otherwise)} by a version that promises in other words"
    whose = f"the promise of version {told.version}; of {_whose(told)}, until now"
    return whose + (otherwise if told.promised_otherwise else "")


def _whose(told: Return) -> str:
    since = f" from {told.since} on" if told.since else ""
    until = f" before {told.until}" if told.until else ""
    return f"those who began{since}{until}" if since or until else "everybody who began"


def _promised_and_delivered(told: Return) -> list[tuple[str, str, str]]:
    promise = told.promise
    return [
        ("outcome", promise.outcome, _completed(told)),
        ("audience", promise.audience, _begun(told.learners)),
        ("duration", say_duration(promise.duration), _duration(told.learners)),
        ("cadence", promise.cadence, _sessions(told)),
        ("support", promise.support, _follow_ups(told.sessions)),
        ("measures", "; ".join(promise.measures), f"{_with_outcome(told)}; {_milestones(told.learners)}"),
    ]


def _completed(told: Return) -> str:
    learners = told.learners
    ended = learners.completed + learners.withdrawn + learners.ended_early
    if not ended:
        return f"{UNKNOWN}: nobody has ended yet"
    others = f"{learners.withdrawn} withdrew, {learners.ended_early} ended early"
    return f"{learners.completed} of {ended} who have ended completed ({_percent(told.completion_rate)}); {others}"


def _begun(learners: Learners) -> str:
    had = f"{learners.mentored} had a mentor, {learners.under_way} are under way, {learners.declined} were declined"
    return f"{_learners(learners.begun)} began: {had}"


def _duration(learners: Learners) -> str:
    if learners.days_median is None:
        return f"{UNKNOWN}: nobody has completed yet"
    median = f"a median of {learners.days_median:.0f} days"
    return f"{median} from the start of the pathway to the end, of those who completed"


def _sessions(told: Return) -> str:
    sessions = told.sessions
    missed = f"{sessions.missed_by_learner} missed by the learner, {sessions.missed_by_mentor} by the mentor"
    return (
        f"{_figure(told.sessions_per_learner)} sessions held per learner who had a mentor ({sessions.held} in all); "
        f"{missed}, {sessions.cancelled} called off"
    )


def _follow_ups(sessions: Sessions) -> str:
    if not sessions.follow_ups_wanted:
        return "follow-ups: none were asked for"
    sent = f"{sessions.follow_ups_sent} of {sessions.follow_ups_wanted} follow-ups sent"
    return f"{sent}, {sessions.follow_ups_in_time} of them in time"


def _with_outcome(told: Return) -> str:
    return f"{told.learners_with_outcome} of {_learners(told.learners.begun)} had an outcome recorded"


def _milestones(learners: Learners) -> str:
    return f"milestones: {learners.passed} passed, {learners.failed} failed, {learners.waived} waived"


def _outcomes(told: Return) -> list[tuple[object, ...]]:
    return [(one.kind, one.recorded, one.learners) for one in told.outcomes]


def _costs(cost: Cost) -> list[tuple[object, ...]]:
    unknown = cost.meetings_of_unknown_length
    without = f", without {unknown} whose length is {UNKNOWN}" if unknown else ""
    return [
        ("mentors who were matched", cost.mentors),
        ("meetings held, a cohort session counted once", cost.meetings),
        ("hours of live time, by the lengths in the kit", f"{_figure(cost.live_hours)}{without}"),
        ("for each learner who had a mentor", _figure(cost.live_hours_per_learner)),
        ("for each learner who completed", _figure(cost.live_hours_per_completed)),
        ("hours in asynchronous sessions, by the lengths in the kit", _figure(cost.asynchronous_hours)),
        ("hours of preparation, follow-up and review", UNKNOWN),
    ]


def _learners(many: int) -> str:
    return f"{many} learner{'' if many == 1 else 's'}"


def _figure(value: float | None) -> str:
    """With a decimal where it has one."""
    return UNKNOWN if value is None else f"{value:.1f}".removesuffix(".0")


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:.0%}"
