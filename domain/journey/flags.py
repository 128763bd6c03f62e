"""Which risk flags stand: those that were raised and with which nobody has dealt.

A flag is dealt with when the last case about it is resolved; without a case, when somebody checks in and all is well;
and with the end of the journey.
"""

from datetime import datetime

from domain.journey.parts import changed
from domain.journey.state import Case, JourneyState, RaisedFlag
from domain.kit.escalation.risk_flag import flag_of

_MOST = 20
"""Of one journey: flags have any name, so their number needs a limit. The latest are kept."""


def raised(state: JourneyState, flag: str, at: datetime) -> JourneyState:
    others = [one for one in state.flags if one.flag != flag]
    return changed(state, flags=(*others, RaisedFlag(flag=flag, raised_at=at))[-_MOST:])


def all_well(state: JourneyState) -> JourneyState:
    """Somebody checked in: what no open case is about is dealt with."""
    if not state.flags:
        return state
    in_cases = {flag_of(one.about) for one in state.cases}
    return changed(state, flags=tuple(one for one in state.flags if one.flag in in_cases))


def resolved(state: JourneyState, case: Case | None) -> JourneyState:
    """The case is closed, and no longer among those of the state."""
    flag = flag_of(case.about) if case else None
    if flag is None or any(flag_of(one.about) == flag for one in state.cases):
        return state
    return changed(state, flags=tuple(one for one in state.flags if one.flag != flag))
