"""The learner has missed so many sessions in a row, since they last came."""

from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import ClassVar

from pydantic import Field

from domain.kit.escalation.condition import Condition, JourneyFacts, Outline, of_type
from domain.values import Event, counted


class MissedInARow(Condition):
    example: ClassVar[str] = "sessions_missed_in_a_row: 2"
    in_sessions_only: ClassVar[bool] = True

    sessions_missed_in_a_row: int = Field(ge=1)

    def in_words(self) -> str:
        are = "is" if self.sessions_missed_in_a_row == 1 else "are"
        return f"{counted(self.sessions_missed_in_a_row, 'session')} {are} missed in a row"

    def counted_so_far(self, journey: JourneyFacts) -> str:
        missed = len(journey.misses_in_a_row)
        return f"{missed} missed in a row so far" if missed else ""

    def subjects(self, journey: JourneyFacts, happened: Sequence[Event], _: datetime) -> Iterable[str]:
        """The current run of misses. After a correction all runs, because it can merge two of them."""
        corrected = of_type(happened, "journey.attendance_corrected", "journey.attendance_taken_back")
        return self._long_enough(_rows(journey) if corrected else [journey.misses_in_a_row])

    def still_holds(self, journey: JourneyFacts, subject: str, _: Collection[str]) -> bool:
        return bool(journey.misses_in_a_row) and subject == _subject(journey.misses_in_a_row)

    def has_grounds(self, journey: JourneyFacts, subject: str) -> bool:
        return subject in self._long_enough(_rows(journey))

    def _long_enough(self, rows: Iterable[Sequence[str]]) -> list[str]:
        return [_subject(row) for row in rows if len(row) >= self.sessions_missed_in_a_row]

    def unreachable(self, program: Outline) -> str | None:
        return program.too_few_sessions(self.sessions_missed_in_a_row)


def _rows(journey: JourneyFacts) -> Iterator[Sequence[str]]:
    """The sessions missed in a row, past rows and the present one, without those before a reset."""
    held = sorted(one.owed_since for one in journey.sessions if one.held and one.owed_since)
    for _, row in groupby(journey.misses, key=lambda miss: bisect_left(held, miss.at)):
        yield [miss.name for miss in row]


def _subject(row: Sequence[str]) -> str:
    return f"missed-since:{row[0]}"
