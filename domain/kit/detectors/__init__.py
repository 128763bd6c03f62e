"""The detectors of quality, a file each.

To add one: write its file, after the model of those here, and add its field to `Detectors`. Nothing else has to know
it.
"""

from collections.abc import Mapping
from datetime import timedelta

from domain.kit.detectors.copied_text import CopiedText
from domain.kit.detectors.detector import Detector, Found, SessionWritten, StepWritten
from domain.kit.detectors.no_deadline import NoDeadline
from domain.kit.detectors.repeated_basics import RepeatedBasics
from domain.kit.detectors.talk_share import TalkShare
from domain.kit.detectors.vague_step import VagueStep
from domain.values import Duration, Frozen

__all__ = [
    "CopiedText",
    "Detector",
    "Detectors",
    "Found",
    "NoDeadline",
    "RepeatedBasics",
    "SessionWritten",
    "StepWritten",
    "TalkShare",
    "VagueStep",
]


class Detectors(Frozen):
    """What is looked for in what mentors write around sessions (R43). Only those that are named are used."""

    every: Duration = timedelta(days=7)
    """How often they look."""
    vague_step: VagueStep | None = None
    no_deadline: NoDeadline | None = None
    repeated_basics: RepeatedBasics | None = None
    copied_text: CopiedText | None = None
    talk_share: TalkShare | None = None

    @staticmethod
    def kinds() -> Mapping[str, type[Detector]]:
        """All that there are, by name."""
        return {one.name: one for one in (VagueStep, NoDeadline, RepeatedBasics, CopiedText, TalkShare)}

    @property
    def used(self) -> tuple[Detector, ...]:
        those = (getattr(self, name) for name in type(self).model_fields)
        return tuple(one for one in those if isinstance(one, Detector))
