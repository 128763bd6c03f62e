"""Nothing that is said is dropped in silence: of every command, the same again does nothing, and anything else either
leaves an event or is refused with a reason."""

from dataclasses import dataclass, field
from datetime import datetime

import pytest

from domain.ids import CaseId, CohortId, KitDigest
from domain.journey import COMMANDS, JourneyCommand, JourneyEvent, NamedCommand, decide
from domain.journey.cohort import JoinCohort
from domain.journey.commands import AdoptKit
from domain.journey.events import (
    CaseOpened,
    HelpAsked,
    JourneyPaused,
    RemediesOffered,
)
from domain.kit import Kit
from tests.domain.full_program import FULL, full, met, offered, together
from tests.domain.specification import Given, given
from tests.domain.stories import ANA, BEN, CV, JOB, S1, S2, day, in_review, matching, started, wrapping_up
from tests.support.journeys import STEP, closed, followed_up, handed_in

ONE = CaseId("case-1")
with_case: tuple[JourneyEvent, ...] = (
    *together,
    HelpAsked(at=day(5), notes="stuck"),
    CaseOpened(at=day(5), case=ONE, rule="help", about="help#1", severity="warning", owner="mentor", respond_by=day(6)),
)
with_ways: tuple[JourneyEvent, ...] = (
    *together,
    RemediesOffered(
        at=day(5),
        rule="help",
        about="help#1",
        options=("extra_support", "other_mentor", "pause", "reset"),
        expires_at=day(8),
    ),
)
GROUPS = Kit.model_validate(FULL.model_dump() | {"cohorts": {}})
OTHER = Kit.model_validate(FULL.model_dump() | {"version": "2"})


@dataclass(frozen=True)
class Said:
    """A command that is obeyed, where and when it is, and for each of its fields something else that could be said."""

    story: Given
    at: datetime
    payload: dict[str, object]
    otherwise: dict[str, object]
    kit: Kit | None = field(default=None)


