"""Every letter that the messages of a program can make, written as its reader gets it."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from activities import template_variables
from channels.rendering import render, render_subject
from domain.ids import LearnerId
from domain.journey import JourneyEvent, fold
from domain.kit import Kit, Role
from domain.notification import Notice, contents, notices, obsolete, superseded
from store.people import Person, zone_of
from tests.programs.playing import by_the_rules, scenario_of

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
    people = (*scenario.learners, *(one.person for one in scenario.mentors))
    return letters_of(scenario.kit, people, learner, events)


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
            assert notice.when != "message", "no scenario has a person write"
            name = kit.message_for(notice.when, notice.to, notice.rule, notice.of)
            assert name, f"{kit.program} has no message for {notice.when} to {notice.to}"
            told = contents(kit, then, notice, events[:version], now)
            person = by_id.get({"learner": learner, "mentor": told.mentor or "", "ops": ""}[notice.to])
            reader, zone = person.name if person else "all", zone_of(person)
            page = f"https://trellis.example/my/{notice.to}" if person else "https://trellis.example/journeys/j-1"
            words = template_variables.variables(
                kit, then, notice, told, names=names, reader=reader, zone=zone, page=page
            )
            subject, text = kit.messages[name].subject, kit.texts[kit.messages[name].text]
            yield Notification(event.at, notice.to, notice, name, render_subject(subject, words), render(text, words))


def as_read(letters: Iterable[Notification]) -> str:
    return "\n".join(
        f"=== {one.at:%d %b %Y %H:%M} UTC, to the {one.to}: {one.subject}\n\n{one.text}"
        for one in letters
        if one.to != "ops"
    )
