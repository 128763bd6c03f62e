"""Something of everything that the API knows, so that requests find what they ask for, and the ids of it all."""

import asyncio
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import httpx2
from temporalio.testing import WorkflowEnvironment

from client.journeys import JourneyClient
from domain.finding import FINDINGS, Raised, RaiseFindings, finding_id, findings_stream
from domain.ids import MentorId, ProgramId, SessionId
from domain.survey import RESPONDENT, Answer, respondent_stream
from interfaces.http.links import ANSWERS
from scenarios import sample
from services.enrolling import record_published
from store import people
from store.database import Pool
from store.people import Person
from store.transact import transact
from tests.interfaces.asked import ASKING_KIT, ask
from tests.interfaces.examples import Operation, operations
from tests.projections.stories import AT, DAY, KIT, journey
from tests.projections.stories import publish as publish_story
from tests.support.reviews import LONG_OPEN, tell_held, with_terms
from tests.workflows.kits import SMALL, publish

_PATIENCE_SECONDS = 180
_SETS_AT_MOST = 12
_NOT_HERE = {"position", "code"}
"""Nothing is set aside by the courier, and codes are no resource of /v1."""
_NOW = datetime.now(UTC)
_ROWS: Mapping[str, Sequence[Mapping[str, Any]]] = {
    "POST /v1/programs/job-ready/enrollment/open": [{"places": 40}],
    "POST /v1/programs/small/enrollment/open": [{"places": 3}],
    "POST /v1/programs/small/enrollment/learners": [
        {"learners": [{"id": f"s-{nth}", "name": f"Sam {nth}", "answers": {"goal": "job"}} for nth in range(1, 6)]}
    ],
    "POST /v1/programs/ready/pilots": [
        {
            "name": "short",
            "title": "A shorter way",
            "change": "One session less",
            "measure": "completion",
            "whom": {"version": "reviewed"},
            "baseline": {"version": "1"},
            "several": True,
        }
    ],
    "POST /v1/programs/ready/proposals": [{"title": f"Proposal {nth}", "text": "Less"} for nth in range(3)],
    "POST /v1/webhooks": [{"url": f"https://example.org/hook/{nth}", "id": f"hook-{nth}"} for nth in range(3)],
    "POST /v1/mentors/m-1/office-hours": [
        {"program": "ready", "starts_at": (_NOW + timedelta(days=nth)).isoformat(), "any_hours": True, "seats": 3}
        for nth in (3, 4)
    ],
    "POST /v1/bulk": [
        {
            "action": {"action": "command", "command": command, "fields": fields},
            "filter": {"program": "job-ready"},
        }
        for command, fields in (("ask_for_help", {"notes": "Who knows more?"}), ("pause", {"reason": "Holidays"}))
    ],
    "POST /v1/programs/ready/quality/rounds": [{}],
    "POST /v1/programs/ready/reviews/2026-01/draft": [{}],
    "PUT /v1/mentors/m-1/checks/identity": [{}],
}  # fmt: skip
"""What is made over the API itself."""


async def fill(pool: Pool, temporal: WorkflowEnvironment, api: httpx2.AsyncClient) -> Mapping[str, Any]:
    """While a worker of all roles runs. Returns the ids, as the hooks read them."""
    await publish(pool)
    await record_published(pool, SMALL)
    await tell_held(pool, with_terms(**LONG_OPEN))
    for kit in (KIT, ASKING_KIT):
        await publish_story(pool, kit, AT - DAY)
    await people.upsert_many(pool, [Person("m-2", "mentor", "Eve Lin")])
    await _surveys(pool)
    await _findings(pool)
    journeys = JourneyClient(temporal.client)
    await sample.load_sample(journeys, pool, lambda _: None)
    await _until_shown(api)
    await sample.open_program(pool, temporal.client)
    for request, bodies in _ROWS.items():
        method, path = request.split()
        for body in bodies:
            answer = await api.request(method, path, json=body)
            assert answer.status_code < 300, (request, answer.text)
    return {"paths": await _all_paths(api), "fields": _FIELDS, "of_programs": await _of_programs(api)}


async def _surveys(pool: Pool) -> None:
    """Answered, open, and missed; one answer complains."""
    for nth in range(1, 4):
        asked = await ask(pool, nth=nth)
        survey = next(one for one in ASKING_KIT.surveys if one.of == "learner")
        answers = {"confident": 2, "clear": False, "change": "More time"}
        command = Answer(request=asked.request, survey=survey, answers=answers, by="learner:l-1")
        await transact(pool, respondent_stream(asked.respondent), RESPONDENT, command, datetime.now(UTC))
    await ask(pool, nth=4)
    await ask(pool, "mentor", "m-1")
    await ask(pool, nth=9, ago=timedelta(days=8))


async def _findings(pool: Pool) -> None:
    one, two = (
        Raised(
            finding=finding_id("notes_empty", 1, journey(1), "s1", subject),
            detector="notes_empty",
            detector_version=1,
            session=SessionId("s1"),
            mentor=MentorId("m-1"),
            subject=subject,
            because="There are no notes.",
        )
        for subject in ("one", "two")
    )
    command = RaiseFindings(program=ProgramId("ready"), journey=journey(1), found=(one, two))
    await transact(pool, findings_stream(journey(1)), FINDINGS, command, datetime.now(UTC))


async def _until_shown(api: httpx2.AsyncClient) -> None:
    async with asyncio.timeout(_PATIENCE_SECONDS):
        while True:
            if (await api.get("/v1/journeys", params={"program": "job-ready"})).json()["rows"]:
                return
            await asyncio.sleep(0.2)


