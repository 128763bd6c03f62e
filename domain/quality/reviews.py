"""A round of reviews: a sample of sessions, each an item that a reviewer takes and scores (R42, R44).

In reading order: events, commands, state, evolve, decide. The stream is `qa-` and the round's id: that of the program,
and the number of the round. The scores themselves stand in the streams of the journeys (domain/quality/scores.py).
"""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import ClassVar, Literal, assert_never, get_args

from pydantic import AwareDatetime

from domain.decider import Decider
from domain.ids import JourneyId, KitDigest, MentorId, ProgramId, RoundId, SessionId, Slug, StreamId, round_id
from domain.quality.sampling import Chosen, Risk, Stratum
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal, changed

TAKEN_FOR = timedelta(hours=24)
"""An item that somebody has taken and not reviewed is free for others again after this time."""
_NAMED = 100
"""The most mentors that are named of those whose turn had come. All are counted."""


def qa_stream(round_: RoundId) -> StreamId:
    return StreamId(f"qa-{round_}")


def round_of(item: str) -> RoundId:
    """The round of an item. An item's id is that of its round, a dot, and a number."""
    return RoundId(item.rpartition(".")[0])


class Code(RefusalCode):
    """Why a round of reviews refuses a command."""

    NO_QUALITY = "no_quality_rounds"
    NUMBER_TAKEN = "qa_number_taken"
    UNKNOWN_ITEM = "unknown_item"
    ITEM_TAKEN = "item_taken"
    """`until`: when it is free again."""
    ITEM_SETTLED = "item_settled"
    """`state`: how."""
    NOT_TAKEN = "item_not_taken"
    REVIEWED_BEFORE = "reviewed_before"
    OWN_SESSION = "own_session"
    NO_PEERS = "no_peer_reviews"
    SKIP_NEEDS_REASON = "skip_needs_reason"


class RoundBegun(Event):
    """A sample of the sessions that were held in some time is to be looked at."""

    type: ClassVar[str] = "quality.round_begun"
    program: ProgramId
    number: int
    """Of the program's rounds of reviews, from 1."""
    run: str
    """Names whoever began it, so that a repeated beginning is recognized."""
    kit: KitDigest
    """The version whose `quality` the sample was drawn by."""
    rule: str
    """Names the way in which was drawn."""
    seed: str
    """With it, the same sessions give the same sample."""
    since: AwareDatetime
    until: AwareDatetime
    """The sessions that were held in [since, until) are those that the sample is of."""
    closes_at: AwareDatetime
    minutes: int
    """The budget."""
    minutes_a_review: int
    sessions: int
    """How many the sample was drawn from; a group session is one."""
    mentors: int
    """Whose sessions these are."""
    sampled: int
    """How many sessions are looked at."""
    twice: int
    """How many of them by two reviewers."""
    mentors_left: int
    """Whose turn had come, and for whom the minutes did not suffice."""
    left: tuple[MentorId, ...] = ()
    """Who that is; at most 100."""


class SessionSampled(Event):
    """One item of the round: a session for a reviewer."""

    type: ClassVar[str] = "quality.session_sampled"
    item: Slug
    journey: JourneyId
    session: SessionId
    mentor: MentorId
    held_at: AwareDatetime
    stratum: Stratum
    risks: tuple[Risk, ...] = ()
    twin: bool = False
    """Whether another item of the round is of the same session. No reviewer is told which."""


class ReviewTaken(Event):
    """A reviewer has begun. For a day nobody else can take the item."""

    type: ClassVar[str] = "quality.review_taken"
    item: Slug
    by: Actor


class ItemReviewed(Event):
    """The reviewer has scored the session; what they said is in the stream of the journey's scores."""

    type: ClassVar[str] = "quality.item_reviewed"
    item: Slug
    by: Actor
    minutes: int | None = None
    """How long it took, if the reviewer said so."""


class ItemSkipped(Event):
    """The item cannot be reviewed, or is not to be."""

    type: ClassVar[str] = "quality.item_skipped"
    item: Slug
    by: Actor
    reason: Personal


class RoundClosed(Event):
    """Every item is settled, or the time is over: what nobody has reviewed lapses."""

    type: ClassVar[str] = "quality.round_closed"
    reviewed: int
    skipped: int
    lapsed: int
    minutes: int
    """That reviewers said it took them; the usual time where they did not say."""


RoundEvent = RoundBegun | SessionSampled | ReviewTaken | ItemReviewed | ItemSkipped | RoundClosed
EVENTS: dict[str, type[RoundEvent]] = {one.type: one for one in get_args(RoundEvent)}