SAID: dict[str, Said] = {
    "submit_intake": Said(
        full(*started), day(1), {"answers": JOB, "partial": False}, {"answers": {"goal": "promotion"}, "partial": True}
    ),
    "review_intake": Said(
        full(*in_review),
        day(2),
        {"verdict": "approve", "reason": "a clear goal"},
        {"verdict": "decline", "pathway": "steady", "reason": "another word"},
    ),
    "choose_pathway": Said(
        given(*matching), day(2), {"pathway": "steady", "reason": "less time"}, {"pathway": "fast", "reason": "ill"}
    ),
    "approve_match": Said(
        given(*matching),
        day(3),
        {"mentor": ANA, "reason": "both nurses"},
        {"mentor": BEN, "reason": "near", "round": "r-1", "cohort": "g.1"},
    ),
    "offer_match": Said(
        full(*matching),
        day(3),
        {"mentor": ANA, "reason": "both nurses"},
        {"mentor": BEN, "reason": "near", "round": "r-1"},
    ),
    "answer_offer": Said(
        full(*offered),
        day(3),
        {"answer": "accept", "who": "mentor", "reason": "gladly"},
        {"answer": "decline", "who": "learner", "reason": "with pleasure", "code": "no-time"},
    ),
    "withdraw_offer": Said(full(*offered), day(3), {"reason": "a slip"}, {"reason": "two slips", "round": "r-1"}),
    "release_mentor": Said(
        full(*together),
        day(5),
        {"reason": "moved away", "handover": "shy"},
        {"reason": "ill", "handover": "shy, and fast"},
    ),
    "prepare_session": Said(
        full(*together),
        day(5),
        {"session": S1, "answers": {"topic": "goals"}, "goal": "three letters", "artifact": "https://example.org/cv"},
        {"session": S2, "answers": {"topic": "all"}, "goal": "four letters", "artifact": "on paper"},
    ),
    "reschedule_session": Said(
        full(*together),
        day(5),
        {"session": S1, "starts_at": day(8)},
        {"session": S2, "starts_at": day(9), "cohort": "g.1"},
    ),
    "record_attendance": Said(
        full(*together),
        day(6),
        {"session": S1, "attendance": "attended", "notes": "went well"},
        {"session": S2, "attendance": "late", "notes": "went badly", "reason": "?"},
    ),
    "take_back_attendance": Said(
        full(*met), day(7), {"session": S1, "reason": "another learner"}, {"session": S2, "reason": "a slip of mine"}
    ),
    "write_notes": Said(
        full(*met),
        day(7),
        {"session": S1, "answers": {"goal": "three letters"}},
        {"session": S2, "answers": {"goal": "three letters", "mood": "good"}, "reason": "?"},
    ),
    "send_follow_up": Said(
        full(*met),
        day(7),
        {"session": S1, "summary": "well", "next_steps": [STEP]},
        {
            "session": S2,
            "summary": "very well",
            "next_steps": [STEP | {"due_at": day(11)}],
            "reason": "?",
        },
    ),
    "close_action_item": Said(
        full(*met, followed_up),
        day(7),
        {"item": "s1-1", "done": True, "reason": "sent"},
        {"item": "s1-2", "done": False, "reason": "sent today"},
    ),
    "check_in": Said(full(*together), day(5), {"notes": "fine"}, {"notes": "not fine"}),
    "raise_risk_flag": Said(
        full(*together), day(5), {"flag": "ill", "notes": "flu"}, {"flag": "moving", "notes": "a cold"}
    ),
    "ask_for_help": Said(full(*together), day(5), {"notes": "stuck"}, {"notes": "very stuck"}),
    "send_message": Said(
        full(*together),
        day(5),
        {"to": "learner", "subject": "Closed on Monday", "text": "See you on Tuesday."},
        {"to": "mentor", "subject": "Closed on Tuesday", "text": "See you on Wednesday."},
    ),
    "give_feedback": Said(
        full(*together), day(5), {"confidence": 7, "notes": "well"}, {"confidence": 6, "notes": "so so"}
    ),
    "submit_milestone": Said(
        full(*together),
        day(5),
        {"milestone": CV, "link": "https://example.org/cv", "note": "a draft"},
        {"milestone": "talk", "link": "https://example.org/new", "note": "final"},
    ),
    "review_milestone": Said(
        full(*together, handed_in),
        day(6),
        {"milestone": CV, "attempt": 1, "verdict": "returned", "score": 40, "feedback": "shorter"},
        {"milestone": "talk", "attempt": 2, "verdict": "passed", "score": 41, "feedback": "longer", "reason": "?"},
    ),
    "waive_milestone": Said(
        full(*together), day(5), {"milestone": CV, "reason": "has one"}, {"milestone": "talk", "reason": "has two"}
    ),
    "acknowledge_case": Said(full(*with_case), day(5, 1), {"case": ONE}, {"case": "case-2"}),
    "snooze_case": Said(
        full(*with_case),
        day(5, 1),
        {"case": ONE, "until": day(9), "reason": "away"},
        {"case": "case-2", "until": day(10), "reason": "ill"},
    ),
    "reassign_case": Said(
        full(*with_case),
        day(5, 1),
        {"case": ONE, "owner": "ops", "reason": "away"},
        {"case": "case-2", "owner": "mentor", "reason": "ill"},
    ),
    "resolve_case": Said(
        full(*with_case),
        day(5, 1),
        {"case": ONE, "resolution": "called"},
        {"case": "case-2", "resolution": "called twice"},
    ),
    "choose_remedy": Said(
        full(*with_ways),
        day(6),
        {"remedy": "extra_support", "reason": "yes please"},
        {"remedy": "reset", "until": day(9), "reason": "thanks"},
    ),
    "reset_pathway": Said(full(*together), day(5), {"reason": "another goal"}, {"reason": "a third goal"}),
    "move_to_kit": Said(
        full(*together),
        day(5),
        {"kit": OTHER.digest, "reason": "a better one"},
        {"kit": KitDigest("0" * 64), "reason": "?"},
        OTHER,
    ),
    "complete_wrap_up": Said(
        full(*wrapping_up),
        day(19),
        {"done": ["closing conversation", "portfolio shown"], "reason": "all is said"},
        {"done": ["closing conversation"], "reason": "nearly all"},
    ),
    "record_outcome": Said(
        full(*together),
        day(5),
        {"kind": "job", "value": "analyst"},
        {"kind": "offer", "value": "nurse", "replaces": "analyst", "reason": "?"},
    ),
    "join_cohort": Said(
        given(*together, kit=GROUPS),
        day(5),
        {"cohort": "g.1", "sessions": [{"session": S1, "starts_at": day(9)}], "since": day(5), "mentor": ANA},
        {"cohort": "g.2", "sessions": [], "since": day(4), "mentor": BEN},
    ),
    "leave_cohort": Said(
        given(*together, kit=GROUPS).when(JoinCohort(cohort=CohortId("g.1"), sessions=(), since=day(4)), day(4)).so(),
        day(5),
        {"cohort": "g.1", "reason": "no time"},
        {"cohort": "g.2", "reason": "a job"},
    ),
    "pause": Said(full(*together), day(5), {"reason": "ill", "until": day(20)}, {"reason": "away", "until": day(25)}),
    "resume": Said(full(*together, JourneyPaused(at=day(5), reason="ill", until=day(20))), day(6), {}, {}),
    "withdraw": Said(full(*together), day(5), {"reason": "a job"}, {"reason": "no time"}),
    "end_early": Said(full(*together), day(5), {"reason": "no room"}, {"reason": "no money"}),
    "reopen": Said(full(*closed), day(6), {"reason": "a slip"}, {"reason": "another slip"}),
}
MEANT_ANYWAY = {("review_milestone", "attempt")}
"""Left out, they mean the same: the attempt that was judged last."""
ABOUT_THE_GIVING = {"by", "corrects", "past_capacity"}
"""Who gives it is no part of what it says, nor is that it may go past a limit; and `corrects` says how the rest is
meant."""


