"""A dump that was changed is refused at its line, and nothing of it is imported."""

import json
import re
from collections.abc import Callable
from uuid import uuid4

import asyncpg
import pytest

from domain.ids import StreamId
from store import sequencer
from store.database import Pool, query
from store.dump import BadDump, restore
from store.event_log import EventLog, NewEvent
from tests.support.dumps import AT, lines_of, log, other
from tests.upgrades import files

__all__ = ["log", "other"]

Lines = list[str]


def changed(kind: str, **fields: object) -> Callable[[Lines], Lines]:
    """With other fields in the first line of this kind."""

    def change(lines: Lines) -> Lines:
        nth = next(nth for nth, line in enumerate(lines) if line.startswith(f'{{"{kind}"'))
        return [*lines[:nth], json.dumps(json.loads(lines[nth]) | fields) + "\n", *lines[nth + 1 :]]

    return change


def another_title(lines: Lines) -> Lines:
    body = json.loads(json.loads(lines[1])["body"])
    return changed("kit", body=json.dumps(body | {"title": "Another"}))(lines)


DAMAGES: list[tuple[Callable[[Lines], Lines], str]] = [
    (lambda _: [], "line 1 of the dump: a dump begins with its header"),
    (lambda lines: lines[1:], "line 1 of the dump: a dump begins with its header"),
    (lambda lines: ['{"trellis": "log", "format": 1}', *lines[1:]], "line 1 .* header.*: events: it is missing"),
    (lambda lines: ['{"trellis": "log", "format": 9, "events": 1}', *lines[1:]], "line 1 .* header.*: format: "),
    (lambda lines: ['{"trellis": "log", "format": 1, "events": "x"}', *lines[1:]], "line 1 .*: events: "),
    (lambda lines: lines[:20], r"it ends after 18 of \d+ events"),
    (lambda lines: lines[:10] + lines[11:], r"line 11 of the dump: position 10 where 9 was to be"),
    (lambda lines: [*lines[:10], "{broken", *lines[11:]], "line 11 of the dump: "),
    (changed("kit", program="other"), "line 2 .*is not the one that was published"),
    (changed("kit", body="{}"), "line 2 .*cannot be read as a kit: program: it is missing"),
    (another_title, "line 2 .*is not the one that was published"),
    (changed("kit", kit="00"), "line 2 .*its digest is another"),
    (changed("position", type=None), "line 3 of the dump: type: input should be a valid string"),
    (changed("position", version=10**30), "line 3 of the dump: version: "),
    (changed("position", version=2**62), "line 3 of the dump: its version is not the next"),
    (changed("position", version=True), "line 3 of the dump: version: "),
    (changed("position", schema=2**31), "line 3 of the dump: schema: "),
    (changed("position", id="x"), "line 3 of the dump: id: "),
    (changed("position", stream="unheard-of"), "line 3 of the dump: stream: it is not named CATEGORY-ID"),
    (changed("position", data={"a": "b\0"}), "line 3 of the dump: there is a NUL character in it"),
    (changed("position", data={"a": "\ud800"}), "line 3 of the dump: "),
    (changed("position", data=["a"]), "line 3 of the dump: data: "),
    (changed("position", occurred_at="infinity"), "line 3 of the dump: occurred_at: "),
    (changed("position", occurred_at="0001-01-01T00:00:00Z"), "line 3 of the dump: occurred_at: out of range"),
    (
        lambda lines: [*lines[:2], lines[2].replace('"position" : 1,', '"position" : 1, "shoe" : 43,'), *lines[3:]],
        "line 3 of the dump: shoe: a line of a dump has no such field",
    ),
    (lambda lines: [*lines[:2], lines[2].replace('"data" : {', '"data" : {"n": 1e999999, '), *lines[3:]], "line 3 of"),
    (
        lambda lines: [line.replace('"l-2"', '"l-9"') for line in lines],
        r"line \d+ .*does not have the content that it was exported with",
    ),
    (changed("position", meta={"order": "another"}), "line 3 .*does not have the content that it was exported with"),
    (changed("position", id=str(uuid4())), "line 3 .*does not have the content that it was exported with"),
    (lambda lines: [*lines[:2], lines[2].replace('"checksum": "', '"checksum": "0')], "line 3 of the dump: checksum"),
    (
        lambda lines: [*lines[:2], re.sub('"checksum": "....', '"checksum": "0000', lines[2]), *lines[3:]],
        "line 3 .*does not have the content that it was exported with",
    ),
    (lambda lines: [one for one in lines if not one.startswith('{"append"')], "the last line of a dump, and"),
    (lambda lines: lines[:-1], r"line \d+ of the dump: it ends before the last line of a dump"),
    (lambda lines: [*lines, lines[-1]], r"line \d+ of the dump: the last line of a dump, and"),
    (changed("append", first=0), r"line \d+ of the dump: first: "),
    (changed("append", last=2**63), r"line \d+ of the dump: last: "),
    (changed("append", first=5, last=4), r"line \d+ of the dump: an append from version 5 to 4"),
    (changed("append", digest="zz"), r"line \d+ of the dump: digest: "),
    (lambda lines: [*lines, lines[1]], r"line \d+ of the dump: it is out of its place"),
    (
        lambda lines: changed("end", end=len(lines))([*lines[:-1], *lines[-2:]]),
        r"line \d+ of the dump: Postgres does not take it: duplicate key",
    ),
    (lambda lines: [*lines, "[]"], r"line \d+ of the dump: input should be an object"),
    (lambda lines: [*lines, "[" * 5_000], r"line \d+ of the dump: "),
    (lambda lines: [*lines, '{"trellis": "log"}'], r"line \d+ of the dump: it is neither a kit nor"),
    (lambda lines: [*lines, " " * 20_000_000], r"line \d+ of the dump: it has more than"),
    (lambda lines: [*lines[:-1], '{"append": "' + "9" * 5_000 + '"}'], r"line \d+ of the dump: stream: it is missing"),
]


