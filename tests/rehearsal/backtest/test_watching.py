"""The walk of the backtest fires what whole journeys fire, at the same moments."""

import os
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest

from domain.ids import LearnerId
from domain.journey.cases import CaseOpened
from domain.journey.escalations import Nudged
from domain.journey.remedies import RemediesOffered
from domain.kit import Escalation, Kit
from domain.kit.breaks import Break
from domain.values import changed
from kits.loading import load_kit
from rehearsal.backtest.history import Course, PastLearner
from rehearsal.backtest.oulad import course_of, read
from rehearsal.backtest.rules import Rung, tried
from rehearsal.backtest.watching import Rules, Watch
from scenarios.format import Scenario
from scenarios.oulad.conversion import convert
from scenarios.oulad.tables import read_presentation
from tests.scenario import invented
from tests.scenario.told import by_the_rules
from tests.scenario.trial_data import oulad_folder

PROGRAMS = Path(__file__).resolve().parents[3] / "programs"
JOB_READY = load_kit(PROGRAMS / "job-ready")
RULES, CHECKLISTS = tried(JOB_READY), JOB_READY.checklists


def with_rules(kit: Kit, rules: Sequence[Escalation], breaks: tuple[Break, ...]) -> Kit:
    """Anew, as what a kit derives from its rules is kept with it."""
    content = {name: getattr(kit, name) for name in Kit.model_fields}
    return Kit(**{**content, "escalations": tuple(rules), "checklists": CHECKLISTS, "breaks": breaks})


def assert_the_same(
    course: Course,
    scenario: Scenario,
    learners: Sequence[PastLearner],
    rules: Sequence[Escalation],
    breaks: tuple[Break, ...] = (),
) -> None:
    """Whole journeys, until the learner leaves or the course is over."""
    names = {one.learner for one in learners}
    scripts = tuple(one for one in scenario.scripts if one.learner in names)
    told = by_the_rules(replace(scenario, kit=with_rules(scenario.kit, rules, breaks), scripts=scripts))
    for one in learners:
        watch = Watch(course, one, breaks)
        fired = [each for each in told[LearnerId(one.learner)].events if isinstance(each, _FIRED)]
        whole = sorted((Rung(each.rule, each.step), each.at) for each in fired if each.at < watch.ends)
        walked = sorted((alert.rung, alert.at) for alert in watch.alerts(Rules.of(rules)))
        assert (one.learner, walked) == (one.learner, whole)


_FIRED = Nudged | CaseOpened | RemediesOffered


def test_an_invented_course_fires_what_its_journeys_fire(tmp_path: Path) -> None:
    folder = invented.write(tmp_path / "tables")
    (course,) = (one for one in read(folder, marked_after=0).courses if one.name == "AAA/2013J")
    scenario = convert(read_presentation(folder, "AAA/2013J")).scenario
    often = tuple(changed(rule, {"later": ()}) for rule in RULES)
    soon = changed(RULES[0], {"id": "soon", "when": changed(RULES[0].when, {"no_activity_for": timedelta(days=2)})})
    assert_the_same(course, scenario, course.learners, (*RULES, soon))
    assert_the_same(course, scenario, course.learners, often)
    autumn = Break(title="Autumn", starts_on=date(2013, 10, 12), ends_on=date(2013, 10, 20))
    assert_the_same(course, scenario, course.learners, (*RULES, soon), (autumn,))


@pytest.mark.data
def test_real_learners_fire_what_their_journeys_fire() -> None:
    """TRELLIS_WATCHED says how many, instead of a few."""
    presentation = read_presentation(oulad_folder(), "AAA/2014J")
    course = course_of(presentation, 0, Counter())
    scenario = convert(presentation).scenario
    learners = course.learners[: int(os.environ.get("TRELLIS_WATCHED", "15"))]
    assert_the_same(course, scenario, learners, RULES)
    assert_the_same(course, scenario, learners, RULES, tuple(course.breaks))
