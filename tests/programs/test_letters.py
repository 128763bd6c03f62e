"""The letters of a journey through each program that ships, as its learner and its mentor read them.

After a change of a text, a scenario or the words, `python -m tests.programs.test_letters` writes the golden files anew;
their diff is what to look at.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import get_args

import pytest

from activities import template_variables
from channels.rendering import render, render_subject
from domain.ids import LearnerId
from domain.journey import JourneyEvent, fold
from domain.kit import Kit, Occasion, Role
from domain.notification import Notice, contents, notices, obsolete, superseded
from store.people import Person, zone_of
from tests.programs.playing import NAMES, by_the_rules, scenario_of

GOLDEN = Path(__file__).parents[1] / "golden" / "letters"
TOLD_OF = {"job-ready": "irina", "open-source-term": "ivo", "teaching-circle": "greta"}
"""To whom most happens."""
_SOON = timedelta(hours=1)
"""Letters are written so long after what they tell of: whoever has quiet hours waits longer."""


@dataclass(frozen=True)
class Notification:
    at: datetime
    to: Role
    notice: Notice
    name: str
    subject: str
    text: str


def letters(program: str, learner: LearnerId) -> Iterator[Notification]:
    """To everybody about this learner, in the order of time."""
    scenario, (events, _) = scenario_of(program), by_the_rules(program)[learner]
    return letters_of(scenario.kit, (*scenario.learners, *scenario.mentors), learner, events)


def letters_of(
    kit: Kit, people: Iterable[Person], learner: LearnerId, events: Sequence[JourneyEvent]
) -> Iterator[Notification]:
    """To everybody about this journey, in the order of time."""
    by_id = {one.person_id: one for one in people}
    names = {one: person.name for one, person in by_id.items()}
    for version, event in enumerate(events, 1):
        by_then = [one for one in events if one.at <= event.at + _SOON]
        then, now = fold(events[:version]), fold(by_then)
        assert then
        assert now
        for notice in notices(event):
            if obsolete(now, notice) or superseded(by_then[version:], notice):
                continue
            name = kit.message_for(notice.when, notice.to, notice.rule, notice.of)
            assert name, f"{kit.program} has no message for {notice.when} to {notice.to}"
            told = contents(kit, then, notice, events[:version], now)
            person = by_id.get({"learner": learner, "mentor": told.mentor or "", "ops": ""}[notice.to])
            reader, zone = person.name if person else "all", zone_of(person)
            words = template_variables.variables(kit, then, notice, told, names=names, reader=reader, zone=zone)
            subject, text = kit.messages[name].subject, kit.texts[kit.messages[name].text]
            yield Notification(event.at, notice.to, notice, name, render_subject(subject, words), render(text, words))


def as_read(letters: Iterable[Notification]) -> str:
    return "\n".join(
        f"=== {one.at:%d %b %Y %H:%M} UTC, to the {one.to}: {one.subject}\n\n{one.text}"
        for one in letters
        if one.to != "ops"
    )


def letters_as_read(program: str) -> str:
    return as_read(letters(program, LearnerId(TOLD_OF[program])))


@pytest.mark.parametrize("program", NAMES)
def test_the_letters_of_a_journey_read_as_they_should(program: str) -> None:
    golden = GOLDEN / f"{program}.txt"
    assert golden.exists(), "run `python -m tests.programs.test_letters`, and read what it writes"
    assert letters_as_read(program).splitlines() == golden.read_text().splitlines()


@pytest.mark.parametrize("program", NAMES)
def test_every_message_is_sent_to_somebody_and_every_change_is_told(program: str) -> None:
    """On all journeys of the scenario, and each text can be written. None is reopened there, and most sessions
    that were called off are recorded when their time is past."""
    sent = [one for learner in by_the_rules(program) for one in letters(program, learner)]
    silent = {"reopened", "session_cancelled"}
    assert {one.notice.when for one in sent} | silent == set(get_args(Occasion))
    kit = scenario_of(program).kit
    assert {one.name for one in sent} >= {name for name, one in kit.messages.items() if one.when not in silent}


@pytest.mark.parametrize("program", NAMES)
def test_no_letter_leads_to_a_page_that_does_not_exist(program: str) -> None:
    texts = [text for name, text in scenario_of(program).kit.texts.items() if name.startswith("messages/")]
    for text in texts:
        assert not any(where in text for where in ("your page", "the page", "http://", "https://", "this link"))


if __name__ == "__main__":
    for name in NAMES:
        (GOLDEN / f"{name}.txt").write_text(letters_as_read(name))
