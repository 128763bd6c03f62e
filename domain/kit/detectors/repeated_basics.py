"""The same ground covered again and again."""

from collections.abc import Iterator, Sequence
from typing import Annotated, ClassVar

from pydantic import Field

from domain.ids import Slug
from domain.kit.detectors.detector import Detector, Found, SessionWritten, likeness, words_of


class RepeatedBasics(Detector):
    name: ClassVar[str] = "repeated_basics"
    detects: ClassVar[str] = "answers to the same question of the notes that are alike in several sessions"
    suggestion: ClassVar[str] = (
        "When the same obstacle comes back, the last step may have been too large, or aimed at something else. Ask "
        "what got in the way, and try a step half as large, or bring it to your peers."
    )

    questions: Annotated[tuple[Slug, ...], Field(min_length=1)]
    """Of the templates of notes: those that say what the session was about."""
    times: int = Field(default=3, ge=2, le=20)
    """In how many sessions."""
    alike: float = Field(default=0.6, gt=0, le=1)
    """The share of words that two answers have in common, of all the words in either."""
    least_words: int = Field(default=4, ge=1, le=50)
    """Shorter answers are alike by chance."""

    def find(self, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        for question in self.questions:
            yield from self._of_question(question, sessions)

    def _of_question(self, question: str, sessions: Sequence[SessionWritten]) -> Iterator[Found]:
        """Found once for each row of likenesses, in the session that makes it long enough."""
        earlier: list[tuple[str, str]] = []
        for one in sessions:
            text = one.notes.get(question)
            if not isinstance(text, str) or len(words_of(text)) < self.least_words:
                continue
            like = [(session, said) for session, said in earlier if likeness(said, text) >= self.alike]
            earlier.append((one.session, text))
            if len(like) + 1 == self.times:
                because = f"the answers to {question!r} are alike in {self.times} sessions"
                yield Found(one.session, question, because, (*(said for _, said in like), text))
