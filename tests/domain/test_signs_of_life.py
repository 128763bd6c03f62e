"""Who does something has given a sign of life: the learner against the quiet, the mentor against the silence."""

from datetime import datetime

import pytest

from domain.ids import CaseId
from domain.journey import COMMANDS
from domain.journey.commands import AnswerOffer, AskForHelp, ChooseRemedy, OfferMatch, Pause, Resume
from tests.domain.full_program import full, met
from tests.domain.specification import Given
from tests.domain.stories import BEN, day
from tests.support.journeys import SEND

BEFORE = {"learner": day(6, 1), "mentor": day(7)}
"""When each was seen last: they met, and the mentor sent the follow-up."""
DEEDS: list[tuple[str, dict[str, object]]] = [
    ("close_action_item", {"item": "s1-1"}),
    ("reschedule_session", {"session": "s2", "starts_at": day(14)}),
    ("choose_remedy", {"remedy": "extra_support"}),
    ("pause", {"reason": "exams"}),
    ("raise_risk_flag", {"flag": "moving"}),
    ("waive_milestone", {"milestone": "cv", "reason": "has one"}),
    ("acknowledge_case", {"case": "case-1"}),
    ("snooze_case", {"case": "case-1", "until": day(14), "reason": "away"}),
    ("reassign_case", {"case": "case-1", "owner": "ops", "reason": "away"}),
    ("resolve_case", {"case": "case-1", "resolution": "called"}),
]


def in_trouble() -> Given:
    """Next steps are open, a case too, and the learner is offered a way on."""
    asked = full(*met).when(AskForHelp(notes="stuck"), at=day(6, 1)).so()
    return asked.when(SEND, at=day(7)).so().when_due("escalations.help.later.0").so()


def seen(story: Given) -> dict[str, datetime | None]:
    return {"learner": story.state.last_seen_at, "mentor": story.state.mentor_seen_at}


@pytest.mark.parametrize(("name", "payload"), DEEDS, ids=[name for name, _ in DEEDS])
@pytest.mark.parametrize(
    ("by", "whose"), [("learner", "learner"), ("learner:lea", "learner"), ("mentor:ana", "mentor")]
)
def test_what_somebody_does_is_a_sign_of_life_of_that_person_alone(
    name: str, payload: dict[str, object], by: str, whose: str
) -> None:
    done = in_trouble().when(COMMANDS[name].model_validate(payload | {"by": by}), at=day(9))
    assert done.events, done.refusal
    assert seen(done.so()) == BEFORE | {whose: day(9)}


@pytest.mark.parametrize(("name", "payload"), DEEDS, ids=[name for name, _ in DEEDS])
@pytest.mark.parametrize("by", ["ops:max", "learner:kim", "mentor:ben", "system"])
def test_what_others_do_is_no_sign_of_life_of_these_two(name: str, payload: dict[str, object], by: str) -> None:
    done = in_trouble().when(COMMANDS[name].model_validate(payload | {"by": by}), at=day(9))
    assert done.events, done.refusal
    assert seen(done.so()) == BEFORE


def test_who_resumes_is_there_from_then_on() -> None:
    halted = full(*met).when(Pause(reason="ill"), at=day(8)).so()
    resumed = halted.when(Resume(by="learner:lea"), at=day(18)).so()
    assert resumed.timer("escalations.quiet").at == day(25)
    assert halted.when(Resume(), at=day(18)).so().timer("escalations.quiet").at == day(23, 1)


def test_a_way_on_that_is_chosen_ends_the_quiet_spell() -> None:
    chosen = in_trouble().when(ChooseRemedy(by="learner:lea", remedy="extra_support"), at=day(9)).so()
    assert chosen.timer("escalations.quiet").at == day(16)


def test_another_mentor_who_is_asked_does_not_break_the_silence_of_the_present_one() -> None:
    asked = full(*met).when(OfferMatch(mentor=BEN), at=day(8)).so()
    told = asked.when(AnswerOffer(by="mentor:ben", answer="accept"), at=day(8, 1)).so()
    assert told.timer("escalations.silent").at == day(16, 1)
    no = asked.when(AnswerOffer(by="learner:lea", answer="decline", reason="I know him"), at=day(8, 1)).so()
    assert no.timer("escalations.quiet").at == day(15, 1)


def test_a_case_dealt_with_breaks_a_mentors_silence() -> None:
    deal = COMMANDS["acknowledge_case"].model_validate({"by": "mentor:ana", "case": CaseId("case-1")})
    assert in_trouble().when(deal, at=day(9)).so().timer("escalations.silent").at == day(19)
