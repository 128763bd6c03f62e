"""Pilots by commands: begun, shown beside a baseline, broken by a second change, and ended."""

import json
from pathlib import Path

import pytest

from domain.kit import Kit
from projections.runner import catch_up
from runtime.exits import Exit
from store import sequencer
from store.database import Pool
from store.event_log import EventLog
from tests.commands import Trellis
from tests.projections.stories import KIT, publish, tell
from tests.support.deliveries import LONG, SHORT, STORIES

TWICE = Kit.model_validate(LONG.model_dump(mode="json") | {"version": "twice", "pausing": {"limit": "9 days"}})
BEGIN = ("pilot", "begin", "ready", "short", "--change", "One session less", "--measure", "completion")


@pytest.fixture
async def told(pool: Pool, dsn: str) -> None:
    for kit in (KIT, LONG, SHORT, TWICE):
        await publish(pool, kit)
    for number, events in enumerate(STORIES):
        await tell(EventLog(pool), number, events)
    await shown(dsn)


async def shown(dsn: str) -> None:
    await sequencer.drain(dsn)
    await catch_up(dsn)


@pytest.mark.usefixtures("told")
async def test_a_version_beside_another(trellis: Trellis, dsn: str) -> None:
    wanted = (*BEGIN, "--version", "twice", "--baseline-version", "1", "--least-difference", "0.1")
    refused = await trellis(*wanted)
    assert (refused.exit, "versions 1 and twice differ in pathways and pausing, with" in refused.err) == (
        Exit.FAILED,
        True,
    ), refused
    begun = await trellis(*wanted, "--several")
    assert begun.exit == Exit.OK, begun.err
    assert "One change at a time: no." in begun.out
    assert "Learners of the pilot: 0. Baseline: 0 learners." in begun.out
    assert "too early to say" in begun.out
    await shown(dsn)
    listed = (await trellis("pilot", "list", "ready", "--json")).json
    assert [(one["pilot"], one["kit_version"], one["broken"]) for one in listed] == [("short", "twice", True)]
    again = await trellis(
        "pilot", "begin", "ready", "other", *BEGIN[4:], "--cohort", "2026-01", "--baseline-cohort", "x"
    )
    assert (again.exit, "the pilot short runs at the same time" in again.err) == (Exit.FAILED, True)


@pytest.mark.usefixtures("told")
async def test_imported_figures_as_the_baseline(trellis: Trellis, dsn: str, tmp_path: Path) -> None:
    file = tmp_path / "spring.json"
    file.write_text(json.dumps({"name": "spring 2025", "figures": {"completion": {"count": 30, "of": 60}}}))
    wanted = (*BEGIN, "--version", "long", "--figures", str(file), "--least-difference", "0.1")
    told = (await trellis(*wanted, "--json")).json
    assert (told["one_change"], told["baseline_learners"], told["effects"][0]["measure"]) == (True, None, "completion")
    assert told["effects"][0]["before"] | {"low": 0, "high": 0} == {"n": 60, "value": 0.5, "low": 0, "high": 0}
    assert told["sample"]["each"] == 388, "two groups, shares of 50 % and 60 %, power 80 %"
    assert "figures of spring 2025 (imported)" in (await trellis("pilot", "show", "ready", "short")).out
    changed = await trellis("pilot", "change", "ready", "short", "--what", "Mentors are paid")
    assert "something else was changed: Mentors are paid" in changed.out
    ended = await trellis("pilot", "end", "ready", "short", "--verdict", "dropped", "--conclusion", "No gain")
    assert "No gain" in ended.out
    assert (await trellis("pilot", "change", "ready", "short", "--what", "more")).exit == Exit.FAILED
    own = (await trellis("pilot", "figures", "ready", "--name", "all")).json
    assert own["figures"]["completion"] == {"count": 2, "of": 3}
    file.write_text(json.dumps(own))
    await shown(dsn)
    assert (
        await trellis("pilot", "begin", "ready", "again", *BEGIN[4:], "--cohort", "x", "--figures", str(file))
    ).exit == Exit.OK


@pytest.mark.usefixtures("told")
async def test_what_is_wrong_is_said(trellis: Trellis, tmp_path: Path) -> None:
    unknown = await trellis(
        "pilot", "begin", "ready", "p", "--change", "x", "--measure", "joy", "--cohort", "a", "--baseline-cohort", "b"
    )
    assert (unknown.exit, "there is no measure 'joy'" in unknown.err) == (Exit.FAILED, True)
    assert "No such file" in (await trellis(*BEGIN, "--cohort", "a", "--figures", str(tmp_path / "no"))).err
    (tmp_path / "odd").write_text("[]")
    odd = await trellis(*BEGIN, "--cohort", "a", "--figures", str(tmp_path / "odd"))
    assert (odd.exit, "has no" in odd.err) == (Exit.BAD_INPUT, True)
    assert "no moment with an offset" in (await trellis(*BEGIN, "--since", "2026-01-01")).err.replace("\n", " ")
    assert "name the learners of the pilot" in (await trellis(*BEGIN)).err
    assert "`trellis pilot list ready` lists them" in (await trellis("pilot", "show", "ready", "nothing")).err
