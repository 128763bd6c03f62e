"""`trellis cohort`, on a real Temporal and a real Postgres."""

from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from temporalio.testing import WorkflowEnvironment

from domain.ids import CohortId
from domain.kit import Kit
from runtime.exits import Exit
from store import people
from store.database import Pool
from store.people import Person
from tests.commands import Trellis
from tests.support.groups import Groups, an_hour_before, form, groups_on, large_groups, members, recorded
from workflows.contract import PROGRAM_TASK_QUEUE, TASK_QUEUE


@pytest.fixture
async def groups(temporal: WorkflowEnvironment, pool: Pool, trellis: Trellis) -> AsyncIterator[Groups]:
    async with groups_on(temporal.client, pool, TASK_QUEUE, PROGRAM_TASK_QUEUE) as groups:
        yield groups


@pytest.fixture
def kit() -> Kit:
    return large_groups(f"steps-{uuid4()}")


async def formed(groups: Groups, kit: Kit) -> CohortId:
    group = CohortId(f"{kit.program}.1")
    await groups.do(group, form(kit, await members(groups.pool, kit, 3)), an_hour_before())
    await groups.told(group)
    await people.upsert_many(groups.pool, [Person("l-000", "learner", "Lea Brandt")])
    return group


async def test_groups_are_shown_before_they_are_formed(trellis: Trellis, groups: Groups, kit: Kit) -> None:
    await members(groups.pool, kit, 4)
    without = (await trellis("cohort", "form", kit.program, "--dry-run", "--json")).json
    assert {one["why"] for one in without["unplaced"]} == {"no_mentor"}
    await people.upsert_many(groups.pool, [Person("ana", "mentor", "Ana Ruiz")])
    shown = (await trellis("cohort", "form", kit.program, "--dry-run", "--json")).json
    assert (shown["formed"], [len(one["members"]) for one in shown["groups"]]) == (False, [4])
    assert (await trellis("cohort", "list", kit.program, "--json")).json == []

    said = await trellis("cohort", "form", kit.program)
    assert "1 group with 4 learners formed; 0 of 4 learners could not be placed." in said.out
    assert f"{kit.program}.1 of 4 learners on fast, led by ana, Mondays 09:00 (UTC)" in said.out
    await groups.told(CohortId(f"{kit.program}.1"))
    assert len(await recorded(groups.pool, "journey.cohort_joined")) == 4
    again = (await trellis("cohort", "form", kit.program, "--json")).json
    assert (again["groups"], again["learners"]) == ([], 0)
    (row,) = (await trellis("cohort", "list", "--mentor", "ana", "--json")).json
    assert (row["cohort"], row["members"], row["told"]) == (f"{kit.program}.1", 4, True)


async def test_a_session_by_the_day(trellis: Trellis, groups: Groups, kit: Kit) -> None:
    group = await formed(groups, kit)
    said = await trellis("cohort", "attendance", group, "s1", "--except", "l-001=missed_by_learner")
    assert "attendance recorded. Group" in said.out
    assert "has 3 members; the journeys of its members know it." in said.out
    assert (
        "Nothing changed"
        in (await trellis("cohort", "attendance", group, "s1", "--except", "l-001=missed_by_learner")).out
    )
    assert (await trellis("cohort", "notes", group, "s1", "-f", "what=all of it")).exit == Exit.OK
    due = (datetime.now(UTC) + timedelta(days=3)).isoformat()
    sent = await trellis(
        *("cohort", "follow-up", group, "s1", "--summary", "well", "--step", "write", "--due", due, "--json")
    )
    assert (sent.json["events"], sent.json["told"], sent.json["refused"]) == (["cohort.follow_up_sent"], True, {})
    assert len(await recorded(groups.pool, "journey.follow_up_sent")) == 2

    shown = await trellis("cohort", "show", group)
    assert f"Group 1 ({group}) on fast: 3 members (2 to 200)" in shown.out
    assert "2 of 3 came" in shown.out
    lea = next(one for one in shown.out.splitlines() if "Lea Brandt" in one)
    assert lea.split()[-3:] == ["sessions", "✓", "·"]
    roster = (await trellis("cohort", "show", group, "--json")).json
    assert roster["members"][1]["attendance"] == {"s1": "missed_by_learner", "s2": None}


async def test_members_come_and_go_and_the_group_changes(trellis: Trellis, groups: Groups, kit: Kit) -> None:
    group = await formed(groups, kit)
    await members(groups.pool, kit, 1, mark="x")
    assert (await trellis("cohort", "add", group, "lx-000", "--json")).json["members"] == 4
    for learner in ("lx-000", "l-002"):
        assert (await trellis("cohort", "remove", group, learner, "--reason", "no time")).exit == Exit.OK
    later = (datetime.now(UTC) + timedelta(days=9)).isoformat()
    assert (await trellis("cohort", "move", group, "s2", later, "--json")).json["told"]
    assert len(await recorded(groups.pool, "journey.session_rescheduled")) == 2
    assert (await trellis("cohort", "mentor", group, "ana", "ben", "--json")).json["told"]
    assert (await trellis("cohort", "close", group, "--reason", "too few")).exit == Exit.OK
    assert len(await recorded(groups.pool, "journey.cohort_left")) == 4
    refused = await trellis("cohort", "move", group, "s2", later, "--json")
    assert (refused.exit, refused.json["refused"]["code"]) == (Exit.FAILED, "cohort_closed")


