"""What detectors found in the sessions of one journey, and what people made of it (R43).

In reading order: events, commands, state, evolve, decide. Its stream is `findings-` and the journey's id. A finding is
raised once, whoever looks and however often: its id is derived from what was found, where, and by which version.
"""

import hashlib
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, ClassVar, Literal, assert_never, get_args

from pydantic import Field

from domain.decider import Decider
from domain.ids import FindingId, JourneyId, MentorId, ProgramId, SessionId, StreamId
from domain.refusal import NotFound, RefusalCode, Rejected
from domain.values import Actor, Event, Frozen, Personal

Standing = Literal["open", "confirmed", "dismissed"]


def findings_stream(journey: JourneyId) -> StreamId:
    return StreamId(f"findings-{journey}")


def journey_of_findings(stream: str) -> JourneyId:
    return JourneyId(stream.removeprefix("findings-"))


def finding_id(detector: str, version: int, journey: JourneyId, session: str, subject: str) -> FindingId:
    """The same for the same finding. Without a word of what people wrote."""
    named = "\0".join((detector, str(version), journey, session, subject))
    return FindingId(f"{detector}-{hashlib.sha256(named.encode()).hexdigest()[:20]}")


class FindingRaised(Event):
    """A detector found a pattern. It changes nothing until a person has looked."""

    type: ClassVar[str] = "quality.finding_raised"
    finding: FindingId
    detector: str
    detector_version: int
    program: ProgramId
    journey: JourneyId
    session: SessionId
    mentor: MentorId | None
    """Who held the session. None: nobody knows."""
    subject: str
    """What exactly: a next step, a question of the notes, `summary`, or the session."""
    because: str
    """Why, in a sentence without a word of what people wrote."""
    quotes: tuple[Personal, ...] = ()


class FindingConfirmed(Event):
    """A person finds the detector right. The mentor reads it, with the kind words of the kit."""

    type: ClassVar[str] = "quality.finding_confirmed"
    finding: FindingId
    by: Actor
    reason: Personal = ""


class FindingDismissed(Event):
    """A person finds the detector wrong, or the finding of no use. The mentor never sees it."""

    type: ClassVar[str] = "quality.finding_dismissed"
    finding: FindingId
    by: Actor
    reason: Personal


FindingEvent = FindingRaised | FindingConfirmed | FindingDismissed
EVENTS: Mapping[str, type[FindingEvent]] = {one.type: one for one in get_args(FindingEvent)}


class Raised(Frozen):
    """A finding as a detector names it."""

    finding: FindingId
    detector: str
    detector_version: int
    session: SessionId
    mentor: MentorId | None
    subject: str
    because: str
    quotes: tuple[Personal, ...] = ()


class RaiseFindings(Frozen):
    """Record what was found; what is known already stays as it is."""

    program: ProgramId
    journey: JourneyId
    found: tuple[Raised, ...]
    by: Actor = "system"


class ConfirmFinding(Frozen):
    """Say that the detector is right. A judgment that was made before can be changed with a reason."""

    finding: FindingId
    reason: Personal = ""
    by: Actor = "ops"


class DismissFinding(Frozen):
    """Say that the detector is wrong here, or that the finding helps nobody."""

    finding: FindingId
    reason: Annotated[Personal, Field(min_length=1)]
    by: Actor = "ops"


FindingCommand = RaiseFindings | ConfirmFinding | DismissFinding


class FindingsState(Frozen):
    """How each finding of the journey stands. Their words stay in the log."""

    standings: Mapping[FindingId, Standing] = {}


INITIAL = FindingsState()


class Code(RefusalCode):
    """Why a finding cannot be judged."""

    JUDGED = "finding_judged"
    """`was`: how."""


def evolve(state: FindingsState, event: FindingEvent) -> FindingsState:
    match event:
        case FindingRaised():
            standing: Standing = "open"
        case FindingConfirmed():
            standing = "confirmed"
        case FindingDismissed():
            standing = "dismissed"
        case _:
            assert_never(event)
    return FindingsState(standings={**state.standings, event.finding: standing})


def decide(state: FindingsState, command: FindingCommand, at: datetime) -> Sequence[FindingEvent]:
    """Returns no events for what is recorded already.

    Raises:
        NotFound: when the journey has no such finding.
        Rejected: when another judgment is changed without a reason.
    """
    match command:
        case RaiseFindings():
            new = {one.finding: one for one in command.found if one.finding not in state.standings}
            where = {"at": at, "program": command.program, "journey": command.journey}
            return [FindingRaised.model_validate({**where, **one.model_dump()}) for one in new.values()]
        case ConfirmFinding():
            if _standing(state, command.finding) == "confirmed":
                return []
            _require_reason(state, command.finding, command.reason)
            return [FindingConfirmed(at=at, finding=command.finding, by=command.by, reason=command.reason)]
        case DismissFinding():
            if _standing(state, command.finding) == "dismissed":
                return []
            _require_reason(state, command.finding, command.reason)
            return [FindingDismissed(at=at, finding=command.finding, by=command.by, reason=command.reason)]
        case _:
            assert_never(command)


def _standing(state: FindingsState, finding: FindingId) -> Standing:
    if finding not in state.standings:
        raise NotFound(f"there is no finding {finding!r}; `trellis findings list` shows those there are")
    return state.standings[finding]


def _require_reason(state: FindingsState, finding: FindingId, reason: str) -> None:
    if state.standings[finding] != "open" and not reason.strip():
        was = state.standings[finding]
        raise Rejected(Code.JUDGED, f"the finding is {was} already; say why that is to change", {"was": was})


FINDINGS: Decider[FindingCommand, FindingsState, FindingEvent] = Decider(EVENTS, INITIAL, decide, evolve)
