"""`trellis program`: everything about a kit except publishing it. One command is a file of its own."""

from typer.core import TyperGroup

from interfaces.cli.lazy import LazyCommand

_COMMANDS = (
    ("check", "check:check", "Check a kit. Every problem comes with its file, line, column, and a fix."),
    ("draw", "draw:draw", "Draw a program: stages, decisions, pathways, timers, and escalations."),
    ("explain", "explain:explain", "Explain a program in plain words, each rule with its line in the kit."),
    ("guide", "guide:guide", "List or read the guides, checklists, sample notes, and forms of a program."),
    ("diff", "diff:diff", "Explain what changes, and for whom, between two kits."),
    ("use", "use:use", "Choose which published version new journeys use."),
    ("migrate", "migrate:migrate", "Move open journeys to another version of their kit."),
    ("schema", "schema:schema", "Print the JSON Schema of program.yaml."),
)

app = TyperGroup(
    name="program",
    help="Check, explain, draw, and compare program kits, and choose versions.",
    no_args_is_help=True,
    commands=[LazyCommand(name, f"interfaces.cli.program.{place}", line) for name, place, line in _COMMANDS],
)
