"""A monthly review in words: the same sections on the page, on the command line and in the letter."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from zoneinfo import ZoneInfo

from domain.effects import Effect
from domain.monthly_review import ReviewState
from domain.monthly_review.document import Figure, Found, KitChange, ProposalBehind, QualityThen, ReviewDocument
from domain.monthly_review.period import in_words
from domain.values import counted
from domain.words import by_role, plain
from queries.effects import difference_in_words, estimate_in_words
from queries.listing import Listing


@dataclass(frozen=True, slots=True)
class Section:
    title: str
    lines: Sequence[str] = ()
    listings: Sequence[Listing] = ()
    indented: bool = False
    """Whether it belongs to the section before it."""


def title(found: ReviewDocument) -> str:
    return f"{found.title}: review of {in_words(found.month)}"


def standing(state: ReviewState) -> str:
    """Whether it is a draft, or who stands behind it."""
    assert state.document, "a review begins with a draft"
    at = _moment(state.document.drafted_at, state.document)
    if state.released:
        return f"Released by {state.released.by} on {_moment(state.released.at, state.document)}; drafted on {at}"
    unfinished = "" if state.document.whole else "; the month is not over"
    return f"Draft {state.draft} of {at}, not released{unfinished}"


def sections(state: ReviewState) -> list[Section]:
    found = state.document
    assert found, "a review begins with a draft"
    return [
        *_notes(state),
        *_changes(found),
        *_happenings(found),
        *_measures(found),
        *_surveys(found),
        *_quality(found),
        *_capacity_and_cases(found),
        *_proposals(found),
        _reading(found),
    ]


def letter(state: ReviewState) -> tuple[str, str]:
    """The subject and the text."""
    assert state.document, "only a review with a draft is released"
    return title(state.document), as_text(state)


def as_text(state: ReviewState) -> str:
    """All of it in Markdown, readable on its own."""
    assert state.document, "a review begins with a draft"
    return "\n".join(_text(state, state.document)) + "\n"


def _text(state: ReviewState, found: ReviewDocument) -> Iterator[str]:
    yield f"# {title(found)}"
    yield ""
    yield standing(state)
    for section in sections(state):
        yield ""
        yield f"{'###' if section.indented else '##'} {section.title}"
        if section.lines:
            yield ""
            yield from section.lines
        for listing in section.listings:
            yield ""
            if listing.title != section.title:
                yield f"{listing.title}:"
            yield from _rows(listing)


def _rows(listing: Listing) -> Iterator[str]:
    """A line for each row: what its columns say, but for those that are empty."""
    first, *others = listing.columns
    del first
    for name, *values in listing.rows:
        parts = [
            f"{column}: {value}" if len(others) > 1 else str(value)
            for column, value in zip(others, values, strict=True)
        ]
        yield f"- {name}: {'; '.join(one for one in parts if one)}"


# Sections


def _table(heading: str, columns: tuple[str, ...], rows: Sequence[tuple[object, ...]]) -> Section:
    return Section(heading, [], [Listing(heading, columns, rows)])


def _notes(state: ReviewState) -> Iterator[Section]:
    if state.notes:
        yield Section("What we make of it", [f"{one.text} ({one.by})" for one in state.notes])


def _changes(found: ReviewDocument) -> Iterator[Section]:
    if not found.changes:
        yield Section("What changed", ["No other version of the kit was taken into use this month."])
    for nth, change in enumerate(found.changes):
        yield from _change(change, found, "What changed" if nth == 0 else "What changed next")
    for change in found.earlier:
        yield from _change(change, found, f"What came of the change to version {change.after}")


def _change(change: KitChange, found: ReviewDocument, heading: str) -> Iterator[Section]:
    on = _moment(change.at, found)
    if change.before is None:
        says = f"Version {change.after} was published on {on} by {change.by}: the first of this program."
        yield Section(heading, [says])
        return
    says = f"From {on} new journeys follow version {change.after} instead of {change.before}, decided by {change.by}."
    yield Section(heading, [says, _why(change)], _differences(change, on))
    began = (
        f"{counted(change.learners_after, 'learner')} began with version {change.after} until the end of the month, "
        f"and {counted(change.learners_before, 'learner')} with version {change.before} in all."
    )
    rows = [_effect_row(one) for one in change.effects if one.before.n or one.after.n]
    columns = ("measure", f"version {change.before}", f"version {change.after}", "difference")
    compared = f"Learners with version {change.before} and with {change.after}, change of {on}"
    listings = [Listing(compared, columns, rows)] if rows else []
    lines = [began] if rows else [began, "Nothing can be compared yet."]
    yield Section("What it did to those who came next", lines, listings, indented=True)


def _why(change: KitChange) -> str:
    if not change.proposals:
        return "Why: no proposal names this version."
    return f"Why: {'; '.join(map(_proposal, change.proposals))}."


def _proposal(one: ProposalBehind) -> str:
    return f"“{one.title}” ({one.id}, {plain(one.status)})"


def _differences(change: KitChange, on: str) -> list[Listing]:
    if not change.differences:
        return []
    more = f", the first {len(change.differences)} of {change.count}" if change.count > len(change.differences) else ""
    rows = [(_whom(one.whom), one.says) for one in change.differences]
    return [Listing(f"Differences of {on}{more}", ("for", "what"), rows)]


def _whom(whom: str) -> str:
    return "everybody" if whom == "all" else by_role(whom)


def _effect_row(one: Effect) -> tuple[str, str, str, str]:
    return (
        one.title,
        estimate_in_words(one.before, one.unit),
        estimate_in_words(one.after, one.unit),
        difference_in_words(one),
    )


def _happenings(found: ReviewDocument) -> Iterator[Section]:
    if found.happenings:
        rows = [(_moment(one.at, found), one.what) for one in found.happenings]
        yield _table("What else was decided", ("on", "what"), rows)


def _measures(found: ReviewDocument) -> Iterator[Section]:
    for kind, what in (("leading", "Leading measures"), ("lagging", "Lagging measures")):
        rows = [_figure_row(one) for one in found.figures if one.kind == kind]
        if rows:
            yield _table(what, ("measure", "this month", "the month before"), rows)


def _figure_row(one: Figure) -> tuple[str, str, str]:
    return one.title, estimate_in_words(one.month, one.unit), estimate_in_words(one.before, one.unit)


def _surveys(found: ReviewDocument) -> Iterator[Section]:
    if found.surveys:
        rows = [(one.survey, by_role(one.role), one.asked, one.answered, one.open) for one in found.surveys]
        columns = ("survey", "asked of", "asked", "answered", "still open")
        yield _table("Surveys of this month", columns, rows)


def _quality(found: ReviewDocument) -> Iterator[Section]:
    if (then := found.quality) is None:
        return
    lines = [_rounds(then) if then.rounds else "No round of reviews began this month."]
    if not then.found:
        lines.append("Detectors found nothing in what was written.")
    rows = [(_detector(one), one.raised, one.confirmed, one.dismissed) for one in then.found]
    columns = ("detector", "findings", "confirmed", "dismissed")
    listings = [Listing("What detectors found this month", columns, rows)] if rows else []
    yield Section("Quality of sessions", lines, listings)


def _rounds(then: QualityThen) -> str:
    began = f"{counted(then.rounds, 'round')} of reviews began, with {counted(then.sampled, 'session')} sampled"
    reviewed = f"{then.reviewed:,} reviewed in {counted(then.minutes, 'minute')}, {then.skipped:,} left out"
    return f"{began}: {reviewed}, {then.waiting:,} waiting."


def _detector(one: Found) -> str:
    return one.detector.replace("_", " ").capitalize()


def _capacity_and_cases(found: ReviewDocument) -> Iterator[Section]:
    cases = found.cases
    yield Section("Cases", [_cases(cases.opened, cases.resolved, cases.open, cases.overdue)])
    if then := found.capacity:
        yield Section(
            "Capacity",
            [
                f"On {_moment(then.at, found)}, {counted(then.mentors, 'mentor')} had {then.taken:,} of "
                f"{counted(then.places, 'place')} taken, a mean utilization of {then.utilization:.0%}. Over the limit: "
                f"{then.over_limit:,}; under-used: {then.under_used:,}. Waiting for a mentor: "
                f"{counted(then.waiting, 'learner')}, the longest for {counted(then.longest_wait_days, 'day')}."
            ],
        )
    else:
        yield Section("Capacity", ["No review of capacity was recorded this month."])


def _cases(opened: int, resolved: int, still: int, overdue: int) -> str:
    return (
        f"Opened this month: {opened:,}; resolved: {resolved:,}. Still open when this was drafted, of all that were "
        f"opened by its end: {still:,}; overdue: {overdue:,}."
    )


def _proposals(found: ReviewDocument) -> Iterator[Section]:
    if found.proposals:
        rows = [(one.title, one.id, plain(one.status)) for one in found.proposals]
        yield _table("Proposals of this month", ("proposal", "id", "status"), rows)


def _reading(found: ReviewDocument) -> Section:
    lines = [
        f"The month is that of the time zone {found.zone}. Figures are those of {_moment(found.drafted_at, found)}, "
        f"and count everything up to position {found.position:,} of the log.",
        f"In brackets stands the interval at {found.confidence:.0%} confidence: about {1 - found.confidence:.0%} of "
        f"such intervals miss. A difference is told with at least {found.least:,} learners on each side; with fewer it "
        "is too early to say. Whether learners complete the program is asked of those who began long enough ago to be "
        "through.",
        "Sessions, weeks and duties are counted one by one, although those of one learner are alike: their intervals "
        "are somewhat too narrow.",
        "Versions are compared by the learners who began with them. What else changed meanwhile, or who else began, "
        "is in the difference as well.",
        *found.lacking,
    ]
    return Section("How to read this", lines)


def _moment(at: datetime, found: ReviewDocument) -> str:
    return f"{at.astimezone(ZoneInfo(found.zone)):%d %b %Y}"
