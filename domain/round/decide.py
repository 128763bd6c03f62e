"""What a round of matching does when it is asked."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, TypeVar, assert_never

from domain.decider import Decider
from domain.ids import JourneyId
from domain.limits import MAX_EVENT_BYTES
from domain.refusal import RefusalCode, Rejected
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
from domain.round.events import (
    EVENTS,
    DraftWanted,
    LearnersLeft,
    PairAllowed,
    PairForbidden,
    PairPinned,
    PairsDrafted,
    PairUnpinned,
    ProposalsKept,
    ProposalsRefused,
    ProposalsSent,
    ProposalsWithdrawn,
    RoundBegun,
    RoundCompleted,
    RoundDiscarded,
    RoundEvent,
    RoundReleased,
    RoundTakenBack,
)
from domain.round.state import RoundState, Settled, evolve, fold
from domain.values import Frozen, changed

Item = TypeVar("Item")

SETTINGS = 1_000
"""The most pins and bans of one round."""


class Code(RefusalCode):
    """Why a round refuses a command."""

    NO_ROUND = "no_round"
    OPEN = "round_open"
    """`round`: the one that is open in the program."""
    NOBODY_WAITS = "nobody_waits"
    NUMBER_TAKEN = "round_number_taken"
    RELEASED = "round_released"
    OVER = "round_over"
    """`phase`: how it ended."""
    NOT_DRAFTED = "round_not_drafted"
    STALE = "draft_out_of_date"
    OTHER_DRAFT = "another_draft"
    """`draft`: the present one."""
    NOT_RELEASED = "round_not_released"
    TOO_MANY_SETTINGS = "too_many_pairs_set"
    """`most`: how many pairs may be pinned or forbidden."""
    NOT_WAITING = "learner_not_waiting"
    NOT_AVAILABLE = "mentor_not_available"


def decide(state: RoundState | None, command: RoundCommand, at: datetime) -> Sequence[RoundEvent]:
    """Returns no events for a command that changes nothing, such as a repeated one.

    Raises:
        Rejected: when it does not fit where the round stands.
    """
    if isinstance(command, BeginRound):
        return _begin(state, command, at)
    if state is None:
        raise Rejected(Code.NO_ROUND, "there is no such round; `trellis match list PROGRAM` shows those there are")
    match command:
        case PinPair() | UnpinPair() | ForbidPair() | AllowPair():
            return _set(state, command, at)
        case DraftAgain():
            _require_unreleased(state)
            is_coming = state.phase == "drafting" and state.wanted == state.settings
            return [] if is_coming else [DraftWanted(at=at)]
        case RecordDraft():
            return _record_draft(state, command, at)
        case ReleaseRound():
            return _release(state, command, at)
        case DiscardRound():
            return _discard(state, command, at)
        case EnterProposals():
            return _enter(state, command, at)
        case FinishSending():
            finished = state.phase == "released" and (state.taken_back_at or not state.pending)
            return [RoundCompleted(at=at)] if finished else []
        case TakeRoundBack():
            return _take_back(state, command, at)
        case EnterWithdrawals():
            return _enter_withdrawals(state, command, at)
        case _:
            assert_never(command)


def _begin(state: RoundState | None, command: BeginRound, at: datetime) -> list[RoundEvent]:
    if state is None:
        fields = {one: getattr(command, one) for one in ("program", "number", "cause", "released_by", "run")}
        return [RoundBegun.model_validate({"at": at, **fields})]
    if state.run == command.run:
        return []
    raise Rejected(Code.NUMBER_TAKEN, f"there is a round {state.id} already")


# The draft


def _set(state: RoundState, command: PinPair | UnpinPair | ForbidPair | AllowPair, at: datetime) -> list[RoundEvent]:
    _require_unreleased(state)
    pair = Settled(command.learner, command.mentor)
    is_pinned, is_forbidden = state.pinned.get(pair.learner) == pair.mentor, pair in state.forbidden
    fields: dict[str, Any] = {"at": at, "learner": pair.learner, "mentor": pair.mentor}
    match command:
        case PinPair():
            _require_room_for_settings(state)
            return [] if is_pinned else [PairPinned(**fields, reason=command.reason)]
        case UnpinPair():
            return [PairUnpinned(**fields)] if is_pinned else []
        case ForbidPair():
            _require_room_for_settings(state)
            return [] if is_forbidden else [PairForbidden(**fields, reason=command.reason)]
        case AllowPair():
            return [PairAllowed(**fields)] if is_forbidden else []
        case _:
            assert_never(command)


def _require_room_for_settings(state: RoundState) -> None:
    if len(state.pinned) + len(state.forbidden) >= SETTINGS:
        raise Rejected(
            Code.TOO_MANY_SETTINGS,
            f"{SETTINGS:,} pairs are pinned or forbidden in this round, and no more can be; undo some, or change the "
            "rules and weights of the kit",
            {"most": SETTINGS},
        )


def _require_unreleased(state: RoundState) -> None:
    if state.phase == "discarded":
        raise Rejected(Code.OVER, f"round {state.id} was discarded; begin another one", {"phase": state.phase})
    if state.released_at:
        raise Rejected(
            Code.RELEASED,
            f"round {state.id} was released on {state.released_at:%d %B %Y}; what nobody has accepted yet can be taken "
            "back",
        )


def _record_draft(state: RoundState, command: RecordDraft, at: datetime) -> list[RoundEvent]:
    """Nothing, where the round was released or discarded meanwhile, or this draft is recorded already."""
    number = state.drafted.draft + 1 if state.drafted else 1
    if state.phase not in ("drafting", "drafted") or command.drafted.draft != number:
        return []
    return [
        changed(command.drafted, {"at": at}),
        *(PairsDrafted(at=at, draft=number, pairs=tuple(some)) for some in _in_events(command.pairs, _bytes)),
        *(LearnersLeft(at=at, draft=number, learners=tuple(some)) for some in _in_events(command.left, _bytes)),
    ]


# Releasing


def _release(state: RoundState, command: ReleaseRound, at: datetime) -> list[RoundEvent]:
    drafted = state.drafted
    if state.released_at and drafted and command.draft in (None, drafted.draft):
        return []
    _require_unreleased(state)
    if drafted is None or state.phase == "drafting":
        raise Rejected(Code.NOT_DRAFTED, "the draft is still being made; release it once you have seen it")
    if command.draft not in (None, drafted.draft):
        raise Rejected(
            Code.OTHER_DRAFT,
            f"draft {command.draft} is not the present one; look at draft {drafted.draft} first",
            {"draft": drafted.draft},
        )
    if state.is_stale:
        raise Rejected(
            Code.STALE,
            "pairs were pinned or forbidden since the draft was made; make it again first, with "
            f"`trellis match again {state.program}`",
        )
    return [RoundReleased(at=at, draft=drafted.draft), *([] if state.pairs else [RoundCompleted(at=at)])]


def _discard(state: RoundState, command: DiscardRound, at: datetime) -> list[RoundEvent]:
    if state.phase == "discarded":
        return []
    _require_unreleased(state)
    return [RoundDiscarded(at=at, reason=command.reason)]


def _enter(state: RoundState, command: EnterProposals, at: datetime) -> list[RoundEvent]:
    pending = {one.journey for one in state.pending} if state.phase == "released" else set()
    sent = {one: how for one, how in command.sent.items() if one in pending}
    refused = {one: why for one, why in command.refused.items() if one in pending and one not in sent}
    events: list[RoundEvent] = [
        *(ProposalsSent(at=at, sent=dict(some)) for some in _in_events(sent.items(), _bytes_of_entry)),
        *(ProposalsRefused(at=at, refused=dict(some)) for some in _in_events(refused.items(), _bytes_of_entry)),
    ]
    all_done = pending and len(sent) + len(refused) == len(pending)
    return [*events, RoundCompleted(at=at)] if all_done and not state.taken_back_at else events


# Taking back


def _take_back(state: RoundState, command: TakeRoundBack, at: datetime) -> list[RoundEvent]:
    if state.taken_back_at:
        return []
    if state.released_at is None:
        raise Rejected(
            Code.NOT_RELEASED, f"round {state.id} was not released, so there is nothing to take back; discard it"
        )
    return [RoundTakenBack(at=at, reason=command.reason)]


def _enter_withdrawals(state: RoundState, command: EnterWithdrawals, at: datetime) -> list[RoundEvent]:
    outstanding = set(state.outstanding)
    withdrawn = tuple(one for one in command.withdrawn if one in outstanding)
    kept = {one: why for one, why in command.kept.items() if one in outstanding and one not in withdrawn}
    return [
        *(ProposalsWithdrawn(at=at, journeys=tuple(some)) for some in _in_events(withdrawn, len)),
        *(ProposalsKept(at=at, kept=dict(some)) for some in _in_events(kept.items(), _bytes_of_entry)),
    ]


# Dividing what is too much for one event

_AN_EVENT = MAX_EVENT_BYTES // 2
"""Bytes of the items of one event. The rest is for what stands between them."""


def _in_events(items: Iterable[Item], size: Callable[[Item], int]) -> Iterator[list[Item]]:
    some: list[Item] = []
    filled = 0
    for item in items:
        filled += size(item)
        if some and filled > _AN_EVENT:
            yield some
            some, filled = [], size(item)
        some.append(item)
    if some:
        yield some


def _bytes(item: Frozen) -> int:
    return len(item.model_dump_json().encode())


def _bytes_of_entry(entry: tuple[JourneyId, str | Frozen]) -> int:
    journey, what = entry
    return len(journey) + (len(what) if isinstance(what, str) else _bytes(what))


ROUND: Decider[RoundCommand, RoundState | None, RoundEvent] = Decider(EVENTS, None, decide, evolve, fold)
