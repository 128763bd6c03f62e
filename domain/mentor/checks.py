"""What was verified about a mentor, until when it counts, and whether they are onboarded."""

from datetime import datetime
from typing import Annotated, ClassVar

from domain.ids import SLUG, MentorId, Slug
from domain.mentor.state import MentorState
from domain.profiles import Check
from domain.refusal import RefusalCode, Rejected
from domain.values import Actor, Day, Event, Frozen, changed

CHECKS_AT_MOST = 100


class CheckRecorded(Event):
    """The check was passed. It counts up to and including this day, in UTC; None: it does not expire."""

    type: ClassVar[str] = "mentor.check_recorded"
    check: Slug
    valid_until: Day | None


class CheckWithdrawn(Event):
    """The check counts no longer, whatever its last day was."""

    type: ClassVar[str] = "mentor.check_withdrawn"
    check: Slug


class OnboardingRecorded(Event):
    """The day on which the mentor completed their onboarding. None: they have not, as it was recorded by mistake."""

    type: ClassVar[str] = "mentor.onboarding_recorded"
    on: Day | None


ChecksEvent = CheckRecorded | CheckWithdrawn | OnboardingRecorded


class RecordCheck(Frozen):
    mentor: Annotated[MentorId, SLUG]
    check: Slug
    valid_until: Day | None = None
    by: Actor = "ops"


class WithdrawCheck(Frozen):
    mentor: Annotated[MentorId, SLUG]
    check: Slug
    by: Actor = "ops"


class RecordOnboarding(Frozen):
    mentor: Annotated[MentorId, SLUG]
    on: Day | None
    by: Actor = "ops"


ChecksCommand = RecordCheck | WithdrawCheck | RecordOnboarding


class Code(RefusalCode):
    """Why a check cannot be recorded or withdrawn."""

    UNKNOWN_CHECK = "unknown_check"
    """`checks`: those that are recorded."""
    TOO_MANY_CHECKS = "too_many_checks"
    """`most`: how many a mentor can have."""


def evolve(state: MentorState, event: ChecksEvent) -> MentorState:
    match event:
        case CheckRecorded():
            return _with(state, event.check, Check(check=event.check, valid_until=event.valid_until))
        case CheckWithdrawn():
            return _with(state, event.check, None)
        case OnboardingRecorded():
            return changed(state, {"profile": changed(state.profile, {"onboarded_on": event.on})})


def decide(state: MentorState, command: ChecksCommand, at: datetime) -> list[ChecksEvent]:
    """Returns no event for what is recorded already.

    Raises:
        Rejected: for a check that there is not, or one too many.
    """
    checks = {one.check: one for one in state.profile.checks}
    match command:
        case RecordCheck():
            if checks.get(command.check) == Check(check=command.check, valid_until=command.valid_until):
                return []
            if command.check not in checks and len(checks) >= CHECKS_AT_MOST:
                says = f"a mentor can have {CHECKS_AT_MOST} checks, and all are taken; withdraw one first"
                raise Rejected(Code.TOO_MANY_CHECKS, says, {"most": CHECKS_AT_MOST})
            return [CheckRecorded(at=at, check=command.check, valid_until=command.valid_until)]
        case WithdrawCheck():
            if command.check not in checks:
                says = f"no check {command.check!r} is recorded; there are: {', '.join(sorted(checks)) or 'none'}"
                raise Rejected(Code.UNKNOWN_CHECK, says, {"checks": sorted(checks)})
            return [CheckWithdrawn(at=at, check=command.check)]
        case RecordOnboarding():
            return [] if state.profile.onboarded_on == command.on else [OnboardingRecorded(at=at, on=command.on)]


def _with(state: MentorState, name: str, check: Check | None) -> MentorState:
    others = [one for one in state.profile.checks if one.check != name]
    checks = sorted([*others, check] if check else others, key=lambda one: one.check)
    return changed(state, {"profile": changed(state.profile, {"checks": tuple(checks)})})
