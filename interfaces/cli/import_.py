"""`trellis import`: records of elsewhere as scenarios."""

from pathlib import Path
from typing import Annotated

import typer

from interfaces.cli.options import Json
from interfaces.cli.screen import complain, err, out, print_json
from kits.loading import load_kit
from runtime.embedded.private import private_umask
from runtime.exits import Exit
from scenarios.cncf import conversion as of_cncf
from scenarios.cncf.tables import CncfError, read_term
from scenarios.oulad.conversion import Conversion, convert
from scenarios.oulad.tables import OuladError, read_presentation
from scenarios.writing import write_scenario
from settings import load

app = typer.Typer(help="Convert data from other systems to scenarios.", no_args_is_help=True)


@app.command()
def oulad(
    folder: Annotated[
        Path, typer.Argument(help="The folder with the CSV files: courses, learners, milestones, and so on.")
    ],
    presentation: Annotated[str, typer.Option(help="The module and presentation, such as AAA/2013J.")],
    to: Annotated[
        Path | None,
        typer.Option(help="The folder to write the scenario to. Default: a new one in the data folder."),
    ] = None,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only import this many learners, in order of their number.")
    ] = None,
    json: Json = False,
) -> None:
    """Import a presentation of the Open University Learning Analytics Dataset.

    The scenario has its kit, its people, and everything they did.
    """
    try:
        with err().status(f"reading {presentation}"):
            conversion = convert(read_presentation(folder, presentation), limit)
            to = to or load().data_folder / "scenarios" / conversion.scenario.kit.program
            with private_umask():  # people and all that they did
                write_scenario(conversion.scenario, to)
    except (OuladError, OSError) as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    if json:
        print_json(_counts(conversion) | {"folder": str(to), "remarks": list(conversion.remarks)})
    else:
        _say(conversion, to)


def _counts(conversion: Conversion) -> dict[str, int]:
    scenario = conversion.scenario
    return {
        "learners": len(scenario.learners),
        "mentors": len(scenario.mentors),
        "milestones": sum(len(pathway.milestones) for pathway in scenario.kit.pathways),
        "commands": sum(len(script.steps) for script in scenario.scripts),
        "days_of_activity": sum(len(days) for days in scenario.activity.values()),
    }


def _say(conversion: Conversion, to: Path) -> None:
    console = out()
    counts = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in _counts(conversion).items())
    console.print(f"{conversion.scenario.kit.title}. {counts}")
    for remark in conversion.remarks:
        console.print(f"  {remark}")
    begins = conversion.scenario.kit.starts_at
    if begins:
        console.print(f"Day 0 is assumed to be {begins:%d %b %Y}, because the data only gives the month.")
    console.print("Reviews are dated on the evening of the submission, because the data has no dates for them.")
    console.print(f"Written to {to}. To play it: trellis play {to}")


@app.command()
def cncf(
    folder: Annotated[Path, typer.Argument(help="The folder with the CSV files: projects, mentors.")],
    *,
    to: Annotated[
        Path | None,
        typer.Option(help="The folder to write the scenario to. Default: a new one in the data folder."),
    ] = None,
    applicants: Annotated[int, typer.Option(min=1, max=5_000, help="How many applicants to invent.")] = 200,
    seed: Annotated[int, typer.Option(help="Of the invented applicants, and of what they do.")] = 1,
    limit: Annotated[
        int | None, typer.Option(min=1, help="Only write the stories of this many applicants; all are matched.")
    ] = None,
    json: Json = False,
) -> None:
    """Import a term of CNCF's mentoring: its mentors, and invented applicants.

    Applicants are matched by the kit of the open-source term in two rounds. The scenario has what everybody does then.
    """
    try:
        with err().status("matching"):
            conversion = of_cncf.convert(read_term(folder), load_kit(of_cncf.KIT), applicants, seed, limit)
            to = to or load().data_folder / "scenarios" / f"cncf-{seed}"
            with private_umask():
                write_scenario(conversion.scenario, to)
    except (CncfError, OSError) as error:
        complain(error)
        raise typer.Exit(Exit.BAD_INPUT) from None
    counts = of_cncf.counts(conversion)
    if json:
        print_json(counts | {"folder": str(to)})
        return
    console = out()
    told = ", ".join(f"{name.replace('_', ' ')}: {count:,}" for name, count in counts.items())
    console.print(f"{conversion.scenario.kit.title}. {told}")
    console.print("Applicants and what people do are invented; mentors and projects are those of the tables.")
    console.print(f"Written to {to}. To play it: trellis play {to}")
