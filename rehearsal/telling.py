"""A scenario, in the form in which the pure player takes it."""

from collections.abc import Iterable

from domain.ids import MentorId
from domain.journey import COMMANDS
from rehearsal.player.mentors import PlayedMentor
from rehearsal.player.stories import Act, Story
from scenarios.format import Scenario, Script, Step
from services.mentors import MentorEntry


def stories(scenario: Scenario) -> list[Story]:
    return [_story(scenario, one) for one in scenario.scripts]


def mentors(entries: Iterable[MentorEntry]) -> list[PlayedMentor]:
    return [
        PlayedMentor(
            mentor=MentorId(one.person.person_id),
            changes=one.changes,
            onboarded_on=one.onboarded_on,
            checks=one.checks,
            attributes=one.person.attributes,
            time_zone=one.person.time_zone,
        )
        for one in entries
    ]


def _story(scenario: Scenario, script: Script) -> Story:
    return Story(
        journey=scenario.journey(script.learner),
        learner=script.learner,
        begins_at=script.begins_at,
        acts=tuple(_act(one) for one in script.steps),
        active=tuple(one.fact.at for one in scenario.activity.get(script.learner, ())),
    )


def _act(step: Step) -> Act:
    return Act(step.at, COMMANDS[step.command].model_validate(step.input))
