"""The examples under "Where to find, and where to add" in docs/architecture.md work, and nothing else is needed."""

import os
import re
import subprocess
import sys
import textwrap
from pathlib import Path

import pytest

from tests.support.examples import PAGE, Example, copy_with, examples
from tests.support.layout import PACKAGES, ROOT

EXAMPLES = {example.title: example for example in examples()}
MOST_CODE_FILES = {"An event and a command": 2, "A condition": 2, "A view": 1}


def run(folder: Path, script: str, **environment: str) -> None:
    done = subprocess.run(
        [sys.executable, "-c", textwrap.dedent(script)],
        cwd=folder,
        env=os.environ | {"PYTHONPATH": str(folder)} | environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_every_file_that_the_page_names_exists() -> None:
    added = {name for example in EXAMPLES.values() for name in example.changes}
    named = set(re.findall(rf"`((?:{'|'.join(PACKAGES)}|tests)/[^` ]+)`", PAGE.read_text())) - added
    assert [name for name in sorted(named) if not list(ROOT.glob(name.rstrip("/")))] == []


def test_each_is_there_and_touches_few_files() -> None:
    assert {title: example.code_files for title, example in EXAMPLES.items()} == MOST_CODE_FILES


@pytest.fixture
def tree(request: pytest.FixtureRequest, tmp_path: Path) -> Path:
    example: Example = EXAMPLES[request.param]
    return copy_with(example, tmp_path)


@pytest.mark.parametrize("tree", ["An event and a command"], indirect=True)
def test_a_command_is_handled_offered_and_told(tree: Path) -> None:
    run(
        tree,
        """
        from domain.journey import COMMANDS, EVENTS
        from projections.views.timeline import Setting, in_words
        from queries.command_forms import command_forms
        from tests.domain.specification import given
        from tests.domain.stories import day, in_sessions
        from workflows.learner_journey import LearnerJourney

        thank, thanked = COMMANDS["thank_mentor"], EVENTS["journey.mentor_thanked"]
        story = given(*in_sessions)
        told = story.when(thank(words="for the talk"), at=day(7))
        assert told.events == (thanked(at=day(7), words="for the talk"),), told
        again = given(*in_sessions, *told.events).when(thank(words="for the talk"), at=day(7, 1))
        assert again.events == (), again
        assert given(*in_sessions, *told.events).state.last_seen_at == day(7)
        assert in_words(story.kit, Setting(kit="x"), told.events[0]) == "The learner thanked the mentor"
        assert "thank_mentor" in [form.name for form in command_forms()]
        handlers = [name for name in dir(LearnerJourney) if name.endswith("_thank_mentor")]
        assert handlers == ["on_signal_thank_mentor", "on_update_thank_mentor"], handlers
        """,
    )


@pytest.mark.parametrize("tree", ["A condition"], indirect=True)
def test_a_condition_is_read_from_a_kit_and_fires(tree: Path) -> None:
    run(
        tree,
        """
        from domain.journey.commands import RecordAttendance
        from domain.journey.events import Nudged
        from domain.kit import Kit
        from tests.domain.specification import given
        from tests.domain.stories import KIT, S1, day, in_sessions

        rule = {"id": "late", "title": "Late", "when": {"late_to": "any"}, "then": {"nudge": "learner"}}
        content = KIT.model_dump(mode="json") | {"escalations": [rule], "version": "late"}
        kit = Kit.model_validate(content)
        command = RecordAttendance(session=S1, attendance="late")
        *_, last = given(*in_sessions, kit=kit).when(command, at=day(6, 2)).events
        assert isinstance(last, Nudged), last
        assert last.rule == "late", last
        """,
    )


@pytest.mark.parametrize("tree", ["A view"], indirect=True)
async def test_a_view_is_built_and_read(tree: Path, dsn: str) -> None:
    run(
        tree,
        """
        import asyncio, os
        from domain.journey.events import HelpAsked
        from projections.runner import catch_up
        from store import sequencer
        from store.database import open_pool
        from store.event_log import EventLog
        from tests.projections.stories import AT, DAY, publish, story, tell

        async def main(dsn):
            pool = await open_pool(dsn)
            await publish(pool)
            asked = [HelpAsked(at=AT + day * DAY, notes="how?") for day in (8, 9)]
            await tell(EventLog(pool), 1, [*story(1, 5), *asked])
            await sequencer.drain(dsn)
            await catch_up(dsn)
            assert await pool.fetch("select requests from views.help_requests") == [(2,)]
            await pool.close()

        asyncio.run(main(os.environ["DSN"]))
        """,
        DSN=dsn,
    )
