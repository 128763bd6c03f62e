"""A learner's profile as pairs of label and text, for the terminal and for pages."""

from collections.abc import Iterator

from domain.words import distance, plain
from queries.profile import Milestones, Named, Profile, Sessions

Line = tuple[str, str]


def about(told: Profile) -> Iterator[Line]:
    """The learner, their program, pathway and mentor."""
    yield "learner", f"{told.learner.name} ({told.learner.id})"
    yield "stage", _stage(told)
    for what, one in (("segment", told.segment), ("pathway", told.pathway), ("mentor", told.mentor)):
        yield what, _named(one)
    yield "time zone", told.time_zone or "unknown"
    for name, value in told.attributes.items():
        yield plain(name), str(value)


def progress(told: Profile) -> Iterator[Line]:
    so_far = told.progress
    yield "sessions", _sessions(so_far.sessions)
    yield "milestones", _milestones(so_far.milestones)
    yield "last seen", distance(so_far.last_seen_at, told.as_of) if so_far.last_seen_at else "never"
    if so_far.active_days is not None:
        yield "active", f"on {so_far.active_days} of the last 28 days"
    if so_far.confidence:
        yield "confidence", f"{so_far.confidence.given} of 10, {distance(so_far.confidence.at, told.as_of)}"
    for one in so_far.outcomes:
        yield plain(one.kind), f"{one.value}, {distance(one.at, told.as_of)}"


def _stage(told: Profile) -> str:
    paused = f", paused until {told.paused_until:%d %b %Y}" if told.paused_until else ""
    return plain(told.ending or told.stage) + paused


def _named(one: Named | None) -> str:
    if one is None:
        return "none"
    return one.name if one.name == one.id else f"{one.name} ({one.id})"


def _sessions(those: Sessions) -> str:
    said = f"{those.held} held, {those.missed} missed, {those.to_come} to come"
    called_off = f", {those.called_off} canceled" if those.called_off else ""
    return said + called_off + (f", {those.not_told} without recorded attendance" if those.not_told else "")


def _milestones(those: Milestones) -> str:
    overdue = f" ({those.overdue} overdue)" if those.overdue else ""
    rest = (("in review", those.in_review), ("failed", those.failed), ("waived", those.waived))
    return ", ".join(
        (f"{those.passed} passed", f"{those.open} open{overdue}", *(f"{count} {what}" for what, count in rest if count))
    )
