"""What a shell offers for the ids that commands take. Where nobody answers it offers nothing."""

from collections.abc import Iterable


def programs(incomplete: str) -> Iterable[str]:
    from interfaces.cli.reaching import api

    try:
        with api() as trellis:
            return [one.program for one in trellis.list_programs() if one.program.startswith(incomplete)]
    except Exception:  # noqa: BLE001 - an error message would end up in the middle of what is being typed
        return []


def commands(incomplete: str) -> Iterable[str]:
    """Of a journey."""
    from domain.journey import COMMANDS

    wanted = incomplete.replace("-", "_")
    return [name for name in COMMANDS if name.startswith(wanted)]