class BeginReviews(Frozen):
    """Begin a round, unless the one of this number was begun by the same run."""

    begun: RoundBegun
    """As it is recorded."""
    chosen: tuple[Chosen, ...]
    by: Actor = "system"


class TakeReview(Frozen):
    item: Slug
    by: Actor
    mentor: MentorId | None = None
    """Of a reviewer who is a mentor: who that is."""
    peers: bool = False
    """Whether the kit lets mentors review."""


class FinishReview(Frozen):
    """The session of the item is scored."""

    item: Slug
    by: Actor
    minutes: int | None = None


class SkipItem(Frozen):
    item: Slug
    by: Actor
    reason: Personal


class CloseReviews(Frozen):
    """Close the round if everything is settled or its time is over. Otherwise nothing happens."""

    by: Actor = "system"


Command = BeginReviews | TakeReview | FinishReview | SkipItem | CloseReviews


class Item(Frozen):
    item: Slug
    journey: JourneyId
    session: SessionId
    mentor: MentorId
    held_at: datetime
    stratum: Stratum
    risks: tuple[Risk, ...]
    twin: bool
    standing: Literal["open", "taken", "reviewed", "skipped"] = "open"
    by: Actor | None = None
    """Whoever has taken, reviewed or skipped it."""
    taken_at: datetime | None = None
    minutes: int | None = None

    @property
    def is_settled(self) -> bool:
        return self.standing in ("reviewed", "skipped")

    def is_held_at(self, at: datetime) -> bool:
        """Whether somebody has it, and nobody else can take it."""
        return self.standing == "taken" and self.taken_at is not None and at < self.taken_at + TAKEN_FOR


class RoundState(Frozen):
    begun: RoundBegun
    items: Mapping[str, Item] = {}
    closed_at: datetime | None = None

    @property
    def id(self) -> RoundId:
        return round_id(self.begun.program, self.begun.number)

    @property
    def is_open(self) -> bool:
        return self.closed_at is None

    def item(self, item: str) -> Item:
        """Raises Rejected."""
        if item not in self.items:
            raise Rejected(Code.UNKNOWN_ITEM, f"round {self.id} of reviews has no item {item!r}")
        return self.items[item]

    def twin_of(self, item: Item) -> Item | None:
        same = (item.journey, item.session)
        others = (one for one in self.items.values() if one.item != item.item)
        return next((one for one in others if (one.journey, one.session) == same), None)


def evolve(state: RoundState | None, event: RoundEvent) -> RoundState | None:
    if isinstance(event, RoundBegun):
        return RoundState(begun=event)
    assert state, "a round begins before anything else happens in it"
    match event:
        case SessionSampled():
            fields = {name: getattr(event, name) for name in SessionSampled.model_fields if name != "at"}
            return changed(state, {"items": {**state.items, event.item: Item(**fields)}})
        case ReviewTaken():
            return _with(state, event.item, {"standing": "taken", "by": event.by, "taken_at": event.at})
        case ItemReviewed():
            return _with(state, event.item, {"standing": "reviewed", "by": event.by, "minutes": event.minutes})
        case ItemSkipped():
            return _with(state, event.item, {"standing": "skipped", "by": event.by})
        case RoundClosed():
            return changed(state, {"closed_at": event.at})
        case _:
            assert_never(event)


def _with(state: RoundState, item: str, changes: Mapping[str, object]) -> RoundState:
    return changed(state, {"items": {**state.items, item: changed(state.items[item], changes)}})


def decide(state: RoundState | None, command: Command, at: datetime) -> Sequence[RoundEvent]:
    if isinstance(command, BeginReviews):
        return _begun(state, command)
    if state is None:
        raise Rejected(
            Code.UNKNOWN_ITEM, "there is no such round of reviews; `trellis qa rounds` lists those there are"
        )
    match command:
        case TakeReview():
            return _taken(state, command, at)
        case FinishReview():
            return _and_closed(state, _finished(state, command, at), at)
        case SkipItem():
            return _and_closed(state, _skipped(state, command, at), at)
        case CloseReviews():
            return _closed(state, at) if at >= state.begun.closes_at else _and_closed(state, [], at)
        case _:
            assert_never(command)


def _begun(state: RoundState | None, command: BeginReviews) -> Sequence[RoundEvent]:
    begun = command.begun
    if state and state.begun.run == begun.run:
        return []
    if state:
        says = f"{begun.program} has had round {begun.number} of reviews; another one gets the next number"
        raise Rejected(Code.NUMBER_TAKEN, says)
    return [
        begun,
        *(
            SessionSampled(
                at=begun.at,
                item=f"{round_id(begun.program, begun.number)}.{number}",
                journey=one.held.journey,
                session=one.held.session,
                mentor=one.held.mentor,
                held_at=one.held.held_at,
                stratum=one.stratum,
                risks=one.held.risks,
                twin=_is_double(one, command.chosen),
            )
            for number, one in enumerate(command.chosen, start=1)
        ),
    ]


