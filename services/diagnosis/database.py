"""What Postgres knows of the health of Trellis: schema, sequencer, views, courier, reconciliation, messages."""

from datetime import UTC, datetime, timedelta

from projections.messages import undelivered
from projections.registry import PROJECTIONS
from projections.status import ProjectionStatus, followed, statuses
from services import places
from services.diagnosis.finding import Finding, ago, broken, needs_a_person, number, ok
from services.reconciling import KINDS
from store import courier, sequencer
from store.database import Pool, query, schema
from store.leading import leaders
from store.reconciliations import Reconciliation, reconciliations

_LATE_SECONDS = 30.0
"""Longer than anything that works takes to get round to an event."""
_LONG_OPEN_SECONDS = 60.0
_SILENT = timedelta(minutes=5)
_TELLABLE = timedelta(days=3)
"""Afterwards nobody is told of it any more, whatever a person does."""


async def schema_findings(pool: Pool) -> list[Finding]:
    found = await schema(pool)
    if found.unknown:
        return [
            broken(
                "migrations",
                f"a newer Trellis has migrated this database: {', '.join(found.unknown)}",
                "run the release that did, or a later one",
            )
        ]
    if found.changed:
        return [
            broken(
                "migrations",
                f"applied with other content than this release has: {', '.join(found.changed)}",
                "restore the files as they were released; a change is a migration with the next number",
            )
        ]
    if found.missing:
        names = ", ".join(found.missing)
        return [
            broken("migrations", f"{number(len(found.missing), 'is', 'are')} not applied: {names}", "trellis migrate")
        ]
    return [ok("migrations", "all are applied")]


async def sequencer_findings(pool: Pool) -> list[Finding]:
    async with pool.acquire() as connection:
        state = await sequencer.state(connection)
        waiting_seconds: float = await connection.fetchval(query("unsequenced_since")) or 0.0
        leader = (await leaders(connection, [sequencer.LOCK])).get(sequencer.LOCK)
    waits = f"{number(state.waiting, 'event')} without a position, the oldest for {ago(waiting_seconds)}"
    if leader is None:
        return [
            broken(
                "sequencer",
                f"no process gives events their positions; {waits if state.waiting else 'none waits just now'}",
                "start one: `trellis worker --roles sequencer`, or `trellis up` for everything on this machine",
            )
        ]
    if waiting_seconds > _LATE_SECONDS:
        return [
            broken(
                "sequencer",
                f"process {leader.pid} of Postgres leads and does not get on: {waits}",
                "look at the log of the worker with the role sequencer, and for locks: "
                "`select * from pg_stat_activity where wait_event_type = 'Lock'`",
            )
        ]
    if state.oldest_gap_seconds > _LONG_OPEN_SECONDS:
        return [
            needs_a_person(
                "sequencer",
                f"a transaction has been open for {ago(state.oldest_gap_seconds)} and holds numbers of events",
                "nothing waits for it; find its client: `select pid, application_name, xact_start from "
                "pg_stat_activity where xact_start is not null order by xact_start`",
            )
        ]
    return [ok("sequencer", f"at position {state.position:,}; {waits if state.waiting else 'nothing waits'}")]


async def view_findings(pool: Pool) -> list[Finding]:
    """One line for each view that is not well, and one for all the others."""
    live = {one.name: one for one in await statuses(pool) if one.status == "live"}
    building = {one.name: one for one in await statuses(pool) if one.status == "building"}
    led = await followed(pool)
    found = [_view(name, live.get(name), building.get(name), led) for name in PROJECTIONS]
    ill = [one for one in found if one]
    well = len(found) - len(ill)
    if well:
        behind = sum(live[name].behind_events for name in live if name in PROJECTIONS)
        ill.insert(0, ok("views", f"{number(well, 'view')} followed, {number(behind, 'event')} behind"))
    return ill


def _view(name: str, live: ProjectionStatus | None, building: ProjectionStatus | None, led: set[str]) -> Finding | None:
    about = f"view {name}"
    if building:
        return ok(about, f"version {building.version} is being built: {building.built or 0:.0%}")
    start = "start one: `trellis worker --roles projector`, or `trellis up` for everything on this machine"
    if live is None:
        return broken(about, "is not built yet", start)
    if live.stopped_at is not None:
        return needs_a_person(
            about,
            f"has stopped at position {live.stopped_at}, {number(live.behind_events, 'event')} behind: "
            f"{live.stopped_because}",
            f"correct the cause and `trellis projections retry {name}`; or leave the event out with "
            f"`trellis projections park {name} --reason …`, or for good with `skip`",
        )
    if name not in led:
        return broken(about, f"nobody follows it; it is {number(live.behind_events, 'event')} behind", start)
    if live.behind_seconds > _LATE_SECONDS:
        return broken(
            about,
            f"is {number(live.behind_events, 'event')} and {ago(live.behind_seconds)} behind",
            "look at the log of the worker with the role projector for projection_interrupted",
        )
    return None


