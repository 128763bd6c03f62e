"""The contract of the activity that measures how long learners are quiet. activities/silences.py implements it."""

from typing import Annotated

from domain.ids import SLUG, ProgramId
from domain.values import Frozen


class MeasureProgram(Frozen):
    """What a measurement is started with."""

    program: Annotated[ProgramId, SLUG]


class MeasureSilences(Frozen):
    """Look at the learners of the program and record it; again with the same name, nothing changes."""

    program: ProgramId
    measurement: str
    """Names it."""


class SilencesFound(Frozen):
    learners: int
    """Whose silence was looked at."""
    pathways: int
    """Those on which there are enough to be measured."""


MEASURE_SILENCES = "measure_silences"
"""The name of the activity. It is stored in histories and never changes."""
