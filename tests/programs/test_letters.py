"""The letters of a journey through each program that ships, as its learner and its mentor read them.

After a change of a text, a scenario or the words, `python -m tests.programs.test_letters` writes the golden files anew;
their diff is what to look at.
"""

from typing import get_args

import pytest

from channels.rendering import WORDS, render
from domain.ids import KitDigest, LearnerId
from domain.kit import Occasion
from domain.notification import calls
from domain.notification.invitations import Result
from tests.programs.playing import NAMES, by_the_rules, scenario_of
from tests.support.letters import GOLDEN, TOLD_OF, as_read, letters


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
    that were called off are recorded when their time is past. Invitations and surveys are told below."""
    sent = [one for learner in by_the_rules(program) for one in letters(program, learner)]
    silent = {"reopened", "session_cancelled", "invitation", "survey"}
    assert {one.notice.when for one in sent} | silent == set(get_args(Occasion))
    kit = scenario_of(program).kit
    assert {one.name for one in sent} >= {name for name, one in kit.messages.items() if one.when not in silent}


@pytest.mark.parametrize("program", NAMES)
def test_everybody_is_invited_to_their_sessions(program: str) -> None:
    """And each has a text for whatever may become of one."""
    kit = scenario_of(program).kit
    (name,) = (name for name, one in kit.messages.items() if one.when == "invitation")
    said = set()
    for learner, (events, _) in by_the_rules(program).items():
        for call in calls(events, {KitDigest(kit.digest): kit}):
            assert kit.message_for("invitation", call.invited.to) == name
            assert call.invited.to == "mentor" or call.invited.person == learner
            said.add(call.invited.to)
    assert said == {"learner", "mentor"}
    words = dict.fromkeys(WORDS, "x")
    texts = [render(kit.texts[kit.messages[name].text], {**words, "result": one}) for one in get_args(Result)]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("program", NAMES)
def test_everybody_who_is_asked_gets_the_link_and_a_reminder_says_that_it_is_one(program: str) -> None:
    kit = scenario_of(program).kit
    for role in {one.of for one in kit.surveys}:
        message = kit.messages[kit.message_for("survey", role) or ""]
        words = dict.fromkeys(WORDS, "x") | {"link": "https://here.example", "until": "Friday"}
        first, again = (render(kit.texts[message.text], {**words, "result": one}) for one in ("", "reminder"))
        assert first != again
        assert "https://here.example" in first
        assert "Friday" in first


@pytest.mark.parametrize("program", NAMES)
def test_every_letter_leads_to_its_readers_own_page_and_to_no_other(program: str) -> None:
    texts = [text for name, text in scenario_of(program).kit.texts.items() if name.startswith("messages/")]
    for text in texts:
        assert "{% if page %}" in text
        assert "{{ page }}" in text
        assert not any(where in text for where in ("http://", "https://"))


if __name__ == "__main__":
    for name in NAMES:
        (GOLDEN / f"{name}.txt").write_text(letters_as_read(name))
