"""Who has what they were promised, by the rule of their kit; and what is not known of it."""

from typing import Any

import pytest

from domain.ids import MilestoneId
from domain.kit import Fulfillment, Milestone, Pathway
from projections.fulfilling import Kept, Record, kept, mark
from tests.projections.stories import DAY

CV, MOCK, OTHER = (MilestoneId(one) for one in ("cv", "mock", "other"))
PATHWAY = Pathway(
    id="main",
    title="Main",
    mentor_type="any",
    milestones=(Milestone(id="cv", title="CV", due=DAY), Milestone(id="mock", title="Mock", due=DAY)),
    ends=9 * DAY,
)
RESULT = Fulfillment(outcome="result", values=("Pass", "Distinction"))
ANY_JOB = Fulfillment(outcome="job")
WORK = Fulfillment(milestones=("cv", "mock", "other"))
BOTH = Fulfillment(outcome="result", values=("Pass",), milestones=("cv",))


def record(*, ended: bool = True, result: str | None = None, job: str | None = None, **changes: Any) -> Record:
    said = {"result": result, "job": job}
    known: dict[str, Any] = {"planned": (CV, MOCK), "settled": {}, "unreviewed": ()}
    latest = {kind: mark("lea", kind, value) for kind, value in said.items() if value is not None}
    return Record(learner="lea", ended=ended, latest=latest, **(known | changes))


@pytest.mark.parametrize(
    ("rule", "shown", "judged"),
    [
        (None, record(result="Pass"), "unsaid"),
        (RESULT, record(result="Pass"), "fulfilled"),
        (RESULT, record(result=" distinction"), "fulfilled"),
        (RESULT, record(result="Fail"), "unfulfilled"),
        (RESULT, record(), "unknown"),
        (RESULT, record(job="Pass"), "unknown"),
        (RESULT, record(ended=False), "open"),
        (RESULT, record(ended=False, result="Fail"), "open"),
        (RESULT, record(ended=False, result="Pass"), "fulfilled"),
        (ANY_JOB, record(job="Data analyst"), "fulfilled"),
        (ANY_JOB, record(), "unknown"),
        (WORK, record(settled={CV: "passed", MOCK: "passed"}), "fulfilled"),
        (WORK, record(settled={CV: "passed", MOCK: "waived"}), "fulfilled"),
        (WORK, record(settled={CV: "waived", MOCK: "waived"}), "unknown"),
        (WORK, record(settled={CV: "passed", MOCK: "failed"}), "unfulfilled"),
        (WORK, record(settled={CV: "passed"}), "unfulfilled"),
        (WORK, record(settled={CV: "passed"}, ended=False), "open"),
        (WORK, record(settled={CV: "passed"}, unreviewed=(MOCK,)), "unknown"),
        (WORK, record(settled={CV: "failed"}, unreviewed=(MOCK,)), "unfulfilled"),
        (WORK, record(settled={CV: "passed"}, planned=(CV, OTHER)), "unknown"),
        (WORK, record(planned=()), "unfulfilled"),
        (BOTH, record(settled={CV: "passed"}, result="Pass"), "fulfilled"),
        (BOTH, record(settled={CV: "passed"}), "unknown"),
        (BOTH, record(settled={CV: "failed"}), "unfulfilled"),
        (BOTH, record(settled={CV: "passed"}, result="Fail"), "unfulfilled"),
    ],
)
def test_the_rule_of_the_kit_decides(rule: Fulfillment | None, shown: Record, judged: Kept) -> None:
    assert kept(rule, PATHWAY, shown) == judged


def test_who_never_came_to_a_pathway_has_none_of_its_work() -> None:
    assert kept(WORK, None, record(planned=())) == "unfulfilled"
    assert kept(WORK, None, record()) == "unknown", "moved to a pathway that the version promised does not have"


def test_the_mark_of_a_value_is_each_learners_own() -> None:
    assert mark("lea", "result", "Pass") == mark("lea", "result", "PASS ")
    assert len({mark("lea", "result", "Pass"), mark("tom", "result", "Pass"), mark("lea", "exam", "Pass")}) == 3
