"""The event log, the views that follow it, the other services that do, and the workflows that Temporal runs."""

from collections.abc import Sequence

from projections.status import ProjectionStatus, statuses
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store import sequencer
from store.database import Pool, query
from store.reconciliations import Reconciliation, reconciliations

_RECORDED = Family("trellis_events_recorded", "Events in the log that have their position.", kind="counter")
_UNSEQUENCED = Family("trellis_events_unsequenced", "Events that wait for their position.")
_UNSEQUENCED_SECONDS = Family(
    "trellis_events_unsequenced_oldest_seconds",
    "Age of the oldest event that waits for its position; 0 if there is none.",
)
_GAPS = Family("trellis_log_open_gaps", "Sequence numbers that a transaction in progress may still fill.")
_GAP_SECONDS = Family(
    "trellis_log_oldest_gap_seconds", "For how long the oldest such transaction has been open; 0 if there is none."
)
_STRAGGLERS = Family("trellis_log_stragglers", "Events that got their position after a later event.", kind="counter")


async def _log(pool: Pool) -> Sequence[Sample]:
    async with pool.acquire() as connection:
        state = await sequencer.state(connection)
        oldest: float = await connection.fetchval(query("unsequenced_since")) or 0.0
    row = (
        *(state.position, state.waiting, max(oldest, 0.0), state.open_gaps, state.oldest_gap_seconds),
        state.stragglers,
    )
    return samples_of([row], 0, *LOG.families)


LOG = Figures(
    "log",
    "The event log",
    "If `trellis_events_unsequenced_oldest_seconds` grows, no process with the role `sequencer` is working. If "
    "`trellis_log_oldest_gap_seconds` grows, look for a transaction that never ends ([log.md](log.md)).",
    (_RECORDED, _UNSEQUENCED, _UNSEQUENCED_SECONDS, _GAPS, _GAP_SECONDS, _STRAGGLERS),
    _log,
)

_VIEW = ("projection",)
_LAG = Family("trellis_projection_lag_events", "Events that the view does not show yet.", _VIEW)
_LAG_SECONDS = Family(
    "trellis_projection_lag_seconds",
    "Age of the oldest event that the view does not show yet; 0 if there is none.",
    _VIEW,
)
_SEEN = Family(
    "trellis_projection_seen_timestamp_seconds", "When the runner of the view last gave a sign of life.", _VIEW
)
_STOPPED = Family("trellis_projection_stopped", "1: the view has stopped and waits for a person to decide.", _VIEW)
_SET_ASIDE = Family("trellis_projection_set_aside", "Events that a person parked or skipped for the view.", _VIEW)
_BUILT = Family(
    "trellis_projection_built_ratio", "How much of a view that is being rebuilt is done, from 0 to 1.", _VIEW
)


async def _views(pool: Pool) -> Sequence[Sample]:
    known = await statuses(pool)
    live = [_view(one) for one in known if one.status == "live"]
    built = [(one.name, one.built or 0.0) for one in known if one.status == "building"]
    return [
        *samples_of(live, 1, _LAG, _LAG_SECONDS, _SEEN, _STOPPED, _SET_ASIDE),
        *samples_of(built, 1, _BUILT),
    ]


def _view(one: ProjectionStatus) -> Sequence[object]:
    seen = one.seen_at.timestamp() if one.seen_at else None
    return one.name, one.behind_events, one.behind_seconds, seen, one.stopped_at is not None, one.set_aside


VIEWS = Figures(
    "views",
    "Views",
    "Of the live generation of each view; `trellis projections` says more.",
    (_LAG, _LAG_SECONDS, _SEEN, _STOPPED, _SET_ASIDE, _BUILT),
    _views,
)

_FOLLOWS = ("follower",)
_FOLLOWER_LAG = Family("trellis_follower_lag_events", "Events that the service has not read yet.", _FOLLOWS)
_FOLLOWER_SECONDS = Family(
    "trellis_follower_lag_seconds",
    "Age of the oldest event that the service has not read yet; 0 if there is none.",
    _FOLLOWS,
)
_FOLLOWERS = {"places": "places_state", "ledger": "ledger_state", "surveys": "survey_state"}


async def _followers(pool: Pool) -> Sequence[Sample]:
    rows = []
    for name, statement in _FOLLOWERS.items():
        state = await pool.fetchrow(query(statement))
        assert state is not None, "the migration that made the table filled it"
        rows.append((name, state["behind_events"], state["behind_seconds"]))
    return samples_of(rows, 1, _FOLLOWER_LAG, _FOLLOWER_SECONDS)


FOLLOWERS = Figures(
    "followers",
    "Other services that follow the log",
    "`places` frees the places of closed journeys; `ledger` keeps the places of learners with mentors.",
    (_FOLLOWER_LAG, _FOLLOWER_SECONDS),
    _followers,
)

_KIND = ("kind",)
_BEHIND = Family("trellis_workflows_behind", "Workflows that lag behind their stream in the log.", _KIND)
_MISSING = Family(
    "trellis_workflows_missing", "Workflows that are open in the log and that Temporal does not run.", _KIND
)
_FAILING = Family("trellis_workflows_failing", "Workflows whose workflow task fails again and again.", _KIND)
_LOOKED = Family("trellis_workflows_looked_timestamp_seconds", "When the reconciler last gave a sign of life.", _KIND)
_COMPARED = Family(
    "trellis_workflows_compared_timestamp_seconds",
    "When all workflows were last compared with the log; 0: never.",
    _KIND,
)
_WOKEN = Family("trellis_workflows_woken", "Workflows that were behind and were woken.", _KIND, "counter")
_STARTED = Family(
    "trellis_workflows_started_again", "Workflows that were missing and were started from the log.", _KIND, "counter"
)


async def _workflows(pool: Pool) -> Sequence[Sample]:
    return samples_of(map(_of_kind, await reconciliations(pool)), 1, *WORKFLOWS.families)


def _of_kind(one: Reconciliation) -> Sequence[object]:
    compared = one.compared_at.timestamp() if one.compared_at else 0.0
    return (
        *(one.kind, one.behind, one.missing, one.failing, one.looked_at.timestamp(), compared, one.woken),
        one.started,
    )


WORKFLOWS = Figures(
    "workflows",
    "Workflows",
    "By the last comparison with the log ([reliability.md](reliability.md)). "
    '`trellis_workflows_missing{kind="journey"}` is the number of journeys that are open in the log and do not run.',
    (_BEHIND, _MISSING, _FAILING, _LOOKED, _COMPARED, _WOKEN, _STARTED),
    _workflows,
)