async def test_what_is_typed_wrongly_is_said(trellis: Trellis, groups: Groups, kit: Kit) -> None:
    group = await formed(groups, kit)
    for typed, exit_code, says in (
        (("show", "nowhere.1"), Exit.FAILED, "there is no group 'nowhere.1'"),
        (("attendance", "nowhere.1", "s1"), Exit.FAILED, "there is no group 'nowhere.1'"),
        (("attendance", group, "s9"), Exit.FAILED, "it has: s1, s2"),
        (("attendance", group, "s2"), Exit.FAILED, "has not begun"),
        (("attendance", group, "s1", "--except", "l-001"), Exit.BAD_INPUT, "l-17=missed_by_learner"),
        (("attendance", group, "s1", "--except", "l-001=ill"), Exit.BAD_INPUT, "'attended', 'late'"),
        (("attendance", group, "s1", "--except", "l-9=late"), Exit.FAILED, "l-9 does not belong to the group"),
        (("notes", group, "s1", "-f", "what=all"), Exit.FAILED, "record the attendance first"),
        (("follow-up", group, "s1"), Exit.BAD_INPUT, "summary"),
        (("move", group, "s2", "tomorrow"), Exit.BAD_INPUT, "ISO 8601"),
        (("add", group, "nobody"), Exit.BAD_INPUT, "has no open journey"),
        (("form", kit.program, "--pathway", "steady"), Exit.FAILED, "there are: fast"),
        (("form", "nowhere"), Exit.BAD_INPUT, "nowhere"),
    ):
        said = await trellis("cohort", *typed)
        assert (said.exit, says in said.err) == (exit_code, True), (typed, said)


async def test_a_learner_who_waits_for_a_mentor_is_refused_until_the_match_is_made(
    trellis: Trellis, groups: Groups, kit: Kit
) -> None:
    group = await formed(groups, kit)
    await members(groups.pool, kit, 1, mark="x")
    (waits,) = await members(groups.pool, kit, 1, mark="y", waiting=True)
    refused = await trellis("cohort", "add", group, "lx-000", "ly-000")
    assert (refused.exit, "ly-000: the journey is in the stage matching" in refused.err) == (Exit.FAILED, True)
    assert "add them once the match is made" in refused.err
    assert len((await trellis("cohort", "show", group, "--json")).json["members"]) == 3, "nor was the other added"
    matched = await trellis("send", waits.journey, "approve_match", "-f", "mentor=ana")
    assert matched.exit == Exit.OK, matched.err
    added = await trellis("cohort", "add", group, "lx-000", "ly-000", "l-000", "--json")
    assert (added.json["members"], added.json["refused"]) == (5, {})


async def test_what_a_paused_journey_refused_is_told_again_or_dismissed(
    trellis: Trellis, groups: Groups, kit: Kit
) -> None:
    group = await formed(groups, kit)
    for learner in ("l-001", "l-002"):
        assert (await trellis("send", f"{kit.program}.{learner}", "pause", "-f", "reason=exams")).exit == Exit.OK
    said = await trellis("cohort", "attendance", group, "s1")
    assert said.out.count("the journey did not take it: journey_paused") == 2
    assert f"trellis cohort retry {group} l-001" in said.out
    assert (await trellis("cohort", "notes", group, "s1", "-f", "what=all of it")).exit == Exit.OK
    early = await trellis("cohort", "retry", group, "l-001", "--json")
    assert early.json["refused"]["l-001"] == "journey_paused", "as long as the reason lasts"

    assert (await trellis("send", f"{kit.program}.l-001", "resume")).exit == Exit.OK
    told = await trellis("cohort", "retry", group, "l-001", "--json")
    assert (told.json["events"], told.json["refused"]) == (["cohort.telling_repeated"] * 2, {})
    assert f"{kit.program}.l-001" in await recorded(groups.pool, "journey.notes_written")
    assert "Nothing changed" in (await trellis("cohort", "retry", group, "l-001")).out
    gone = await trellis("cohort", "dismiss", group, "l-002", "--reason", "she was not there", "--json")
    assert gone.json["events"] == ["cohort.refusal_dismissed"] * 2
    roster = (await trellis("cohort", "show", group, "--json")).json
    assert [one["refused"] for one in roster["members"]] == [None, None, None]
    assert f"{kit.program}.l-002" not in await recorded(groups.pool, "journey.attendance_recorded")
    (row,) = (await trellis("cohort", "list", kit.program, "--json")).json
    assert (row["refused"], row["told"]) == (0, True)
