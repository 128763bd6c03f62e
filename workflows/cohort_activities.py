"""The contract of a group's activity. activities/cohorts.py implements it."""

from datetime import timedelta

from domain.ids import CohortId
from domain.values import Frozen

TELL_MEMBERS = "tell_members"
"""The name of the activity. It is stored in histories and never changes."""

SILENCE_OF_TELLER = timedelta(seconds=10)
"""A worker that reports no heartbeat for so long is taken for dead, and another goes on where it was."""


class TellMembers(Frozen):
    """Tell the journeys of a group's members what the group's stream says and they have not been told."""

    cohort: CohortId


class MembersTold(Frozen):
    version: int
    """Of the group's stream. All of it was told when the activity looked last."""
    closed: bool
