"""What happens in a round of matching."""

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal, get_args

from pydantic import StringConstraints

from domain.ids import JourneyId, KitDigest, LearnerId, MentorId, ProgramId
from domain.values import Event, Frozen, Personal, PersonalMark

Cause = Literal["schedule", "demand", "urgent"]
"""Why a round begins: the kit's interval is over, a person wants it, or a learner waits for whom it begins at once."""
Releaser = Literal["ops", "schedule"]

Said = Annotated[str, PersonalMark(), StringConstraints(max_length=500)]
"""Words about a learner or a pair. Personal."""


class RoundBegun(Event):
    """Mentors are looked for, for all who wait in the program. Until the round is over, no other begins there."""

    type: ClassVar[str] = "round.begun"
    program: ProgramId
    number: int
    """Of the rounds of the program, from 1."""
    cause: Cause
    released_by: Releaser
    """Whether a person releases the draft, or it is released as soon as it is made."""
    run: str
    """Names whoever began it, so that a repeated beginning is recognized."""


class PairPinned(Event):
    """This learner is to get this mentor, unless a rule forbids it. Counts from the next draft on."""

    type: ClassVar[str] = "round.pair_pinned"
    learner: LearnerId
    mentor: MentorId
    reason: Personal = ""


class PairUnpinned(Event):
    type: ClassVar[str] = "round.pair_unpinned"
    learner: LearnerId
    mentor: MentorId


class PairForbidden(Event):
    """This learner is not to get this mentor in this round. Counts from the next draft on."""

    type: ClassVar[str] = "round.pair_forbidden"
    learner: LearnerId
    mentor: MentorId
    reason: Personal = ""


class PairAllowed(Event):
    """What was forbidden is allowed again."""

    type: ClassVar[str] = "round.pair_allowed"
    learner: LearnerId
    mentor: MentorId


class DraftWanted(Event):
    """The draft is to be made anew, from whoever waits now and with the pairs as they are pinned and forbidden now."""

    type: ClassVar[str] = "round.draft_wanted"


class Certificate(Frozen):
    """That no other assignment of the pool costs less, in hundredths of points: `domain.matching.certificate` checks it
    again from the pool."""

    problem: str
    """SHA-256 of the numbers that were solved."""
    objective: int
    """What everything costs together."""
    bound: int
    """No assignment costs less."""
    pairs_priced: int
    least_price: int
    """Of a pair that was not made; 0: there are ties."""
    mentor_prices: tuple[int, ...]


class Poor(Frozen):
    """One of those who fit least of all."""

    learner: LearnerId
    mentor: MentorId
    points: float


class RoundDrafted(Event):
    """A draft was made from the pool with this digest; its pairs follow in the next events. It can be calculated again
    from the pool and the kit at any time, with the same result."""

    type: ClassVar[str] = "round.drafted"
    draft: int
    """Of this round, from 1."""
    kit: KitDigest
    pool: str
    """The digest under which the pool is kept. It has the profiles, so it is not in the log."""
    settings: int
    """How many pins and bans had been set or undone when the pool was collected."""
    waiting: int
    """Learners in the pool."""
    mentors: int
    free: int
    """Places of these mentors."""
    pairs: int
    unplaced: int
    mean_points: float | None
    certificate: Certificate
    worst_off: tuple[Poor, ...] = ()
    preferring: int = 0
    """Pairs who would both rather have each other."""
    obstacles: Mapping[str, int] = {}
    """How many pairs each rule makes impossible."""
    remarks: tuple[Said, ...] = ()
    """What of the kit was ignored, which pins could not hold, and the like."""


class Drafted(Frozen):
    journey: JourneyId
    learner: LearnerId
    mentor: MentorId
    points: float
    pinned: bool = False
    reason: Said = ""
    """What those who are asked are told."""


class PairsDrafted(Event):
    """Pairs of this draft."""

    type: ClassVar[str] = "round.pairs_drafted"
    draft: int
    pairs: tuple[Drafted, ...]


class Left(Frozen):
    """A learner for whom the draft has nobody."""

    journey: JourneyId
    learner: LearnerId
    why: str
    """`excluded`, `below_least` or `no_place`."""
    says: Said = ""


class LearnersLeft(Event):
    """For these learners the draft has nobody."""

    type: ClassVar[str] = "round.learners_left"
    draft: int
    learners: tuple[Left, ...]


class RoundReleased(Event):
    """The pairs of this draft go to their journeys from now on, as proposals or as matches."""

    type: ClassVar[str] = "round.released"
    draft: int


How = Literal["offered", "matched", "unanswered"]
"""`unanswered`: the journey has the command and has not answered; it may still follow it."""


class ProposalsSent(Event):
    """These journeys have got what the round has for them."""

    type: ClassVar[str] = "round.proposals_sent"
    sent: Mapping[JourneyId, How]


class Refused(Frozen):
    code: str
    """As the journey gives it; docs/contract.md lists them."""
    says: Said = ""


class ProposalsRefused(Event):
    """These journeys refused what the round has for them: they have a mentor, are paused or closed, or the mentor has
    no place any more. Whoever still waits is in the next round."""

    type: ClassVar[str] = "round.proposals_refused"
    refused: Mapping[JourneyId, Refused]


class RoundCompleted(Event):
    """Nothing more is sent to any journey. The next round may begin."""

    type: ClassVar[str] = "round.completed"


class RoundTakenBack(Event):
    """What was released is withdrawn as far as nobody has accepted it, and nothing more is sent."""

    type: ClassVar[str] = "round.taken_back"
    reason: Personal = ""


class ProposalsWithdrawn(Event):
    """The proposals to these journeys are withdrawn."""

    type: ClassVar[str] = "round.proposals_withdrawn"
    journeys: tuple[JourneyId, ...]


class ProposalsKept(Event):
    """These could not be withdrawn: somebody has accepted, or the journey has moved on."""

    type: ClassVar[str] = "round.proposals_kept"
    kept: Mapping[JourneyId, Refused]


class RoundDiscarded(Event):
    """The round ends without anything being sent. The next one may begin."""

    type: ClassVar[str] = "round.discarded"
    reason: Personal = ""


RoundEvent = (
    RoundBegun
    | PairPinned
    | PairUnpinned
    | PairForbidden
    | PairAllowed
    | DraftWanted
    | RoundDrafted
    | PairsDrafted
    | LearnersLeft
    | RoundReleased
    | ProposalsSent
    | ProposalsRefused
    | RoundCompleted
    | RoundTakenBack
    | ProposalsWithdrawn
    | ProposalsKept
    | RoundDiscarded
)
EVENTS: dict[str, type[RoundEvent]] = {event.type: event for event in get_args(RoundEvent)}
