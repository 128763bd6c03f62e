"""A round of matching, as it is decided: drafted, settled by people, released, sent, taken back."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.limits import MAX_EVENT_BYTES
from domain.refusal import Rejected
from domain.round import (
    AllowPair,
    BeginRound,
    DiscardRound,
    DraftAgain,
    EnterProposals,
    EnterWithdrawals,
    FinishSending,
    ForbidPair,
    PinPair,
    RecordDraft,
    ReleaseRound,
    RoundCommand,
    RoundEvent,
    RoundState,
    TakeRoundBack,
    UnpinPair,
    decide,
    fold,
)
from domain.round.decide import SETTINGS
from domain.round.events import (
    Certificate,
    Drafted,
    Left,
    PairsDrafted,
    ProposalsRefused,
    ProposalsSent,
    ProposalsWithdrawn,
    Refused,
    RoundBegun,
    RoundCompleted,
    RoundDrafted,
    RoundReleased,
    RoundTakenBack,
)
from store.codec import encode

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)
PROGRAM, ANA, BEN = ProgramId("small"), MentorId("ana"), MentorId("ben")
BEGIN = BeginRound(program=PROGRAM, number=3, cause="demand", released_by="ops", run="run-1")


def learner(number: int) -> LearnerId:
    return LearnerId(f"l-{number}")


def journey(number: int) -> JourneyId:
    return JourneyId(f"small.l-{number}")


def drafted(pairs: int, *, draft: int = 1, considered: int = 0, reason: str = "") -> RecordDraft:
    certificate = Certificate(
        problem="0" * 64, objective=2_000, bound=2_000, pairs_priced=6, least_price=250, mentor_prices=(0, 40)
    )
    return RecordDraft(
        drafted=RoundDrafted(
            at=AT,
            draft=draft,
            kit=KitDigest("1" * 64),
            pool="2" * 64,
            settings=considered,
            waiting=pairs + 1,
            mentors=2,
            free=9,
            pairs=pairs,
            unplaced=1,
            mean_points=80.0,
            certificate=certificate,
        ),
        pairs=tuple(
            Drafted(journey=journey(one), learner=learner(one), mentor=ANA, points=80.0, reason=reason)
            for one in range(pairs)
        ),
        left=(Left(journey=journey(99_999), learner=learner(99_999), why="no_place"),),
    )


class Round:
    """A round to which commands are given one after the other."""

    def __init__(self, *commands: RoundCommand) -> None:
        self.events: list[RoundEvent] = []
        for command in commands:
            self.when(command)

    @property
    def state(self) -> RoundState:
        found = fold(self.events)
        assert found
        return found

    @property
    def next(self) -> str:
        return self.state.next_step

    @property
    def settled(self) -> tuple[dict[str, str], set[tuple[str, str]]]:
        """Who is pinned to whom, and which pairs are forbidden."""
        pinned = {str(learner): str(mentor) for learner, mentor in self.state.pinned.items()}
        return pinned, {(one.learner, one.mentor) for one in self.state.forbidden}

    def when(self, command: RoundCommand) -> list[RoundEvent]:
        at = AT + timedelta(minutes=len(self.events))
        happened = list(decide(fold(self.events), command, at))
        self.events += happened
        assert list(decide(fold(self.events), command, at)) == [], "given again, it changes nothing"
        return happened

    def refuses(self, command: RoundCommand, code: str) -> None:
        with pytest.raises(Rejected) as refused:
            decide(fold(self.events), command, AT)
        assert refused.value.code == code


def test_a_round_begins_once_whoever_begins_it() -> None:
    begun = Round()
    assert begun.when(BEGIN) == [
        RoundBegun(at=AT, program=PROGRAM, number=3, cause="demand", released_by="ops", run="run-1")
    ]
    assert begun.state.id == "small-3"
    assert begun.next == "draft"
    begun.refuses(BEGIN.model_copy(update={"run": "run-2"}), "round_number_taken")
    Round().refuses(DraftAgain(), "no_round")


def test_a_draft_waits_for_ops_and_is_released_by_them() -> None:
    round_ = Round(BEGIN)
    round_.refuses(ReleaseRound(), "round_not_drafted")
    round_.when(drafted(2))
    assert round_.next == "wait"
    round_.refuses(ReleaseRound(draft=2), "another_draft")
    assert [type(one) for one in round_.when(ReleaseRound(draft=1))] == [RoundReleased]
    assert [one.journey for one in round_.state.pending] == [journey(0), journey(1)]
    assert round_.next == "send"
    for command in (PinPair(learner=learner(1), mentor=BEN), DraftAgain(), DiscardRound()):
        round_.refuses(command, "round_released")


def test_a_draft_that_a_person_has_overtaken_is_made_again() -> None:
    round_ = Round(BEGIN, drafted(2), PinPair(learner=learner(1), mentor=BEN, reason="they know each other"))
    round_.refuses(ReleaseRound(), "draft_out_of_date")
    round_.when(DraftAgain())
    assert round_.next == "draft"
    round_.when(drafted(2, draft=2, considered=1))
    assert not round_.state.is_stale
    round_.when(ReleaseRound())
    assert round_.state.released_at


def test_a_draft_that_is_asked_for_while_another_is_made_is_made_after_it() -> None:
    round_ = Round(BEGIN, PinPair(learner=learner(1), mentor=BEN), DraftAgain())
    round_.when(drafted(2, considered=0))
    assert (round_.next, round_.state.is_stale) == ("draft", True)
    round_.when(drafted(2, draft=2, considered=1))
    assert (round_.next, round_.state.is_stale) == ("wait", False)


def test_one_mentor_is_pinned_to_a_learner_and_pins_and_bans_exclude_each_other() -> None:
    round_ = Round(BEGIN, PinPair(learner=learner(1), mentor=ANA), PinPair(learner=learner(1), mentor=BEN))
    assert round_.state.pinned == {learner(1): BEN}
    assert round_.when(UnpinPair(learner=learner(1), mentor=ANA)) == []
    round_.when(ForbidPair(learner=learner(1), mentor=BEN))
    assert round_.settled == ({}, {(learner(1), BEN)})
    round_.when(PinPair(learner=learner(1), mentor=BEN))
    assert round_.settled == ({learner(1): BEN}, set())
    round_.when(ForbidPair(learner=learner(2), mentor=BEN))
    round_.when(AllowPair(learner=learner(2), mentor=BEN))
    round_.when(UnpinPair(learner=learner(1), mentor=BEN))
    assert (round_.settled, round_.state.settings) == (({}, set()), 7)


def test_a_round_takes_so_many_pins_and_bans() -> None:
    pins = {learner(one): ANA for one in range(SETTINGS)}
    state = Round(BEGIN).state.model_copy(update={"pinned": pins})
    with pytest.raises(Rejected, match="no more can be"):
        decide(state, ForbidPair(learner=learner(1), mentor=BEN), AT)
    assert decide(state, UnpinPair(learner=learner(1), mentor=ANA), AT)


def test_one_that_the_kit_releases_goes_out_as_soon_as_it_is_up_to_date() -> None:
    round_ = Round(BEGIN.model_copy(update={"released_by": "schedule"}), PinPair(learner=learner(1), mentor=ANA))
    round_.when(drafted(2))
    assert round_.next == "draft", "a pair was pinned while it was made"
    round_.when(drafted(2, draft=2, considered=1))
    assert round_.next == "release"


def test_a_late_draft_changes_nothing_that_was_released() -> None:
    round_ = Round(BEGIN, drafted(2), ReleaseRound())
    assert round_.when(drafted(3, draft=2)) == []
    assert Round(BEGIN, DiscardRound(reason="a test")).when(drafted(2)) == []


def test_it_is_complete_when_every_journey_has_answered() -> None:
    round_ = Round(BEGIN, drafted(3), ReleaseRound())
    no = Refused(code="journey_paused", says="the journey is paused")
    (sent,) = round_.when(EnterProposals(sent={journey(0): "offered", journey(77): "offered"}))
    assert sent == ProposalsSent(at=sent.at, sent={journey(0): "offered"})
    assert [
        type(one) for one in round_.when(EnterProposals(sent={journey(1): "matched"}, refused={journey(2): no}))
    ] == [
        ProposalsSent,
        ProposalsRefused,
        RoundCompleted,
    ]
    assert (round_.state.is_open, round_.next) == (False, "end")
    assert [type(one) for one in Round(BEGIN, drafted(0)).when(ReleaseRound())] == [RoundReleased, RoundCompleted]


def test_what_is_taken_back_is_not_sent_any_more_and_withdrawn_where_it_was() -> None:
    round_ = Round(BEGIN, drafted(3))
    round_.refuses(TakeRoundBack(), "round_not_released")
    round_.when(ReleaseRound())
    round_.when(EnterProposals(sent={journey(0): "offered", journey(1): "offered"}))
    assert [type(one) for one in round_.when(TakeRoundBack(reason="the wrong list"))] == [RoundTakenBack]
    assert round_.next == "finish"
    round_.when(FinishSending())
    assert round_.next == "withdraw"
    round_.when(EnterWithdrawals(withdrawn=(journey(0), journey(2))))
    assert round_.state.withdrawn == {journey(0)}
    round_.when(EnterWithdrawals(kept={journey(1): Refused(code="offer_accepted")}))
    assert round_.next == "end"


def test_a_round_that_was_discarded_is_over() -> None:
    round_ = Round(BEGIN, drafted(2), DiscardRound())
    assert (round_.state.is_open, round_.next) == (False, "end")
    round_.refuses(PinPair(learner=learner(1), mentor=ANA), "round_over")
    round_.refuses(ReleaseRound(), "round_over")
    round_.refuses(TakeRoundBack(), "round_not_released")


def test_five_thousand_pairs_fit_into_the_log() -> None:
    round_ = Round(BEGIN, drafted(5_000, reason="ä" * 500), ReleaseRound())
    round_.when(EnterProposals(sent={journey(one): "offered" for one in range(5_000)}))
    round_.when(TakeRoundBack())
    round_.when(EnterWithdrawals(withdrawn=tuple(journey(one) for one in range(5_000))))
    new = encode(round_.events, "append", None)
    assert max(len(one.data.encode()) for one in new if isinstance(one.data, str)) < MAX_EVENT_BYTES
    assert sum(isinstance(one, PairsDrafted) for one in round_.events) < 100
    assert sum(len(one.journeys) for one in round_.events if isinstance(one, ProposalsWithdrawn)) == 5_000


_COMMANDS: st.SearchStrategy[RoundCommand] = st.one_of(
    st.builds(PinPair, learner=st.sampled_from([learner(0), learner(1)]), mentor=st.sampled_from([ANA, BEN])),
    st.builds(ForbidPair, learner=st.sampled_from([learner(0), learner(1)]), mentor=st.sampled_from([ANA, BEN])),
    st.builds(UnpinPair, learner=st.just(learner(0)), mentor=st.sampled_from([ANA, BEN])),
    st.builds(AllowPair, learner=st.just(learner(0)), mentor=st.sampled_from([ANA, BEN])),
    st.builds(drafted, st.integers(0, 3), draft=st.integers(1, 3), considered=st.integers(0, 3)),
    st.sampled_from([DraftAgain(), ReleaseRound(), DiscardRound(), FinishSending(), TakeRoundBack()]),
    st.builds(
        EnterProposals,
        sent=st.dictionaries(st.integers(0, 3).map(journey), st.sampled_from(["offered", "matched", "unanswered"])),
        refused=st.dictionaries(st.integers(0, 3).map(journey), st.just(Refused(code="journey_closed"))),
    ),
    st.builds(EnterWithdrawals, withdrawn=st.lists(st.integers(0, 3).map(journey)).map(tuple)),
)


@settings(max_examples=300)
@given(st.lists(_COMMANDS, max_size=25))
def test_whatever_comes_in_whatever_order_nothing_is_sent_that_was_not_released(commands: list[RoundCommand]) -> None:
    events = list(decide(None, BEGIN, AT))
    for command in commands:
        state = fold(events)
        try:
            new = list(decide(state, command, AT))
        except Rejected:
            continue
        events += new
        after = fold(events)
        assert after
        assert not (after.sent.keys() & after.refused.keys())
        assert after.sent.keys() | after.refused.keys() <= after.pairs.keys()
        assert after.withdrawn <= after.sent.keys()
        assert bool(after.sent or after.refused) <= bool(after.released_at)
        assert not (after.phase == "discarded" and after.released_at)
        if after.released_at and not after.taken_back_at:
            assert after.is_open == bool(after.pending)
