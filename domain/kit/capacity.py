"""What a mentor of a program can take on (R14 to R20)."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Literal

from pydantic import Field

from domain.kit.words import Mode
from domain.values import Duration, Frozen


class Costs(Frozen):
    """What a session costs its mentor, in time. Sessions in the mode `cohort` cost it once for the whole group."""

    preparation: Duration = timedelta(minutes=10)
    live: Duration | None = None
    """None: the length of the session; nothing for an asynchronous one."""
    follow_up: Duration = timedelta(minutes=10)


class Capacity(Frozen):
    learners_per_mentor: int = Field(default=6, ge=1)
    minutes_a_week: int | None = Field(default=None, ge=1)
    """The most in any week, where `costs` says what sessions cost. None: only places count."""
    target_utilization: float = Field(default=0.8, gt=0, le=1)
    """From here on a mentor counts as well used, and gets further learners only when nobody else fits."""
    limit_utilization: float = Field(default=1.0, gt=0, le=2)
    """The share of the minutes that may be planned. Above 1: short peaks are accepted."""
    touchpoints: Duration = timedelta(minutes=0)
    """For each learner and week: messages, notes and questions between sessions."""
    costs: Mapping[Mode, Costs] = {}
    """By mode of session. A mode that is not listed costs the length of the session and the usual preparation."""
    overflow: Literal["wait", "past_target", "past_limit"] = "past_target"
    """What a learner does when every mentor who fits is at the target: wait; be proposed up to the limit; or, where
    they are urgent, even beyond it."""
    review_every: Duration = timedelta(days=7)
