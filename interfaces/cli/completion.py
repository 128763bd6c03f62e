"""`trellis completion`: what makes a shell complete commands, options and ids."""

from enum import StrEnum
from typing import Annotated

import typer
from typer._completion_shared import get_completion_script

from interfaces.cli.answers import write


class Shell(StrEnum):
    bash = "bash"
    zsh = "zsh"
    fish = "fish"


def completion(shell: Annotated[Shell, typer.Argument(help="Your shell: bash, zsh, or fish.")]) -> None:
    """Print the script that completes commands in your shell.

    For bash, add to ~/.bashrc: eval "$(trellis completion bash)". For zsh, the same in ~/.zshrc with zsh, after
    compinit. For fish: trellis completion fish > ~/.config/fish/completions/trellis.fish
    """
    script = get_completion_script(prog_name="trellis", complete_var="_TRELLIS_COMPLETE", shell=shell.value)
    write(script + "\n")
