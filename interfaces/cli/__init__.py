"""The command `trellis`. A command is a file of its own, mounted here with a line."""

import sys

import typer

from embedded.errors import EmbeddedServerError, PortTakenError
from interfaces.cli import down, migrate, up, worker
from interfaces.cli.screen import complain
from interfaces.connecting import UnreachableError
from interfaces.exits import Exit
from interfaces.local import AlreadyUpError
from settings import SettingsError, load, setting_of_port
from store.errors import StoreError

app = typer.Typer(
    name="trellis",
    help="Mentoring programs as durable workflows over an event log.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)
app.command("up")(up.up)
app.command("down")(down.down)
app.command("worker")(worker.worker)
app.command("migrate")(migrate.migrate)


def main() -> int:
    """Runs a command. What is expected to go wrong is said in a sentence; the exit codes are in interfaces/exits.py."""
    try:
        app()
    except SettingsError as error:
        complain(error)
        return Exit.BAD_INPUT
    except UnreachableError as error:
        complain(error)
        return Exit.UNREACHABLE
    except PortTakenError as error:
        complain(f"{error}. End that program, or choose another port with {setting_of_port(load(), error.port)}")
        return Exit.FAILED
    except (AlreadyUpError, EmbeddedServerError, StoreError) as error:
        complain(error)
        return Exit.FAILED
    except KeyboardInterrupt:
        return Exit.FAILED
    return Exit.OK


if __name__ == "__main__":
    sys.exit(main())
