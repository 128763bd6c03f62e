"""The operations of `journeys`."""

# Written by `make client` from the OpenAPI document: change the operations in interfaces/http/v1 instead.

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, Literal

from client.api import models
from client.api.awaiting import AsyncConnection
from client.api.calls import Call, body, headers, path, query
from client.api.model import UNSET, Unset


class AsyncJourneysOperations(AsyncConnection):
    async def start_journey(
        self,
        *,
        program: str,
        learner: str,
        again: bool | None = None,
        past_places: bool | None = None,
        answers: Mapping[str, Any] | None | Unset = UNSET,
        partial: bool | None = None,
        send_answers: bool | None = None,
        by: str | None | Unset = UNSET,
        idempotency_key: str | None = None,
    ) -> models.JourneyStarted:
        """Start a learner's journey, and submit the intake if answers are given.

        A learner who has started is left alone. Once enrollment has been opened, the journey takes a place.
        """
        return await self._call(
            Call(
                "POST",
                "/v1/journeys",
                **body(
                    {
                        "program": program,
                        "learner": learner,
                        "again": UNSET if again is None else again,
                        "past_places": UNSET if past_places is None else past_places,
                        "answers": answers,
                        "partial": UNSET if partial is None else partial,
                        "send_answers": UNSET if send_answers is None else send_answers,
                        "by": by,
                    },
                    headers(idempotency_key=idempotency_key, keyed=True),
                ),
            ),
            models.JourneyStarted,
        )

    async def list_journeys(
        self,
        *,
        program: str | None = None,
        stage: str | None = None,
        segment: str | None = None,
        pathway: str | None = None,
        cohort: str | None = None,
        waiting_for: str | None = None,
        waiting_on: Literal["learner", "mentor", "ops"] | None = None,
        mentor: str | None = None,
        learner: str | None = None,
        attention: Literal["notice", "warning", "critical"] | None = None,
        flag: str | None = None,
        paused: bool | None = None,
        open: bool | None = None,
        overdue: bool | None = None,
        search: str | None = None,
        sort: Literal["due", "attention", "journey", "since", "name", "mentor", "next"] | None = None,
        limit: int | None = None,
        after: str | None = None,
    ) -> models.BoardPage:
        """List journeys: where each one stands, whom it waits for, and what happens next."""
        return await self._call(
            Call(
                "GET",
                "/v1/journeys",
                query=query(
                    program=program,
                    stage=stage,
                    segment=segment,
                    pathway=pathway,
                    cohort=cohort,
                    waiting_for=waiting_for,
                    waiting_on=waiting_on,
                    mentor=mentor,
                    learner=learner,
                    attention=attention,
                    flag=flag,
                    paused=paused,
                    open=open,
                    overdue=overdue,
                    search=search,
                    sort=sort,
                    limit=limit,
                    after=after,
                ),
            ),
            models.BoardPage,
        )

    def iterate_journeys(
        self,
        *,
        program: str | None = None,
        stage: str | None = None,
        segment: str | None = None,
        pathway: str | None = None,
        cohort: str | None = None,
        waiting_for: str | None = None,
        waiting_on: Literal["learner", "mentor", "ops"] | None = None,
        mentor: str | None = None,
        learner: str | None = None,
        attention: Literal["notice", "warning", "critical"] | None = None,
        flag: str | None = None,
        paused: bool | None = None,
        open: bool | None = None,
        overdue: bool | None = None,
        search: str | None = None,
        sort: Literal["due", "attention", "journey", "since", "name", "mentor", "next"] | None = None,
        limit: int | None = None,
    ) -> AsyncIterator[models.BoardRow]:
        """The items of all pages of `list_journeys`, read one page at a time."""
        return self._items(
            lambda after: self.list_journeys(
                program=program,
                stage=stage,
                segment=segment,
                pathway=pathway,
                cohort=cohort,
                waiting_for=waiting_for,
                waiting_on=waiting_on,
                mentor=mentor,
                learner=learner,
                attention=attention,
                flag=flag,
                paused=paused,
                open=open,
                overdue=overdue,
                search=search,
                sort=sort,
                limit=limit,
                after=after,
            ),
            lambda page: (page.rows, page.next),
        )

    async def get_journey(self, journey: str, *, min_version: int | None = None) -> models.BoardRow:
        """A journey's row on the board. Its version is the ETag.

        - `min_version`: Wait until the view has this version of the journey; 503 after some seconds.
        """
        return await self._call(
            Call("GET", path("/v1/journeys/{journey}", journey=journey), query=query(min_version=min_version)),
            models.BoardRow,
        )

    async def get_timeline(
        self, journey: str, *, after: int | None = None, limit: int | None = None, min_version: int | None = None
    ) -> list[models.TimelineEntry]:
        """The events of a journey in order, described in words.

        - `after`: the version of the last entry of the previous page
        - `min_version`: Wait until the view has this version of the journey; 503 after some seconds.
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/journeys/{journey}/timeline", journey=journey),
                query=query(after=after, limit=limit, min_version=min_version),
            ),
            list[models.TimelineEntry],
        )

    def iterate_timeline(
        self, journey: str, *, limit: int | None = None, min_version: int | None = None
    ) -> AsyncIterator[models.TimelineEntry]:
        """The items of all pages of `get_timeline`, read one page at a time."""
        return self._items(
            lambda after: self.get_timeline(journey, limit=limit, min_version=min_version, after=after),
            lambda found: (found, found[-1].version if found else None),
        )

    async def get_upcoming(self, journey: str, *, min_version: int | None = None) -> list[models.ComingTimer]:
        """What happens next on its own: reminders, escalations and deadlines, each with its rule.

        - `min_version`: Wait until the view has this version of the journey; 503 after some seconds.
        """
        return await self._call(
            Call("GET", path("/v1/journeys/{journey}/upcoming", journey=journey), query=query(min_version=min_version)),
            list[models.ComingTimer],
        )

    async def get_status(self, journey: str) -> models.Status:
        """The status as reported by the running workflow: everything awaited, and every timer with its rule. Its
        version is the ETag.
        """
        return await self._call(Call("GET", path("/v1/journeys/{journey}/status", journey=journey)), models.Status)

    async def get_why(self, journey: str) -> models.Why:
        """Why a journey stands where it does: what it waits for, by which line of the kit, and what comes next.
        Personal data.
        """
        return await self._call(Call("GET", path("/v1/journeys/{journey}/why", journey=journey)), models.Why)

    async def get_why_event(self, journey: str, event: int) -> models.HandledCommand:
        """Why an event happened: who asked for it or which rule caused it, and what was written. Personal data.

        - `event`: its version on the timeline
        """
        return await self._call(
            Call("GET", path("/v1/journeys/{journey}/why/{event}", journey=journey, event=event)), models.HandledCommand
        )

    async def get_rules(self, journey: str) -> list[models.RuleStanding]:
        """Every reminder and escalation of the kit, and how it stands on this journey: when it fired or will fire, and
        otherwise why it has not, and what would make it.
        """
        return await self._call(
            Call("GET", path("/v1/journeys/{journey}/rules", journey=journey)), list[models.RuleStanding]
        )

    async def get_profile(self, journey: str) -> models.Profile:
        """Who the learner is, their intake answers, and their progress. Personal data."""
        return await self._call(Call("GET", path("/v1/journeys/{journey}/profile", journey=journey)), models.Profile)

    async def get_sessions(self, journey: str) -> models.Meetings:
        """The sessions with agenda, attendance, notes, next steps, and risk flags. Personal data."""
        return await self._call(Call("GET", path("/v1/journeys/{journey}/sessions", journey=journey)), models.Meetings)

    async def list_saved_views(self) -> list[models.SavedViewShown]:
        """Your saved views of the table of journeys, and those that are shared with you; up to 200."""
        return await self._call(Call("GET", "/v1/saved-views"), list[models.SavedViewShown])

    async def save_view(self, *, name: str, query: str, shared: bool | None = None) -> models.SavedViewShown:
        """Save filters and an order under a name."""
        return await self._call(
            Call(
                "POST",
                "/v1/saved-views",
                **body({"name": name, "query": query, "shared": UNSET if shared is None else shared}),
            ),
            models.SavedViewShown,
        )

    async def delete_saved_view(self, view: str) -> None:
        """Forget a view of yours, or one that is shared with you. Nothing but the view is deleted.

        - `view`: the id of a saved view
        """
        await self.send(Call("DELETE", path("/v1/saved-views/{view}", view=view)))

    async def list_upcoming(
        self, *, program: str | None = None, days: int | None = None, limit: int | None = None
    ) -> list[models.ComingTimer]:
        """List reminders, escalations and deadlines that come on their own, earliest first, each with its rule.

        - `days`: how many days to look ahead
        """
        return await self._call(
            Call("GET", "/v1/upcoming", query=query(program=program, days=days, limit=limit)), list[models.ComingTimer]
        )

    async def list_attention(self, *, program: str | None = None, limit: int | None = None) -> models.Attention:
        """List open cases, most severe first, and everything overdue."""
        return await self._call(
            Call("GET", "/v1/attention", query=query(program=program, limit=limit)), models.Attention
        )

    async def get_written_timeline(
        self, journey: str, *, after: int | None = None, limit: int | None = None
    ) -> list[models.WrittenEntry]:
        """The events of a journey with their data and what people wrote. Personal data.

        - `after`: the version of the last entry before
        """
        return await self._call(
            Call(
                "GET",
                path("/v1/journeys/{journey}/timeline/written", journey=journey),
                query=query(after=after, limit=limit),
            ),
            list[models.WrittenEntry],
        )

    def iterate_written_timeline(self, journey: str, *, limit: int | None = None) -> AsyncIterator[models.WrittenEntry]:
        """The items of all pages of `get_written_timeline`, read one page at a time."""
        return self._items(
            lambda after: self.get_written_timeline(journey, limit=limit, after=after),
            lambda found: (found, found[-1].version if found else None),
        )