def command(name: str, payload: dict[str, object]) -> NamedCommand:
    return COMMANDS[name].model_validate(payload)


def given_again(said: Said, name: str, payload: dict[str, object]) -> JourneyCommand:
    """The command as the workflow hands it to the rules."""
    if said.kit and payload["kit"] == said.kit.digest:
        return AdoptKit(digest=said.kit.digest, content=said.kit, reason=str(payload["reason"]))
    return command(name, payload)


def obeyed(name: str) -> Given:
    said = SAID[name]
    outcome = said.story.when(given_again(said, name, said.payload), said.at)
    assert outcome.events, f"{name} is obeyed at first: {outcome.refusal}"
    return Given(said.kit or said.story.kit, outcome.so().events)


def test_every_command_is_here_with_all_that_it_says() -> None:
    assert set(SAID) == set(COMMANDS)
    for name, said in SAID.items():
        assert set(said.otherwise) == set(COMMANDS[name].model_fields) - ABOUT_THE_GIVING, name


@pytest.mark.parametrize("name", COMMANDS)
def test_the_same_command_again_does_nothing(name: str) -> None:
    said = SAID[name]
    again = obeyed(name).when(given_again(said, name, said.payload), said.at)
    assert again.events == ()
    assert again.refusal is None


@pytest.mark.parametrize(
    ("name", "what"), [(name, what) for name, said in SAID.items() for what in (*said.otherwise, *said.payload)]
)
def test_a_command_that_says_something_else_is_recorded_or_refused(name: str, what: str) -> None:
    """Another value of each field, and each field left out that may be."""
    said = SAID[name]
    others = [said.payload | {what: said.otherwise[what]}] if what in said.otherwise else []
    optional = not COMMANDS[name].model_fields[what].is_required() and (name, what) not in MEANT_ANYWAY
    if optional and said.payload.get(what):
        others.append({field: value for field, value in said.payload.items() if field != what})
    for payload in others:
        if command(name, payload) == command(name, said.payload):
            continue  # what is left out is meant all the same
        outcome = obeyed(name).when(given_again(said, name, payload), said.at)
        assert outcome.events or outcome.refusal, payload


