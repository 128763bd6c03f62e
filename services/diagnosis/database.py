"""What Postgres knows of the health of Trellis: schema, sequencer, views, courier, reconciliation, messages."""

from datetime import UTC, datetime, timedelta

from projections.registry import PROJECTIONS
from projections.status import ProjectionStatus, followed, statuses
from projections.views.messages import undelivered
from services.diagnosis.finding import Finding, ago, broken, needs_a_person, number, ok
from services.reconciling import KINDS, Kind
from store import courier, sequencer
from store.database import Pool, query, schema
from store.leading import leaders
from store.locks import Lock
from store.reconciliations import Reconciliation, reconciliations

_LATE_SECONDS = 30.0
"""Longer than anything that works takes to get round to an event."""
_LONG_OPEN_SECONDS = 60.0
_SILENT = timedelta(minutes=5)
_TELLABLE = timedelta(days=3)
"""After that nobody is notified of it any more, whatever a person does."""


async def schema_findings(pool: Pool) -> list[Finding]:
    found = await schema(pool)
    if found.unknown:
        return [
            broken(
                "migrations",
                f"this database was migrated by a newer Trellis: {', '.join(found.unknown)}",
                "run that release or a later one",
            )
        ]
    if found.changed:
        return [
            broken(
                "migrations",
                f"applied with content that differs from this release: {', '.join(found.changed)}",
                "restore the released files; changes belong in a new migration with the next number",
            )
        ]
    if found.missing:
        names = ", ".join(found.missing)
        return [
            broken("migrations", f"{number(len(found.missing), 'is', 'are')} not applied: {names}", "trellis migrate")
        ]
    return [ok("migrations", "all applied")]


async def sequencer_findings(pool: Pool) -> list[Finding]:
    async with pool.acquire() as connection:
        state = await sequencer.state(connection)
        waiting_seconds: float = await connection.fetchval(query("unsequenced_since")) or 0.0
        leader = (await leaders(connection, [Lock.SEQUENCER])).get(Lock.SEQUENCER)
    waits = f"{number(state.waiting, 'event')} without a position, the oldest for {ago(waiting_seconds)}"
    if leader is None:
        return [
            broken(
                "sequencer",
                f"no process assigns positions to events; {waits if state.waiting else 'none are waiting'}",
                "start one with `trellis worker --roles sequencer`, or run everything here with `trellis up`",
            )
        ]
    if waiting_seconds > _LATE_SECONDS:
        return [
            broken(
                "sequencer",
                f"Postgres process {leader.pid} is the leader but makes no progress: {waits}",
                "check the log of the worker with the role sequencer, and look for locks: "
                "`select * from pg_stat_activity where wait_event_type = 'Lock'`",
            )
        ]
    if state.oldest_gap_seconds > _LONG_OPEN_SECONDS:
        return [
            needs_a_person(
                "sequencer",
                f"a transaction has been open for {ago(state.oldest_gap_seconds)} and holds event numbers",
                "nothing waits for it; to find its client: `select pid, application_name, xact_start from "
                "pg_stat_activity where xact_start is not null order by xact_start`",
            )
        ]
    return [ok("sequencer", f"at position {state.position:,}; {waits if state.waiting else 'no events are waiting'}")]


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
        ill.insert(
            0, ok("views", f"{number(well, 'view')} up to date or catching up, {number(behind, 'event')} behind")
        )
    return ill


def _view(name: str, live: ProjectionStatus | None, building: ProjectionStatus | None, led: set[str]) -> Finding | None:
    about = f"view {name}"
    if building:
        return ok(about, f"version {building.version} is being built: {building.built or 0:.0%}")
    start = "start a projector with `trellis worker --roles projector`, or run everything here with `trellis up`"
    if live is None:
        return broken(about, "is not built yet", start)
    if live.stopped_at is not None:
        return needs_a_person(
            about,
            f"has stopped at position {live.stopped_at}, {number(live.behind_events, 'event')} behind: "
            f"{live.stopped_because}",
            f"fix the cause and run `trellis projections retry {name}`, or leave the event out for now with "
            f"`trellis projections park {name} --reason …`, or permanently with `skip`",
        )
    if name not in led:
        return broken(
            about, f"no projector is running for it; it is {number(live.behind_events, 'event')} behind", start
        )
    if live.behind_seconds > _LATE_SECONDS:
        return broken(
            about,
            f"is {number(live.behind_events, 'event')} and {ago(live.behind_seconds)} behind",
            "check the log of the worker with the role projector for projection_interrupted",
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
                f"has stopped at position {at}, {number(state.behind_events, 'event')} behind; no messages are sent "
                f"about later events: {state.stopped_because}",
                f"fix the cause and run `trellis messages resume`, or leave the event out for now with "
                f"`trellis messages park {at} --reason …`, or permanently with `skip`",
            )
        )
    elif Lock.COURIER not in await leaders(pool, [Lock.COURIER]):
        found.append(
            broken(
                "courier",
                f"no courier is reading the log for messages; {number(state.behind_events, 'event')} unread",
                "start one with `trellis worker --roles messages`, or run everything here with `trellis up`; "
                "to turn messages off, set TRELLIS_MESSAGES=off",
            )
        )
    elif state.behind_seconds > _LATE_SECONDS:
        found.append(
            broken(
                "courier",
                f"is {number(state.behind_events, 'event')} and {ago(state.behind_seconds)} behind",
                "check the log of the worker with the role messages for courier_waits",
            )
        )
    else:
        found.append(ok("courier", f"at position {state.position:,}, {number(state.behind_events, 'event')} behind"))
    if state.parked:
        found.append(
            needs_a_person(
                "courier",
                f"{number(state.parked, 'event')} parked: no messages were sent about them",
                "fix the cause and run `trellis messages resume`; to list them: `trellis messages aside`",
            )
        )
    return found


