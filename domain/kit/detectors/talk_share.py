"""Who spoke, where the notes say so."""

from collections.abc import Iterator, Sequence
from typing import ClassVar

from pydantic import Field

from domain.ids import Slug
from domain.kit.detectors.detector import Detector, Found, SessionWritten


class TalkShare(Detector):
    name: ClassVar[str] = "talk_share"
    detects: ClassVar[str] = "a session in which the mentor spoke for more of the time than the kit wants"
    suggestion: ClassVar[str] = (
        "A question, and then a silence of five seconds, often gives the learner the floor. They remember what they "
        "said themselves."
    )

    question: Slug
    """Of the templates of notes: for how much of the time the mentor spoke, in percent."""
    above: float = Field(default=60, gt=0, lt=100)
    """In percent."""

    def find(self, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        for one in sessions:
            share = one.notes.get(self.question)
            if isinstance(share, int | float) and not isinstance(share, bool) and self.above < share <= 100:
                because = f"the mentor spoke for {share:g} % of the time; the kit wants at most {self.above:g} %"
                yield Found(one.session, one.session, because)
