"""The criteria by which pairs are scored, a file each.

To add one: write its file, after the model of those here, and put it into CRITERIA. Kits can then weight it, `program
check` knows what it needs, and every explanation shows it; its row in docs/matching.md is asked for by a test.
"""

from collections.abc import Mapping
from typing import Any

from domain.fit.comparison import Criterion
from domain.fit.criteria.channel import Channel
from domain.fit.criteria.communication_style import CommunicationStyle
from domain.fit.criteria.confidence import Confidence
from domain.fit.criteria.goals import Goals
from domain.fit.criteria.ideal_learner import IdealLearner
from domain.fit.criteria.learning_style import LearningStyle
from domain.fit.criteria.outcomes import Outcomes
from domain.fit.criteria.pace import Pace
from domain.fit.criteria.problem_type import ProblemType
from domain.fit.criteria.skills import Skills
from domain.fit.criteria.time_zone import TimeZone
from domain.fit.criteria.times import Times

CRITERIA: Mapping[str, Criterion[Any, Any]] = {
    one.name: one
    for one in (
        ProblemType(),
        Goals(),
        Outcomes(),
        Skills(),
        IdealLearner(),
        Confidence(),
        Pace(),
        CommunicationStyle(),
        LearningStyle(),
        Channel(),
        TimeZone(),
        Times(),
    )
}
