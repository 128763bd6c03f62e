"""What `trellis why` suggests can be typed as it stands, and is obeyed."""

import shlex
from typing import get_args

import pytest

from domain.journey import COMMANDS, Awaited, awaited, decide
from domain.journey.commands import RecordAttendance
from domain.journey.events import HelpAsked
from domain.kit import Duty
from interfaces.cli.payload import payload_of
from queries.suggestions import Setting, always, commands_for, suggestions
from tests.domain.full_program import case, full, met, offered, together, ways_on
from tests.domain.specification import Given
from tests.domain.stories import CV, KIT, NOON, S1, day, in_review, matching, started, wrapping_up
from tests.queries.told import story_of
from tests.support.journeys import closed, followed_up, handed_in

STORIES: dict[str, tuple[Given, float]] = {
    "intake": (full(*started), 1),
    "review": (full(*in_review), 2),
    "matching": (full(*matching), 2.5),
    "offer": (full(*offered), 3),
    "before the first session": (full(*together), 5),
    "at the first session": (full(*together), 6.1),
    "after it": (full(*met), 6.2),
    "a step": (full(*met, followed_up), 7),
    "work": (full(*together, handed_in), 5.5),
    "a case": (full(*together, HelpAsked(at=day(5), notes="stuck"), case(1, "help", "help#1", day(5))), 5.5),
    "ways on": (full(*together, ways_on("missed-often", "misses-from:s1", day(5))), 5.5),
    "wrap-up": (full(*wrapping_up), 19),
    "closed": (full(*closed), 6),
}


@pytest.mark.parametrize("name", STORIES)
def test_every_suggestion_is_obeyed_as_it_stands(name: str) -> None:
    story, at = STORIES[name]
    told = story_of(story.kit, story.events, day(at))
    now = Setting(told.journey, story.kit, story.state, day(at), ("ana", "ben"))
    typed = [line for one in awaited(story.state) for line in suggestions(now, one)] + list(always(now))
    assert typed
    for line in typed:
        trellis, send, journey, command, *rest = shlex.split(line)
        assert (trellis, send, journey) == ("trellis", "send", told.journey)
        assert rest[::2] == ["-f"] * (len(rest) // 2)
        payload = payload_of(command, None, rest[1::2], None)
        assert decide(story.kit, story.state, COMMANDS[command].model_validate(payload), day(at)), line


def test_the_options_that_there_are_now_are_offered() -> None:
    story, at = STORIES["ways on"]
    now = Setting(story_of(story.kit, story.events, day(at)).journey, story.kit, story.state, day(at))
    (remedy,) = [one for one in awaited(story.state) if one.duty == "remedy"]
    offered_now = [line.rpartition("=")[2] for line in suggestions(now, remedy)]
    assert offered_now == ["extra_support", "other_mentor", "pause", "reset", "null"]
    before = full(*together)
    early = Setting(now.journey, before.kit, before.state, day(5))
    (session,) = [one for one in awaited(before.state) if one.about == "session:s1#1"]
    assert not any("attended" in line for line in suggestions(early, session))
    assert RecordAttendance.name in suggestions(early, session)[0]
    assert (S1, CV) == ("s1", "cv")


@pytest.mark.parametrize("duty", get_args(Duty))
def test_for_every_duty_there_is_a_command_that_exists(duty: Duty) -> None:
    one = Awaited(duty=duty, about=f"{duty}:x#1", who="ops", since=NOON, due_at=NOON, rule="r")
    story = full(*together)
    ways = list(commands_for(Setting(story_of(KIT, story.events, NOON).journey, KIT, story.state, NOON), one))
    assert ways
    for command, *fields in ways:
        known = COMMANDS[command].model_fields
        assert {field.partition("=")[0].rstrip(":").partition(".")[0] for field in fields} <= set(known)
