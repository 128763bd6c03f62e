"""Repeats and corrections, told apart by digests.

A command that says what is recorded does nothing. One that says something else is refused, or corrects the record where
it says so. Digests tell the two apart and keep no text.
"""

from collections.abc import Mapping
from datetime import UTC, datetime
from hashlib import blake2b

from domain.journey.bases import CorrectableCommand, DailyCommand, Events, Repeatable, RepeatableDaily
from domain.journey.parts import changed
from domain.journey.refusing import Code, RecordedOtherwise, require_reason
from domain.journey.state import JourneyState
from domain.refusal import Rejected
from domain.values import Event

_MOST_OF_A_DAY = 100
_CORRECTED = "/"
"""Stands in a digest between the content and the reason for which it was corrected."""


def digest(*content: object) -> str:
    plain = [one if type(one) in _PLAIN else _plain(one) for one in content]
    return blake2b(repr(plain).encode(), digest_size=8).hexdigest()


_PLAIN = frozenset((str, float, bool, type(None)))


def _plain(one: object) -> object:
    """The same for values that are equal, whatever types they came in."""
    if isinstance(one, datetime):
        return one.astimezone(UTC).isoformat()
    if isinstance(one, Mapping):
        return sorted((key, value if type(value) in _PLAIN else _plain(value)) for key, value in one.items())
    if isinstance(one, list | tuple):
        return [value if type(value) in _PLAIN else _plain(value) for value in one]
    return float(one) if isinstance(one, int) and not isinstance(one, bool) else one


def with_further(further: str | None, *said: str) -> tuple[str, ...]:
    """What is said, with what earlier releases did not know: their digests stay as they were."""
    return (*said, further) if further else said


def corrected(content: str, reason: str) -> str:
    """The digest of a correction: that of the content, and why it was corrected."""
    return f"{content}{_CORRECTED}{digest(reason)}"


# What is compared with the last of its kind


def is_recorded(state: JourneyState, key: str, *content: object) -> bool:
    """Whether this very content is what was recorded last under the key."""
    recorded = state.said.get(key)
    return recorded is not None and recorded.partition(_CORRECTED)[0] == digest(*content)


def nothing_new(state: JourneyState, key: str, *content: object, otherwise: str, code: Code | None = None) -> Events:
    """No events, for a command that repeats what is recorded.

    Raises:
        RecordedOtherwise: when it says something else; `otherwise` says what is recorded, and what can be done instead.
    """
    if not is_recorded(state, key, *content):
        raise RecordedOtherwise(otherwise, code or Code.RECORDED_OTHERWISE)
    return []


def corrects(state: JourneyState, command: CorrectableCommand, key: str, *content: object, there: str) -> bool:
    """Whether the command corrects what is recorded; False for one that repeats it.

    Raises:
        Rejected: when it says something else without `corrects`, or corrects to what is recorded already.
    """
    recorded = state.said.get(key, "")
    same, _, why = recorded.partition(_CORRECTED)
    if same != digest(*content):
        if not command.corrects:
            raise RecordedOtherwise(
                f"{there}, and this says something else; to correct it, give the command again with `corrects`: true "
                "and a `reason`"
            )
        require_reason(command.reason, "say why what is recorded is corrected")
        return True
    if command.corrects and why != digest(command.reason):
        raise Rejected(Code.NOTHING_TO_CORRECT, f"{there}, in just these words; there is nothing to correct")
    if not command.corrects:
        _no_reason_without_correction(command)
    return False


def is_first(command: CorrectableCommand, what: str, *, reason_of_its_own: bool = False) -> None:
    """Refuses a correction of what is not recorded yet, and a reason for correcting nothing."""
    if command.corrects:
        raise Rejected(
            Code.NOTHING_TO_CORRECT,
            f"{what} is not recorded yet, so there is nothing to correct; leave `corrects` out",
        )
    if not reason_of_its_own:
        _no_reason_without_correction(command)


def _no_reason_without_correction(command: CorrectableCommand) -> None:
    if command.reason:
        raise Rejected(
            Code.FIELDS_CONFLICT,
            "a `reason` goes with `corrects`: leave it out, or say that you correct what is recorded",
            {"fields": ("reason", "corrects")},
        )


# What counts once a day


def is_repeated_today(state: JourneyState, command: DailyCommand, at: datetime) -> bool:
    """Whether the same was said before on this day (UTC)."""
    said = _daily_digest(*command.kind_and_text(), at)
    return said in state.said_today or said == state.last_word


def _daily_digest(kind: str, text: str, at: datetime) -> str:
    return f"{at.astimezone(UTC):%Y-%m-%d} {kind}: {digest(text)}"


# What is remembered


def remembered(state: JourneyState, event: Event) -> JourneyState:
    """The state with the digest of what the event says, where its command may come again."""
    if isinstance(event, Repeatable):
        key, content = event.key_and_digest()
        return changed(state, said={**state.said, key: content})
    if isinstance(event, RepeatableDaily):
        said = _daily_digest(*event.kind_and_text(), event.at)
        return changed(state, said_today=_of_one_day(state.said_today, said), last_word=None)
    return state


def _of_one_day(said_today: tuple[str, ...], said: str) -> tuple[str, ...]:
    """The digests of the same day as this one, itself included."""
    day = said.partition(" ")[0]
    return (*(other for other in said_today if other.startswith(day)), said)[-_MOST_OF_A_DAY:]
