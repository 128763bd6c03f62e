"""A pilot beside its baseline: each difference, the learners still needed, and whether one thing changed."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from analysis import comparing
from analysis.samples import Counted, Summary
from domain.effects import Effect
from domain.ids import ProgramId
from domain.kit import Kit
from domain.kit.content import Content
from domain.kit.monthly_review import MonthlyReview
from domain.pilot import PILOT, Baseline, Imported, PilotBegun, PilotState, Share, Whom, pilot_stream
from domain.refusal import NotFound
from domain.values import counted, together
from domain.words import plain
from kits.diff import differences
from kits.lookup import newest
from projections.reading import View
from projections.sql import query
from projections.views.pilots import pilots
from queries.effects import Group, Seen, difference_in_words, effect, estimate_in_words, group_of
from queries.measures.definitions import MEASURES
from queries.measures.figures import Sample, Selection, figures
from store import kits
from store.database import Pool
from store.transact import read

_VIEW = View(measured=2)
_UNKNOWN = 10**9
"""Learners, of imported figures: as many as there are observations."""


@dataclass(frozen=True, slots=True)
class SampleNeeded:
    """For the measure of the pilot."""

    each: int | None
    """How many observations it takes in each group to see the smallest difference that matters, four times of five.
    Null: nobody has said which difference matters, or there is no baseline yet."""
    more: int | None
    """How many the pilot still lacks."""


@dataclass(frozen=True, slots=True)
class PilotReport:
    program: str
    pilot: str
    begun: PilotBegun
    changes: tuple[str, ...]
    """That were made while it ran."""
    ended_at: datetime | None
    verdict: str | None
    conclusion: str | None
    """Null as well for a key that may not see personal data."""
    learners: int
    """In the pilot."""
    baseline_learners: int | None
    """Null: the baseline is imported figures."""
    one_change: bool
    broken: tuple[str, ...]
    """In how far more than one thing changed, in words. Empty: as far as it is recorded, one did."""
    effects: tuple[Effect, ...]
    """The measure of the pilot first. Of a pilot that ended, as they were then."""
    sample: SampleNeeded
    text: str = ""
    """All of it in Markdown."""

    @property
    def standing(self) -> str:
        return f"ended on {self.ended_at:%d %b %Y}, {self.verdict}" if self.ended_at else "under way"


async def report(pool: Pool, program: ProgramId, name: str) -> PilotReport:
    """As of now. Raises NoSuchProgram, BeingRebuilt; NotFound where there is no such pilot."""
    kit = await newest(pool, program)
    state = await known(pool, program, name)
    assert state.begun, "a pilot that is known was begun"
    begun, ended = state.begun, state.ended
    comparison = await compared(pool, kit, begun)
    broken = ended.broken if ended else (*await one_change(pool, kit, name, begun), *_changed(state))
    return told(
        PilotReport(
            program=program,
            pilot=name,
            begun=begun,
            changes=tuple(one.what for one in state.changes),
            ended_at=ended.at if ended else None,
            verdict=ended.verdict if ended else None,
            conclusion=ended.conclusion if ended else None,
            learners=comparison.learners,
            baseline_learners=comparison.baseline_learners,
            one_change=not broken,
            broken=broken,
            effects=ended.effects if ended else comparison.effects,
            sample=comparison.sample,
        )
    )


def told(found: PilotReport, *, personal: bool = True) -> PilotReport:
    """With its text; `personal`: also with what people wrote."""
    shown = found if personal else replace(found, conclusion=None)
    return replace(shown, text=as_text(shown))


async def known(pool: Pool, program: ProgramId, name: str) -> PilotState:
    """Raises NotFound."""
    state = (await read(pool, pilot_stream(program, name), PILOT)).state
    if state.begun is None:
        raise NotFound(f"{program} has no pilot {name!r}; `trellis pilot list {program}` lists them")
    return state


@dataclass(frozen=True, slots=True)
class Comparison:
    learners: int
    baseline_learners: int | None
    effects: tuple[Effect, ...]
    sample: SampleNeeded


async def compared(pool: Pool, kit: Kit, begun: PilotBegun) -> Comparison:
    """Raises BeingRebuilt."""
    rules, now = kit.monthly_review or MonthlyReview(), datetime.now(UTC)
    through = now - kit.promise.duration
    after = await group_of(pool, kit.program_id, _selection(begun.whom), through, now)
    before = await _baseline(pool, kit, begun.baseline, through, now)
    names = [one for one in MEASURES if one in before.samples and _has_any(before.samples[one], after.samples[one])]
    names = list(dict.fromkeys((begun.measure, *names)))
    found = tuple(effect(one, _seen(before, one), after.of(one), rules.least, rules.confidence) for one in names)
    baseline_learners = None if isinstance(begun.baseline, Imported) else before.began
    main = before.samples.get(begun.measure, _nothing(begun.measure))
    needed = _needed(begun, main, after.samples[begun.measure], rules.confidence)
    return Comparison(after.began, baseline_learners, found, needed)


async def _baseline(pool: Pool, kit: Kit, baseline: Baseline, through: datetime, now: datetime) -> Group:
    if isinstance(baseline, Whom):
        return await group_of(pool, kit.program_id, _selection(baseline), through, now)
    samples: dict[str, Sample] = {}
    for name, one in baseline.figures.items():
        if isinstance(one, Share):
            samples[name] = Counted(one.count, one.of)
        else:
            samples[name] = Summary.measured(one.n, one.mean, one.deviation**2, MEASURES[name].scale)
    return Group(_UNKNOWN, samples)


def _seen(group: Group, measure: str) -> Seen:
    return Seen(group.samples.get(measure, _nothing(measure)), group.began)


def _nothing(measure: str) -> Sample:
    return Counted(0, 0) if MEASURES[measure].is_share else Summary(0, 0.0, 0.0)


def _has_any(*samples: Sample) -> bool:
    return any(one.of if isinstance(one, Counted) else one.n for one in samples)


def _selection(whom: Whom) -> Selection:
    return Selection(cohort=whom.cohort, kit=whom.kit, began_since=whom.since, began_until=whom.until)


def _needed(begun: PilotBegun, before: Sample, after: Sample, confidence: float) -> SampleNeeded:
    each = _each(before, begun.least_difference, confidence)
    have = after.of if isinstance(after, Counted) else after.n
    return SampleNeeded(each, max(each - have, 0) if each is not None else None)


def _each(before: Sample, difference: float | None, confidence: float) -> int | None:
    if not difference:
        return None
    if isinstance(before, Summary):
        if before.n < 2:
            return None
        return comparing.sample_for_means(difference, before.variance**0.5, confidence=confidence)
    if not before.of:
        return None
    other = min(max(before.share + difference, 0.0), 1.0)
    return comparing.sample_for_proportions(before.share, other, confidence=confidence)


# One change at a time


async def one_change(pool: Pool, kit: Kit, name: str, begun: PilotBegun) -> tuple[str, ...]:
    """In how far more than one thing differs between the pilot and its baseline, as far as the log knows.

    Raises BeingRebuilt.
    """
    found = [*await _several_versions(pool, kit, begun.whom, "the learners of the pilot")]
    if isinstance(begun.baseline, Whom):
        found += await _several_versions(pool, kit, begun.baseline, "the learners of the baseline")
        found += await _several_parts(pool, begun.whom, begun.baseline)
    others = await pilots(pool, kit.program, is_open=True)
    found += [
        f"the pilot {one.pilot} runs at the same time"
        for one in others
        if one.pilot != name and _may_overlap(one.cohort, begun.whom.cohort)
    ]
    return tuple(found)


def _may_overlap(one: str | None, other: str | None) -> bool:
    return one is None or other is None or one == other


async def _several_versions(pool: Pool, kit: Kit, whom: Whom, who: str) -> Sequence[str]:
    where = (kit.program, whom.kit, whom.cohort, whom.since, whom.until)
    rows = await _VIEW.fetch(pool, query("learners_versions"), *where)
    if len(rows) < 2:
        return ()
    each = together(f"{row['kit_version']} ({row['learners']:,})" for row in rows)
    return (f"{who} began with {len(rows)} versions of the kit: {each}",)


async def _several_parts(pool: Pool, one: Whom, other: Whom) -> Sequence[str]:
    """Where the two are told apart by their version, and the versions differ in more than one part of the kit."""
    if not one.kit or not other.kit or one.kit == other.kit:
        return ()
    new, old = await kits.load(pool, one.kit), await kits.load(pool, other.kit)
    parts = list(_parts(old, new))
    if len(parts) < 2:
        return ()
    many = counted(len(differences(old, new)), "difference")
    named = together(plain(part) for part in parts)
    return (f"versions {old.version} and {new.version} differ in {named}, with {many}",)


def _parts(old: Kit, new: Kit) -> Iterator[str]:
    """The fields of the kit that differ. Texts that go with another part, such as a message, are none of their own."""
    found = [
        name
        for name in Content.model_fields
        if name not in ("version", "format", "texts") and getattr(old, name) != getattr(new, name)
    ]
    texts = any(old.texts.get(one) != new.texts.get(one) for one in {*old.texts, *new.texts} if one != "program.yaml")
    yield from found or (["texts"] if texts else [])


def _changed(state: PilotState) -> Iterator[str]:
    for one in state.changes:
        yield f"on {one.at:%d %b %Y} something else was changed: {one.what}"


# Figures for a baseline elsewhere


@dataclass(frozen=True, slots=True)
class BaselineFigures:
    """In the form in which a pilot takes imported figures."""

    source: str
    name: str
    figures: dict[str, dict[str, float]]


async def baseline_figures(pool: Pool, program: ProgramId, whom: Whom, name: str, source: str) -> BaselineFigures:
    """What is known of these learners, to be taken to another installation. Raises NoSuchProgram, BeingRebuilt."""
    await newest(pool, program)
    found = await figures(pool, program, selection=_selection(whom))
    told = {one.measure.id: _told(one.sample) for one in found.whole.values() if one.n > (not one.measure.is_share)}
    return BaselineFigures(source, name, told)


def _told(sample: Sample) -> dict[str, float]:
    if isinstance(sample, Counted):
        return {"count": sample.count, "of": sample.of}
    return {"n": sample.n, "mean": sample.mean, "deviation": sample.variance**0.5}


# In words


def as_text(found: PilotReport) -> str:
    """All of it in Markdown."""
    return "\n".join(_text(found)) + "\n"


def _text(found: PilotReport) -> Iterator[str]:
    begun = found.begun
    yield f"# {begun.title}"
    yield ""
    yield f"Pilot {found.pilot} of {found.program}, {found.standing}. The change: {begun.change}"
    yield ""
    yield f"One change at a time: {'no' if found.broken else 'yes, as far as the log knows'}."
    for reason in found.broken:
        yield f"- {reason}"
    yield f"Learners of the pilot: {found.learners:,}. Baseline: {_beside(found)}."
    if found.sample.each is not None:
        yield (
            f"To see a difference of {begun.least_difference:g} in {begun.measure}, each side needs "
            f"{found.sample.each:,} observations; the pilot lacks {found.sample.more:,}."
        )
    yield ""
    for one in found.effects:
        mark = " (the measure of the pilot)" if one.measure == begun.measure else ""
        yield (
            f"- {one.title}{mark}: baseline {estimate_in_words(one.before, one.unit)}; pilot "
            f"{estimate_in_words(one.after, one.unit)}; {difference_in_words(one)}"
        )
    if found.conclusion:
        yield ""
        yield found.conclusion


def _beside(found: PilotReport) -> str:
    against = found.begun.baseline
    if isinstance(against, Imported):
        return f"figures of {against.name} ({against.source})"
    return counted(found.baseline_learners or 0, "learner")
