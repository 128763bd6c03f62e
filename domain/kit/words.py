"""The vocabulary that all parts of a kit share."""

from collections.abc import Mapping
from typing import Annotated, Literal

from pydantic import StringConstraints

Place = tuple[str | int, ...]
"""Where something is in a kit: `("pathways", 0, "sessions", 2, "after")`."""
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1)]
Severity = Literal["notice", "warning", "critical"]
GRAVITY: Mapping[Severity | None, int] = {None: 0, "notice": 1, "warning": 2, "critical": 3}
"""Orders severities, with none at all below the least of them."""
Role = Literal["learner", "mentor", "ops"]
Mode = Literal["cohort", "office_hours", "asynchronous", "guided_review", "hybrid"]
Duty = Literal[
    "intake",
    "intake_review",
    "match",
    "offer",
    "preparation",
    "attendance",
    "notes",
    "follow_up",
    "action_item",
    "check_in",
    "milestone",
    "milestone_review",
    "wrap_up",
    "case",
    "remedy",
]
"""What a journey can wait for somebody to do."""
DUTIES: Mapping[Duty, str] = {
    "intake": "the intake",
    "intake_review": "the reading of the intake",
    "match": "the match",
    "offer": "the answer to an offered match",
    "preparation": "the preparation of a session",
    "attendance": "the word on how a session went",
    "notes": "the notes of a session",
    "follow_up": "the follow-up of a session",
    "action_item": "a next step",
    "check_in": "a check-in",
    "milestone": "the work for a milestone",
    "milestone_review": "the review of a milestone",
    "wrap_up": "the wrap-up",
    "case": "the answer to a case",
    "remedy": "the choice of a way on",
}
"""Each in words."""
Remedy = Literal["extra_support", "other_mentor", "pause", "reset"]
"""What can be offered to a learner in trouble (R54)."""
REMEDIES: Mapping[Remedy, str] = {
    "extra_support": "extra support",
    "other_mentor": "another mentor",
    "pause": "a pause",
    "reset": "a new start of the pathway",
}
"""Each in words."""
HumanStep = Literal["diagnosis", "encouragement", "feedback", "judgment", "matching", "check_in", "closing"]
"""What a kit can reserve for people."""
ALWAYS_HUMAN: tuple[HumanStep, ...] = ("diagnosis", "encouragement", "feedback", "judgment")
"""What no kit can leave to a machine (R38)."""