async def reconciliation_findings(pool: Pool, *, with_messages: bool) -> list[Finding]:
    """How what Temporal runs stands against the log, by the latest comparisons."""
    known = {one.kind: one for one in await reconciliations(pool)}
    led = await leaders(pool, [kind.lock for kind in KINDS])
    kinds = [kind for kind in KINDS if with_messages or kind.role != "messages"]
    return [_reconciliation(kind, known.get(kind.name), is_led=kind.lock in led) for kind in kinds]


def _reconciliation(kind: type[Kind], state: Reconciliation | None, *, is_led: bool) -> Finding:
    about, role, now = f"workflows of {kind.name}s", kind.role, datetime.now(UTC)
    if not is_led:
        return broken(
            about,
            f"they are not being compared with the log{_since(state)}",
            f"start a worker with `trellis worker --roles {role}`, or run everything here with `trellis up`; "
            "to compare and repair once: `trellis revive`",
        )
    if state is None or state.compared_at is None:
        return ok(about, "being compared with the log for the first time")
    if state.trouble:
        return broken(about, f"cannot be compared with the log: {state.trouble}", "see the findings about the servers")
    if now - state.looked_at > _SILENT:
        return broken(
            about,
            f"the reconciler has not reported for {ago((now - state.looked_at).total_seconds())}",
            f"check the log of the worker with the role {role}, and restart it",
        )
    lacking = f"{state.missing} missing in Temporal, {state.behind} behind the log"
    if state.stuck:
        return needs_a_person(
            about,
            f"{lacking}; {state.stuck} of them remain so after several repairs, or cannot be repaired",
            "`trellis revive` tries again and says which and why; the worker's log lists them as cannot_be_started",
        )
    if state.missing or state.behind:
        return ok(about, f"{lacking}; they are being repaired (to do it now: `trellis revive`)")
    compared = ago((now - state.compared_at).total_seconds())
    return ok(about, f"none missing, none behind the log; last full comparison {compared} ago")


def _since(state: Reconciliation | None) -> str:
    if state is None:
        return ", and never have been"
    return f" since {state.looked_at:%Y-%m-%d %H:%M} UTC"


async def places_findings(pool: Pool) -> list[Finding]:
    state = await pool.fetchrow(query("places_state"))
    assert state is not None, "the migration that made the table filled it"
    behind = number(state["behind_events"], "event")
    if Lock.PLACES not in await leaders(pool, [Lock.PLACES]):
        return [
            broken(
                "places",
                f"no process frees the places of closed journeys; {behind} unread",
                "start one with `trellis worker --roles journeys`, or run everything here with `trellis up`",
            )
        ]
    if state["behind_seconds"] > _LATE_SECONDS:
        return [
            broken(
                "places",
                f"is {behind} and {ago(state['behind_seconds'])} behind",
                "check the log of the worker with the role journeys for places_interrupted",
            )
        ]
    return [ok("places", f"places of closed journeys are freed; {behind} behind")]


async def ledger_findings(pool: Pool) -> list[Finding]:
    state = await pool.fetchrow(query("ledger_state"))
    assert state is not None, "the migration that made the table filled it"
    behind = number(state["behind_events"], "event")
    if Lock.LEDGER not in await leaders(pool, [Lock.LEDGER]):
        return [
            broken(
                "ledger",
                f"no process confirms, moves and releases the places of learners with mentors; {behind} unread",
                "start one with `trellis worker --roles journeys`, or run everything here with `trellis up`",
            )
        ]
    if not state["filled"]:
        return [
            broken(
                "ledger",
                f"the places of journeys that were matched before are being entered; {behind} unread",
                "wait: until it is done, no mentor is proposed or matched",
            )
        ]
    if state["behind_seconds"] > _LATE_SECONDS:
        return [
            broken(
                "ledger",
                f"is {behind} and {ago(state['behind_seconds'])} behind",
                "check the log of the worker with the role journeys for ledger_interrupted",
            )
        ]
    return [ok("ledger", f"places with mentors follow the journeys; {behind} behind")]


async def message_findings(pool: Pool) -> list[Finding]:
    """What was not delivered, as long as something can be done about it."""
    found = {one.status: one for one in await undelivered(pool, datetime.now(UTC) - _TELLABLE)}
    remedies = {
        "bounced": "to list them: `trellis messages --status bounced`; correct the address, then run "
        "`trellis messages retry MESSAGE`",
        "uncertain": "to list them: `trellis messages --status uncertain`; ask whether they arrived, and if not, run "
        "`trellis messages retry MESSAGE`",
        "not_taken": "they are retried for a day; check the mail server or the webhook, and later "
        "`trellis messages --status not_taken`",
    }
    says = {
        "bounced": "bounced in the last three days",
        "uncertain": "may not have arrived, in the last three days",
        "not_taken": "could not be delivered yet",
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
    return ill or [ok("messages", "none bounced, none uncertain")]