DAMAGES_OF_FORMAT_1: list[tuple[Callable[[Lines], Lines], str]] = [
    (
        lambda lines: [line.replace('"learner": "lea"', '"learner": "leo"') for line in lines],
        r"events of this append do not have",
    ),
    (lambda lines: [one for one in lines if not one.startswith('{"append"')], "no append of the dump holds this event"),
    (lambda lines: lines[:-1], r"line \d+ of the dump: no append of the dump holds this event"),
    (lambda lines: [*lines, lines[-1]], r"line \d+ of the dump: Postgres does not take it: duplicate key"),
    (changed("append", last=2), r"line \d+ of the dump: this append does not begin where the one before it"),
]


async def test_a_damaged_dump_of_an_earlier_release_is_refused(other: str) -> None:
    lines = files.read("a7ed9c5", "log.ndjson").splitlines(keepends=True)
    for nth, (damage, problem) in enumerate(DAMAGES_OF_FORMAT_1):
        with pytest.raises(BadDump) as caught:
            await restore(other, damage(lines))
        assert re.search(problem, str(caught.value)), (nth, problem, str(caught.value)[:300])
    await restore(other, lines)


async def test_whatever_is_changed_nothing_is_imported(log: EventLog, pool: Pool, other: str) -> None:
    lines = await lines_of(pool)
    connection = await asyncpg.connect(other)
    for nth, (damage, problem) in enumerate(DAMAGES):
        with pytest.raises(BadDump) as caught:
            await restore(other, damage(lines))
        assert re.search(problem, str(caught.value)), (nth, problem, str(caught.value)[:300])
        assert not await connection.fetchval(query("log_used")), nth
    await connection.close()


async def test_a_dump_ends_where_the_events_of_an_append_all_have_their_positions(
    log: EventLog, pool: Pool, dsn: str, other: str
) -> None:
    whole = await lines_of(pool)
    two = [NewEvent(uuid4(), "system.noted", 1, "{}", AT) for _ in range(2)]
    await log.append(StreamId("system-2"), 0, "two", two)
    async with pool.acquire() as connection:
        assert await sequencer.assign(connection, await sequencer.take_over(connection), 1) == 1
    assert await log.head() == len([line for line in whole if '"position"' in line]) + 1
    assert await lines_of(pool) == whole
    await restore(other, whole)


async def test_a_dump_ends_before_every_append_that_has_only_some_positions(
    log: EventLog, pool: Pool, dsn: str, other: str
) -> None:
    """Two appends whose events alternate in the total order, and one behind them that is whole: none can be in it."""
    whole = await lines_of(pool)
    numbers = await pool.fetch("select nextval('trellis.events_seq') as seq from generate_series(1, 5)")
    first, a1, b1, a2, b2 = (row["seq"] for row in numbers)
    for stream, seqs in (("system-a", (a1, a2)), ("system-b", (b1, b2)), ("system-c", (first,))):
        await pool.execute("insert into trellis.streams values ($1, 'system', $2)", stream, len(seqs))
        await pool.execute(
            """insert into trellis.events
                      (seq, stream, version, event_id, type, schema_version, data, meta, occurred_at)
               select seq, $1, version, gen_random_uuid(), 'system.noted', 1, '{}', '{}', $3
                 from unnest($2::bigint[]) with ordinality as s (seq, version)""",
            stream,
            list(seqs),
            AT,
        )
    async with pool.acquire() as connection:
        epoch = await sequencer.take_over(connection)
        given = []
        while await sequencer.assign(connection, epoch, 1):
            lines = await lines_of(pool)
            given.append(sum('"position"' in line for line in lines) - sum('"position"' in line for line in whole))
    assert given == [1, 1, 1, 1, 5]
    await restore(other, await lines_of(pool))
