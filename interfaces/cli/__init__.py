"""The command `trellis`; commands.py has what it can do."""

from interfaces.exits import Exit


def main() -> int:
    """Runs a command. What is expected to go wrong is said in a sentence; the exit codes are in interfaces/exits.py."""
    try:
        from interfaces.cli.commands import app  # here, so that Ctrl-C is answered in silence while it loads

        app()
    except KeyboardInterrupt:
        return Exit.FAILED
    except Exception as error:  # noqa: BLE001 - what is not known is raised again
        return _said(error)
    return Exit.OK


def _said(error: Exception) -> Exit:
    """Raises what nobody expected."""
    from interfaces.cli.failures import explain
    from interfaces.cli.screen import complain

    known = explain(error)
    if not known:
        raise error
    complain(known.words)
    return known.exit
