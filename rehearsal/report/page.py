"""The report as one HTML file, which needs nothing else."""

from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import NamedTuple

from jinja2 import Environment, FileSystemLoader
from markupsafe import Markup

from domain.kit import Kit
from rehearsal.report import charts, words
from rehearsal.report.stress import Setup, points
from rehearsal.report.summary import Difference, Summary

TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True, trim_blocks=True, lstrip_blocks=True
)


class Compared(NamedTuple):
    """Another policy, against the first."""

    summary: Summary
    differences: Sequence[Difference]
    remarks: Sequence[str] = ()


def page(kit: Kit, setup: Setup, first: Summary, compared: Iterable[Compared] = ()) -> str:
    others = list(compared)
    return TEMPLATES.get_template("report.html").render(
        title=f"{kit.title} ({first.name})",
        terms=(
            f"{setup.learners:,} learners, {setup.mentors:,} mentors, {setup.begins} to {setup.ends}, "
            f"{setup.replications} replications, seed {setup.seed}"
        ),
        first=first,
        compared=[
            {
                "name": one.summary.name,
                "remarks": one.remarks,
                "differences": [_with_verdict(each) for each in one.differences],
            }
            for one in others
        ],
        comparisons=len(others),
        funnel_chart=Markup(  # noqa: S704 - the chart escapes its words
            charts.bars(
                "How far learners come",
                [charts.Bar(one.title, one.share, f"{one.many:,} ({one.share:.0%})") for one in first.funnel],
            )
        ),
        mentors_chart=Markup(  # noqa: S704 - as above
            charts.lines(
                "Share of mentors in use, and over their limit, by week; the table below has the figures",
                [str(one.number) for one in first.weeks],
                [
                    charts.Line("in use", "used", [one.used for one in first.weeks]),
                    charts.Line("over", "over", [one.overloaded for one in first.weeks]),
                ],
                kit.capacity.target_utilization,
            )
        ),
        stress=list(points(kit, setup)),
        value=words.value,
        interval=words.interval,
    )


def _with_verdict(one: Difference) -> dict[str, object]:
    return {"measure": one.measure, "interval": one.interval, "verdict": verdict(one)}


def verdict(one: Difference) -> str:
    if not one.is_certain:
        return "no sure difference"
    more = one.interval.estimate > 0
    return "better" if more == (one.measure.better == "more") else "worse"
