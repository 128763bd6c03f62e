"""The programs that ship: each is whole, and its scenario brings all of it about.

What the journeys of the scenarios come to is told in `test_timelines`.
"""

from typing import get_args

import pytest
from yaml import safe_load

from channels.rendering import problems
from domain.journey import COMMANDS
from domain.journey import events as e
from domain.kit import KIT_FILE, Kit, Remedy
from domain.kit.reviewing.dormant import DORMANT
from domain.kit.rules import OfferRemedies, OpenCase
from kits.loading import read_kit
from tests.programs.playing import NAMES, PROGRAMS, by_the_rules, events_of, scenario_of

TERM_ONLY = {"starts_at", "own_pages"}
"""What a message may leave open."""


@pytest.fixture(params=NAMES)
def program(request: pytest.FixtureRequest) -> str:
    name: str = request.param
    return name


@pytest.fixture
def kit(program: str) -> Kit:
    return scenario_of(program).kit


def test_nothing_is_to_be_said_against_it(program: str) -> None:
    """But for the fields that nothing acts on yet."""
    dormant = {".".join(map(str, place)) for place in DORMANT}
    assert {one.field for one in read_kit(PROGRAMS / program).warnings} <= dormant


def test_every_part_of_a_kit_is_used(kit: Kit) -> None:
    assert kit.model_fields_set | TERM_ONLY == set(Kit.model_fields)
    for part in (
        kit.promise,
        kit.service_levels,
        kit.matching,
        kit.capacity,
        kit.rubric,
        kit.mentor_kit,
        kit.monitoring,
    ):
        assert part
        assert part.model_fields_set == set(type(part).model_fields)


def test_any_reader_of_yaml_reads_it_alike(program: str, kit: Kit) -> None:
    content = safe_load((PROGRAMS / program / KIT_FILE).read_text())
    assert Kit.model_validate(content | {"texts": kit.texts}) == kit


def test_every_session_has_a_goal_an_artifact_and_a_next_step(kit: Kit) -> None:
    for pathway in kit.pathways:
        for session in pathway.sessions:
            assert session.goal and session.artifact and session.next_step, (pathway.id, session.id)


def test_templates_guard_and_leave_room(kit: Kit) -> None:
    """Mandatory fields and optional prompts; what the notes ask for in every program."""
    for template in kit.templates:
        assert {question.required for question in template.questions} == {True, False}
    notes = [kit.template(session.notes) for pathway in kit.pathways for session in pathway.sessions if session.notes]
    for one in notes:
        assert one
        mandatory = {question.id for question in one.questions if question.required}
        assert {"diagnosis", "goal", "reflection", "next_action", "next_action_checks"} <= mandatory


def test_there_are_ladders_to_a_person_and_to_a_way_on(kit: Kit) -> None:
    ladders = [rule.ladder for rule in kit.escalations if len(rule.ladder) > 1]
    assert any(isinstance(step.then, OpenCase) for ladder in ladders for step in ladder)
    offered = {
        one for ladder in ladders for step in ladder if isinstance(step.then, OfferRemedies) for one in step.then.offer
    }
    assert offered == set(get_args(Remedy))


def test_the_evaluations_of_the_term_are_on_their_days() -> None:
    kit = scenario_of("open-source-term").kit
    assert kit.starts_at
    for pathway in kit.pathways:
        due = {one.id: f"{kit.starts_at + one.due:%d %B %Y}" for one in pathway.milestones}
        assert (due["midterm"], due["final"]) == ("20 October 2026", "24 November 2026")
        assert f"{kit.starts_at + pathway.ends:%d %B %Y}" == "27 November 2026"


def test_messages_can_be_written(kit: Kit) -> None:
    for message in kit.messages.values():
        for text in (message.subject, kit.texts[message.text]):
            assert problems(text) == []


def test_the_programs_share_no_text() -> None:
    texts = [text for name in NAMES for file, text in scenario_of(name).kit.texts.items() if file != KIT_FILE]
    assert len(set(texts)) == len(texts)


def test_nobody_in_the_scenario_can_get_mail(program: str) -> None:
    scenario = scenario_of(program)
    mentors = [one.person for one in scenario.mentors]
    assert all((one.email or "").endswith("@example.org") for one in (*scenario.learners, *mentors))


def test_every_rung_of_every_escalation_is_taken(program: str, kit: Kit) -> None:
    taken = {
        (one.rule, one.step)
        for one in events_of(program)
        if isinstance(one, e.Nudged | e.CaseOpened | e.RemediesOffered)
    }
    rules = [rule for rule in kit.escalations if not rule.when.comparison]  # that takes 20 learners, as rehearsals have
    assert {(rule.id, nth) for rule in rules for nth in range(len(rule.ladder))} <= taken


def test_every_way_on_is_chosen_and_declined(program: str) -> None:
    chosen = {one.remedy for one in events_of(program) if isinstance(one, e.RemedyChosen)}
    assert chosen == {*get_args(Remedy), None}


def test_journeys_end_in_every_way(program: str) -> None:
    endings = {state.closing.ending for _, state in by_the_rules(program).values() if state.closing}
    assert endings == set(get_args(e.Ending))
    assert all(state.closing for _, state in by_the_rules(program).values())


_MISTAKES: set[type[e.JourneyEvent]] = {
    *(
        e.AttendanceCorrected,
        e.AttendanceTakenBack,
        e.FollowUpCorrected,
        e.NotesCorrected,
        e.OutcomeCorrected,
        e.ReviewCorrected,
    ),
    *(e.EscalationTakenBack, e.WrapUpTakenBack, e.JourneyReopened, e.PauseChanged),
    e.CaseHandedOn,
}
"""What follows from mistakes of people is in no scenario that ships: tests/domain/test_corrections.py has it."""


def test_everything_happens_that_can_happen(program: str) -> None:
    happened = {type(one) for one in events_of(program)}
    elsewhere = _MISTAKES | {e.MovedToKit, e.AnswersGiven, e.MessageWritten}
    if not scenario_of(program).activity:
        elsewhere |= {e.ActivitySeen}
    if not scenario_of(program).kit.rules_that_compare:
        elsewhere |= {e.ComparedWithOthers}
    assert happened | elsewhere == set(get_args(e.JourneyEvent))


def test_all_that_people_can_say_is_said(program: str) -> None:
    said = {step.command for script in scenario_of(program).scripts for step in script.steps}
    by_ops_in_other_ways = {"move_to_kit", "reset_pathway", "release_mentor", "reopen", "send_message"} | {
        "take_back_attendance"
    }
    assert set(COMMANDS) - by_ops_in_other_ways <= said


def test_refusals_are_few_and_meant(program: str) -> None:
    refused = [one for one in events_of(program) if isinstance(one, e.CommandRejected)]
    assert len(refused) == 1
