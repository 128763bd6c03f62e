"""Notifications, and the courier that finds what calls for them."""

from collections.abc import Sequence

from projections import figures
from projections.views.messages import not_sent
from runtime.metrics.declaring import Family, Figures, Sample, samples_of
from store import courier
from store.database import Pool

_OPEN = Family(
    "trellis_messages",
    "Notifications that are neither sent nor skipped: on their way, not taken, bounced, or uncertain.",
    ("program", "status"),
)


async def _open(pool: Pool) -> Sequence[Sample]:
    return samples_of([(one.program, one.status, one.messages) for one in await not_sent(pool)], 2, _OPEN)


MESSAGES = Figures(
    "messages",
    "Notifications",
    "From the view `messages`. `trellis_message_attempts_total` of each process counts the attempts.",
    (_OPEN,),
    _open,
)

_SETTLED = Family(
    "trellis_messages_settled", "Notifications that were sent, or skipped on purpose.", ("program", "status"), "counter"
)


async def _settled(pool: Pool) -> Sequence[Sample]:
    return samples_of(await figures.settled_messages(pool), 2, _SETTLED)


SETTLED = Figures(
    "settled messages",
    "Notifications that were sent",
    "From the view `messages`; `status` is `sent` or `skipped`.",
    (_SETTLED,),
    _settled,
    every_seconds=30.0,
    patience_seconds=20.0,
)

_LAG = Family("trellis_courier_lag_events", "Events that the courier has not read yet.")
_LAG_SECONDS = Family(
    "trellis_courier_lag_seconds", "Age of the oldest event that the courier has not read yet; 0 if there is none."
)
_STOPPED = Family("trellis_courier_stopped", "1: the courier has stopped at an event and waits for a person to decide.")
_SET_ASIDE = Family("trellis_courier_set_aside", "Events that a person parked or skipped for the courier.")


async def _courier(pool: Pool) -> Sequence[Sample]:
    state = await courier.state(pool)
    row = (
        *(state.behind_events, state.behind_seconds, state.stopped_at is not None),
        state.parked + state.skipped,
    )
    return samples_of([row], 0, *COURIER.families)


COURIER = Figures(
    "courier",
    "The courier",
    "The courier reads the log for events that call for a notification ([messages.md](messages.md)).",
    (_LAG, _LAG_SECONDS, _STOPPED, _SET_ASIDE),
    _courier,
)
