"""What was promised beside what was delivered, in figures, in words, and by the command."""

from collections.abc import Sequence
from datetime import date

import pytest

from domain.ids import MilestoneId, ProgramId
from domain.journey import JourneyEvent
from domain.journey import events as e
from domain.kit import Kit
from kits.lookup import NoSuchProgram
from projections.runner import catch_up
from queries.returns import UNKNOWN, UNSAID, Return, VersionReturn, introduction, listings, program_return
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES, ended, outcome, reviewed, told_by

READY = KIT.program_id
MOCK = MilestoneId("mock")


RULE = {"outcome": "job", "milestones": ["cv"]}


def promising(promised: str, version: str, **rule: object) -> Kit:
    """The kit of the first three stories, promising this; with `rule` it says what fulfills it."""
    content = LONG.model_dump(mode="json")
    promise = content["promise"] | {"outcome": promised} | ({"fulfilled_by": rule} if rule else {})
    return Kit.model_validate(content | {"version": version, "promise": promise})


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT):
        await publish(pool, kit)
    await tell_all(pool, dsn, STORIES)


async def tell_all(pool: Pool, dsn: str, stories: Sequence[Sequence[JourneyEvent]]) -> None:
    for number, events in enumerate(stories):
        await tell(EventLog(pool), number, events)
    await sequencer.drain(dsn)
    await catch_up(dsn)


def by_version(told: Return) -> dict[str, VersionReturn]:
    return {one.version: one for one in told.versions}


def beside(told: Return, version: str) -> dict[str, tuple[object, object]]:
    """What was promised, and what was delivered of it, by the row."""
    listing = next(one for one in listings(told) if f"version {version} " in one.title)
    return {str(what): (promised, delivered) for what, promised, delivered in listing.rows}


@pytest.mark.usefixtures("told")
async def test_the_figures_follow_from_what_was_delivered(pool: Pool) -> None:
    found = await program_return(pool, READY)
    assert found.delivered.completion_rate == pytest.approx(2 / 3), "who is under way, or was declined, has not ended"
    assert found.delivered.sessions_per_learner == 8 / 4
    cost = found.cost
    assert (cost.mentors, cost.meetings, cost.live_hours, cost.asynchronous_hours) == (3, 7, 6, 0.5)
    assert (cost.live_hours_per_learner, cost.live_hours_per_completed) == (6 / 4, 6 / 2)
    assert cost.live_hours_per_fulfilled is None, "no kit says who has what was promised"
    assert cost.meetings_of_unknown_length == 1


@pytest.mark.usefixtures("told")
async def test_each_learner_counts_for_the_version_that_they_began_with(pool: Pool) -> None:
    found = await program_return(pool, READY)
    began = {name: one.delivered.learners.begun for name, one in by_version(found).items()}
    assert began == {"long": 4, "1": 1}, "who moved on to the short one did not begin by it"
    await publish(pool, promising("a better job", "2"), AT + DAY)
    found = await program_return(pool, READY, date(2026, 1, 1))
    promises = {name: one.promise.outcome for name, one in by_version(found).items()}
    assert promises == {"long": "a job", "1": "a job", "2": "a better job"}
    says = (
        "Learners who started on or after 2026-01-01, with all results until now; "
        "3 versions of the promise, shown separately"
    )
    assert introduction(found) == says


@pytest.mark.usefixtures("told")
async def test_a_kit_that_does_not_say_what_fulfills_its_promise_gets_no_figure(pool: Pool) -> None:
    found = await program_return(pool, READY)
    long = by_version(found)["long"]
    assert (long.fulfilled_by, long.delivered.fulfillment.unsaid) == (None, 3)
    assert (long.delivered.fulfillment_at_least, long.delivered.fulfillment_at_most) == (None, None)
    rows = beside(found, "long")
    assert rows["outcome"] == ("a job", "unknown: what fulfills the promise is not defined in the kit")
    assert rows["fulfilled by"][0] == UNSAID


