"""`trellis program`: what can be done with a kit besides publishing it. One command is a file of its own."""

import typer

from interfaces.cli.program import check, diff, draw, explain, guide, migrate, schema, use

app = typer.Typer(
    help="Check a program kit, show it and its texts, compare versions, choose one, and move journeys to another.",
    no_args_is_help=True,
)
app.command("check")(check.check)
app.command("draw")(draw.draw)
app.command("explain")(explain.explain)
app.command("guide")(guide.guide)
app.command("diff")(diff.diff)
app.command("use")(use.use)
app.command("migrate")(migrate.migrate)
app.command("schema")(schema.schema)
