"""The contract of the activity of looking for findings. activities/detecting.py implements it.

It is stored in histories: a name never changes, and a field is only ever added, with a default.
"""

from datetime import timedelta
from typing import Annotated

from pydantic import AwareDatetime

from domain.ids import SLUG, ProgramId
from domain.values import Frozen


class LookForFindings(Frozen):
    """What a look is started with."""

    program: Annotated[ProgramId, SLUG]
    since: AwareDatetime | None = None
    """Only journeys with a session since then. None: within the last five weeks, for notes and follow-ups come days
    later, and a look may be missed."""


class Looked(Frozen):
    journeys: int
    """That had a session lately."""
    raised: int
    """Findings that were not known before."""


LOOK_FOR_FINDINGS = "look_for_findings"
"""The name of the activity."""
SILENCE_OF_DETECTORS = timedelta(seconds=30)
"""After so long without a heartbeat, another attempt is made."""
