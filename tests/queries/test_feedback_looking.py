"""What stands out in made-up answers: what is planted, told apart from its symptoms, and nothing where nothing is."""

import pytest
from numpy.random import default_rng

from analysis.samples import Counted
from domain.ids import MentorId
from domain.kit.evidence import EvidenceRules
from queries.feedback.causes import pairs_of, verdicts
from queries.feedback.cells import INTAKE, Cell, Place, Topic
from queries.feedback.looking import Finding, findings, look
from queries.findings import Drift, drifted
from tests.queries.answering import CLARITY, Answer, Faults, about, cells, overlap, term

WEIGHED = EvidenceRules()


def found_in(answers: list[Answer], evidence: EvidenceRules = WEIGHED) -> list[Finding]:
    looked = look(about(answers), cells(answers), evidence)
    overlaps = {pair: overlap(answers, pair) for pair in pairs_of(looked.standing)}
    return findings(looked, verdicts(looked.standing, overlaps, evidence.confidence))


def roots(found: list[Finding]) -> list[tuple[str, str]]:
    return [one.place[1:] for one in found if one.verdict.explained_by is None and one.difference.estimate < 0]


@pytest.mark.parametrize("seed", range(5))
def test_a_weak_template_explains_the_sessions_and_everything_else_that_looks_weak(seed: int) -> None:
    found = found_in(term(seed, Faults(template=1.0)))
    assert roots(found)[0] == ("template", "vague-steps")
    for one in found:
        if one.place.level in ("session", "template") and one.place.group != "vague-steps":
            because = one.verdict.explained_by
            assert because == Place(CLARITY, "template", "vague-steps") or one.verdict.inseparable, one


def test_a_mentor_and_a_template_are_both_found_and_neither_explains_the_other() -> None:
    """About twenty learners of one of fifteen mentors: found in all of twenty terms but two at most."""
    seen = [set(roots(found_in(term(seed, Faults(template=1.0, mentor=1.0))))) for seed in range(20)]
    assert all(("template", "vague-steps") in one for one in seen)
    assert sum(("mentor", "m-03") in one for one in seen) >= 18


def test_nothing_stands_out_where_nothing_is_wrong() -> None:
    """A hundred terms of 300 learners without a fault: as many false alarms as the kit and drift allow, and no more;
    and of any kind at all in one of ten terms, as both may raise one in twenty."""
    of_feedback = {seed for seed in range(100) if found_in(term(seed))}
    of_drift = {seed for seed in range(100) if by_chance(seed)}
    assert len(of_feedback) <= 10
    assert len(of_drift) <= 10
    assert len(of_feedback | of_drift) <= 16


def by_chance(seed: int) -> list[Drift]:
    """Fifteen mentors alike: some 120 sessions each, one in eight with a finding, and twelve that were marked."""
    draw = default_rng(seed)
    mentors = [MentorId(f"m-{number:02}") for number in range(15)]
    sessions: dict[MentorId, dict[float, int]] = {}
    marks: dict[MentorId, dict[float, int]] = {}
    for mentor in mentors:
        held = int(draw.integers(60, 180))
        found = int(draw.binomial(held, 0.125))
        sessions[mentor] = {1.0: found, 0.0: held - found}
        given = draw.multinomial(12, (0.05, 0.1, 0.25, 0.4, 0.2))
        marks[mentor] = {float(mark): int(times) for mark, times in enumerate(given, start=1)}
    return [*drifted("findings", sessions), *drifted("marks", marks)]


def test_nobody_drifts_from_what_hardly_anybody_has_shown() -> None:
    one, other = MentorId("m-1"), MentorId("m-2")
    assert list(drifted("marks", {one: {1.5: 1}, other: {4.0: 1}})) == []
    assert [found.mentor for found in drifted("marks", {one: {1.0: 12}, other: {4.0: 9, 5.0: 3}})] == [one, other]


def test_one_complaint_changes_nothing() -> None:
    answers = [one for one in term(7, learners=60) if one.topic == CLARITY]
    angry = [Answer("l-999", CLARITY, 1.0, {**answers[0].linked, "mentor": "m-99", "session": "s9"})] * 7
    assert found_in(answers + angry) == found_in(answers) == []


def test_whoever_answers_often_counts_once() -> None:
    """Ten learners of one mentor who each answer forty times are ten, and not four hundred."""
    few = term(3, learners=30)
    often = [one for one in few for _ in range(40)]
    assert [one.place for one in found_in(often)] == [one.place for one in found_in(few)]


def test_the_question_at_which_people_stop() -> None:
    stopped = {"goal": (4, 200), "hours": (60, 196), "channel": (3, 136), "time_zone": (2, 133)}
    those = [
        Cell(Place(INTAKE, "question", question), of, Counted(count, of)) for question, (count, of) in stopped.items()
    ]
    found = findings(look([], those, WEIGHED), {})
    assert [one.place.group for one in found] == ["hours"]
    assert found[0].own == pytest.approx(60 / 196)


def test_a_kit_that_asks_for_more_evidence_gets_less() -> None:
    answers = term(1, Faults(template=1.0, mentor=1.0))
    assert found_in(answers, EvidenceRules(least=10_000)) == []
    assert all(one.place.level != "mentor" for one in found_in(answers, EvidenceRules(least=60)))


def test_an_option_that_one_group_chooses_more_often() -> None:
    topic = Topic("closing", "hardest", "finding time")
    counts = {"small.1": (6, 40), "small.2": (7, 41), "small.3": (24, 39)}
    those = [Cell(Place(topic, "cohort", group), of, Counted(count, of)) for group, (count, of) in counts.items()]
    (found,) = [one for one in findings(look([], those, WEIGHED), {}) if one.difference.estimate > 0]
    assert found.place.group == "small.3"
