"""`trellis program`: what can be done with a kit besides publishing it. One command is a file of its own."""

import typer

from interfaces.cli.program import check, diff, draw, explain, migrate, schema

app = typer.Typer(
    help="Check a program kit, show it, compare two versions, and move journeys to another.", no_args_is_help=True
)
app.command("check")(check.check)
app.command("draw")(draw.draw)
app.command("explain")(explain.explain)
app.command("diff")(diff.diff)
app.command("migrate")(migrate.migrate)
app.command("schema")(schema.schema)