async def test_reaching_the_end_is_not_having_what_was_promised(pool: Pool, dsn: str) -> None:
    """Three reach the end: one as an analyst, one without a job recorded, one whose latest outcome is another."""
    kit = promising("a job", "ruled", outcome="job", values=["Analyst", "Clerk"])
    await publish(pool, kit)
    stories = [[one[0].model_copy(update={"kit": kit.digest}), *one[1:]] for one in STORIES[:3]]
    late = [
        *(reviewed("cv", "passed", 33), e.MilestoneDeadlineMissed(at=AT + 40 * DAY, milestone=MOCK, attempt=1)),
        e.MilestoneSubmitted(at=AT + 41 * DAY, milestone=MOCK, attempt=1, review_due_at=AT + 44 * DAY),
    ]
    under_way = told_by(kit, 5, outcome("job", "ANALYST", 40))
    failed = told_by(kit, 6, *late, outcome("job", "Analyst", 40), outcome("job", "none", 41), ended("completed", 43))
    await tell_all(pool, dsn, [*stories, under_way, failed])
    found = by_version(await program_return(pool, READY))["ruled"].delivered
    assert (found.learners.completed, found.learners.withdrawn, found.learners.under_way) == (3, 1, 1)
    kept = found.fulfillment
    assert (kept.fulfilled, kept.unfulfilled, kept.unknown, kept.unsaid) == (1, 1, 2, 0)
    assert (kept.fulfilled_under_way, found.fulfillment_at_least, found.fulfillment_at_most) == (1, 1 / 4, 3 / 4)
    jobs = next(one for one in found.outcomes if one.kind == "job")
    assert [(one.value, one.learners) for one in jobs.values] == [("Analyst", 2), (None, 1)]
    assert (jobs.recorded, jobs.learners) == (4, 3)
    milestones = found.milestones
    assert (milestones.planned, milestones.passed, milestones.failed) == (10, 2, 1)
    assert (milestones.unreviewed, milestones.late, milestones.missed, milestones.open) == (1, 1, 0, 6)
    outcomes = [
        rows for one in listings(await program_return(pool, READY)) if one.title == "Outcomes" for rows in one.rows
    ]
    jobs_in_rows = [("job", "", 3, 4), ("", "Analyst", 2, ""), ("", "other values", 1, "")]
    assert [row for row in outcomes if row[0] != "interview"] == jobs_in_rows
    rows = beside(await program_return(pool, READY), "ruled")
    says = (
        "1 of 4 learners who have ended achieved it (25% to 75%), 1 did not; "
        "1 of those still under way has already achieved it"
    )
    assert rows["outcome"] == ("a job", says)
    assert rows["fulfilled by"] == ("the outcome job is Analyst or Clerk", "unknown for 2 who have ended")
    assert str(rows["endings"][1]).startswith("3 of 4 who have ended completed the program (75%), whatever the outcome")


async def test_a_corrected_outcome_counts_as_if_it_had_been_right_at_first(pool: Pool, dsn: str) -> None:
    kit = promising("a job", "ruled", outcome="result", values=["Pass"])
    await publish(pool, kit)

    def corrected(was: str, value: str) -> JourneyEvent:
        return e.OutcomeCorrected(at=AT + 50 * DAY, kind="result", replaces=was, value=value, reason="a slip")

    ends = ended("completed", 45)
    stories = [
        told_by(kit, 0, outcome("result", "Fail", 40), ends, corrected("Fail", "Pass")),
        told_by(kit, 1, outcome("result", "Pass", 40), ends, corrected("Pass", "Fail")),
        told_by(kit, 2, outcome("result", "Fail", 40), outcome("result", "Pass", 41), ends, corrected("Fail", "None")),
    ]
    await tell_all(pool, dsn, stories)
    found = by_version(await program_return(pool, READY))["ruled"].delivered
    assert (found.fulfillment.fulfilled, found.fulfillment.unfulfilled, found.fulfillment.unknown) == (2, 1, 0)


