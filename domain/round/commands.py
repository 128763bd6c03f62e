"""What can be asked of a round of matching."""

from collections.abc import Mapping
from typing import Annotated

from pydantic import Field

from domain.ids import SLUG, JourneyId, LearnerId, MentorId, ProgramId
from domain.round.events import Cause, Drafted, How, Left, Refused, Releaser, RoundDrafted
from domain.values import Actor, Frozen, Personal


class _Command(Frozen):
    by: Actor = "ops"


class BeginRound(_Command):
    by: Actor = "system"
    program: ProgramId
    number: int = Field(ge=1)
    cause: Cause
    released_by: Releaser
    run: str


class _OfPair(_Command):
    learner: Annotated[LearnerId, SLUG]
    mentor: Annotated[MentorId, SLUG]


class PinPair(_OfPair):
    """Give this learner this mentor in the next draft. It takes the place of another pin of the same learner."""

    reason: Personal = ""


class UnpinPair(_OfPair):
    """Undo a pin."""


class ForbidPair(_OfPair):
    """Keep this learner and this mentor apart in this round."""

    reason: Personal = ""


class AllowPair(_OfPair):
    """Undo a ban."""


class DraftAgain(_Command):
    """Make the draft anew, from whoever waits now."""


class RecordDraft(_Command):
    """What was calculated. `drafted.draft` is the number that the draft was to have."""

    by: Actor = "system"
    drafted: RoundDrafted
    pairs: tuple[Drafted, ...]
    left: tuple[Left, ...]


class ReleaseRound(_Command):
    """Send the draft to the journeys."""

    draft: int | None = None
    """Only if this is the present one. None: whichever is."""


class DiscardRound(_Command):
    """End the round without sending anything."""

    reason: Personal = ""


class EnterProposals(_Command):
    """What became of proposals. Those that are entered already are left as they are."""

    by: Actor = "system"
    sent: Mapping[JourneyId, How] = {}
    refused: Mapping[JourneyId, Refused] = {}


class FinishSending(_Command):
    """Nothing more is being sent: everything was, or the round is taken back."""

    by: Actor = "system"


class TakeRoundBack(_Command):
    """Withdraw what nobody has accepted yet, and send nothing more."""

    reason: Personal = ""


class EnterWithdrawals(_Command):
    by: Actor = "system"
    withdrawn: tuple[JourneyId, ...] = ()
    kept: Mapping[JourneyId, Refused] = {}


RoundCommand = (
    BeginRound
    | PinPair
    | UnpinPair
    | ForbidPair
    | AllowPair
    | DraftAgain
    | RecordDraft
    | ReleaseRound
    | DiscardRound
    | EnterProposals
    | FinishSending
    | TakeRoundBack
    | EnterWithdrawals
)
