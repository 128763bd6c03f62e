"""Times that nobody can meet, and reminders that are never sent."""

from collections.abc import Iterator
from datetime import timedelta

from domain.kit.delivery import Pathway
from domain.kit.kit import Kit
from domain.kit.reviewing.finding import Finding
from domain.kit.words import Place
from domain.values import say_duration

_NO_TIME = timedelta(0)
_FIRST_YEAR, _LAST_YEAR = 1970, 2199


def findings(kit: Kit) -> Iterator[Finding]:
    if kit.starts_at and not _FIRST_YEAR <= kit.starts_at.year <= _LAST_YEAR:
        says = f"the year {kit.starts_at.year} is out of range"
        yield Finding(("starts_at",), says, f"write one from {_FIRST_YEAR} to {_LAST_YEAR}, or leave it out")
    yield from _service_levels(kit)
    for nth, after in enumerate(kit.intake.reminders):
        if after >= kit.intake.within:
            says = f"this reminder is never sent: the intake is given up after {say_duration(kit.intake.within)}"
            yield Finding(("intake", "reminders", nth), says, "choose an earlier time, or a longer `within`")
    for nth, pathway in enumerate(kit.pathways):
        yield from _of_pathway(("pathways", nth), pathway)
        if pathway.ends > kit.promise.duration:
            says = f"pathway {pathway.id!r} lasts {say_duration(pathway.ends)}, longer than the program promises"
            yield Finding(("pathways", nth, "ends"), says, "end it earlier, or promise more time", grave=False)
    yield from _monitoring(kit)


def _service_levels(kit: Kit) -> Iterator[Finding]:
    for name in type(kit.service_levels).model_fields:
        if getattr(kit.service_levels, name) == _NO_TIME:
            yield _never_met(("service_levels", name), f"{name.replace('_', ' ')} is due at once")
    if kit.intake.within == _NO_TIME:
        yield _never_met(("intake", "within"), "the intake is given up as it begins")
    if kit.pausing.limit == _NO_TIME:
        yield _never_met(("pausing", "limit"), "a pause ends as it begins")


def _of_pathway(place: Place, pathway: Pathway) -> Iterator[Finding]:
    for nth, milestone in enumerate(pathway.milestones):
        where = (*place, "milestones", nth)
        if milestone.due == _NO_TIME:
            yield _never_met((*where, "due"), f"milestone {milestone.id!r} is due as the pathway begins")
        if milestone.rework == _NO_TIME:
            yield _never_met((*where, "rework"), f"work returned for {milestone.id!r} is due again at once")
        for which, before in enumerate(milestone.reminders):
            if before >= milestone.due:
                yield _too_early((*where, "reminders", which), f"{milestone.id!r} is due", milestone.due)
    for nth, session in enumerate(pathway.sessions):
        where = (*place, "sessions", nth)
        if session.length == _NO_TIME:
            yield _never_met((*where, "length"), f"session {session.id!r} is over as it begins")
        for which, before in enumerate(session.reminders if "reminders" in session.model_fields_set else ()):
            if before >= session.after:
                yield _too_early((*where, "reminders", which), f"{session.id!r} begins", session.after)
        if session.preparation and session.after == _NO_TIME:
            yield _never_met((*where, "preparation"), f"session {session.id!r} begins with the pathway")


def _monitoring(kit: Kit) -> Iterator[Finding]:
    longest = max(pathway.ends for pathway in kit.pathways)
    if kit.monitoring is None:
        return
    if kit.monitoring.check_in_every == _NO_TIME:
        yield _never_met(("monitoring", "check_in_every"), "the next check-in is due at once")
    if kit.monitoring.first_within == _NO_TIME:
        yield _never_met(("monitoring", "first_within"), "the first check-in is due with the match")
    elif kit.monitoring.first_within >= longest:
        says = f"no check-in ever falls due: the longest pathway ends after {say_duration(longest)}"
        yield Finding(("monitoring", "first_within"), says, "choose an earlier time, or leave `monitoring` out")


def _never_met(place: Place, says: str) -> Finding:
    return Finding(place, f"nobody can meet this: {says}", "give it some time")


def _too_early(place: Place, until: str, length: timedelta) -> Finding:
    says = f"this reminder is never sent: {until} {say_duration(length)} after the pathway begins"
    return Finding(place, says, "choose a shorter time, or remove it")
