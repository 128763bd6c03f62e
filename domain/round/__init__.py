"""A round of matching: for all who wait in a program, from the draft until every proposal has reached its journey.

In reading order: events, commands, state (what the events amount to, and what is to be done next), decide. The stream
is `round-` and the round's id: that of the program, and the number of the round.
"""

from domain.round.commands import (
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
    TakeRoundBack,
    UnpinPair,
)
from domain.round.decide import ROUND, Code, decide
from domain.round.events import EVENTS, RoundEvent
from domain.round.state import Phase, RoundState, Step, evolve, fold

__all__ = [
    "EVENTS",
    "ROUND",
    "AllowPair",
    "BeginRound",
    "Code",
    "DiscardRound",
    "DraftAgain",
    "EnterProposals",
    "EnterWithdrawals",
    "FinishSending",
    "ForbidPair",
    "Phase",
    "PinPair",
    "RecordDraft",
    "ReleaseRound",
    "RoundCommand",
    "RoundEvent",
    "RoundState",
    "Step",
    "TakeRoundBack",
    "UnpinPair",
    "decide",
    "evolve",
    "fold",
]