async def courier_findings(pool: Pool) -> list[Finding]:
    state = await courier.state(pool)
    found = []
    if state.stopped_at is not None:
        at = state.stopped_at
        found.append(
            needs_a_person(
                "courier",
                f"has stopped at position {at}, {number(state.behind_events, 'event')} behind; nobody is written to "
                f"about what came later: {state.stopped_because}",
                f"correct the cause and `trellis messages resume`; or leave the event out with "
                f"`trellis messages park {at} --reason …`, or for good with `skip`",
            )
        )
    elif courier.LOCK not in await leaders(pool, [courier.LOCK]):
        found.append(
            broken(
                "courier",
                f"nobody reads the log for messages; {number(state.behind_events, 'event')} not read",
                "start one: `trellis worker --roles messages`, or `trellis up` for everything on this machine; "
                "TRELLIS_MESSAGES=off says that no messages are wanted",
            )
        )
    elif state.behind_seconds > _LATE_SECONDS:
        found.append(
            broken(
                "courier",
                f"is {number(state.behind_events, 'event')} and {ago(state.behind_seconds)} behind",
                "look at the log of the worker with the role messages for courier_waits",
            )
        )
    else:
        found.append(ok("courier", f"at position {state.position:,}, {number(state.behind_events, 'event')} behind"))
    if state.parked:
        found.append(
            needs_a_person(
                "courier",
                f"{number(state.parked, 'event')} parked: nobody was written to about them",
                "correct the cause and `trellis messages resume`; `trellis messages aside` lists them",
            )
        )
    return found


async def reconciliation_findings(pool: Pool, *, with_messages: bool) -> list[Finding]:
    """How what Temporal runs stands against the log, by the latest comparisons."""
    known = {one.kind: one for one in await reconciliations(pool)}
    led = await leaders(pool, [kind.lock for kind in KINDS])
    kinds = [kind for kind in KINDS if with_messages or kind.name != "message"]
    return [_reconciliation(kind.name, known.get(kind.name), is_led=kind.lock in led) for kind in kinds]


def _reconciliation(kind: str, state: Reconciliation | None, *, is_led: bool) -> Finding:
    about, now = f"workflows of {kind}s", datetime.now(UTC)
    role = "journeys" if kind == "journey" else "messages"
    if not is_led:
        return broken(
            about,
            f"nobody compares them with the log{_since(state)}",
            f"start a worker: `trellis worker --roles {role}`, or `trellis up` for everything on this machine; "
            "`trellis revive` compares and mends once",
        )
    if state is None or state.compared_at is None:
        return ok(about, "are being compared with the log for the first time")
    if state.trouble:
        return broken(about, f"cannot be compared with the log: {state.trouble}", "see the lines about the servers")
    if now - state.looked_at > _SILENT:
        return broken(
            about,
            f"the reconciler has been silent for {ago((now - state.looked_at).total_seconds())}",
            f"look at the log of the worker with the role {role}, and restart it",
        )
    lacking = f"{state.missing} not run by Temporal, {state.behind} behind the log"
    if state.stuck:
        return needs_a_person(
            about,
            f"{lacking}; {state.stuck} of them stay so, though they were mended several times or cannot be",
            "`trellis revive` tries once more and says which, and why; the worker's log has them as cannot_be_started",
        )
    if state.missing or state.behind:
        return ok(about, f"{lacking}; they are being mended, and `trellis revive` does it at once")
    compared = ago((now - state.compared_at).total_seconds())
    return ok(about, f"none is missing, none behind the log; all were compared {compared} ago")


def _since(state: Reconciliation | None) -> str:
    if state is None:
        return ", and nobody ever has"
    return f" since {state.looked_at:%Y-%m-%d %H:%M} UTC"


async def places_findings(pool: Pool) -> list[Finding]:
    state = await pool.fetchrow(query("places_state"))
    assert state is not None, "the migration that made the table filled it"
    behind = number(state["behind_events"], "event")
    if places.LOCK not in await leaders(pool, [places.LOCK]):
        return [
            broken(
                "places",
                f"nobody gives the places of closed journeys back; {behind} not read",
                "start one: `trellis worker --roles journeys`, or `trellis up` for everything on this machine",
            )
        ]
    if state["behind_seconds"] > _LATE_SECONDS:
        return [
            broken(
                "places",
                f"is {behind} and {ago(state['behind_seconds'])} behind",
                "look at the log of the worker with the role journeys for places_interrupted",
            )
        ]
    return [ok("places", f"those of closed journeys are given back; {behind} behind")]


async def message_findings(pool: Pool) -> list[Finding]:
    """What was not delivered, as long as something can be done about it."""
    found = {one.status: one for one in await undelivered(pool, datetime.now(UTC) - _TELLABLE)}
    remedies = {
        "bounced": "`trellis messages --status bounced` names them; correct the address, then "
        "`trellis messages retry MESSAGE`",
        "uncertain": "`trellis messages --status uncertain` names them; ask whether they arrived, and if not, "
        "`trellis messages retry MESSAGE`",
        "not_taken": "they are tried again for a day; look at the mail server or the webhook, and afterwards "
        "`trellis messages --status not_taken`",
    }
    says = {
        "bounced": "bounced in the last three days",
        "uncertain": "may not have arrived, in the last three days",
        "not_taken": "could not be handed over",
    }
    ill = [
        needs_a_person(
            "messages",
            f"{number(found[status].messages, 'message')} {says[status]}; the latest: {found[status].because}",
            remedy,
        )
        for status, remedy in remedies.items()
        if status in found
    ]
    return ill or [ok("messages", "nothing came back, nothing is unclear")]
