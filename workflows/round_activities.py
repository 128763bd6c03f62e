"""The contracts of the activities of a round of matching: names, inputs and results. activities/rounds.py implements
them.

They are stored in histories: a name never changes, and a field is only ever added, with a default.
"""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from domain.ids import ProgramId, RoundId
from domain.round.events import Cause
from domain.values import Frozen
from workflows.contract import RoundStatus


class FindRound(Frozen):
    """Begin a round for all who wait now, or find the one that `run` has begun."""

    program: ProgramId
    cause: Cause
    run: str
    """Names the workflow, the same in every attempt."""


class RoundFound(Frozen):
    status: RoundStatus | None
    """None: nobody waits, and no round was begun."""


class OneRound(Frozen):
    round: RoundId


class AskRound(Frozen):
    """A command, by the name of its update, with what came with it."""

    round: RoundId
    command: str
    payload: Mapping[str, Any] | None = None


BEGIN_ROUND = "begin_round"
LOAD_ROUND = "load_round"
ASK_ROUND = "ask_round"
DRAFT_ROUND = "draft_round"
SEND_ROUND = "send_round"
WITHDRAW_ROUND = "withdraw_round"
"""The names of the activities."""

SILENCE = timedelta(seconds=15)
"""After so long without a heartbeat, another attempt at a long activity is made."""

PIN, UNPIN, FORBID, ALLOW = "pin", "unpin", "forbid", "allow"
AGAIN, RELEASE, DISCARD = "again", "release", "discard"
FINISH = "finish"
"""Commands, as the updates of the workflow are named; the last one is the workflow's own."""
