"""A scenario, in the form in which the pure player takes it."""

from collections.abc import Iterable

from domain.ids import MentorId
from domain.journey import COMMANDS
from rehearsal.player.conducting import (
    AnswerSurvey,
    AskSurveys,
    Deed,
    FormGroups,
    HoldRound,
    MeasureSilences,
    ProgramAct,
    TellGroup,
)
from rehearsal.player.mentors import PlayedMentor
from rehearsal.player.stories import Act, Story
from scenarios import format as said
from scenarios.format import ProgramLine, Scenario, Script, Step
from services.mentors import MentorEntry


def stories(scenario: Scenario) -> list[Story]:
    zones = {one.person_id: one.time_zone for one in scenario.learners}
    return [_story(scenario, one, zones.get(one.learner)) for one in scenario.scripts]


def program(scenario: Scenario) -> list[ProgramAct]:
    return [ProgramAct(one.at, deed(one)) for one in scenario.program]


def deed(line: ProgramLine) -> Deed:
    match line.deed():
        case said.HoldRound(by=by):
            return HoldRound(by)
        case said.FormGroups(pathway=pathway, by=by):
            return FormGroups(pathway, by)
        case said.MeasureSilences(measurement=measurement):
            return MeasureSilences(measurement)
        case said.AskSurveys():
            return AskSurveys()
        case said.AnswerSurvey(request=request, answers=answers, by=by):
            return AnswerSurvey(request, answers, by)
        case command:
            assert line.cohort, "it is a command for a group"
            return TellGroup(line.cohort, command)


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


def _story(scenario: Scenario, script: Script, time_zone: str | None) -> Story:
    return Story(
        journey=scenario.journey(script.learner),
        learner=script.learner,
        begins_at=script.begins_at,
        acts=tuple(_act(one) for one in script.steps),
        time_zone=time_zone,
        active=tuple(one.fact.at for one in scenario.activity.get(script.learner, ())),
    )


def _act(step: Step) -> Act:
    return Act(step.at, COMMANDS[step.command].model_validate(step.input))
