"""The return of a program: what was promised, what was delivered, and the mentor time it took.

Nothing is guessed. A share or mean without data is `None`, shown as "not known". What mentors do besides their sessions
is not recorded, and so is in no figure.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from domain.ids import KitDigest, ProgramId
from domain.kit import Kit, Promise, fulfilled_when
from domain.values import say_duration
from kits.lookup import newest_published
from projections.totals import (
    FulfillmentDelivered,
    Learners,
    MilestonesDelivered,
    Outcome,
    SessionsDelivered,
    Totals,
    totals,
)
from queries.listing import Listing
from store import kits
from store.database import Pool

UNKNOWN = "unknown"
UNSAID = "not defined in the kit"


@dataclass(frozen=True, slots=True)
class Cost:
    """Mentor hours, by the session lengths in the kit. A cohort session counts once for all its learners."""

    mentors: int
    """All mentors who were ever matched."""
    meetings: int
    live_hours: float
    live_hours_per_learner: float | None
    """Of those who had a mentor."""
    live_hours_per_completed: float | None
    live_hours_per_fulfilled: float | None
    """Per learner for whom the promise is fulfilled. None if no kit defines that."""
    asynchronous_hours: float
    """In asynchronous sessions."""
    meetings_of_unknown_length: int
    """Sessions of unknown length, which are in none of the hours."""


@dataclass(frozen=True, slots=True)
class Delivered:
    """What was delivered to a group of learners so far."""

    learners: Learners
    completion_rate: float | None
    """The share of learners who reached the end, of those whose journey has ended, not counting declined intakes."""
    fulfillment: FulfillmentDelivered
    fulfillment_at_least: float | None
    """The share for whom the promise is known to be fulfilled, of those who have ended and whose kit defines it."""
    fulfillment_at_most: float | None
    """The same share if it were fulfilled for all for whom it is not known."""
    milestones: MilestonesDelivered
    sessions: SessionsDelivered
    sessions_per_learner: float | None
    """Of those who had a mentor."""
    outcomes: tuple[Outcome, ...]
    learners_with_outcome: int


@dataclass(frozen=True, slots=True)
class VersionReturn:
    """What one version promised, and what was delivered to those who started with it, even if they moved on later."""

    version: str
    digest: KitDigest
    promise: Promise
    fulfilled_by: str | None
    """The rule in words; None if the kit does not define one."""
    delivered: Delivered


@dataclass(frozen=True, slots=True)
class Return:
    program: str
    title: str
    since: date | None
    until: date | None
    """Exclusive: the first day after the period. Only learners who started in the period are counted, up to now."""
    versions: tuple[VersionReturn, ...]
    """The newest version, and each with which somebody started; the one with most learners first."""
    delivered: Delivered
    """To all of them together."""
    cost: Cost


async def program_return(
    pool: Pool, program: ProgramId, since: date | None = None, until: date | None = None
) -> Return:
    """Of the learners who started in [since, until); without either, of all learners.

    Raises:
        NoSuchProgram: when no kit of it is published.
    """
    published = await newest_published(pool, program)
    whole = await totals(pool, program, since, until)
    begun = list(dict.fromkeys((*whole.kits, KitDigest(published.digest))))
    versions = [
        _version(digest, await kits.load(pool, digest), await totals(pool, program, since, until, digest))
        for digest in begun
    ]
    return Return(
        program=program,
        title=kits.read(published).title,
        since=since,
        until=until,
        versions=tuple(versions),
        delivered=_delivered(whole),
        cost=_cost(whole),
    )


def _version(digest: KitDigest, kit: Kit, found: Totals) -> VersionReturn:
    return VersionReturn(
        version=kit.version,
        digest=digest,
        promise=kit.promise,
        fulfilled_by=fulfilled_when(kit),
        delivered=_delivered(found),
    )


def _delivered(found: Totals) -> Delivered:
    learners, sessions, fulfillment = found.learners, found.sessions, found.fulfillment
    judged = fulfillment.fulfilled + fulfillment.unfulfilled + fulfillment.unknown
    return Delivered(
        learners=learners,
        completion_rate=_per(learners.completed, _ended(learners)),
        fulfillment=fulfillment,
        fulfillment_at_least=_per(fulfillment.fulfilled, judged),
        fulfillment_at_most=_per(fulfillment.fulfilled + fulfillment.unknown, judged),
        milestones=found.milestones,
        sessions=sessions,
        sessions_per_learner=_per(sessions.held, learners.mentored),
        outcomes=found.outcomes,
        learners_with_outcome=found.learners_with_outcome,
    )


def _ended(learners: Learners) -> int:
    return learners.completed + learners.withdrawn + learners.ended_early


def _cost(found: Totals) -> Cost:
    live, fulfillment = _hours(found.time.live), found.fulfillment
    return Cost(
        mentors=found.mentors,
        meetings=found.time.meetings,
        live_hours=live,
        live_hours_per_learner=_per(live, found.learners.mentored),
        live_hours_per_completed=_per(live, found.learners.completed),
        live_hours_per_fulfilled=_per(live, fulfillment.fulfilled + fulfillment.fulfilled_under_way),
        asynchronous_hours=_hours(found.time.asynchronous),
        meetings_of_unknown_length=found.time.of_unknown_length,
    )


def _hours(time: timedelta) -> float:
    return time / timedelta(hours=1)


def _per(much: float, many: int) -> float | None:
    return much / many if many else None


def listings(report: Return) -> tuple[Listing, ...]:
    return (
        *(listing for version in report.versions for listing in _of_version(version)),
        Listing("Mentor time", ("", ""), _costs(report.cost)),
    )


def _of_version(version: VersionReturn) -> Iterator[Listing]:
    began = version.delivered.learners.begun
    of_version = f"version {version.version} ({version.digest[:7]}), started by {_learners(began)}"
    title = f"Promised and delivered: {of_version}"
    yield Listing(title, ("", "promised", "delivered"), _promised_and_delivered(version))
    yield Listing("Milestones, counted per learner", ("", ""), _milestones(version.delivered.milestones))
    columns = ("kind", "latest value", "learners", "recorded")
    yield Listing("Outcomes", columns, _outcomes(version.delivered.outcomes))


def introduction(report: Return) -> str:
    """Whom the report covers, and by how many versions of the promise."""
    many = len(report.versions)
    by = "one version of the promise" if many == 1 else f"{many} versions of the promise, shown separately"
    return f"{_whose(report)}, with all results until now; {by}"


def _whose(report: Return) -> str:
    since = f" on or after {report.since}" if report.since else ""
    until = f"{' and' if report.since else ''} before {report.until}" if report.until else ""
    return f"Learners who started{since}{until}" if since or until else "All learners who started"


def _promised_and_delivered(version: VersionReturn) -> list[tuple[str, str, str]]:
    promise, delivered = version.promise, version.delivered
    learners, sessions = delivered.learners, delivered.sessions
    return [
        ("outcome", promise.outcome, _fulfilled(version)),
        ("fulfilled by", version.fulfilled_by or UNSAID, _otherwise(version)),
        ("audience", promise.audience, _begun(learners)),
        ("endings", "", _endings(delivered)),
        ("duration", say_duration(promise.duration), _duration(learners)),
        ("cadence", promise.cadence, _sessions(delivered)),
        ("support", promise.support, _follow_ups(sessions)),
        ("measures", "; ".join(promise.measures), _with_outcome(delivered)),
    ]


def _fulfilled(version: VersionReturn) -> str:
    delivered = version.delivered
    found, ended = delivered.fulfillment, _ended(delivered.learners)
    if not ended:
        return f"{UNKNOWN}: no journey has ended yet{_already(found)}"
    judged = ended - found.unsaid
    if not judged:
        return f"{UNKNOWN}: what fulfills the promise is {UNSAID}"
    whom = f"{found.fulfilled} of {judged} learners who have ended achieved it ({_share(delivered)})"
    others = f"{found.unfulfilled} did not"
    return f"{whom}, {others}{_already(found)}"


def _already(found: FulfillmentDelivered) -> str:
    many = found.fulfilled_under_way
    return f"; {many} of those still under way {'has' if many == 1 else 'have'} already achieved it" if many else ""


def _share(delivered: Delivered) -> str:
    least, most = _percent(delivered.fulfillment_at_least), _percent(delivered.fulfillment_at_most)
    return least if least == most else f"{least} to {most}"


def _otherwise(version: VersionReturn) -> str:
    """Those for whom the figure is not known."""
    found = version.delivered.fulfillment
    open_ones = [f"{UNKNOWN} for {found.unknown} who have ended"] if found.unknown else []
    if found.unsaid:
        open_ones.append(f"{UNSAID} for {found.unsaid} who have ended")
    if not version.fulfilled_by and version.delivered.fulfillment_at_least is not None:
        open_ones.append("the others use a later version and are counted by its rule")
    return "; ".join(open_ones)


def _endings(delivered: Delivered) -> str:
    learners, ended = delivered.learners, _ended(delivered.learners)
    if not ended:
        return "no journey has ended yet"
    others = f"{learners.withdrawn} withdrew, {learners.ended_early} ended early"
    reached = (
        f"{learners.completed} of {ended} who have ended completed the program ({_percent(delivered.completion_rate)})"
    )
    return f"{reached}, whatever the outcome; {others}"


def _begun(learners: Learners) -> str:
    had = f"{learners.mentored} had a mentor, {learners.under_way} are under way, {learners.declined} declined by ops"
    return f"{_learners(learners.begun)} started: {had}"


def _duration(learners: Learners) -> str:
    if learners.days_median is None:
        return f"{UNKNOWN}: nobody has completed the program yet"
    median = f"a median of {learners.days_median:.0f} days"
    return f"{median} from the start of the pathway to completion"


def _sessions(delivered: Delivered) -> str:
    sessions = delivered.sessions
    missed = f"{sessions.missed_by_learner} missed by the learner, {sessions.missed_by_mentor} by the mentor"
    return (
        f"{_figure(delivered.sessions_per_learner)} sessions held per learner who had a mentor ({sessions.held} in "
        f"all); {missed}, {sessions.cancelled} canceled"
    )


def _follow_ups(sessions: SessionsDelivered) -> str:
    if not sessions.follow_ups_wanted:
        return "no follow-ups were required"
    sent = f"{sessions.follow_ups_sent} of {sessions.follow_ups_wanted} follow-ups sent"
    return f"{sent}, {sessions.follow_ups_in_time} of them on time"


def _with_outcome(delivered: Delivered) -> str:
    return f"{delivered.learners_with_outcome} of {_learners(delivered.learners.begun)} had an outcome recorded"


def _milestones(found: MilestonesDelivered) -> list[tuple[object, ...]]:
    return [
        ("planned", found.planned),
        ("passed", _of_which(found.passed, found.passed_in_time, "on time")),
        ("failed", found.failed),
        ("waived", found.waived),
        ("submitted but never reviewed", found.unreviewed),
        ("missed: deadline passed without a submission", found.missed),
        ("open: no submission yet, deadline not passed", found.open),
        ("of all these, submitted late", found.late),
    ]


def _of_which(many: int, some: int, which: str) -> str:
    return f"{many}, {some} of them {which}" if many else "0"


def _outcomes(outcomes: tuple[Outcome, ...]) -> list[tuple[object, ...]]:
    """A row for each kind, and one for each value that the kit names. Other values are summed: they may be personal."""
    rows: list[tuple[object, ...]] = []
    for one in outcomes:
        rows.append((one.kind, "", one.learners, one.recorded))
        rows.extend(("", each.value or "other values", each.learners, "") for each in one.values)
    return rows


def _costs(cost: Cost) -> list[tuple[object, ...]]:
    unknown = cost.meetings_of_unknown_length
    without = f", excluding {unknown} of {UNKNOWN} length" if unknown else ""
    return [
        ("mentors matched", cost.mentors),
        ("meetings held (a cohort session counts once)", cost.meetings),
        ("hours of live meetings, by the lengths in the kit", f"{_figure(cost.live_hours)}{without}"),
        ("per learner who had a mentor", _figure(cost.live_hours_per_learner)),
        ("per learner who completed the program", _figure(cost.live_hours_per_completed)),
        ("per learner who achieved the promised outcome", _figure(cost.live_hours_per_fulfilled)),
        ("hours in asynchronous sessions, by the lengths in the kit", _figure(cost.asynchronous_hours)),
        ("hours of preparation, follow-up, and review", UNKNOWN),
    ]


def _learners(many: int) -> str:
    return f"{many} learner{'' if many == 1 else 's'}"


def _figure(value: float | None) -> str:
    """With a decimal where it has one."""
    return UNKNOWN if value is None else f"{value:.1f}".removesuffix(".0")


def _percent(share: float | None) -> str:
    return UNKNOWN if share is None else f"{share:.0%}"
