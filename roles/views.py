"""The roles `sequencer` and `projector`: positions for events, and the views that follow them."""

from collections.abc import Iterator

from projections.registry import PROJECTIONS
from projections.runner import Runner
from roles.part import Part, Process
from roles.role import Role
from runtime.process import BackgroundService
from store.sequencer import Sequencer


def sequencer(process: Process) -> Iterator[Part]:
    yield Part(Role.SEQUENCER, BackgroundService(Sequencer(process.settings.dsn).run), own_connections=1)


def projector(process: Process) -> Iterator[Part]:
    own = len(PROJECTIONS) + 2
    yield Part(Role.PROJECTOR, BackgroundService(Runner(process.settings.dsn).run), own)
