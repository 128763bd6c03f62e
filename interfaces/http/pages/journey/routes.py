"""The addresses of one journey: its page, what can be done with it, and the guides of its kit."""

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, HTTPException, Query, Request
from fastapi.responses import Response

from client.journeys import JourneyClient
from domain.access import Caller
from domain.ids import JourneyId
from domain.journey import COMMANDS, NamedCommand
from interfaces.http.access import Denied, JourneyReader, PersonalJourneyReader
from interfaces.http.idempotency import RequestIdentity
from interfaces.http.pages.acting import ActPage, act, is_own, payload, until_shown
from interfaces.http.pages.filled_forms import read_form
from interfaces.http.pages.frame import Pages
from interfaces.http.pages.guides import guide_page
from interfaces.http.pages.journey.acts import GRAVE, act_on, may_give, said, unknown
from interfaces.http.pages.journey.consequences import sentences
from interfaces.http.pages.journey.page import Part, Wanted, read_page
from interfaces.http.pages.rendering import render
from interfaces.http.v1.commands import Sender
from interfaces.http.v1.visibility import require_journey
from kits.guides import NoSuchGuide, find
from queries.command_choices import Around, subjects
from queries.foreseeing import preview
from queries.journey_record import JourneyRecord, read_record
from store import kits, people
from store.database import Pool

_MOST_VERSIONS = 50
_LAST = 2**31 - 1


def router(pool: Pool, journeys: JourneyClient) -> APIRouter:
    routes = Pages(pool)
    sender = Sender(pool, journeys)

    @routes.get("/journeys/{journey}")
    async def one_journey(
        journey: JourneyId,
        caller: PersonalJourneyReader,
        part: Part = "now",
        before: Annotated[int | None, Query(ge=1, le=_LAST)] = None,
        find: Annotated[str, Query(max_length=100)] = "",
    ) -> str:
        await require_journey(pool, caller, journey)
        record = await read_record(pool, journey)
        page = await read_page(pool, record, caller, Wanted(part, before, find))
        return render("journey/page.html", page, live=f"journey={journey}")

    @routes.get("/journeys/{journey}/guides/{name:path}")
    async def guide(journey: JourneyId, name: str, caller: JourneyReader) -> str:
        await require_journey(pool, caller, journey)
        story = await read_record(pool, journey)
        try:
            one = find(story.kit, name)
        except NoSuchGuide as error:
            raise HTTPException(404, str(error)) from None
        return render("guide.html", guide_page(journey, one))

    @routes.get("/journeys/{journey}/{command}")
    async def form_of_command(journey: JourneyId, command: str, request: Request, caller: PersonalJourneyReader) -> str:
        """A form by itself. Any of its fields can be given in the address, and `back_to`, where it leads."""
        record = await _record(caller, journey, command)
        given = dict(request.query_params)
        back = _back(given.pop("back_to", ""), journey)
        one = act_on(record, command, await _around(record, command), given, back)
        return render("act.html", ActPage(one.form, back, await _about(pool, record, given)))

    @routes.post("/journeys/{journey}/{command}")
    async def give_command(
        journey: JourneyId, command: str, request: Request, caller: PersonalJourneyReader
    ) -> Response:
        record = await _record(caller, journey, command)
        sent = {name: values[0] for name, values in read_form(await request.body()).items()}
        one = act_on(record, command, await _around(record, command), _subject(sent))
        kind: type[NamedCommand] = COMMANDS[command]

        async def do(asked: NamedCommand, identity: RequestIdentity) -> str:
            given: Mapping[str, Any] = payload(asked)
            result = await sender.send(
                caller, journey, command, given, command_id=identity.derive(command), if_version=None
            )
            await until_shown(pool, journey, result.version)
            return said(command, result.events)

        async def what(asked: NamedCommand) -> Sequence[str]:
            return sentences(await preview(pool, journey, asked))

        return await act(
            request,
            kind,
            one.form,
            do,
            back_to=_back("", journey),
            about=await _about(pool, record, sent),
            consequences=what if command in GRAVE else None,
        )

    async def _record(caller: Caller, journey: JourneyId, command: str) -> JourneyRecord:
        """Raises NoSuchJourney; HTTPException 404 for no command; Denied for one that the caller may not give."""
        await require_journey(pool, caller, journey)
        if command not in COMMANDS:
            raise HTTPException(404, unknown(command))
        if not may_give(caller, command):
            raise Denied(403, "role_not_allowed", f"A key of the role {caller.role} cannot do this.")
        return await read_record(pool, journey)

    async def _around(record: JourneyRecord, command: str) -> Around:
        mentors = await people.of_kind(pool, "mentor") if "mentor" in COMMANDS[command].model_fields else ()
        versions = await kits.versions(pool, record.state.program, _MOST_VERSIONS) if command == "move_to_kit" else ()
        return Around(mentors, versions)

    return routes


def _subject(sent: Mapping[str, str]) -> Mapping[str, str]:
    return {name: one for name, one in sent.items() if name in ("session", "milestone", "case", "item") and one.strip()}


def _back(asked: str, journey: str) -> str:
    return asked if is_own(asked) else f"/journeys/{journey}"


async def _about(pool: Pool, record: JourneyRecord, given: Mapping[str, str]) -> str:
    """Whose journey it is, and which of their sessions, milestones or cases."""
    learner = record.state.learner
    names = await people.names_of(pool, [learner])
    return ", ".join((names.get(learner, learner), record.kit.title, *subjects(record, given)))
