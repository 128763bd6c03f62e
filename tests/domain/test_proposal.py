"""Proposals: from the idea to what became of it, and each command twice."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given as drawn
from hypothesis import strategies as st
from pydantic import ValidationError

from domain.ids import CohortId, KitDigest, ProgramId
from domain.proposal import (
    PROPOSAL,
    Code,
    Command,
    DecideProposal,
    DropProposal,
    Evidence,
    KeepProposal,
    MakeProposal,
    ProposalState,
    ReassignProposal,
    TryProposal,
)
from domain.refusal import Rejected

AT = datetime(2026, 11, 2, 9, tzinfo=UTC)
MAKE = MakeProposal(
    program=ProgramId("small"),
    title="Shorten the intake",
    text="Many stop at the question about hours.",
    evidence=(Evidence(says="38 % stop at question 7", source="intake", n=160, estimate=0.38, low=0.31, high=0.46),),
    by="ops:ana",
)
ACCEPT = DecideProposal(decision="accepted", reason="the figures are clear")
DECLINE = DecideProposal(decision="declined", reason="not before spring")
TRY = TryProposal(kit=KitDigest("a" * 64), version="2")
IN_A_GROUP = TryProposal(cohort=CohortId("small.3"))
KEEP = KeepProposal(reason="fewer stop there")
DROP = DropProposal(reason="it changed nothing")
ASSIGN = ReassignProposal(owner="ops:ben")
COMMANDS: list[Command] = [MAKE, ACCEPT, DECLINE, TRY, IN_A_GROUP, KEEP, DROP, ASSIGN]


def after(*commands: Command) -> ProposalState:
    state = PROPOSAL.initial
    for nth, command in enumerate(commands):
        state = PROPOSAL.fold(PROPOSAL.decide(state, command, AT + timedelta(days=nth)), state)
    return state


@pytest.mark.parametrize(
    ("commands", "status"),
    [
        ((), "proposed"),
        ((ACCEPT,), "accepted"),
        ((DECLINE,), "declined"),
        ((DECLINE, ACCEPT), "accepted"),
        ((ACCEPT, TRY), "tried"),
        ((ACCEPT, TRY, IN_A_GROUP), "tried"),
        ((ACCEPT, TRY, KEEP), "kept"),
        ((ACCEPT, TRY, DROP), "dropped"),
        ((DROP,), "dropped"),
    ],
)
def test_the_ways_that_a_proposal_can_go(commands: tuple[Command, ...], status: str) -> None:
    assert after(MAKE, *commands).status == status


@pytest.mark.parametrize(
    ("commands", "refused"),
    [
        ((), TRY),
        ((), KEEP),
        ((DECLINE,), TRY),
        ((DECLINE,), DROP),
        ((ACCEPT,), KEEP),
        ((ACCEPT, TRY), DECLINE),
        ((ACCEPT, TRY, KEEP), DROP),
        ((ACCEPT, TRY, KEEP), IN_A_GROUP),
        ((ACCEPT, TRY, KEEP), ASSIGN),
        ((DROP,), ACCEPT),
    ],
)
def test_what_does_not_go_with_its_status_says_what_does(commands: tuple[Command, ...], refused: Command) -> None:
    with pytest.raises(Rejected, match=r"the proposal is .*; ") as caught:
        after(MAKE, *commands, refused)
    assert caught.value.code == Code.STATUS


@drawn(st.lists(st.sampled_from(COMMANDS[1:]), max_size=8))
def test_a_command_that_is_repeated_at_once_changes_nothing(commands: list[Command]) -> None:
    state = after(MAKE)
    for command in commands:
        try:
            events = PROPOSAL.decide(state, command, AT)
        except Rejected:
            continue
        state = PROPOSAL.fold(events, state)
        assert list(PROPOSAL.decide(state, command, AT + timedelta(days=1))) == []


def test_whoever_makes_it_sees_to_it_until_it_is_handed_on() -> None:
    assert after(MAKE).owner == "ops:ana"
    assert after(MAKE, ASSIGN).owner == "ops:ben"


def test_the_same_again_is_the_same_and_another_under_its_id_is_refused() -> None:
    assert list(PROPOSAL.decide(after(MAKE), MAKE, AT)) == []
    with pytest.raises(Rejected) as caught:
        after(MAKE, MAKE.model_copy(update={"title": "Another"}))
    assert caught.value.code == Code.TAKEN


def test_nothing_is_decided_about_what_nobody_has_proposed() -> None:
    with pytest.raises(Rejected) as caught:
        after(ACCEPT)
    assert caught.value.code == Code.UNKNOWN


@pytest.mark.parametrize("title", ["", "  ", "two\nlines", "x" * 301, "nul\x00"])
def test_a_title_is_one_line(title: str) -> None:
    with pytest.raises(ValidationError):
        MakeProposal(program=ProgramId("small"), title=title)


def test_a_trial_is_somewhere() -> None:
    with pytest.raises(ValidationError, match="name the version"):
        TryProposal()