def _is_double(one: Chosen, chosen: Sequence[Chosen]) -> bool:
    return sum(other.held.key == one.held.key for other in chosen) > 1


def _taken(state: RoundState, command: TakeReview, at: datetime) -> Sequence[RoundEvent]:
    item = _unsettled(state, command.item, "taken")
    if item.is_held_at(at):
        if item.by == command.by:
            return []
        assert item.taken_at
        until = item.taken_at + TAKEN_FOR
        says = (
            f"somebody has taken this review; it is free again at {until:%Y-%m-%d %H:%M} UTC unless it is done by then"
        )
        raise Rejected(Code.ITEM_TAKEN, says, {"until": until.isoformat()})
    if command.mentor and not command.peers:
        raise Rejected(Code.NO_PEERS, "mentors do not review in this program; `quality.peers` in its kit says so")
    if command.mentor == item.mentor:
        raise Rejected(Code.OWN_SESSION, "this session is your own; score it as yourself, outside the round")
    twin = state.twin_of(item)
    if twin and twin.by == command.by and twin.standing in ("taken", "reviewed"):
        raise Rejected(Code.REVIEWED_BEFORE, "you have this session already; leave this item to somebody else")
    return [ReviewTaken(at=at, item=item.item, by=command.by)]


def _finished(state: RoundState, command: FinishReview, at: datetime) -> Sequence[RoundEvent]:
    item = state.item(command.item)
    if item.standing == "reviewed" and item.by == command.by:
        return []
    require_taken(state, command.item, command.by)
    return [ItemReviewed(at=at, item=item.item, by=command.by, minutes=command.minutes)]


def require_taken(state: RoundState, item: str, by: str) -> Item:
    """The item, which this reviewer has taken or reviewed. Raises Rejected."""
    found = state.item(item)
    if found.standing == "reviewed" and found.by == by:
        return found
    _unsettled(state, item, "scored")
    if found.standing != "taken" or found.by != by:
        raise Rejected(Code.NOT_TAKEN, f"take this review first, for instance with `trellis qa take {item}`")
    return found


def _skipped(state: RoundState, command: SkipItem, at: datetime) -> Sequence[RoundEvent]:
    item = state.item(command.item)
    if item.standing == "skipped" and item.by == command.by:
        return []
    _unsettled(state, command.item, "skipped")
    if item.is_held_at(at) and item.by != command.by:
        raise Rejected(Code.ITEM_TAKEN, "somebody else has taken this review, and alone can skip it")
    if not command.reason.strip():
        raise Rejected(Code.SKIP_NEEDS_REASON, "say why this session is not reviewed")
    return [ItemSkipped(at=at, item=item.item, by=command.by, reason=command.reason)]


def _unsettled(state: RoundState, item: str, wanted: str) -> Item:
    found = state.item(item)
    standing = found.standing if found.is_settled else "lapsed" if not state.is_open else None
    if standing:
        says = f"this review is {standing}, so it cannot be {wanted} any more"
        raise Rejected(Code.ITEM_SETTLED, says, {"state": standing})
    return found


def _and_closed(state: RoundState, events: Sequence[RoundEvent], at: datetime) -> Sequence[RoundEvent]:
    """With the last item settled, the round is over."""
    after: RoundState | None = state
    for one in events:
        after = evolve(after, one)
    assert after
    return [*events, *_closed(after, at)] if all(one.is_settled for one in after.items.values()) else events


def _closed(state: RoundState, at: datetime) -> Sequence[RoundEvent]:
    if not state.is_open:
        return []
    items = state.items.values()
    reviewed = [one for one in items if one.standing == "reviewed"]
    skipped = sum(one.standing == "skipped" for one in items)
    return [
        RoundClosed(
            at=at,
            reviewed=len(reviewed),
            skipped=skipped,
            lapsed=len(items) - len(reviewed) - skipped,
            minutes=sum(one.minutes or state.begun.minutes_a_review for one in reviewed),
        )
    ]


def named(left: Sequence[MentorId]) -> tuple[MentorId, ...]:
    return tuple(left[:_NAMED])


REVIEWS: Decider[Command, RoundState | None, RoundEvent] = Decider(EVENTS, None, decide, evolve)
