"""What a mentor acknowledges of a program's training."""

from datetime import UTC, datetime

import pytest
from pydantic import ValidationError

from domain.ids import KitDigest, MentorId, ProgramId
from domain.mentor import MentorState, decide, fold
from domain.mentor.training import AcknowledgeTraining, Syllabus, TrainingAcknowledged
from domain.refusal import Rejected

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
READY = ProgramId("ready")
TRAINING = Syllabus(program=READY, version="1", kit=KitDigest("k1"), steps=("welcome.md", "rubric.md"))
NEXT = Syllabus(program=READY, version="2", kit=KitDigest("k2"), steps=("rubric.md",))


def acknowledge(step: str, syllabus: Syllabus = TRAINING) -> AcknowledgeTraining:
    return AcknowledgeTraining(mentor=MentorId("ana"), syllabus=syllabus, step=step, by="mentor:ana")


def acknowledged(step: str, program: ProgramId = READY) -> TrainingAcknowledged:
    return TrainingAcknowledged(at=AT, program=program, kit=KitDigest("k1"), step=step)


def test_a_step_is_acknowledged_once() -> None:
    events = decide(MentorState(), acknowledge("welcome.md"), AT)
    assert events == [acknowledged("welcome.md")]
    assert decide(fold(events), acknowledge("welcome.md"), AT) == []
    assert decide(fold(events), acknowledge("rubric.md"), AT) == [acknowledged("rubric.md")]


def test_it_holds_for_later_versions_and_for_no_other_program() -> None:
    state = fold([acknowledged("rubric.md")])
    assert decide(state, acknowledge("rubric.md", NEXT), AT) == []
    other = ProgramId("other")
    elsewhere = TRAINING.model_copy(update={"program": other})
    assert decide(state, acknowledge("rubric.md", elsewhere), AT) == [acknowledged("rubric.md", other)]


def test_a_step_that_the_training_does_not_have_is_refused_with_those_that_it_has() -> None:
    with pytest.raises(Rejected, match=r"of ready 1 has no step 'rubrik.md'; it has: welcome.md, rubric.md"):
        decide(MentorState(), acknowledge("rubrik.md"), AT)
    with pytest.raises(Rejected, match=r"of ready 2 has no step 'welcome.md'"):
        decide(fold([acknowledged("welcome.md")]), acknowledge("welcome.md", NEXT), AT)
    with pytest.raises(Rejected, match=r"ready 1 has no training .* under mentor_kit.training"):
        decide(MentorState(), acknowledge("welcome.md", TRAINING.model_copy(update={"steps": ()})), AT)


@pytest.mark.parametrize("fields", [{"mentor": "Ana Brook"}, {"by": "mentor Ana"}])
def test_names_are_no_ids(fields: dict[str, str]) -> None:
    with pytest.raises(ValidationError):
        AcknowledgeTraining.model_validate({"mentor": "ana", "syllabus": TRAINING, "step": "rubric.md"} | fields)
