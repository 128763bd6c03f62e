"""The operations of `pilots`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from datetime import datetime
from typing import Literal

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class PilotsOperations(Connection):
    def list_pilots(self, program: str, *, open: bool | None = None) -> list[models.PilotRow]:
        """The pilots of a program, the latest first.

        - `open`: Only those under way, or only the others.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/pilots", program=program), query=query(open=open)),
            list[models.PilotRow],
        )

    def begin_pilot(
        self,
        program: str,
        *,
        name: str,
        title: str,
        change: str,
        measure: str,
        whom: models.Whom,
        baseline: models.Whom | models.Imported,
        by: str | None | Unset = UNSET,
        least_difference: float | None | Unset = UNSET,
        several: bool | None = None,
    ) -> models.PilotReport:
        """Begin to compare learners who have a change with a baseline without it.

        Refused where more than one thing changes, as far as the log knows, unless `several` says that this is
        meant.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/pilots", program=program),
                **body(
                    {
                        "by": by,
                        "name": name,
                        "title": title,
                        "change": change,
                        "measure": measure,
                        "whom": whom,
                        "baseline": baseline,
                        "least_difference": least_difference,
                        "several": UNSET if several is None else several,
                    }
                ),
            ),
            models.PilotReport,
        )

    def get_baseline_figures(
        self,
        program: str,
        *,
        cohort: str | None = None,
        since: datetime | None = None,
        until: datetime | None = None,
        name: str | None = None,
        source: Literal["imported", "rehearsal"] | None = None,
    ) -> models.BaselineFigures:
        """The measures of these learners, in the form in which a pilot takes figures from elsewhere."""
        return self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/pilots/figures", program=program),
                query=query(cohort=cohort, since=since, until=until, name=name, source=source),
            ),
            models.BaselineFigures,
        )

    def get_pilot(self, program: str, pilot: str) -> models.PilotReport:
        """A pilot beside its baseline: each difference with its interval, and how many learners it still takes.

        - `pilot`: Of the pilot.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/pilots/{pilot}", program=program, pilot=pilot)), models.PilotReport
        )

    def record_change_in_pilot(
        self, program: str, pilot: str, *, what: str, by: str | None | Unset = UNSET
    ) -> models.PilotReport:
        """Say that something else was changed while the pilot ran. Its effects can then not be told apart.

        - `pilot`: Of the pilot.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/pilots/{pilot}/changes", program=program, pilot=pilot),
                **body({"by": by, "what": what}),
            ),
            models.PilotReport,
        )

    def end_pilot(
        self,
        program: str,
        pilot: str,
        *,
        verdict: Literal["kept", "dropped", "undecided"],
        conclusion: str,
        by: str | None | Unset = UNSET,
    ) -> models.PilotReport:
        """End a pilot with what people make of it. Its figures are kept as they are now.

        - `pilot`: Of the pilot.
        """
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/pilots/{pilot}/end", program=program, pilot=pilot),
                **body({"by": by, "verdict": verdict, "conclusion": conclusion}),
            ),
            models.PilotReport,
        )
