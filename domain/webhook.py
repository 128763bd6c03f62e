"""When an event is sent to a webhook again, when it is given up, and when the receiver is left alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, Literal, get_args

Outcome = Literal[
    "delivered", "error_status", "limited", "gone", "redirect", "timeout", "unreachable", "private_address"
]
"""What came of one attempt. `limited`: the receiver asks for a pause (429, or 503 with Retry-After). `gone`: it wants
no more events (410). `private_address`: the address is none of the internet, and is not allowed."""
OUTCOMES: Final[Sequence[Outcome]] = get_args(Outcome)

DeliveryState = Literal["waiting", "delivered", "given_up", "skipped"]
"""Of an event for one webhook. `waiting`: there will be another attempt, or it stands behind an event of its stream for
which there will. `skipped`: a person decided not to send it."""
DELIVERY_STATES: Final[Sequence[DeliveryState]] = get_args(DeliveryState)

_MINUTE, _HOUR = timedelta(minutes=1), timedelta(hours=1)
WAITS: Final[Sequence[timedelta]] = (
    *(timedelta(seconds=5), 5 * _MINUTE, 30 * _MINUTE),
    *(2 * _HOUR, 5 * _HOUR, 10 * _HOUR, 14 * _HOUR, 20 * _HOUR, 24 * _HOUR),
)
"""Between the attempts at one event, as Standard Webhooks recommends: ten attempts in 75 hours."""
ATTEMPTS: Final = len(WAITS) + 1
PATIENCE: Final = timedelta(hours=72)
"""An event is given up after so long at the earliest: a receiver that asks for pauses uses up attempts quickly."""

HOLDS: Final[Sequence[timedelta]] = (
    *(timedelta(seconds=5), timedelta(seconds=15)),
    *(_MINUTE, 5 * _MINUTE, 15 * _MINUTE, 30 * _MINUTE),
)
"""How long a receiver that fails is left alone. Then one event is tried; until that works, nothing else is."""
STREAMS_IN_TROUBLE: Final = 3
"""So many streams whose events are refused, and none that is accepted: then it is not the events but the receiver."""
LONGEST_PAUSE: Final = timedelta(hours=24)
"""Of what a receiver may ask for."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of an attempt. `because` is shown to people and kept; it holds nothing that the receiver wrote."""

    outcome: Outcome
    because: str
    status: int | None = None
    retry_after: timedelta | None = None

    @property
    def delivered(self) -> bool:
        return self.outcome == "delivered"


@dataclass(frozen=True, slots=True)
class Health:
    """How a receiver has been since it last accepted something."""

    failing_since: datetime | None = None
    failures: int = 0
    """Rounds of attempts in a row in which something failed and nothing was accepted."""
    not_before: datetime | None = None
    """Until when it is left alone."""

    @property
    def is_held(self) -> bool:
        """Whether one event is tried at a time, to see if the receiver is well again."""
        return self.not_before is not None


WELL: Final = Health()


def next_attempt(attempts: int, first_at: datetime, at: datetime, answer: Answer, spread: float) -> datetime | None:
    """When an event is tried again after it has failed so many times. None: it is given up.

    `spread`, from 0 to 1, keeps those that failed together from coming back together.
    """
    if attempts >= ATTEMPTS and at - first_at >= PATIENCE:
        return None
    wait = WAITS[min(attempts, len(WAITS)) - 1]
    if answer.retry_after is not None:
        asked = min(answer.retry_after, LONGEST_PAUSE)
        wait = asked if answer.outcome == "limited" else max(wait, asked)
    return at + wait * (1 + 0.1 * spread)


def after_round(health: Health, answers: Sequence[Answer], failing_streams: int, at: datetime) -> Health:
    """`failing_streams`: how many streams have an event whose last attempt has failed since something was accepted."""
    pauses = [min(one.retry_after, LONGEST_PAUSE) for one in answers if one.outcome == "limited" and one.retry_after]
    if any(one.delivered for one in answers):
        return Health(not_before=at + max(pauses)) if pauses else WELL
    if not answers:
        return health
    failures = health.failures + 1
    if not pauses and (failing_streams >= STREAMS_IN_TROUBLE or any(one.outcome == "limited" for one in answers)):
        pauses = [HOLDS[min(failures, len(HOLDS)) - 1]]
    return Health(health.failing_since or at, failures, at + max(pauses) if pauses else None)


def is_dead(health: Health, at: datetime) -> bool:
    """Whether the webhook is to be disabled: for days nothing was accepted, however often it was tried."""
    return health.failing_since is not None and health.failures >= ATTEMPTS and at - health.failing_since >= PATIENCE
