"""What is expected to go wrong: the sentence for the person, and the exit code for the script."""

from dataclasses import dataclass

from interfaces.exits import Exit
from settings import SettingsError, load, setting_of_port


@dataclass(frozen=True)
class Failure:
    words: str
    exit: Exit


def explain(error: Exception) -> Failure | None:
    """None for what nobody expected. A new kind of failure is a line here."""
    from domain.mentor import Refused as TrainingRefused
    from domain.program import Refused as EnrollmentRefused
    from embedded.errors import EmbeddedServerError, PortTakenError
    from interfaces.calendars import NoSuchMentor
    from interfaces.cli.payload import BadCommandError
    from interfaces.cli.start import StartError
    from interfaces.client import NoSuchJourney, NotStarted, Refused
    from interfaces.connecting import UnreachableError
    from interfaces.happened import NoSuchEvent
    from interfaces.local import AlreadyUpError
    from interfaces.meetings import NoSuchSession
    from interfaces.messaging import NoSuchMessage, NotPossible
    from interfaces.naming_kits import NoSuchProgram
    from interfaces.problems import BadFileError
    from store.errors import StoreError

    match error:
        case SettingsError() | BadFileError() | BadCommandError() | StartError() | NoSuchProgram():
            return Failure(str(error), Exit.BAD_INPUT)
        case UnreachableError():
            return Failure(str(error), Exit.UNREACHABLE)
        case PortTakenError():
            setting = setting_of_port(load(), error.port)
            return Failure(f"{error}. End that program, or choose another port with {setting}", Exit.FAILED)
        case Refused() | EnrollmentRefused() | TrainingRefused() | NotPossible():
            return Failure(f"refused: {error}", Exit.FAILED)
        case NoSuchJourney() | NoSuchEvent() | NoSuchSession() | NoSuchMentor() | NoSuchMessage():
            return Failure(str(error), Exit.FAILED)
        case AlreadyUpError() | EmbeddedServerError() | StoreError() | NotStarted():
            return Failure(str(error), Exit.FAILED)
        case _:
            return None
