"""`trellis enrollment`, on a real Temporal and a real Postgres."""

from pathlib import Path

from interfaces.exits import Exit
from tests.commands import Trellis


def people(tmp_path: Path, *ids: str) -> str:
    file = tmp_path / "people.csv"
    file.write_text("id,name\n" + "".join(f"{one},Learner {one}\n" for one in ids))
    return str(file)


async def test_a_program_takes_in_as_many_as_there_are_places_and_the_rest_wait(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    file = people(tmp_path, "a", "b", "c")
    closed = await trellis("enrollment", "add", program, file)
    assert (closed.exit, "enrollment is closed; open it first" in closed.err) == (Exit.FAILED, True)

    assert "open, with 2 places" in (await trellis("enrollment", "open", program, "--places", "2")).out
    dry = await trellis("enrollment", "add", program, file, "--dry-run", "--json")
    assert dry.json["enrollment"] == {
        "taken": ["a", "b"],
        "waiting": ["c"],
        "enrolled_before": [],
        "waiting_before": [],
    }
    assert (await trellis("board", "--json")).json == []

    added = await trellis("enrollment", "add", program, file)
    assert "2 taken in, 1 put on the waiting list" in added.out
    assert "2 journeys have begun" in added.out
    again = (await trellis("enrollment", "add", program, file, "--json")).json
    assert again["enrollment"]["enrolled_before"] == ["a", "b"]
    assert (again["journeys"]["begun"], len(again["journeys"]["running"])) == ([], 2)
    shown = (await trellis("enrollment", "show", program)).out
    assert "open, room for 0 more; 2 enrolled, 1 waiting" in shown
    assert "1. c" in shown


async def test_a_free_place_goes_to_who_waits_and_their_journey_begins(
    trellis: Trellis, program: str, tmp_path: Path
) -> None:
    await trellis("enrollment", "open", program, "--places", "1")
    await trellis("enrollment", "add", program, people(tmp_path, "a", "b"))
    removed = await trellis("enrollment", "remove", program, "a", "--reason", "moved away")
    assert "removed: a" in removed.out
    assert "taken in: b" in removed.out
    assert "1 journeys have begun" in removed.out
    assert (await trellis("status", f"{program}.b")).exit == Exit.OK
    closed = await trellis("enrollment", "close", program)
    assert (closed.exit, "closed" in closed.out) == (Exit.OK, True)
    assert "nothing changed" in (await trellis("enrollment", "close", program)).out


async def test_mistakes_in_ndjson_are_told_with_line_and_field(trellis: Trellis, program: str, tmp_path: Path) -> None:
    file = tmp_path / "people.ndjson"
    file.write_text(
        '{"id": "a", "name": "Ana"}\n'
        '{"id": "b c", "name": "Ben"}\n'
        '{"id": "d", "name": "Dan", "time_zone": "Europe/Nowhere"}\n'
        '{"id": "a", "name": "Ana"}\n'
        '{"id": "e", "name": "Eve", "answers": {"shoe-size": 43}}\n'
        "not json\n"
    )
    await trellis("enrollment", "open", program)
    refused = await trellis("enrollment", "add", program, str(file))
    assert refused.exit == Exit.BAD_INPUT
    for line, what in ((2, "id"), (3, "time_zone"), (4, "id"), (5, "answers.shoe-size"), (6, "this is not JSON")):
        assert f"people.ndjson:{line}:" in refused.err
        assert what in refused.err
    assert "0 enrolled" in (await trellis("enrollment", "show", program)).out
