"""The surveys of one person, as far as one asking needs them.

A person is asked for years, and ops of a large program thousands of times a month, mostly without being told: what the
kit does not allow is recorded as skipped. So no stream of a respondent is read as a whole.
"""

from datetime import datetime

from domain.ids import RespondentId, SurveyRequestId
from domain.survey import RESPONDENT, RespondentState, respondent_stream
from domain.survey.state import REMEMBERED
from store.codec import Codec
from store.database import Executor, query
from store.event_log import RecordedEvent
from store.transact import Snapshot

_CODEC = Codec(RESPONDENT.events)
_FIRST = frozenset({"survey.requested", "survey.skipped"})


async def read_request(
    executor: Executor, respondent: RespondentId, request: SurveyRequestId, at: datetime
) -> Snapshot[RespondentState]:
    """The state with this request and those that were asked lately, which is all that its commands are decided by.

    Requests whose beginning was detached to files are not in it.
    """
    stream = respondent_stream(respondent)
    version = await executor.fetchval(query("stream_version"), stream) or 0
    rows = await executor.fetch(query("survey_asked"), stream, request, at - REMEMBERED, version)
    recorded = [RecordedEvent(*row) for row in rows]
    begun = {one.data["request"] for one in recorded if one.type in _FIRST}
    events = _CODEC.decode_known([one for one in recorded if one.data["request"] in begun])
    return Snapshot(version, RESPONDENT.fold(events, RESPONDENT.initial))