# The ids of it all


async def _all_paths(api: httpx2.AsyncClient) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """Once the views have everything."""
    missing: set[str] = set()
    try:
        async with asyncio.timeout(_PATIENCE_SECONDS):
            while True:
                found = await _paths(api)
                missing = (
                    {",".join(sorted(link)) for links in ANSWERS.values() for link in links} - _NOT_HERE - {*found}
                )
                if not missing:
                    return found
                await asyncio.sleep(0.5)
    except TimeoutError:
        raise AssertionError(f"no answer has {sorted(missing)}") from None


async def _paths(api: httpx2.AsyncClient) -> Mapping[str, Sequence[Mapping[str, Any]]]:
    """By the parameters of an address, sorted and joined: the sets of values that answers have, along the links."""
    found: dict[str, list[Mapping[str, Any]]] = defaultdict(list)
    reads = [one for one in operations() if one.method == "GET" and one.name in ANSWERS]
    reads.sort(key=lambda one: one.path.count("{"))
    for one in reads:
        for parameters in _sets(found, one):
            answer = await api.get(f"/v1{one.filled({name: str(it) for name, it in parameters.items()})}")
            if answer.is_success:
                for link in ANSWERS[one.name]:
                    known = found[",".join(sorted(link))]
                    known += [it for it in _values(link, parameters, answer.json()) if it not in known]
    return {names: _spread(sets) for names, sets in found.items()}


def _sets(found: Mapping[str, Sequence[Mapping[str, Any]]], one: Operation) -> Sequence[Mapping[str, Any]]:
    """The values to ask with; the programs by all, so that each is seen."""
    names = sorted(part.strip("{}") for part in one.path.split("/") if part.startswith("{"))
    return _spread(found.get(",".join(names), ())) if names else [{}]


def _spread(sets: Sequence[Mapping[str, Any]]) -> Sequence[Mapping[str, Any]]:
    return sets[:: max(1, len(sets) // _SETS_AT_MOST)][:_SETS_AT_MOST]


def _values(link: Mapping[str, str], parameters: Mapping[str, Any], answer: Any) -> Iterator[Mapping[str, Any]]:
    """Of each entry of the answer, not of the first alone as the link says."""
    columns = {
        name: [parameters[name]] if "$request" in where else list(_at(answer, where.partition("#/")[2].split("/")))
        for name, where in link.items()
    }
    lists = [len(values) for name, values in columns.items() if "$response" in link[name]]
    if len(set(lists)) == 1:
        for nth in range(lists[0]):
            yield {name: values[nth] if "$response" in link[name] else values[0] for name, values in columns.items()}
        return
    yield from (dict(zip(columns, one, strict=True)) for one in product(*columns.values()))


def _at(value: Any, parts: Sequence[str]) -> Iterator[Any]:
    if not parts:
        if value is not None:
            yield value
    elif parts[0] == "0":
        for one in value if isinstance(value, list) else ():
            yield from _at(one, parts[1:])
    elif isinstance(value, dict) and parts[0] in value:
        yield from _at(value[parts[0]], parts[1:])


async def _of_programs(api: httpx2.AsyncClient) -> Mapping[str, Mapping[str, Sequence[str]]]:
    """By program: what its kit names, and its learners."""
    found = {}
    for program in _FIELDS["program"]:
        base = f"/v1/programs/{program}"
        sessions = (await api.get(f"{base}/sessions")).json()
        milestones = (await api.get(f"{base}/milestones")).json()
        versions = (await api.get(f"{base}/versions")).json()
        rows = (await api.get("/v1/journeys", params={"program": program})).json()["rows"]
        found[program] = {
            "session": [one["id"] for way in sessions for one in way["sessions"]],
            "milestone": [one["id"] for way in milestones for one in way["milestones"]],
            "pathway": [one["pathway"] for one in sessions],
            "version": [one["version"] for one in versions],
            "kit": [one["digest"] for one in versions],
            "learner": [one["learner"] for one in rows],
            "learners": [one["learner"] for one in rows],
        }
    return found


_FIELDS: Mapping[str, Sequence[Any]] = {
    "program": ["job-ready", "ready", "small"],
    "programs": ["job-ready", "ready", "small"],
    "learner": ["l-01", "l-02", "l-03", "l-1", "s-1"],
    "learners": ["l-01", "l-02", "l-03", "l-1", "s-1"],
    "mentor": ["m-1", "m-2", "m-3", "m-4"],
    "mentors": ["m-1", "m-2", "m-3", "m-4"],
    "journey": ["job-ready.l-01", "job-ready.l-02", "ready.l-1", "small.s-1"],
    "journeys": ["job-ready.l-01", "job-ready.l-02", "ready.l-1", "small.s-1"],
    "cohort": ["job-ready.1"],
    "session": ["kickoff", "s1", "review"],
    "milestone": ["draft", "portfolio", "cv", "mock"],
    "pathway": ["main", "steady", "sprint"],
    "case": ["case-1", "case-2"],
    "version": ["1", "reviewed", "asking"],
    "measure": ["completion", "attendance"],
    "by": ["ops:ana", "learner:l-01", "mentor:m-1", "ops"],
    "owner": ["ops:ana"],
    "goal": ["job", "promotion"],
    "detector": ["notes_empty"],
    "month": ["2026-01"],
    "time_zone": ["Europe/Vienna", "America/New_York"],
}
"""What stands in bodies and in queries under these names."""
