"""Mentors with their profiles, on a real log: added by the file, changed one by one, and read again."""

import asyncio
import json
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from domain.ids import MentorId, ProgramId
from domain.mentor import MENTOR, mentor_stream
from domain.mentor.checks import RecordCheck
from domain.mentor.leave import PlanLeave
from domain.mentor.profile import ProfileChanges, UpdateProfile
from domain.profiles import Check, Leave
from domain.refusal import Rejected
from projections.rebuild import rebuild
from projections.registry import PROJECTIONS
from projections.runner import catch_up
from queries.mentor_words import changes_in_words
from queries.mentors import NoSuchMentor, mentor, mentors
from runtime.exits import Exit
from services.mentors import MentorEntry, NotAddable, change, preview, store
from store import people, sequencer
from store.database import Pool
from store.event_log import EventLog
from store.people import Person
from store.transact import read
from tests.commands import Trellis
from tests.projections.stories import AT, DAY, KIT, publish, story, tell

READY, OTHER = KIT.program_id, ProgramId("other")
ANA, BEN = MentorId("ana"), MentorId("ben")


def entry(mentor: MentorId, *checks: Check, email: str | None = None, **changes: Any) -> MentorEntry:
    person = Person(mentor, "mentor", mentor.title(), email, changes.get("time_zone"))
    return MentorEntry(person, ProfileChanges.model_validate(changes), checks=checks)


