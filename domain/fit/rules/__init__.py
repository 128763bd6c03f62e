"""The rules that keep pairs apart, a file each, in the order in which explanations name them.

To add one: write its file, after the model of those here, and put it into RULES. Kits can then name it, `program check`
knows what it needs, and every explanation shows it; its row in docs/matching.md is asked for by a test.
"""

from collections.abc import Mapping
from typing import Any

from domain.fit.comparison import Rule
from domain.fit.rules.capacity import Capacity
from domain.fit.rules.channel import SharedChannel
from domain.fit.rules.checks_valid import ChecksValid
from domain.fit.rules.common_hours import CommonHours
from domain.fit.rules.conflict_of_interest import ConflictOfInterest
from domain.fit.rules.declined_before import DeclinedBefore
from domain.fit.rules.format import Format
from domain.fit.rules.language import Language
from domain.fit.rules.leave import OnLeave
from domain.fit.rules.mentor_type import MentorType
from domain.fit.rules.onboarded import Onboarded
from domain.fit.rules.oneself import Oneself
from domain.fit.rules.resting import Resting
from domain.fit.rules.ruled_out_by_learner import RuledOutByLearner
from domain.fit.rules.ruled_out_by_mentor import RuledOutByMentor
from domain.fit.rules.training_acknowledged import TrainingAcknowledged

RULES: Mapping[str, Rule[Any, Any]] = {
    one.name: one
    for one in (
        Oneself(),
        MentorType(),
        ConflictOfInterest(),
        RuledOutByLearner(),
        RuledOutByMentor(),
        DeclinedBefore(),
        Language(),
        Format(),
        SharedChannel(),
        CommonHours(),
        ChecksValid(),
        Onboarded(),
        TrainingAcknowledged(),
        OnLeave(),
        Resting(),
        Capacity(),
    )
}