async def test_who_is_moved_to_a_version_that_has_a_rule_is_counted_by_it(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT, ruled := promising("a job", "ruled", **RULE)):
        await publish(pool, kit)
    moved = e.MovedToKit(at=AT + 9 * DAY, kit=ruled.digest, reason="to be counted")
    work = (reviewed("cv", "passed", 33), outcome("job", "Clerk", 40), ended("completed", 43))
    await tell_all(pool, dsn, [told_by(LONG, 0, moved, *work), told_by(LONG, 1, ended("completed", 43))])
    found = await program_return(pool, READY)
    long = by_version(found)["long"]
    assert (long.fulfilled_by, long.delivered.learners.begun) == (None, 2)
    assert (long.delivered.fulfillment.fulfilled, long.delivered.fulfillment.unsaid) == (1, 1)
    says = "not defined in the kit for 1 who have ended; the others use a later version and are counted by its rule"
    assert beside(found, "long")["fulfilled by"] == (UNSAID, says)


@pytest.mark.usefixtures("told")
async def test_the_promise_stands_beside_the_delivery(pool: Pool) -> None:
    found = await program_return(pool, READY)
    rows = beside(found, "long")
    assert rows["endings"] == (
        "",
        "2 of 3 who have ended completed the program (67%), whatever the outcome; 1 withdrew, 0 ended early",
    )
    assert str(rows["cadence"][1]).startswith("2 sessions held per learner who had a mentor (8 in all); 1 missed by")
    assert rows["duration"] == (
        "8 weeks",
        "a median of 46 days from the start of the pathway to completion",
    )
    assert rows["support"] == ("a mentor", "2 of 3 follow-ups sent, 1 of them on time")
    assert rows["measures"] == ("jobs", "2 of 4 learners had an outcome recorded")
    _, milestones, outcomes, *_, cost = listings(found)
    assert ("passed", "1, 1 of them on time") in milestones.rows
    assert outcomes.rows == [("interview", "", 1, 2), ("job", "", 1, 1)]
    hours = {what: much for what, much in cost.rows}  # noqa: C416 - it says that a row is a pair
    assert hours["hours of live meetings, by the lengths in the kit"] == "6, excluding 1 of unknown length"
    assert hours["per learner who completed the program"] == "3"
    assert hours["per learner who achieved the promised outcome"] == UNKNOWN
    assert hours["hours of preparation, follow-up, and review"] == UNKNOWN


@pytest.mark.usefixtures("told")
async def test_what_nobody_can_know_is_not_guessed(pool: Pool) -> None:
    found = await program_return(pool, READY, since=date(2027, 1, 1), until=date(2028, 1, 1))
    delivered = found.delivered
    assert (delivered.completion_rate, delivered.fulfillment_at_least, delivered.sessions_per_learner) == (None,) * 3
    assert (found.cost.live_hours_per_learner, found.cost.live_hours_per_completed) == (None, None)
    (version,) = found.versions
    done = {what: words for what, (_, words) in beside(found, version.version).items()}
    assert done["outcome"] == "unknown: no journey has ended yet"
    assert done["duration"] == "unknown: nobody has completed the program yet"
    assert done["support"] == "no follow-ups were required"
    assert ("per learner who had a mentor", UNKNOWN) in listings(found)[-1].rows


async def test_a_program_that_is_not_there_is_said(pool: Pool) -> None:
    await publish(pool)
    with pytest.raises(NoSuchProgram, match="no kit of the program 'redy' is published; there are: ready"):
        await program_return(pool, ProgramId("redy"))


@pytest.mark.usefixtures("told")
async def test_the_command_tells_it_in_words_and_as_json(trellis: Trellis) -> None:
    said = (await trellis("return", "ready")).out
    for words in (
        "Job-ready: All learners who started",
        "not defined in the kit",
        "2 of 3 follow-ups sent",
        "interview",
        "hours of live meetings",
    ):
        assert words in " ".join(said.split())
    assert "Nothing yet" in (await trellis("return", "ready", "--until", "2026-01-01")).out
    told = (await trellis("return", "ready", "--until", "2026-01-01", "--json")).json
    assert (told["delivered"]["learners"]["begun"], told["delivered"]["completion_rate"], told["until"]) == (
        0,
        None,
        "2026-01-01",
    )
    missing = await trellis("return", "redy")
    assert (missing.exit, "there are: ready" in missing.err) == (Exit.BAD_INPUT, True)
