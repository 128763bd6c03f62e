"""`trellis commands`: what every command takes, in words and as JSON Schema."""

from collections.abc import Mapping
from typing import Annotated, Any

import typer
from rich.markup import escape

from interfaces.cli.payload import known_command
from interfaces.cli.screen import out, print_json
from queries.command_forms import CommandForm, command_form, command_forms

_KINDS = {
    "string": "text",
    "integer": "a whole number",
    "number": "a number",
    "boolean": "true or false",
    "array": "a list",
    "object": "named values",
    "null": "null",
}
_Name = Annotated[str | None, typer.Argument(help="The name of a command, to show its fields.")]
_Json = Annotated[
    bool, typer.Option("--json", help="Print the output as JSON, with the JSON Schemas of input and output.")
]


def commands(name: _Name = None, *, json: _Json = False) -> None:
    """List the commands that a journey accepts, with their fields.

    Needs no server.
    """
    if name is None:
        forms = command_forms()
        print_json(forms) if json else _list(forms)
    else:
        form = command_form(known_command(name))
        print_json(form) if json else _say(form)


def _list(forms: list[CommandForm]) -> None:
    for one in forms:
        out().print(f"[bold]{one.name:<19}[/] {escape(one.says)}", soft_wrap=True)


def _say(form: CommandForm) -> None:
    out().print(f"[bold]{form.name}[/]: {escape(form.says)}", soft_wrap=True)
    needed = form.input.get("required", ())
    for field, content in form.input["properties"].items():
        marks = [mark for mark, those in (("required", needed), ("personal", form.personal)) if field in those]
        words = ", ".join((_kind(content), *marks))
        note = f". {content['description']}" if "description" in content else ""
        out().print(f"  [bold]{field}[/]: {escape(words + note)}", soft_wrap=True)
    out().print(f"\n[dim]For the JSON Schemas of its input and output: trellis commands {form.name} --json[/]")


def _kind(content: Mapping[str, Any]) -> str:
    """`passed or returned or failed`, `a moment or null`."""
    if "anyOf" in content:
        return " or ".join(dict.fromkeys(map(_kind, content["anyOf"])))
    if "enum" in content:
        return " or ".join(map(str, content["enum"]))
    if content.get("format") == "date-time":
        return "a moment"
    return _KINDS[content["type"]]
