"""Where a round of matching stands, and what is to be done next."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from functools import reduce
from typing import Literal, NamedTuple, assert_never

from domain.ids import JourneyId, LearnerId, MentorId, ProgramId, RoundId, round_id
from domain.round.events import (
    Cause,
    Drafted,
    DraftWanted,
    How,
    LearnersLeft,
    Left,
    PairAllowed,
    PairForbidden,
    PairPinned,
    PairsDrafted,
    PairUnpinned,
    ProposalsKept,
    ProposalsRefused,
    ProposalsSent,
    ProposalsWithdrawn,
    Refused,
    Releaser,
    RoundBegun,
    RoundCompleted,
    RoundDiscarded,
    RoundDrafted,
    RoundEvent,
    RoundReleased,
    RoundTakenBack,
)
from domain.values import Frozen, changed

Phase = Literal["drafting", "drafted", "released", "completed", "discarded"]
Step = Literal["draft", "release", "wait", "send", "finish", "withdraw", "end"]
"""What is to be done next. `wait`: a person decides."""


class Settled(NamedTuple):
    """A pair that a person has pinned or forbidden."""

    learner: LearnerId
    mentor: MentorId


class RoundState(Frozen):
    program: ProgramId
    number: int
    cause: Cause
    released_by: Releaser
    run: str
    begun_at: datetime
    phase: Phase = "drafting"
    pinned: Mapping[LearnerId, MentorId] = {}
    forbidden: frozenset[Settled] = frozenset()
    settings: int = 0
    """How many pins and bans were set or undone."""
    wanted: int = 0
    """`settings` when a draft was asked for last: one that was begun before is not what is wanted."""
    drafted: RoundDrafted | None = None
    """The present draft, and with it:"""
    pairs: Mapping[JourneyId, Drafted] = {}
    left: Mapping[JourneyId, Left] = {}
    released_at: datetime | None = None
    sent: Mapping[JourneyId, How] = {}
    refused: Mapping[JourneyId, Refused] = {}
    taken_back_at: datetime | None = None
    taken_back_because: str = ""
    withdrawn: frozenset[JourneyId] = frozenset()
    kept: Mapping[JourneyId, Refused] = {}
    ended_at: datetime | None = None

    @property
    def id(self) -> RoundId:
        return round_id(self.program, self.number)

    @property
    def is_open(self) -> bool:
        """Whether no other round may begin."""
        return self.phase not in ("completed", "discarded")

    @property
    def is_stale(self) -> bool:
        """Whether pairs were pinned or forbidden, or that was undone, since the draft was made."""
        return self.drafted is not None and self.drafted.settings != self.settings

    @property
    def pending(self) -> list[Drafted]:
        """The pairs of which it is not entered what became of them, in the order of the draft."""
        return [one for journey, one in self.pairs.items() if journey not in self.sent and journey not in self.refused]

    @property
    def outstanding(self) -> list[JourneyId]:
        """Of a round that is taken back: what was sent and is neither withdrawn nor known to be kept."""
        if self.taken_back_at is None:
            return []
        return [one for one in self.sent if one not in self.withdrawn and one not in self.kept]

    @property
    def next_step(self) -> Step:
        match self.phase:
            case "drafting":
                return "draft"
            case "drafted" if self.released_by == "ops":
                return "wait"
            case "drafted":
                return "draft" if self.is_stale else "release"
            case "released":
                return "finish" if self.taken_back_at or not self.pending else "send"
            case "completed":
                return "withdraw" if self.outstanding else "end"
            case "discarded":
                return "end"
            case _:
                assert_never(self.phase)


def evolve(state: RoundState | None, event: RoundEvent) -> RoundState | None:
    if isinstance(event, RoundBegun):
        return RoundState(
            program=event.program,
            number=event.number,
            cause=event.cause,
            released_by=event.released_by,
            run=event.run,
            begun_at=event.at,
        )
    assert state, "a round begins before anything else happens in it"
    return changed(state, _changes(state, event))


def fold(events: Iterable[RoundEvent], state: RoundState | None = None) -> RoundState | None:
    return reduce(evolve, events, state)


def _changes(state: RoundState, event: RoundEvent) -> Mapping[str, object]:
    match event:
        case PairPinned() | PairUnpinned() | PairForbidden() | PairAllowed():
            return {"settings": state.settings + 1, **_settled(state, event)}
        case DraftWanted():
            return {"phase": "drafting", "wanted": state.settings}
        case RoundDrafted():
            phase = "drafted" if event.settings >= state.wanted else "drafting"
            return {"phase": phase, "drafted": event, "pairs": {}, "left": {}}
        case PairsDrafted():
            return {"pairs": {**state.pairs, **{one.journey: one for one in event.pairs}}}
        case LearnersLeft():
            return {"left": {**state.left, **{one.journey: one for one in event.learners}}}
        case RoundReleased():
            return {"phase": "released", "released_at": event.at}
        case ProposalsSent():
            return {"sent": {**state.sent, **event.sent}}
        case ProposalsRefused():
            return {"refused": {**state.refused, **event.refused}}
        case RoundCompleted():
            return {"phase": "completed", "ended_at": event.at}
        case RoundTakenBack():
            return {"taken_back_at": event.at, "taken_back_because": event.reason}
        case ProposalsWithdrawn():
            return {"withdrawn": state.withdrawn.union(event.journeys)}
        case ProposalsKept():
            return {"kept": {**state.kept, **event.kept}}
        case RoundDiscarded():
            return {"phase": "discarded", "ended_at": event.at}
        case RoundBegun():
            raise AssertionError("a round begins once")
        case _:
            assert_never(event)


def _settled(state: RoundState, event: PairPinned | PairUnpinned | PairForbidden | PairAllowed) -> Mapping[str, object]:
    learner, pair = event.learner, Settled(event.learner, event.mentor)
    without = {one: mentor for one, mentor in state.pinned.items() if one != learner}
    match event:
        case PairPinned():
            return {"pinned": {**state.pinned, learner: event.mentor}, "forbidden": state.forbidden - {pair}}
        case PairUnpinned():
            return {"pinned": without}
        case PairForbidden():
            kept = without if state.pinned.get(learner) == event.mentor else state.pinned
            return {"pinned": kept, "forbidden": state.forbidden | {pair}}
        case PairAllowed():
            return {"forbidden": state.forbidden - {pair}}
        case _:
            assert_never(event)
