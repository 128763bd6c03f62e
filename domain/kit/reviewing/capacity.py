"""Minutes that are not counted, and sessions for which no mentor can have enough of them."""

from collections.abc import Iterator
from datetime import timedelta

from domain.kit.capacity import Costs
from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.values import say_duration


def findings(kit: Kit) -> Iterator[Finding]:
    minutes = kit.capacity.minutes_a_week
    if minutes is None:
        return
    if not kit.capacity.costs:
        says = "nobody's minutes are counted, because `capacity.costs` does not say what sessions cost"
        place = ("capacity", "minutes_a_week")
        yield Finding(place, says, "add `costs` for the modes of your sessions, or remove it", grave=False)
        return
    most = timedelta(minutes=minutes * kit.capacity.limit_utilization)
    for nth, pathway in enumerate(kit.pathways):
        for number, session in enumerate(pathway.sessions):
            costs = kit.capacity.costs.get(session.mode, Costs())
            live = timedelta(0) if session.mode == "asynchronous" else session.length
            asks = costs.preparation + (live if costs.live is None else costs.live) + costs.follow_up
            if asks > most:
                says = (
                    f"this session takes {say_duration(asks)} of a mentor, and a week has {say_duration(most)} at most"
                )
                yield Finding(
                    ("pathways", nth, "sessions", number),
                    says,
                    "raise `capacity.minutes_a_week`, or lower what the session costs",
                )
