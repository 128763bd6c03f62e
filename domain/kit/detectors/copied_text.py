"""A follow-up or notes that say what the kit says already."""

from collections.abc import Iterator, Mapping, Sequence
from typing import ClassVar

from pydantic import Field

from domain.kit.detectors.detector import Detector, Found, SessionWritten, likeness, words_of


class CopiedText(Detector):
    name: ClassVar[str] = "copied_text"
    detects: ClassVar[str] = "a follow-up or notes that repeat the wording of the kit, or of an earlier follow-up"
    suggestion: ClassVar[str] = (
        "One sentence that only this learner could have said makes a follow-up worth reading: what they found out, in "
        "their own words."
    )

    alike: float = Field(default=0.8, gt=0, le=1)
    """The share of words that the two texts have in common, of all the words in either."""
    least_words: int = Field(default=4, ge=1, le=50)
    """Shorter texts are alike by chance."""

    def find(self, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        summaries: list[str] = []
        for one in sessions:
            for subject, text in _written(one).items():
                if len(words_of(text)) < self.least_words:
                    continue
                if copied := self._copied(text, [*one.planned, *one.asks.values()]):
                    because = f"the {_in_words(subject)} repeats the wording of the kit"
                    yield Found(one.session, subject, because, (text, copied))
                elif subject == "summary" and (copied := self._copied(text, summaries)):
                    because = "the follow-up repeats that of an earlier session"
                    yield Found(one.session, subject, because, (text, copied))
            summaries.append(one.summary)

    def _copied(self, text: str, originals: Sequence[str]) -> str | None:
        return next((one for one in originals if likeness(text, one) >= self.alike), None)


def _written(one: SessionWritten) -> Mapping[str, str]:
    answers = {question: said for question, said in one.notes.items() if isinstance(said, str)}
    return {"summary": one.summary, **{step.item: step.text for step in one.steps}, **answers}


def _in_words(subject: str) -> str:
    return "follow-up" if subject == "summary" else f"text of {subject!r}"
