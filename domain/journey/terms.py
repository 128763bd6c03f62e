"""The terms in which events, commands and the state of a journey speak."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import Field

from domain.values import STORABLE, PersonalMark

_Text = Annotated[str, STORABLE]
_Number = Annotated[float, Field(strict=True)]  # or `true` would be read as the number 1
Answer = _Text | _Number | tuple[_Text, ...]
Answers = Annotated[Mapping[str, Answer], PersonalMark()]
Score = Annotated[float, Field(ge=0, le=100)]

Stage = Literal["intake", "matching", "sessions", "wrap_up", "closed"]
StageDuty = Literal["intake", "intake_review", "match", "wrap_up"]
Attendance = Literal["attended", "late", "missed_by_learner", "missed_by_mentor", "cancelled_in_time", "cancelled_late"]
Verdict = Literal["passed", "returned", "failed"]
MilestoneStatus = Literal["open", "submitted", "passed", "failed", "waived"]
Ending = Literal["completed", "withdrawn", "declined", "ended_early"]
