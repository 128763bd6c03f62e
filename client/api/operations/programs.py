"""The operations of `programs`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import Mapping, Sequence

from client.api import models
from client.api.blocking import Connection
from client.api.calls import Call, body, path, query
from client.api.model import UNSET, Unset


class ProgramsOperations(Connection):
    def list_programs(self) -> list[models.ProgramRow]:
        """Programs with a published kit, by id."""
        return self._call(Call("GET", "/v1/programs"), list[models.ProgramRow])

    def get_program(self, program: str) -> models.Program:
        """What a program promises, and the version of its kit that new journeys follow."""
        return self._call(Call("GET", path("/v1/programs/{program}", program=program)), models.Program)

    def list_versions(self, program: str, *, limit: int | None = None) -> list[models.Version]:
        """The published versions of a program's kit, the one published last first."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/versions", program=program), query=query(limit=limit)),
            list[models.Version],
        )

    def publish_version(
        self, program: str, *, files: Mapping[str, str], by: str | None | Unset = UNSET
    ) -> models.PublishedVersion:
        """Publish a version of a program's kit. New journeys follow it from then on.

        201: it is new. 200: the same content was published before, and nothing changed. 409: this version was
        published with other content.
        """
        return self._call(
            Call("POST", path("/v1/programs/{program}/versions", program=program), **body({"by": by, "files": files})),
            models.PublishedVersion,
        )

    def get_version_files(self, program: str, version: str) -> models.KitFiles:
        """The files of a published kit, as they were handed in: `check_kit` and `publish_version` take the same."""
        return self._call(
            Call("GET", path("/v1/programs/{program}/versions/{version}/files", program=program, version=version)),
            models.KitFiles,
        )

    def list_intake_questions(self, program: str, *, version: str | None = None) -> list[models.Question]:
        """The questions of a program's intake, in their order.

        - `version`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/intake", program=program), query=query(version=version)),
            list[models.Question],
        )

    def list_program_sessions(self, program: str, *, version: str | None = None) -> list[models.SessionsOfPathway]:
        """The sessions of each pathway.

        - `version`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/sessions", program=program), query=query(version=version)),
            list[models.SessionsOfPathway],
        )

    def list_program_milestones(self, program: str, *, version: str | None = None) -> list[models.MilestonesOfPathway]:
        """The milestones of each pathway.

        - `version`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/milestones", program=program), query=query(version=version)),
            list[models.MilestonesOfPathway],
        )

    def list_guides(self, program: str, *, version: str | None = None) -> list[models.GuideRow]:
        """The guides, checklists and forms of a program, and for whom each one is.

        - `version`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/guides", program=program), query=query(version=version)),
            list[models.GuideRow],
        )

    def get_guide(self, program: str, name: str, *, version: str | None = None) -> models.Guide:
        """A guide, a checklist or a form, by its name or the end of its name.

        - `version`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/guides/{name}", program=program, name=name),
                query=query(version=version),
            ),
            models.Guide,
        )

    def diff_versions(self, program: str, *, old: str, new: str | None = None) -> models.Diff:
        """What changes, and for whom, between two published versions.

        - `old`: A version or its digest.
        - `new`: A version or its digest. Default: the current one.
        """
        return self._call(
            Call("GET", path("/v1/programs/{program}/diff", program=program), query=query(old=old, new=new)),
            models.Diff,
        )

    def check_kit(self, *, files: Mapping[str, str]) -> models.Checked:
        """Check the files of a kit: every problem with its file, line and remedy. Nothing is stored."""
        return self._call(Call("POST", "/v1/kits/check", **body({"files": files})), models.Checked)

    def use_version(self, program: str, version: str, *, by: str | None | Unset = UNSET) -> models.CurrentVersion:
        """Let new journeys follow this version. Journeys that have started keep theirs."""
        return self._call(
            Call(
                "POST",
                path("/v1/programs/{program}/versions/{version}/use", program=program, version=version),
                **body({"by": by}),
            ),
            models.CurrentVersion,
        )

    def preview_move(self, program: str, version: str, *, journey: Sequence[str] | None = None) -> models.MovePreview:
        """What moving open journeys to this version would mean for each of them. Nothing is changed.

        - `journey`: These only. Default: all open journeys.
        """
        return self._call(
            Call(
                "GET",
                path("/v1/programs/{program}/versions/{version}/move", program=program, version=version),
                query=query(journey=journey),
            ),
            models.MovePreview,
        )
