"""The clock of a journey: Temporal's, or in a rehearsal the one of its scenario."""

from datetime import datetime, timedelta

from temporalio import workflow

from workflows.run_input import RunInput


class JourneyClock:
    """`is_rehearsal`: commands then carry the moment at which they are given."""

    def __init__(self, run_input: RunInput | None) -> None:
        self.is_rehearsal = run_input is not None and run_input.rehearse_from is not None
        self.ahead = _ahead(run_input)
        """Of Temporal's clock."""
        self._latest: datetime | None = None
        self._moved_to: datetime | None = None

    def now(self) -> datetime:
        return workflow.now() + self.ahead

    def move_to(self, moment: datetime) -> None:
        """What falls due by then is due at once. In a rehearsal alone: otherwise time passes by itself."""
        if self.is_rehearsal:
            self._moved_to = max(moment, self._moved_to or moment)

    def has_moved_past(self, moment: datetime) -> bool:
        return self._moved_to is not None and moment <= self._moved_to

    def stamp(self, stated: datetime) -> datetime:
        """When something happens: now, or in a rehearsal at the stated moment. Never before what was stamped last."""
        moment = stated if self.is_rehearsal else self.now()
        self._latest = max(moment, self._latest or moment)
        return self._latest


def _ahead(run_input: RunInput | None) -> timedelta:
    if run_input is None:
        return timedelta(0)
    if run_input.carried:
        return timedelta(seconds=run_input.carried.clock_ahead)
    start = run_input.rehearse_from
    return start - workflow.info().start_time if start else timedelta(0)