async def show(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


async def types(pool: Pool, mentor: MentorId) -> list[str]:
    return [one.type for one in await EventLog(pool).read_stream(mentor_stream(mentor))]


async def test_adding_again_changes_nothing_and_what_is_not_said_stays(pool: Pool) -> None:
    check = Check(check="background", valid_until=date(2027, 5, 1))
    first = [entry(ANA, check, email="ana@example.org", places=4, pace=["slow"]), entry(BEN)]
    changes = await store(pool, READY, first, AT, by="ops:max")
    assert [(one.is_new, len(one.events)) for one in changes] == [(True, 3), (True, 1)]
    assert await types(pool, ANA) == ["mentor.joined_program", "mentor.profile_changed", "mentor.check_recorded"]
    assert all(one.changes_nothing for one in await store(pool, READY, first, AT + DAY))
    assert len(await types(pool, ANA)) == 3

    (changed,) = await store(pool, READY, [entry(ANA, places=5)], AT + DAY)
    assert list(changes_in_words(changed.before.state, changed.events)) == ["places: 5 (was 4)"]
    kept = (await read(pool, mentor_stream(ANA), MENTOR)).state
    assert (kept.profile.places, kept.profile.pace, kept.profile.checks) == (5, ("slow",), (check,))
    ana = await people.get(pool, ANA)
    assert ana
    assert ana.email == "ana@example.org"
    recorded = await EventLog(pool).read_stream(mentor_stream(ANA))
    assert recorded[0].meta == {"by": "ops:max", "command": "AddMentors"}


async def test_a_preview_says_what_would_be_stored_and_stores_nothing(pool: Pool) -> None:
    wanted = [entry(ANA, places=4, time_zone="Europe/Berlin"), entry(BEN, pace=["fast"])]
    would = await preview(pool, READY, wanted, AT)
    assert await people.of_kind(pool, "mentor") == []
    assert await types(pool, ANA) == []
    assert await store(pool, READY, wanted, AT, planned=would) == would


async def test_who_has_changed_since_the_preview_is_decided_anew(pool: Pool) -> None:
    wanted = [entry(ANA, places=4), entry(BEN, places=5)]
    would = await preview(pool, READY, wanted, AT)
    await store(pool, OTHER, [entry(BEN, places=5, pace=["slow"])], AT)
    done = await store(pool, READY, wanted, AT, planned=would)
    assert [len(one.events) for one in done] == [2, 1]
    assert await types(pool, BEN) == ["mentor.joined_program", "mentor.profile_changed", "mentor.joined_program"]


async def test_everybody_is_stored_or_nobody(pool: Pool) -> None:
    await people.upsert_many(pool, [Person("l-1", "learner", "Lea")])
    await store(pool, READY, [entry(ANA, never=["l-9"])], AT)
    wanted = [entry(BEN, places=3), entry(MentorId("l-1")), entry(ANA, wishes=["l-9"])]
    with pytest.raises(NotAddable) as refused:
        await preview(pool, READY, wanted, AT)
    assert set(refused.value.refused) == {"l-1", "ana"}
    assert "id of a learner" in str(refused.value)
    with pytest.raises(NotAddable):
        await store(pool, READY, wanted[:2], AT)
    with pytest.raises(Rejected):
        await store(pool, READY, [wanted[0], wanted[2]], AT)
    assert await types(pool, BEN) == []
    assert set(await people.names_of(pool, ["ana", "ben", "l-1"])) == {"ana", "l-1"}


async def test_added_at_the_same_time_everything_is_recorded_once(pool: Pool) -> None:
    wanted = [entry(MentorId(f"m-{nth}"), places=nth) for nth in range(1, 9)]
    done = await asyncio.gather(*(store(pool, READY, order, AT) for order in (wanted, wanted[::-1], wanted)))
    assert sum(not one.changes_nothing for changes in done for one in changes) >= len(wanted)
    for one in wanted:
        assert await types(pool, MentorId(one.person.person_id)) == ["mentor.joined_program", "mentor.profile_changed"]


async def test_changes_at_the_same_time_are_all_kept(pool: Pool) -> None:
    await store(pool, READY, [entry(ANA)], AT)
    commands = [RecordCheck(mentor=ANA, check=f"c-{nth}") for nth in range(6)]
    await asyncio.gather(*(change(pool, [one], AT) for one in commands))
    state = (await read(pool, mentor_stream(ANA), MENTOR)).state
    assert [one.check for one in state.profile.checks] == [f"c-{nth}" for nth in range(6)]


async def test_only_a_mentor_who_is_known_is_changed_once_any_is(pool: Pool) -> None:
    await change(pool, [RecordCheck(mentor=ANA, check="background")], AT)  # nobody is known: people are kept elsewhere
    await people.upsert_many(pool, [Person("ben", "mentor", "Ben")])
    await change(pool, [RecordCheck(mentor=ANA, check="references")], AT)
    with pytest.raises(NoSuchMentor, match="no mentor 'anna'"):
        await change(pool, [RecordCheck(mentor=MentorId("anna"), check="background")], AT)


async def test_a_time_zone_is_kept_beside_the_name_too(pool: Pool) -> None:
    await store(pool, READY, [entry(ANA, email="ana@example.org")], AT)
    await change(pool, [UpdateProfile(mentor=ANA, changes=ProfileChanges(time_zone="Asia/Tokyo"))], AT)
    assert await people.get(pool, ANA) == Person("ana", "mentor", "Ana", "ana@example.org", "Asia/Tokyo")


async def test_what_is_beside_a_name_counts_where_the_stream_says_nothing(pool: Pool, dsn: str) -> None:
    before = {"mentor_type": "coach", "capacity": 6}
    await people.upsert_many(pool, [Person("ana", "mentor", "Ana", None, "Europe/Berlin", before)])
    await show(dsn)
    found = await mentor(pool, ANA)
    assert (found.profile.mentor_type, found.profile.places, found.profile.time_zone) == ("coach", 6, "Europe/Berlin")
    assert found.programs is None
    await change(pool, [UpdateProfile(mentor=ANA, changes=ProfileChanges(places=2))], AT)
    await show(dsn)
    found = await mentor(pool, ANA)
    assert (found.profile.mentor_type, found.profile.places) == ("coach", 2)


async def test_a_program_has_its_own_mentors_and_those_of_any(pool: Pool, dsn: str) -> None:
    await store(pool, READY, [entry(ANA, places=3)], AT)
    await store(pool, OTHER, [entry(BEN)], AT)
    await people.upsert_many(pool, [Person("cleo", "mentor", "Cleo"), Person("l-1", "learner", "Lea")])
    await change(pool, [RecordCheck(mentor=MentorId("cleo"), check="background")], AT)
    leave = PlanLeave(mentor=ANA, starts_at=AT + DAY, ends_at=AT + 3 * DAY)
    await change(pool, [leave], AT)
    await show(dsn)
    found = {one.mentor: one for one in await mentors(pool, READY)}
    assert list(found) == ["ana", "cleo"]
    assert found[ANA].leave == (Leave(starts_at=AT + DAY, ends_at=AT + 3 * DAY),)
    assert found[ANA].is_away(AT + 2 * DAY)
    assert not found[ANA].is_away(AT + 3 * DAY)
    assert [one.mentor for one in await mentors(pool, OTHER)] == ["ben", "cleo"]
    with pytest.raises(NoSuchMentor):
        await mentor(pool, MentorId("l-1"))

    await rebuild(dsn, PROJECTIONS["mentors"], processes=False)
    assert {one.mentor: one for one in await mentors(pool, READY)} == found


async def test_where_people_are_kept_elsewhere_those_with_a_profile_are_mentors(pool: Pool, dsn: str) -> None:
    await change(pool, [UpdateProfile(mentor=ANA, changes=ProfileChanges(places=2))], AT)
    await show(dsn)
    assert [(one.mentor, one.name) for one in await mentors(pool, READY)] == [("ana", None)]


MENTORS = """\
id,name,email,time_zone,mentor_type,places,expertise,availability,checks
ana,Ana Falk,ana@example.org,Europe/Berlin,any,4,cv; interviews,"mon-fri 18:00-20:00",background:2027-05-01
ben,Ben Adomako,,Africa/Accra,any,2,,,
"""


@pytest.fixture
async def file(pool: Pool, tmp_path: Path) -> Path:
    await publish(pool, KIT, AT - DAY)
    path = tmp_path / "mentors.csv"
    path.write_text(MENTORS)
    return path


async def test_the_commands_add_show_and_change(trellis: Trellis, file: Path) -> None:
    would = await trellis("mentor", "add", "ready", str(file), "--dry-run")
    assert "Would store 2 mentors from" in would.out
    assert "ana (Ana Falk): new; joins ready; kind: any; places: 4; expertise: cv; interviews" in would.out
    assert (await trellis("mentor", "list", "ready", "--json")).json == []
    assert "2 new, 0 changed, 0 as they were" in (await trellis("mentor", "add", "ready", str(file))).out
    again = (await trellis("mentor", "add", "ready", str(file), "--json")).json
    assert (again["mentors"], again["changed"]) == (2, 0)

    listed = (await trellis("mentor", "list", "ready", "--json")).json
    assert [(one["mentor"], one["profile"]["places"], one["programs"]) for one in listed] == [
        ("ana", 4, ["ready"]),
        ("ben", 2, ["ready"]),
    ]
    assert "background until 2027-05-01" in (await trellis("mentor", "list", "ready")).out

    changed = await trellis(
        "mentor", "set", "ana", "places=5", "availability=sun 10:00-12:00", "onboarded_on=2026-02-01"
    )
    assert "ana: places: 5 (was 4)" in changed.out
    assert (await trellis("mentor", "set", "ana", "places=5", "--json")).json == {"mentor": "ana", "changes": []}
    renewed = await trellis("mentor", "check", "ana", "background", "--until", "2028-05-01")
    assert "ana: check background until 2028-05-01" in renewed.out
    shown = await trellis("mentor", "show", "ana")
    for said in ("Ana Falk (ana)", "sun 10:00-12:00", "background until 2028-05-01", "2026-02-01", "Europe/Berlin"):
        assert said in shown.out, said
    assert (await trellis("mentor", "check", "ana", "background", "--withdraw")).exit == Exit.OK
    assert (await trellis("mentor", "show", "ana", "--json")).json["profile"]["checks"] == []

    removed = await trellis("mentor", "remove", "ready", "ana")
    assert "ana: leaves ready" in removed.out
    assert [one["mentor"] for one in (await trellis("mentor", "list", "ready", "--json")).json] == ["ben"]
    assert (await trellis("mentor", "join", "ready", "ana", "--json")).json["changes"] == ["joins ready"]


async def test_leave_is_planned_in_the_time_zone_of_the_mentor(trellis: Trellis, file: Path) -> None:
    await trellis("mentor", "add", "ready", str(file))
    year = datetime.now(UTC).year + 1
    span = ("--from", f"{year}-07-01", "--until", f"{year}-07-14")
    planned = await trellis("mentor", "leave", "ana", *span)
    assert f"ana: on leave from {year}-07-01 through {year}-07-14 Europe/Berlin" in planned.out
    assert "already so" in (await trellis("mentor", "leave", "ana", *span)).out
    back = ("--from", f"{year}-07-05T00:00+02:00", "--until", f"{year}-07-14")
    assert "ana: not on leave" in (await trellis("mentor", "leave", "ana", *back, "--cancel")).out
    (left,) = (await trellis("mentor", "show", "ana", "--json")).json["leave"]
    assert left == {"starts_at": f"{year}-06-30T22:00:00Z", "ends_at": f"{year}-07-04T22:00:00Z"}
    none = await trellis("mentor", "leave", "ben", *span, "--cancel", "--json")
    assert none.json == {"mentor": "ben", "changes": [], "sessions": []}


async def test_leave_lists_the_sessions_that_fall_into_it(trellis: Trellis, file: Path, pool: Pool) -> None:
    now = datetime.now(UTC)
    moved = [one.model_copy(update={"at": now}) for one in story(1, 3)]
    await tell(EventLog(pool), 1, [*moved, *_matched(now, "ana")])
    await trellis("mentor", "add", "ready", str(file))
    days = [(now + timedelta(days=nth)).date().isoformat() for nth in (0, 6)]
    planned = await trellis("mentor", "leave", "ana", "--from", days[0], "--until", days[1])
    assert "1 session in this time, to be moved or handed on:" in planned.out
    assert "First meeting  trellis times ready.l-1 s1" in planned.out


def _matched(now: datetime, mentor: str) -> list[Any]:
    matched, begun = story(1, 5)[3:]
    shift = now + timedelta(days=2)
    sessions = [one.model_copy(update={"starts_at": shift, "attendance_due_at": shift + DAY}) for one in begun.sessions]  # type: ignore[union-attr]
    return [
        matched.model_copy(update={"at": now, "mentor": mentor}),
        begun.model_copy(update={"at": now, "starts_at": now, "ends_at": now + 56 * DAY, "sessions": tuple(sessions)}),
    ]


REFUSED = (
    (("set", "ana", "plcaes=4"), Exit.BAD_INPUT, "a profile has no field 'plcaes'; did you mean places?"),
    (("set", "ana", "places"), Exit.BAD_INPUT, "'places' must have a name and a value"),
    (("set", "ana", "places=many"), Exit.BAD_INPUT, "places: 'many' is not a number of learners; write a whole"),
    (("set", "ana", "mentor_type=coach"), Exit.BAD_INPUT, "'coach' is not one that the kit names; there are: any"),
    (("set", "ana", "checks="), Exit.BAD_INPUT, "--withdraw"),
    (("set", "nobody", "places=4"), Exit.FAILED, "There is no mentor 'nobody'"),
    (("show", "nobody"), Exit.FAILED, "There is no mentor 'nobody'"),
    (("day", "nobody"), Exit.FAILED, "There is no mentor 'nobody'"),
    (("check", "ana", "back ground"), Exit.BAD_INPUT, "check"),
    (("check", "ana", "new", "--withdraw"), Exit.FAILED, "no check 'new' is recorded; there are: background"),
    (("leave", "ana", "--from", "soon", "--until", "2030-01-01"), Exit.BAD_INPUT, "is neither a day nor a time"),
    (
        ("leave", "ana", "--from", "2030-01-02", "--until", "2030-01-01"),
        Exit.BAD_INPUT,
        "it is before the beginning, 2030-01-02",
    ),
    (("leave", "ana", "--from", "2020-01-01", "--until", "2020-01-02"), Exit.FAILED, "give a later end"),
    (("join", "redy", "ana"), Exit.BAD_INPUT, "no kit of the program 'redy' is published"),
    (("list", "redy"), Exit.BAD_INPUT, "no kit of the program 'redy' is published"),
)


async def test_what_does_not_fit_is_refused_in_words(trellis: Trellis, file: Path) -> None:
    await trellis("mentor", "add", "ready", str(file))
    for arguments, code, says in REFUSED:
        refused = await trellis("mentor", *arguments)
        assert (refused.exit, refused.out) == (code, ""), arguments
        assert says in " ".join(refused.err.replace("│", " ").split()), arguments


async def test_a_bad_file_adds_nobody(trellis: Trellis, file: Path, pool: Pool) -> None:
    await people.upsert_many(pool, [Person("ben", "learner", "Ben")])
    refused = await trellis("mentor", "add", "ready", str(file))
    assert refused.exit == Exit.BAD_INPUT
    assert "mentors.csv:3: ben: this is the id of a learner; give the mentor an id of their own" in refused.err
    lines = file.with_suffix(".ndjson")
    lines.write_text(json.dumps({"id": "ana", "name": "Ana", "mentor_type": "coach"}) + "\n")
    refused = await trellis("mentor", "add", "ready", str(lines), "--dry-run")
    assert "mentors.ndjson:1: mentor_type: 'coach' is not one that the kit names; there are: any" in refused.err
    assert await people.of_kind(pool, "mentor") == []
