"""The conditions under which escalations fire, a file each.

To add one: write its file, after the model of those here, and put its class into CONDITIONS. Nothing else has to know
it; its row in docs/kits.md is asked for by a test.
"""

from typing import TYPE_CHECKING, TypeAlias

from domain.kit.escalation.condition import Condition
from domain.kit.escalation.help_asked import HelpAsked
from domain.kit.escalation.low_confidence import LowConfidence
from domain.kit.escalation.mentor_silent import MentorSilent
from domain.kit.escalation.milestone_setbacks import MilestoneSetbacks
from domain.kit.escalation.missed_in_a_row import MissedInARow
from domain.kit.escalation.missed_within import MissedWithin
from domain.kit.escalation.no_activity import NoActivity
from domain.kit.escalation.overdue import Overdue
from domain.kit.escalation.quieter_than import QuieterThan
from domain.kit.escalation.risk_flag import RiskFlag
from domain.kit.unions import one_of
from domain.values import either

__all__ = [
    "CONDITIONS",
    "AnyCondition",
    "Condition",
    "HelpAsked",
    "LowConfidence",
    "MentorSilent",
    "MilestoneSetbacks",
    "MissedInARow",
    "MissedWithin",
    "NoActivity",
    "Overdue",
    "QuieterThan",
    "RiskFlag",
]

CONDITIONS: tuple[type[Condition], ...] = (
    NoActivity,
    QuieterThan,
    MentorSilent,
    MissedInARow,
    MissedWithin,
    MilestoneSetbacks,
    RiskFlag,
    HelpAsked,
    LowConfidence,
    Overdue,
)

if TYPE_CHECKING:
    AnyCondition: TypeAlias = Condition
else:
    _EXAMPLES = either(f"`{one.example}`" for one in CONDITIONS)
    AnyCondition = one_of(CONDITIONS, f"nothing says when it fires; write for instance {_EXAMPLES}")
