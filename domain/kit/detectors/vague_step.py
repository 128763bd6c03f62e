"""A next step that nobody could tell to be done."""

import re
from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from domain.kit.detectors.detector import Detector, Found, SessionWritten, StepWritten, words_of
from domain.kit.words import Text
from domain.values import counted

_SOMETHING_TO_LOOK_AT = re.compile(r"\d|https?://|www\.|[\"“”„«»]")
_VAGUE = (
    *("work on", "work more on", "think about", "look into", "look at", "try to", "keep going", "keep working"),
    *("continue", "improve", "get better", "be more", "do some", "do more", "some more", "a bit", "a few", "and so on"),
    *("as needed", "if possible", "when possible", "at some point", "soon", "etc"),
)


class VagueStep(Detector):
    name: ClassVar[str] = "vague_step"
    detects: ClassVar[str] = "a next step in vague words, or in very few, that names nothing to look at"
    suggestion: ClassVar[str] = (
        "A step that begins with a verb and leaves something to look at is easier to take: how many, which one, and "
        "where you will both see it."
    )

    phrases: tuple[Text, ...] = _VAGUE
    """Words that say little, wherever they stand in the step. A kit in another language writes its own."""
    least_words: int = Field(default=4, ge=1, le=50)
    """A step of fewer words is found as well."""

    def find(self, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        for one in sessions:
            for step in one.steps:
                if why := self._vague(step):
                    yield Found(one.session, step.item, why, (step.text,))

    def _vague(self, step: StepWritten) -> str | None:
        """A number, a link or quoted words are something to look at, whatever stands around them."""
        if _SOMETHING_TO_LOOK_AT.search(step.text):
            return None
        words = words_of(step.text)
        if len(words) < self.least_words:
            return f"the step has {counted(len(words), 'word')} and names nothing to look at"
        said = f" {' '.join(words)} "
        if phrase := next((one for one in self.phrases if f" {' '.join(words_of(one))} " in said), None):
            return f"the step says {phrase!r} and names nothing to look at: no number, no link, no quoted title"
        return None