def test_what_is_said_once_a_day_is_one_record_however_it_alternates() -> None:
    story = full(*together)
    for notes in ("A", "B", "A", "B", "A"):
        story = story.when(command("check_in", {"notes": notes}), day(5)).so()
        story = story.when(command("ask_for_help", {"notes": notes}), day(5)).so()
        story = story.when(command("give_feedback", {"confidence": 7, "notes": notes}), day(5)).so()
        story = story.when(command("raise_risk_flag", {"flag": "tired", "notes": notes}), day(5)).so()
    said = [type(one).__name__ for one in story.events]
    for kind in ("CheckedIn", "HelpAsked", "FeedbackGiven", "RiskFlagRaised"):
        assert said.count(kind) == 2, kind
    tomorrow = story.when(command("check_in", {"notes": "A"}), day(6)).so()
    assert len(tomorrow.events) == len(story.events) + 1
    assert len(tomorrow.state.said_today) == 1


def test_what_is_known_of_a_day_is_bounded() -> None:
    story = full(*together)
    for nth in range(150):
        story = story.when(command("raise_risk_flag", {"flag": "tired", "notes": str(nth)}), day(5)).so()
    assert len(story.state.said_today) == 100


def test_a_second_pause_gives_the_pause_another_end() -> None:
    halted = full(*together).when(command("pause", {"reason": "ill"}), day(5)).so()
    halted.when(command("pause", {"reason": "ill"}), day(6)).nothing()
    shorter = halted.when(command("pause", {"reason": "ill", "until": day(20)}), day(6)).so()
    assert shorter.timer("pausing.limit").at == day(20)
    assert shorter.state.pause
    assert shorter.state.pause.since == day(5)
    shorter.when(command("pause", {"reason": "ill", "until": day(6)}), day(7)).rejected("would have ended already")
    shorter.when(command("pause", {"reason": "ill", "until": day(66)}), day(7)).rejected("may last until 06 May 2026")
    full(*together).when(command("resume", {}), day(5)).rejected("has not been paused")


def test_no_digest_keeps_what_was_said() -> None:
    for name, said in SAID.items():
        kept = str(obeyed(name).state.said) + str(obeyed(name).state.said_today)
        for words in said.payload.values():
            if isinstance(words, str) and " " in words:
                assert words not in kept


PASSED_OVER = {
    "record_attendance": "notes",
    "write_notes": "answers",
    "review_milestone": "feedback",
    "submit_milestone": "note",
    "prepare_session": "answers",
    "resolve_case": "resolution",
    "waive_milestone": "reason",
    "release_mentor": "reason",
    "pause": "until",
}
"""What the earlier rules passed over in a command whose fact was there already."""


@pytest.mark.parametrize("name", PASSED_OVER)
def test_a_run_that_began_by_the_earlier_rules_goes_by_them(name: str) -> None:
    said, story = SAID[name], obeyed(name)
    for payload in (said.payload, said.payload | {PASSED_OVER[name]: said.otherwise[PASSED_OVER[name]]}):
        assert decide(story.kit, story.state, command(name, payload), said.at, earlier=True) == []


def test_a_run_that_began_by_the_earlier_rules_lets_pass_what_they_did() -> None:
    ahead = command("record_attendance", {"session": S2, "attendance": "attended"})
    assert decide(FULL, full(*together).state, ahead, day(5), earlier=True)
    unasked = command("approve_match", {"mentor": BEN})
    assert decide(FULL, full(*matching).state, unasked, day(3), earlier=True)
