"""What a command would bring about, over HTTP: in words, refused as the command would be, and without a trace."""

import pytest

from client.journeys import JourneyClient
from domain.ids import journey_stream
from store.database import Pool
from store.event_log import EventLog
from tests.interfaces.calling import calling, guarded_app, key_of
from tests.projections.stories import journey


@pytest.mark.usefixtures("three_journeys")
async def test_a_preview_says_what_would_happen_and_changes_nothing(pool: Pool, journeys: JourneyClient) -> None:
    app = guarded_app(pool, journeys)
    async with calling(app, await key_of(pool, "ops")) as ops:
        before = await EventLog(pool).read_stream(journey_stream(journey(1)))
        answer = await ops.post(f"/v1/journeys/{journey(1)}/previews/withdraw", json={"reason": "has a job"})
        assert answer.status_code == 200, answer.text
        found = answer.json()
        assert (found["version"], found["stage_before"], found["stage_after"]) == (len(before), "sessions", "closed")
        assert [one["type"] for one in found["events"]] == ["journey.closed"]
        assert {one["change"] for one in found["timers"]} == {"stops"}
        assert found["cases_closed"] == ["case-1"]
        assert len(await EventLog(pool).read_stream(journey_stream(journey(1)))) == len(before)

        refused = await ops.post(f"/v1/journeys/{journey(2)}/previews/withdraw", json={"reason": "has a job"})
        assert (refused.status_code, refused.json()["type"].rpartition("/")[2]) == (409, "journey_closed")
        assert (await ops.post(f"/v1/journeys/{journey(1)}/previews/withdraw", json={})).status_code == 422
        assert (await ops.post(f"/v1/journeys/{journey(1)}/previews/nonsense", json={})).status_code == 404
    async with calling(app, await key_of(pool, "mentor", mentor="m-1")) as mentor:
        denied = await mentor.post(f"/v1/journeys/{journey(1)}/previews/withdraw", json={"reason": "no"})
        assert denied.status_code == 403
