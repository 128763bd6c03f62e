"""The training of mentors: acknowledged step by step, and told of everybody."""

import asyncio
from datetime import timedelta

import pytest

from domain.ids import MentorId, ProgramId
from domain.kit import Kit
from domain.mentor import mentor_stream
from domain.mentor.belonging import JoinProgram
from domain.refusal import Rejected
from kits.lookup import NoSuchProgram
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from runtime.exits import Exit
from services.mentors import change
from services.training import Acknowledge, acknowledge, standing
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, story, tell

READY, MAX = KIT.program_id, MentorId("max")


def trained(version: str, *steps: str) -> Kit:
    content = KIT.model_dump(mode="json")
    texts = dict.fromkeys(steps, "Read this.")
    return Kit.model_validate(content | {"version": version, "mentor_kit": {"training": steps}, "texts": texts})


FIRST, SECOND = trained("first", "welcome.md", "rubric.md"), trained("second", "rubric.md", "flags.md")


def step(name: str, mentor: MentorId = MAX) -> Acknowledge:
    return Acknowledge(mentor=mentor, program=READY, step=name, by=f"mentor:{mentor}")


@pytest.fixture
async def known(pool: Pool, dsn: str) -> str:
    """Where the log is: m-1 was matched, Max is known by name, and a learner is no mentor."""
    await publish(pool, KIT, AT - DAY)
    await publish(pool, FIRST)
    await people.upsert_many(pool, [Person("max", "mentor", "Max Stone"), Person("l-1", "learner", "Ada Brook")])
    await tell(EventLog(pool), 1, story(1, 4))
    return dsn


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def test_every_mentor_has_each_step_done_or_open(known: str, pool: Pool) -> None:
    assert await acknowledge(pool, step("rubric.md"), AT)
    assert await acknowledge(pool, step("welcome.md", MentorId("new")), AT + DAY)
    await show(known)
    found = await standing(pool, READY)
    assert (found.version, found.steps, found.titles) == ("first", ("welcome.md", "rubric.md"), ("Welcome", "Rubric"))
    assert [(one.mentor, one.name, [step.since for step in one.steps]) for one in found.mentors] == [
        ("m-1", None, [None, None]),
        ("max", "Max Stone", [None, AT]),
        ("new", None, [AT + DAY, None]),
    ]


async def test_mentors_of_another_program_alone_are_not_asked_for(known: str, pool: Pool) -> None:
    await people.upsert_many(pool, [Person("zoe", "mentor", "Zoe Hill")])
    joining = JoinProgram(mentor=MentorId("zoe"), program=ProgramId("elsewhere"))
    await change(pool, [joining], AT)
    await show(known)
    assert [one.mentor for one in (await standing(pool, READY)).mentors] == ["m-1", "max"]


async def test_the_steps_are_those_of_the_newest_kit_and_what_was_done_stays_done(known: str, pool: Pool) -> None:
    for name in FIRST.mentor_kit.training:
        await acknowledge(pool, step(name), AT)
    await show(known)
    assert [one.ready for one in (await standing(pool, READY)).mentors] == [False, True]

    await publish(pool, SECOND, AT + DAY)
    mentors = {one.mentor: one for one in (await standing(pool, READY)).mentors}
    assert [(one.step, one.since, one.kit) for one in mentors[MAX].steps] == [
        ("rubric.md", AT, FIRST.digest),
        ("flags.md", None, None),
    ]
    assert not mentors[MAX].ready
    with pytest.raises(Rejected, match=r"the training of ready second has no step 'welcome.md'"):
        await acknowledge(pool, step("welcome.md"), AT + DAY)


async def test_said_at_the_same_time_it_is_recorded_once(known: str, pool: Pool) -> None:
    said = [acknowledge(pool, step("rubric.md"), AT + nth * timedelta(seconds=1)) for nth in range(5)]
    assert sorted(await asyncio.gather(*said)) == [False] * 4 + [True]
    (recorded,) = await EventLog(pool).read_stream(mentor_stream(MAX))
    assert (recorded.type, recorded.meta["by"]) == ("mentor.training_acknowledged", "mentor:max")


async def test_a_rebuild_gives_the_same(known: str, pool: Pool) -> None:
    for name in FIRST.mentor_kit.training:
        await acknowledge(pool, step(name), AT)
    await show(known)
    before = await standing(pool, READY)
    await rebuild(known, PROJECTIONS["training"], processes=False)
    assert await standing(pool, READY) == before


async def test_a_program_that_is_not_there_is_said(known: str, pool: Pool) -> None:
    unknown = step("rubric.md").model_copy(update={"program": ProgramId("redy")})
    with pytest.raises(NoSuchProgram, match="there are: ready"):
        await acknowledge(pool, unknown, AT)


@pytest.mark.usefixtures("known")
async def test_the_commands_acknowledge_and_tell(trellis: Trellis) -> None:
    done = ("mentor", "acknowledge", "max", "rubric.md", "--program", "ready", "--by", "mentor:max")
    assert "max (Max Stone) acknowledged: rubric.md" in (await trellis(*done)).out
    typo = await trellis("mentor", "acknowledge", "m-01", "rubric.md", "--program", "ready")
    assert "m-01 (no mentor with this id is known yet) acknowledged" in typo.out
    assert (await trellis(*done, "--json")).json["new"] is False

    said = await trellis("mentor", "training", "ready")
    assert all(
        word in said.out for word in ("Max Stone (max)", "open", "completed 20", "0 of 3 mentors have completed")
    )
    told = (await trellis("mentor", "training", "ready", "--json")).json
    assert [(one["mentor"], one["ready"]) for one in told["mentors"]] == [
        ("m-01", False),
        ("m-1", False),
        ("max", False),
    ]


@pytest.mark.usefixtures("known")
async def test_what_does_not_fit_is_refused_in_words(trellis: Trellis) -> None:
    no_step = await trellis("mentor", "acknowledge", "max", "rubrik.md", "--program", "ready")
    assert (no_step.exit, "it has: welcome.md, rubric.md" in no_step.err) == (Exit.FAILED, True)
    for arguments in (("Max Stone", "rubric.md", "--program", "ready"), ("max", "rubric.md", "--program", "redy")):
        refused = await trellis("mentor", "acknowledge", *arguments)
        assert (refused.exit, refused.out) == (Exit.BAD_INPUT, "")
